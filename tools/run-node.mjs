/** Starts Node programs of this repository with the very Node that runs this one. Next: ./test-all.mjs. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const require = createRequire(import.meta.url);

/** The script behind a package's executable, by package name (and the executable's name where they differ). */
export function binOf(packageName, name = packageName) {
  const manifestPath = require.resolve(`${packageName}/package.json`);
  const { bin } = JSON.parse(readFileSync(manifestPath, "utf8"));
  return join(dirname(manifestPath), typeof bin === "string" ? bin : bin[name]);
}

/** Runs a script; returns its exit code. */
export function runNode(args, options = {}) {
  const { status, signal, error } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit", ...options });
  if (error) console.error(error.message);
  if (signal) console.error(`${args[0]} was ended by ${signal}`);
  return status ?? 1;
}
