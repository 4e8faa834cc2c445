/**
 * Reads the emitted declarations: an elided type is always an error, and each package may hold only as many `any` as
 * declarations.json grants it with a reason. Run after the build.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript-6";
import { filesBelow, packageNames, readJson, root, shown, sourceFiles } from "./sources.mjs";

const granted = readJson("tools/declarations.json");
let problems = 0;

function anysIn(path) {
  const text = readFileSync(path, "utf8");
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found = [];
  if (text.includes("/*elided*/")) {
    problems += 1;
    console.error(`${shown(path)}:${text.slice(0, text.indexOf("/*elided*/")).split("\n").length}: elided type`);
  }
  const walk = (node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword)
      found.push(file.getLineAndCharacterOfPosition(node.getStart()).line + 1);
    ts.forEachChild(node, walk);
  };
  walk(file);
  return found.map((line) => `${shown(path)}:${line}`);
}

/** Declarations whose source still exists: a stale dist must not fail the check. */
function currentDeclarations(name) {
  const sources = new Set(sourceFiles(name));
  const source = (path) => path.replace(`/packages/${name}/dist/`, `/packages/${name}/src/`).replace(/\.d\.ts$/, ".ts");
  return filesBelow(join(root, "packages", name, "dist"), ".d.ts").filter((path) => sources.has(source(path)));
}

for (const name of packageNames()) {
  if (!existsSync(join(root, "packages", name, "dist"))) {
    problems += 1;
    console.error(`packages/${name}: not built`);
    continue;
  }
  const files = currentDeclarations(name);
  const anys = files.flatMap(anysIn);
  const limit = granted[name]?.any ?? 0;
  console.log(`  ${name}: ${files.length} declaration files, ${anys.length} any (${limit} granted)`);
  if (anys.length > limit) {
    problems += 1;
    for (const place of anys) console.error(`${place}: any`);
  }
}
console.log(`declarations: ${problems} problems`);
process.exitCode = problems > 0 ? 1 : 0;
