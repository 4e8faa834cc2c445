/** Mapped classes in modules that import each other: as they are, and bundled with all names minified, as ESM and as CommonJS. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("./circular/program.ts", import.meta.url));
const expected = "ECO\nrose by eco\npendulum by eco";
const folder = mkdtempSync(join(tmpdir(), "athanor-modules-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is used of rolldown, which Vitest brings along. */
interface Bundler {
  rolldown(options: object): Promise<{ write(options: object): Promise<unknown>; close(): Promise<void> }>;
}

async function bundler(): Promise<Bundler> {
  const vitest = createRequire(createRequire(import.meta.url).resolve("vitest/package.json"));
  const vite = createRequire(vitest.resolve("vite/package.json"));
  return (await import(pathToFileURL(vite.resolve("rolldown")).href)) as Bundler;
}

async function bundled(format: "esm" | "cjs"): Promise<string> {
  const { rolldown } = await bundler();
  const bundle = await rolldown({
    input: program,
    platform: "node",
    external: ["better-sqlite3"],
    resolve: { conditionNames: ["athanor-source", "import", "node"] },
    logLevel: "silent",
  });
  const file = join(folder, format === "esm" ? "program.mjs" : "program.cjs");
  await bundle.write({ file, format, minify: true, codeSplitting: false });
  await bundle.close();
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
