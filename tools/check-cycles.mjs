/** Finds import cycles between files, type imports included (Tarjan's strongly connected components). Knows nothing of layers. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { importsOf, packageNames, readJson, root, shown, sourceFiles } from "./sources.mjs";

const manifests = new Map(packageNames().map((name) => [name, readJson(`packages/${name}/package.json`)]));

function resolveImport(path, specifier) {
  if (specifier.startsWith(".")) return resolve(dirname(path), specifier);
  const match = /^@athanor\/([^/]+)(\/.+)?$/.exec(specifier);
  if (!match) return undefined;
  const entry = manifests.get(match[1])?.exports?.[`.${match[2] ?? ""}`];
  return entry && join(root, "packages", match[1], entry["athanor-source"]);
}

const graph = new Map();
for (const name of packageNames()) {
  for (const path of sourceFiles(name)) {
    const targets = importsOf(path).map(({ specifier }) => resolveImport(path, specifier));
    graph.set(path, [...new Set(targets.filter((target) => target && existsSync(target)))]);
  }
}

/** Strongly connected components of more than one file, or of one that imports itself. */
function knots() {
  const order = new Map();
  const low = new Map();
  const stack = [];
  const onStack = new Set();
  const found = [];
  function visit(node) {
    order.set(node, order.size);
    low.set(node, order.get(node));
    stack.push(node);
    onStack.add(node);
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) {
        visit(next);
        low.set(node, Math.min(low.get(node), low.get(next)));
      } else if (onStack.has(next)) low.set(node, Math.min(low.get(node), order.get(next)));
    }
    if (low.get(node) !== order.get(node)) return;
    const members = stack.splice(stack.indexOf(node));
    for (const member of members) onStack.delete(member);
    if (members.length > 1 || graph.get(node)?.includes(node)) found.push(members);
  }
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return found;
}

/** One short cycle through the first file of a knot, to show where to cut. */
function cycleIn(members) {
  const inside = new Set(members);
  const start = members[0];
  const cameFrom = new Map([[start, undefined]]);
  const queue = [start];
  for (const node of queue) {
    for (const next of graph.get(node)) {
      if (next === start) {
        const path = [start];
        for (let at = node; at !== undefined && at !== start; at = cameFrom.get(at)) path.splice(1, 0, at);
        return [...path, start];
      }
      if (inside.has(next) && !cameFrom.has(next)) {
        cameFrom.set(next, node);
        queue.push(next);
      }
    }
  }
  return members;
}

function lineOf(from, to) {
  return importsOf(from).find(({ specifier }) => resolveImport(from, specifier) === to)?.line ?? 1;
}

const cycles = knots();
for (const members of cycles) {
  console.error(`cycle among ${members.length} files, for example:`);
  const path = cycleIn(members);
  for (let i = 0; i + 1 < path.length; i++) {
    console.error(`  ${shown(path[i])}:${lineOf(path[i], path[i + 1])}: imports ${shown(path[i + 1])}`);
  }
}
console.log(`cycles: ${graph.size} files, ${cycles.length} cycles`);
process.exitCode = cycles.length > 0 ? 1 : 0;
