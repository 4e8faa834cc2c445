/** Visitor tables: a small function per node kind. A dialect spreads the ANSI table and replaces what differs. */
import type { Node } from "../ast/node.ts";
import type { SqlFunction } from "../expression/function.ts";
import type { SqlType } from "../types/type.ts";
import type { Compiler } from "./compiler.ts";

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

/** Renderings for own node classes, by class name and dialect; see `compiles`. */
const custom = new Map<string, Map<string, Visitor>>();

/**
 * Registers how a node class is rendered, for all dialects or for some: the extension point for own elements.
 *
 * @example compiles(MyNode, (compiler, node) => `my(${compiler.visit(node.arg)})`);
 * compiles(MyNode, (compiler, node) => …, "postgresql");
 */
export function compiles<N extends Node>(type: { readonly prototype: N }, visitor: (compiler: Compiler, node: N) => string, ...dialects: readonly string[]): void {
  const kind = kindOf(type);
  let byDialect = custom.get(kind);
  if (byDialect === undefined) custom.set(kind, (byDialect = new Map()));
  for (const dialect of dialects.length === 0 ? ["*"] : dialects) byDialect.set(dialect, visitor as Visitor);
}

let customKinds = 0;

function kindOf(type: { readonly prototype: Node }): string {
  if (!Object.hasOwn(type.prototype, "kind")) {
    const name = (type as unknown as { name?: string }).name ?? "element";
    Object.defineProperty(type.prototype, "kind", { value: `custom:${name}:${++customKinds}`, configurable: true, writable: true });
  }
  return type.prototype.kind;
}

/** The rendering registered with {@link compiles}, if there is one. */
export function customVisitor(kind: string, dialect: string): Visitor | undefined {
  const byDialect = custom.get(kind);
  return byDialect?.get(dialect) ?? byDialect?.get("*");
}

/** Whether any rendering was registered for built-in kinds; lets the compiler skip the look-up otherwise. */
export function hasCustomVisitors(): boolean {
  return custom.size > 0;
}

/** A type's own rendering where a user type brings one. */
export function typeColumnSpec(type: SqlType): string | undefined {
  return (type as { getColSpec?: () => string }).getColSpec?.();
}
