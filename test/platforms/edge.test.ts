/** Core and the ORM where there is no Node: no `process`, no `Buffer`, no modules of Node's, and no code made at run time; bundled and minified. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import Database from "better-sqlite3";
import { afterAll, expect, test } from "vitest";
import { bundle } from "../setup/bundler.ts";

const folder = mkdtempSync(join(tmpdir(), "athanor-edge-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The program in one file, which may import nothing. */
async function bundled(): Promise<string> {
  const made = await bundle({
    input: fileURLToPath(new URL("./program.ts", import.meta.url)),
    platform: "neutral",
    resolve: { conditionNames: ["athanor-source", "import"] },
    transform: { define: { "import.meta.url": '"edge:program"' } },
    onLog: (_level: string, { code, message }: { code?: string; message: string }) => {
      if (code === "UNRESOLVED_IMPORT") throw new Error(message);
    },
  });
  const file = join(folder, "program.js");
  await made.write({ file, format: "iife", minify: true, codeSplitting: false });
  await made.close();
  return readFileSync(file, "utf8");
}

test("Core and the ORM run on a platform without Node", async () => {
  const sqlite = new Database(":memory:");
  const database = {
    run(sql: string, parameters: unknown[]) {
      const statement = sqlite.prepare(sql);
      if (statement.reader)
        return {
          columns: statement.columns().map(({ name }) => name),
          rows: statement.raw(true).all(...parameters),
          changes: -1,
          id: 0,
        };
      const { changes, lastInsertRowid } = statement.run(...parameters);
      return { columns: [], rows: [], changes, id: Number(lastInsertRowid) };
    },
  };
  let lines: readonly string[] = [];
  const platform = {
    database,
    report: (given: readonly string[]) => (lines = given),
    // What the web's platforms have in common.
    URLSearchParams,
    TextEncoder,
    TextDecoder,
    console,
    performance,
    queueMicrotask,
    setTimeout,
    clearTimeout,
    AbortController,
    AbortSignal,
    structuredClone,
  };
  const context = createContext(platform, { codeGeneration: { strings: false, wasm: false } });
  const code = await bundled();
  expect(code).not.toMatch(/\b(?:require\(|from\s*)["']node:/);
  expect(() => runInContext("new Function('return 1')", context)).toThrow(/[Cc]ode generation/);
  runInContext(code, context);
  expect(lines).toEqual([
    "Ann 1815-12-10 1-255: First",
    'First 1 {"title":"First","n":1}',
    "unnamed errors: ResultClosedError,TypeArgumentError",
    "no_such_table",
  ]);
  const [{ name }] = sqlite.pragma("index_list(posts)") as [{ name: string }];
  expect(name).toMatch(/^sqlite_autoindex_posts/);
  const { sql } = sqlite.prepare("SELECT sql FROM sqlite_master WHERE name = 'posts'").get() as { sql: string };
  expect(sql).toMatch(/CONSTRAINT uq_posts_title_user_id_[0-9a-f]{4} UNIQUE/);
});
