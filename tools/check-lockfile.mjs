/** The lockfile and the manifests name no registry host and no download address: they must work behind any registry. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageNames, root } from "./sources.mjs";

const files = [
  "pnpm-lock.yaml",
  "pnpm-workspace.yaml",
  "package.json",
  ".npmrc",
  "docs/package.json",
  "examples/quickstart/package.json",
  "bench/package.json",
  "bench/package-lock.json",
  "bench/.npmrc",
  ...packageNames().map((name) => `packages/${name}/package.json`),
].filter((file) => existsSync(join(root, file)));

let problems = 0;
for (const file of files) {
  const lines = readFileSync(join(root, file), "utf8").split("\n");
  lines.forEach((line, index) => {
    if (!/(https?|git\+\w+|file):\/\/|tarball:/.test(line)) return;
    problems += 1;
    console.error(`${file}:${index + 1}: names an address: ${line.trim()}`);
  });
}
console.log(`lockfile: ${files.length} files, ${problems} problems`);
process.exitCode = problems > 0 ? 1 : 0;
