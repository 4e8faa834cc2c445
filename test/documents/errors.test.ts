/** docs/errors.md has every code and every class of errors, and nothing else. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as core from "@athanor/core";
import * as driver from "@athanor/driver";
import * as orm from "@athanor/orm";
import * as pool from "@athanor/pool";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = readFileSync(join(root, "docs/errors.md"), "utf8");
const rows = [...page.matchAll(/^\| `(\w+)` \| (?:`([A-Z]\w+)` \(\w+\))?/gm)].map(([, code, name]) => ({ code, name }));
const sources = globSync("packages/{driver,pool,core,orm,async,dialect-*}/src/**/*.ts", { cwd: root })
  .filter((file) => !file.endsWith(".test.ts"))
  .map((file) => readFileSync(join(root, file), "utf8").replaceAll(/\/\*\*[\s\S]*?\*\//g, ""));

test("codes", () => {
  // Codes of drivers' own errors are the databases'.
  const used = sources.flatMap((source) =>
    [...source.matchAll(/\bcode:[^,;]*?"([a-z]+(?:_[a-z]+)*)"(?:[^,;]*?"([a-z]+(?:_[a-z]+)*)")?/g)].flatMap((match) =>
      match.slice(1).filter((code) => code !== undefined),
    ),
  );
  const listed = rows.filter(({ name }) => name === undefined).map(({ code }) => code);
  expect(listed).toEqual([...new Set(used)].sort());
});

test("classes", () => {
  const names = new Map<unknown, string>();
  for (const [name, type] of Object.entries({ ...driver, ...pool, ...core, ...orm }))
    if (typeof type === "function" && (type === driver.AthanorError || type.prototype instanceof driver.AthanorError))
      // A second name of a class is an alias.
      names.set(type, names.get(type) ?? name);
  const listed = rows.flatMap(({ code, name }) => (name === undefined ? [] : [{ code, name }]));
  expect(names.size).toBeGreaterThan(50);
  expect(listed.map(({ name }) => name)).toEqual(expect.arrayContaining([...names.values()]));
  expect(listed).toEqual(listed.map(({ name }) => ({ name, code: codeOf(name) })));
});

/** The code of errors of a class without one of their own. */
function codeOf(name: string): string {
  const type = class extends driver.AthanorError {};
  driver.nameErrors({ [name]: type });
  return new type("").code;
}
