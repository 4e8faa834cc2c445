/** A source file should stay below 400 lines and must stay below 600. Exceptions are listed here with their reason. */
import { readFileSync } from "node:fs";
import { packageNames, shown, sourceFiles } from "./sources.mjs";

const aim = 400;
const wall = 600;

/** path → why this file is better whole. */
const exceptions = new Map([]);

let failed = 0;
let long = 0;
let count = 0;
for (const name of packageNames()) {
  for (const path of sourceFiles(name)) {
    count += 1;
    if (path.endsWith(".gen.ts")) continue;
    const lines = readFileSync(path, "utf8").split("\n").length - 1;
    if (lines <= aim) continue;
    long += 1;
    const reason = exceptions.get(shown(path));
    if (lines > wall && !reason) {
      failed += 1;
      console.error(`${shown(path)}:1: ${lines} lines, the wall is ${wall}: split it by noun`);
    } else console.log(`${shown(path)}:1: ${lines} lines, aim for ${aim}${reason ? ` (${reason})` : ""}`);
  }
}
for (const path of exceptions.keys()) {
  if (!packageNames().some((name) => sourceFiles(name).some((file) => shown(file) === path))) {
    failed += 1;
    console.error(`tools/check-size.mjs: exception for ${path}, which does not exist`);
  }
}
console.log(`size: ${count} files, ${long} over ${aim} lines, ${failed} problems`);
process.exitCode = failed > 0 ? 1 : 0;
