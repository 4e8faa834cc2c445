/** Tells the story on SQLite, first synchronously in a file, then asynchronously; `npm run quickstart` runs it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAsyncEngine } from "@athanor/async";
import { createEngine } from "@athanor/core";
import "@athanor/dialect-sqlite";
import { asyncStory } from "./async-story.ts";
import { syncStory } from "./sync-story.ts";

const say = (line: string): void => console.log(`\n>>> ${line}\n`);
const folder = mkdtempSync(join(tmpdir(), "athanor-quickstart-"));
try {
  const file = join(folder, "example.db");
  const engine = createEngine(`sqlite:///${file}`, { echo: true });
  syncStory(engine, say);
  engine.dispose();

  const asyncEngine = createAsyncEngine(`sqlite:///${file}`, { echo: true });
  await asyncStory(asyncEngine, say);
  await asyncEngine.dispose();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log("That was the quickstart: examples/quickstart holds the code.");
