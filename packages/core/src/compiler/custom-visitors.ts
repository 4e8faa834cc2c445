/** The registry behind `compiles`: renderings of node classes by kind and dialect. */
import type { Node } from "../ast/node.ts";
import type { SqlType } from "../types/type.ts";
import type { AnyVisitor } from "./dialect-port.ts";

const custom = new Map<string, Map<string, AnyVisitor>>();

/** Registers a rendering of a kind; without dialects, for all of them. */
export function registerVisitor(kind: string, visitor: AnyVisitor, dialects: readonly string[]): void {
  let byDialect = custom.get(kind);
  if (byDialect === undefined) custom.set(kind, (byDialect = new Map()));
  for (const dialect of dialects.length === 0 ? ["*"] : dialects) byDialect.set(dialect, visitor);
}

/** The rendering registered for a node's class, or else for one that it extends. */
export function customVisitor(node: Node, dialect: string): AnyVisitor | undefined {
  const byDialect = custom.get(node.kind);
  const own = byDialect?.get(dialect) ?? byDialect?.get("*");
  if (own !== undefined || !node.kind.startsWith(CUSTOM_KIND)) return own;
  for (let type = Object.getPrototypeOf(node) as Node | null; type !== null; type = Object.getPrototypeOf(type)) {
    const inherited = Object.hasOwn(type, "kind") ? custom.get(type.kind) : undefined;
    const found = inherited?.get(dialect) ?? inherited?.get("*");
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What the kinds of classes begin with that got one by {@link registerVisitor}. */
export const CUSTOM_KIND = "custom:";

/** The kind of a node, or of the class of ours that its own class extends. */
export function builtInKind(node: Node): string {
  let type: { readonly kind?: string } = node;
  while (type.kind?.startsWith(CUSTOM_KIND) === true) type = Object.getPrototypeOf(type) as object;
  return type.kind ?? node.kind;
}

const customTypes = new Map<object, Map<string, AnyVisitor>>();

/** Registers a rendering of a class of types; without dialects, for all of them. */
export function registerTypeVisitor(prototype: object, visitor: AnyVisitor, dialects: readonly string[]): void {
  let byDialect = customTypes.get(prototype);
  if (byDialect === undefined) customTypes.set(prototype, (byDialect = new Map()));
  for (const dialect of dialects.length === 0 ? ["*"] : dialects) byDialect.set(dialect, visitor);
}

/** The rendering registered for a type's class, or else for one that it extends. */
export function customTypeVisitor(type: SqlType, dialect: string): AnyVisitor | undefined {
  if (customTypes.size === 0) return undefined;
  for (let at = Object.getPrototypeOf(type) as object | null; at !== null; at = Object.getPrototypeOf(at) as object) {
    const byDialect = customTypes.get(at);
    const found = byDialect?.get(dialect) ?? byDialect?.get("*");
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether any rendering was registered; lets the compiler skip the look-up otherwise. */
export function hasCustomVisitors(): boolean {
  return custom.size > 0 || customTypes.size > 0;
}

/** A type's own rendering where a user type brings one. */
export function typeColumnSpec(type: SqlType): string | undefined {
  return (type as { getColSpec?: () => string }).getColSpec?.();
}
