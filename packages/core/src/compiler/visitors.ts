/** Visitor tables: a small function per node kind. A dialect spreads the ANSI table and replaces what differs. */
import type { Node } from "../ast/node.ts";
import type { SqlFunction } from "../expression/function.ts";
import type { Compiler } from "./compiler.ts";
import { registerVisitor } from "./custom-visitors.ts";

/** Renders one kind of node. */
export type Visitor = (compiler: Compiler, node: never) => string;

/** Visitors by node kind, and by the names of the hooks that statements are made of (`limit`, `returning`, …). */
export type Visitors = Readonly<Record<string, Visitor>>;

/** Renderings of functions by lower-case name. */
export type FunctionVisitors = Readonly<Record<string, (compiler: Compiler, node: SqlFunction) => string>>;

/** Names of types in DDL and CAST, by visit name. */
export type TypeVisitors = Readonly<Record<string, (compiler: Compiler, type: never) => string>>;

/** A table with some visitors replaced or added. */
export function extend(base: Visitors, overrides: Readonly<Record<string, Visitor>>): Visitors {
  return Object.freeze({ ...base, ...overrides });
}

/**
 * Registers how a node class is rendered, for all dialects or for some: the extension point for own elements.
 *
 * @example compiles(MyNode, (compiler, node) => `my(${compiler.visit(node.arg)})`);
 * compiles(MyNode, (compiler, node) => …, "postgresql");
 */
export function compiles<N extends Node>(
  type: { readonly prototype: N },
  visitor: (compiler: Compiler, node: N) => string,
  ...dialects: readonly string[]
): void {
  registerVisitor(kindOf(type), visitor as Visitor, dialects);
}

let customKinds = 0;

function kindOf(type: { readonly prototype: Node }): string {
  if (!Object.hasOwn(type.prototype, "kind")) {
    const name = (type as unknown as { name?: string }).name ?? "element";
    Object.defineProperty(type.prototype, "kind", {
      value: `custom:${name}:${++customKinds}`,
      configurable: true,
      writable: true,
    });
  }
  return type.prototype.kind;
}
