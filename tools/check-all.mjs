/** `npm run check`: the fast checks, for the loop while writing. Runs all of them and names the failed ones. */
import { binOf, runNode } from "./run-node.mjs";

const stages = [
  ["layers", ["tools/check-layers.mjs"]],
  ["cycles", ["tools/check-cycles.mjs"]],
  ["size", ["tools/check-size.mjs"]],
  ["types", [binOf("typescript", "tsc"), "-p", "tsconfig.check.json"]],
  ["lint", [binOf("@biomejs/biome", "biome"), "check", "--error-on-warnings", "."]],
];

const failures = stages.filter(([, args]) => runNode(args) !== 0).map(([name]) => name);
console.log(failures.length > 0 ? `check: failed: ${failures.join(", ")}` : "check: ok");
process.exitCode = failures.length > 0 ? 1 : 0;
