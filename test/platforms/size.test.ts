/**
 * What packages weigh in a bundle. A budget is raised on purpose, together with what needs it, and never by much; the drivers
 * are not counted.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { bundle } from "../setup/bundler.ts";

const folder = mkdtempSync(join(fileURLToPath(new URL("./", import.meta.url)), ".size-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Kilobytes of a program, minified and compressed. */
async function weightOf(name: string, source: string): Promise<number> {
  const input = join(folder, `${name}.ts`);
  writeFileSync(input, source);
  const external = ["better-sqlite3", "pg", "pg-cursor", "mysql2", "mariadb", "postgres", "tedious", "oracledb"];
  const made = await bundle({ input, platform: "node", external });
  const file = join(mkdtempSync(join(tmpdir(), "athanor-size-")), "bundle.mjs");
  await made.write({ file, format: "esm", minify: true, codeSplitting: false });
  await made.close();
  return gzipSync(readFileSync(file)).length / 1000;
}

const core = 'export { createEngine, select, table } from "@athanor/core";';
const orm = 'export { declarativeBase, Session } from "@athanor/orm";';
const async = 'export { createAsyncEngine } from "@athanor/async";';
const dialect = (name: string): string => `import "@athanor/dialect-${name}";`;

test.each([
  ["core", [core], 142],
  ["sqlite", [core, dialect("sqlite")], 165],
  ["postgres", [async, dialect("postgres")], 186],
  ["mysql", [async, dialect("mysql")], 175],
  ["mssql", [async, dialect("mssql")], 168],
  ["oracle", [async, dialect("oracle")], 168],
  ["orm", [core, orm, dialect("sqlite")], 262],
])("%s fits", async (name, lines, budget) => {
  expect(await weightOf(name, lines.join("\n"))).toBeLessThan(budget);
});
