/** `npm run quickstart`: builds the packages, then tells the story of examples/quickstart. */
import { binOf, runNode } from "./run-node.mjs";

const status = runNode([binOf("typescript", "tsc"), "-b"]) || runNode(["main.ts"], { cwd: "examples/quickstart" });
process.exitCode = status;
