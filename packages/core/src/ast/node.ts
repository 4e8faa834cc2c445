/**
 * The base of everything a compiler visits. A class declares its structure once, in `fields`; children, cache key and
 * copying are derived from it. Knows nothing of SQL. Next: ./traverse.ts.
 */
import { markCopy } from "../util/copies.ts";
import type { CacheKeyBuilder } from "./cache-key.ts";
import { identityOf } from "./cache-key.ts";

/**
 * What a field holds.
 * - `child`: a node or null; `children`: a list of nodes; `pairs`: a list of pairs of nodes
 * - `atom`: a string, number, boolean or null that is part of the structure
 * - `object`: anything else, equal only to itself (functions, symbols, options given by the user)
 * - `options`: a plain object of atoms, nodes and lists of these
 * - `keyed`: something that has `cacheKey: string` (types, operators)
 * - `skip`: not structural (memos, back-references)
 */
export type FieldKind = "child" | "children" | "pairs" | "atom" | "object" | "options" | "keyed" | "skip";

/** The structure of a node class: field name to kind. Inherited by spreading the parent's. */
export type Fields = Readonly<Record<string, FieldKind>>;

/** Base of all clause elements, statements and DDL elements. */
export abstract class Node {
  /** Name under which visitors are registered, e.g. `"binary"`. Lives on the prototype. */
  declare readonly kind: string;

  /** Structure of the class, see {@link Fields}. */
  static readonly fields: Fields = {};

  /** Whether {@link appendCacheKey} describes the whole of the element. Custom elements opt in with `true`. */
  static readonly inheritCache: boolean = true;

  /** Appends this element's structure to a cache key. */
  appendCacheKey(key: CacheKeyBuilder): void {
    const type = this.constructor as typeof Node;
    if (!type.inheritCache) {
      key.uncacheable = true;
      return;
    }
    key.add("(");
    key.add(this.kind);
    const self = this as unknown as Record<string, unknown>;
    for (const [field, kind] of fieldList(type)) appendField(key, kind, self[field]);
    key.add(")");
  }
}

markCopy(Node.prototype);

/** Sets the `kind` of a node class. */
export function defineKind(type: { readonly prototype: Node }, kind: string): void {
  Object.defineProperty(type.prototype, "kind", { value: kind, writable: true, configurable: true });
}

const lists = new WeakMap<object, readonly (readonly [string, FieldKind])[]>();

/** A class's fields as a list, made once. */
export function fieldList(type: typeof Node): readonly (readonly [string, FieldKind])[] {
  let list = lists.get(type);
  if (list === undefined) lists.set(type, (list = Object.entries(type.fields)));
  return list;
}

function appendField(key: CacheKeyBuilder, kind: FieldKind, value: unknown): void {
  switch (kind) {
    case "child":
      key.node(value as Node | null);
      return;
    case "children":
      key.nodes(value as Node[] | null);
      return;
    case "pairs":
      for (const [left, right] of (value ?? []) as [unknown, unknown][]) {
        appendValue(key, left);
        appendValue(key, right);
        key.add(";");
      }
      key.add(";");
      return;
    case "keyed":
      key.add((value as { cacheKey: string } | null)?.cacheKey ?? "~");
      return;
    case "atom":
    case "object":
    case "options":
      appendValue(key, value);
      return;
    case "skip":
  }
}

/** Appends any value: nodes by structure, plain objects and lists by content, atoms by text, the rest by identity. */
export function appendValue(key: CacheKeyBuilder, value: unknown): void {
  if (value === null || value === undefined) key.add("~");
  else if (value instanceof Node) value.appendCacheKey(key);
  else if (typeof value === "string") key.name(value);
  else if (typeof value !== "object" && typeof value !== "function" && typeof value !== "symbol")
    key.add(`=${String(value)};`);
  else if (Array.isArray(value)) {
    key.add("[");
    for (const item of value) appendValue(key, item);
    key.add("]");
  } else if (typeof value === "object" && typeof (value as { cacheKey?: unknown }).cacheKey === "string") {
    key.add((value as { cacheKey: string }).cacheKey);
  } else if (typeof value === "object" && isPlain(value)) {
    key.add("{");
    for (const [name, item] of Object.entries(value)) {
      key.name(name);
      appendValue(key, item);
    }
    key.add("}");
  } else if (typeof value === "symbol") key.name(String(value));
  else key.add(`#${identityOf(value as object)};`);
}

/** True for object literals. */
export function isPlain(value: object): value is Record<string, unknown> {
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
}
