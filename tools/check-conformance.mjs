/**
 * conformance/ is a copy: where the folder of the recorded cases stands beside the project, both must be equal. A newcomer's
 * clone has no such folder, and nothing to check.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./sources.mjs";

const original = join(root, "..", "shared", "conformance");
if (existsSync(original)) {
  const differing = readdirSync(original).filter((name) => {
    const copy = join(root, "conformance", name);
    return !existsSync(copy) || !readFileSync(copy).equals(readFileSync(join(original, name)));
  });
  for (const name of differing) console.error(`conformance/${name} differs from ${join(original, name)}`);
  process.exitCode = differing.length > 0 ? 1 : 0;
  if (differing.length === 0) console.log("conformance: equal to the recorded cases");
} else console.log("conformance: no recorded cases beside the project to compare with");
