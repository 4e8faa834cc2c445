/**
 * Compiles the type tests (`test/types`, and those of the packages) with every supported TypeScript, once against the sources and
 * once against the emitted declarations as a user's project would see them. `@ts-expect-error` marks what must be rejected.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { binOf, root } from "./run-node.mjs";
import { filesBelow, packageNames } from "./sources.mjs";

const folders = ["test/types", ...packageNames().map((name) => `packages/${name}/test/types`)];
const files = folders.flatMap((folder) => filesBelow(join(root, folder), ".ts"));
const expected = files.reduce((sum, file) => sum + readFileSync(file, "utf8").split("@ts-expect-error").length - 1, 0);
const compilers = ["typescript-5.9", "typescript-6", "typescript"];
const projects = { sources: "tsconfig.type-tests.json", declarations: "tsconfig.type-tests-dist.json" };

if (files.length === 0) console.log("type tests: no files yet");
let failed = 0;
for (const compiler of files.length > 0 ? compilers : []) {
  const tsc = binOf(compiler, "tsc");
  for (const [against, project] of Object.entries(projects)) {
    const started = performance.now();
    const args = [tsc, "-p", project, "--pretty", "false"];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const version = spawnSync(process.execPath, [tsc, "--version"], { encoding: "utf8" }).stdout.trim();
    const errors = stdout.split("\n").filter((line) => line.includes("error TS")).length;
    const outcome = status === 0 ? "ok" : `${errors} unexpected errors`;
    console.log(
      `${version}, ${against}: ${outcome} (${files.length} files, ${expected} expected errors, ${seconds} s)`,
    );
    if (status !== 0) {
      failed += 1;
      console.error(stdout + stderr);
    }
  }
}
process.exitCode = failed > 0 ? 1 : 0;
