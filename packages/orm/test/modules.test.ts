/** Mapped classes in modules that import each other: as they are, and bundled with all names minified, as ESM and as CommonJS. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { bundle } from "../../../test/setup/bundler.ts";

const program = fileURLToPath(new URL("./circular/program.ts", import.meta.url));
const expected = "ECO\nrose by eco\npendulum by eco";
const folder = mkdtempSync(join(tmpdir(), "athanor-modules-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function bundled(format: "esm" | "cjs"): Promise<string> {
  const made = await bundle({ input: program, platform: "node", external: ["better-sqlite3"] });
  const file = join(folder, format === "esm" ? "program.mjs" : "program.cjs");
  await made.write({ file, format, minify: true, codeSplitting: false });
  await made.close();
  return file;
}

const run = (...args: string[]): string =>
  execFileSync(process.execPath, ["--no-warnings", ...args], { encoding: "utf8" });

describe("modules that import each other", () => {
  it("work as ESM", () => {
    expect(run("--conditions=athanor-source", program)).toBe(expected);
  });

  it.each(["esm", "cjs"] as const)("work bundled and minified, as %s", async (format) => {
    expect(run(await bundled(format))).toBe(expected);
  });
});
