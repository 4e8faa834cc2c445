/** What the peers made of Athanor's own packages share. */
import { readFileSync } from "node:fs";

/** The packages' version, with the commit that was built where git can tell. */
export function athanorVersion() {
  return JSON.parse(readFileSync(new URL("../../packages/core/package.json", import.meta.url), "utf8")).version;
}
