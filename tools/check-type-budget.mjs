/**
 * What TypeScript does to check a schema of 100 tables with 300 relationships and 200 queries (bench/types), as counts, which
 * are the same on every machine. A budget is raised on purpose, together with what needs it. Expects built declarations.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configuration, programs } from "../bench/types/programs.mjs";
import { binOf, root } from "./run-node.mjs";

/** Instantiations. TypeScript 7 makes as many with one checker. */
const budgets = { athanor: 102_000, "athanor (Core)": 40_000 };

const folder = mkdtempSync(join(tmpdir(), "athanor-types-"));
symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
let failed = false;
writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
for (const [name, budget] of Object.entries(budgets)) {
  const project = join(folder, name.replace(/\W+/g, "-"));
  mkdirSync(project);
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify(configuration(root)));
  for (const [file, text] of Object.entries(programs[name])) writeFileSync(join(project, file), text);
  const args = [binOf("typescript-6", "tsc"), "-p", project, "--extendedDiagnostics", "--pretty", "false"];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  const count = Number(/^Instantiations:\s+(\d+)/m.exec(stdout)?.[1] ?? Number.NaN);
  console.log(`type budget: ${name}: ${count} instantiations, ${budget} allowed`);
  if (status !== 0) console.error(stdout.split("\n").slice(0, 5).join("\n"));
  if (status !== 0 || !(count <= budget)) failed = true;
}
rmSync(folder, { recursive: true, force: true });
process.exitCode = failed ? 1 : 0;
