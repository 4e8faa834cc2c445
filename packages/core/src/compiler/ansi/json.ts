/** Access into JSON and arrays, for people: the default dialect itself has no JSON. */
import type { Binary } from "../../expression/binary.ts";
import type { Compiler } from "../compiler.ts";

/** `a[b]`, as `str()` shows it. */
export function visitSubscript(compiler: Compiler, binary: Binary): string {
  return `${compiler.visit(binary.left)}[${compiler.visit(binary.right)}]`;
}
