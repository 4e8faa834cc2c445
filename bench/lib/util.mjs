import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(import.meta.url);
/** version of an installed package, whatever its exports map says */
export const pkgVersion = (name) => {
  for (const d of [
    path.resolve("node_modules", name),
    ...(require.resolve.paths(name) ?? []).map((p) => path.join(p, name)),
  ]) {
    try {
      return JSON.parse(fs.readFileSync(path.join(d, "package.json"), "utf8")).version;
    } catch {}
  }
  return "?";
};
export const chunk = (a, n) => {
  const out = [];
  for (let i = 0; i < a.length; i += n) out.push(a.slice(i, i + n));
  return out;
};
