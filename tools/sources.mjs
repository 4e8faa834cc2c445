/** Reads the packages' sources: which files exist and what each imports (type imports included). Next: ./check-layers.mjs. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript-6";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** Every file below `folder` whose name ends with `suffix`, as absolute paths, sorted. */
export function filesBelow(folder, suffix) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes("/node_modules/"))
    .sort();
}

export function packageNames() {
  return readdirSync(join(root, "packages"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, "packages", entry.name, "package.json")))
    .map((entry) => entry.name)
    .sort();
}

/** Source files of one package, tests left out. */
export function sourceFiles(name) {
  return filesBelow(join(root, "packages", name, "src"), ".ts").filter((path) => !/\.(test|test-d)\.ts$/.test(path));
}

/** The imports of one file: `{ specifier, line }`, whether value, type, re-export, `import()` or an `import("x")` type. */
export function importsOf(path) {
  const text = readFileSync(path, "utf8");
  const found = ts.preProcessFile(text, true, true).importedFiles;
  return found.map(({ fileName, pos }) => ({ specifier: fileName, line: text.slice(0, pos).split("\n").length }));
}

/** A path as people write it: from the repository's root. */
export function shown(path) {
  return relative(root, path);
}

export function readJson(path) {
  return JSON.parse(readFileSync(resolve(root, path), "utf8"));
}
