/** FOR UPDATE. */
import type { ForUpdate } from "../../selectable/for-update.ts";
import type { Compiler } from "../compiler.ts";

/** ` FOR UPDATE`; the standard knows no options. */
export function visitForUpdate(_compiler: Compiler, _lock: ForUpdate): string {
  return " FOR UPDATE";
}
