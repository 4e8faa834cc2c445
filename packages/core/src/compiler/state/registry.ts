/** Where packages above the core plug into compiling: the ORM turns statements about entities into plain ones. */
import type { Node } from "../../ast/node.ts";
import type { Compiler } from "../compiler.ts";

/** Rewrites a statement before it is compiled; returns it as it is where there is nothing to do. */
export type StatementTransform = (statement: Node, compiler: Compiler) => Node;

const transforms: StatementTransform[] = [];

/** Adds a transform; called once by each package that needs one. */
export function registerStatementTransform(transform: StatementTransform): void {
  transforms.push(transform);
}

/** Applies all transforms to a statement, outermost or nested. */
export function transformStatement<N extends Node>(statement: N, compiler: Compiler): N {
  let result: Node = statement;
  for (const transform of transforms) result = transform(result, compiler);
  return result as N;
}
