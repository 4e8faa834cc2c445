/** Visitor tables: a small function per node kind. A dialect spreads the ANSI table and replaces what differs. */
import type { CacheKeyBuilder } from "../ast/cache-key.ts";
import type { Node } from "../ast/node.ts";
import type { SqlFunction } from "../expression/function.ts";
import { SqlType } from "../types/type.ts";
import type { Compiler } from "./compiler.ts";
import { CUSTOM_KIND, registerTypeVisitor, registerVisitor } from "./custom-visitors.ts";

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
 * Also for classes of types, whose text in DDL and CAST it gives. A class that extends another one and has no rendering for a
 * dialect is rendered as that one.
 *
 * @example compiles(MyNode, (compiler, node) => `my(${compiler.visit(node.arg)})`);
 * compiles(MyNode, (compiler, node) => …, "postgresql");
 */
export function compiles<N extends Node | SqlType>(
  type: { readonly prototype: N },
  visitor: (compiler: Compiler, node: N) => string,
  ...dialects: readonly string[]
): void {
  const { prototype } = type as { readonly prototype: Node | SqlType };
  if (prototype instanceof SqlType) registerTypeVisitor(prototype, visitor as Visitor, dialects);
  else registerVisitor(kindOf(prototype, (type as { name?: string }).name), visitor as Visitor, dialects);
}

let customKinds = 0;

function kindOf(prototype: Node, name = "element"): string {
  if (!Object.hasOwn(prototype, "kind")) {
    Object.defineProperty(prototype, "kind", {
      value: `${CUSTOM_KIND}${name}:${++customKinds}`,
      configurable: true,
      writable: true,
    });
    keyByClass(prototype);
  }
  return prototype.kind;
}

/**
 * Makes a class of the user's own part of cache keys. What its objects hold is not known, unless the class says with its own
 * `inheritCache = true` that the class it extends describes them, or declares `fields`: without, such statements are compiled anew.
 */
function keyByClass(prototype: Node): void {
  if (Object.hasOwn(prototype, "appendCacheKey")) return;
  const inherited = prototype.appendCacheKey;
  Object.defineProperty(prototype, "appendCacheKey", {
    configurable: true,
    writable: true,
    value(this: Node, key: CacheKeyBuilder): void {
      const own = this.constructor as typeof Node;
      const isDescribed = Object.hasOwn(own, "inheritCache") ? own.inheritCache : Object.hasOwn(own, "fields");
      if (!isDescribed) key.uncacheable = true;
      key.add(this.kind);
      inherited.call(this, key);
    },
  });
}
