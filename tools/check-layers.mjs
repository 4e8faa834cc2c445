/**
 * Holds the architecture of layers.json: an import, type imports included, goes only to an earlier package, an earlier folder or the same folder.
 * An entry point (`entries`) may import everything of its own package, and nothing imports it. Next: ./check-cycles.mjs.
 */
import { existsSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { importsOf, packageNames, readJson, root, shown, sourceFiles } from "./sources.mjs";

const { packages } = readJson("layers.json");
const problems = [];
let edges = 0;

/** The layer of a file: its folder below src; for a file directly in src its own name if the order lists it, else ".". */
function layerOf(source, path, order) {
  const inside = path.slice(source.length + 1).split(sep);
  if (inside.length > 1) return inside.slice(0, -1).join("/");
  const name = inside[0].replace(/\.ts$/, "");
  return order.includes(name) ? name : ".";
}

function entryName(source, path, entries) {
  const name = path.slice(source.length + 1).replace(/\.ts$/, "");
  return entries.includes(name) ? name : undefined;
}

function checkExternal(specifier, rules, manifest, layer, report) {
  if (specifier.startsWith("node:")) return;
  const own = /^@athanor\/([^/]+)/.exec(specifier);
  if (!own) {
    const name = specifier
      .split("/")
      .slice(0, specifier.startsWith("@") ? 2 : 1)
      .join("/");
    const declared = { ...manifest.dependencies, ...manifest.peerDependencies };
    const typesOnly = manifest.devDependencies?.[`@types/${name}`] && declared[name];
    if (!declared[name] && !typesOnly) report(`imports ${specifier}, which its package.json does not name`);
    return;
  }
  const target = own[1];
  if (!rules.imports.includes(target))
    report(`must not import ${specifier} (layers.json: ${rules.imports.join(", ") || "imports no package"})`);
  else if (rules.restricted?.[target] && !rules.restricted[target].includes(layer)) {
    report(`only ${rules.restricted[target].join(", ")} may import ${specifier}`);
  }
}

function checkPackage(name) {
  const rules = packages[name];
  if (!rules) return problems.push(`packages/${name}: unknown package, add it to layers.json`);
  const source = join(root, "packages", name, "src");
  const manifest = readJson(`packages/${name}/package.json`);
  for (const path of sourceFiles(name)) {
    const layer = layerOf(source, path, rules.order);
    const entry = entryName(source, path, rules.entries);
    const rank = rules.order.indexOf(layer);
    if (rank < 0) {
      problems.push(
        `${shown(path)}:1: unknown folder "${layer}", add it to layers.json at its place in the order of package ${name}`,
      );
      continue;
    }
    for (const { specifier, line } of importsOf(path)) {
      edges += 1;
      const report = (message) => problems.push(`${shown(path)}:${line}: ${message}`);
      if (!specifier.startsWith(".")) {
        checkExternal(specifier, rules, manifest, entry ?? layer, report);
        continue;
      }
      const target = resolve(dirname(path), specifier);
      if (!target.startsWith(source + sep)) report(`${specifier} leaves the package`);
      else if (!existsSync(target)) report(`${specifier} does not exist (imports are written with .ts)`);
      else if (entryName(source, target, rules.entries))
        report(`${specifier} is an entry point: import the file that holds the thing`);
      else if (!entry) {
        const targetLayer = layerOf(source, target, rules.order);
        const targetRank = rules.order.indexOf(targetLayer);
        if (targetRank > rank) report(`layer "${layer}" must not import layer "${targetLayer}" (${specifier})`);
      }
    }
  }
}

for (const name of packageNames()) checkPackage(name);
for (const problem of problems) console.error(problem);
console.log(`layers: ${edges} imports, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
