/** Walking and rewriting trees of nodes by their declared fields. Next: ../expression/. */
import { fieldList, isPlain, Node } from "./node.ts";

/** The direct children of a node, in field order. */
export function childrenOf(node: Node): Node[] {
  const found: Node[] = [];
  const self = node as unknown as Record<string, unknown>;
  for (const [field, kind] of fieldList(node.constructor as typeof Node)) {
    if (kind === "child" || kind === "children" || kind === "pairs" || kind === "options") collect(self[field], found);
  }
  return found;
}

function collect(value: unknown, found: Node[]): void {
  if (value instanceof Node) found.push(value);
  else if (Array.isArray(value)) for (const item of value) collect(item, found);
  else if (value !== null && typeof value === "object" && isPlain(value))
    for (const item of Object.values(value)) collect(item, found);
}

/** Options of traversals. */
export interface TraverseOptions {
  /** Nodes that are left as they are, with all that is below them. */
  readonly stopOn?: Iterable<Node>;
}

/** Every node below and including `root`, parents before children; shared nodes once. */
export function* iterate(root: Node): Generator<Node> {
  const seen = new Set<Node>();
  const stack: Node[] = [root];
  while (stack.length > 0) {
    const node = stack.pop() as Node;
    if (seen.has(node)) continue;
    seen.add(node);
    yield node;
    stack.push(...childrenOf(node).reverse());
  }
}

/** Functions by node kind; each is called for every node of its kind below and including `root`. */
export type TraverseVisitors = { readonly [K in keyof NodesByKind]?: (node: NodesByKind[K]) => void } & {
  readonly [kind: string]: ((node: never) => void) | undefined;
};

/** The classes of the nodes that visitors get, by kind. The modules of the classes fill it. */
// biome-ignore lint/suspicious/noEmptyInterface: augmented where the classes are.
export interface NodesByKind {}

/** Calls the visitor registered for each node's kind: `traverse(statement, { bindparam: (bind) => … })`. */
export function traverse(root: Node, visitors: TraverseVisitors): void;
export function traverse(root: Node, options: TraverseOptions, visitors: TraverseVisitors): void;
export function traverse(root: Node, ...rest: readonly object[]): void {
  const visitors = rest.at(-1) as TraverseVisitors;
  for (const node of iterate(root)) (visitors[node.kind] as ((node: Node) => void) | undefined)?.(node);
}

/**
 * Copies a tree and calls the visitor registered for each copy's kind, children first; a visitor may set the fields of what it
 * gets. Tables and their columns are not copied, so that they stay what other statements know.
 */
export function clonedTraverse<N extends Node>(root: N, visitors: TraverseVisitors): N;
export function clonedTraverse<N extends Node>(root: N, options: TraverseOptions, visitors: TraverseVisitors): N;
export function clonedTraverse<N extends Node>(root: N, ...rest: readonly object[]): N {
  const visitors = rest.at(-1) as TraverseVisitors;
  const stops = new Set((rest.length > 1 ? (rest[0] as TraverseOptions).stopOn : undefined) ?? []);
  const copies = new Map<Node, Node>();
  const cloned = (node: Node): Node => {
    const known = copies.get(node);
    if (known !== undefined) return known;
    const isShared = stops.has(node) || node.kind === "column" || node.kind === "table";
    const copy = isShared
      ? node
      : copyWith(new Rewriter((child) => (child === node ? undefined : cloned(child))).rewrite(node), {});
    copies.set(node, copy);
    if (!stops.has(node)) (visitors[copy.kind] as ((node: Node) => void) | undefined)?.(copy);
    return copy;
  };
  return cloned(root) as N;
}

/** Decides, for one node, what stands in its place: another node, or undefined to go on below it. */
export type Replacer = (node: Node) => Node | null | undefined;

/**
 * Copies a tree with some nodes replaced. What `replace` returns is not looked into again; nodes below which nothing
 * was replaced are kept as they are, so that identities (columns, aliases, bind parameters) survive.
 */
export function replacementTraverse<N extends Node>(root: N, replace: Replacer): N;
export function replacementTraverse<N extends Node>(root: N, options: TraverseOptions, replace: Replacer): N;
export function replacementTraverse<N extends Node>(root: N, ...rest: readonly (TraverseOptions | Replacer)[]): N {
  const replace = rest.at(-1) as Replacer;
  const stops = new Set((rest.length > 1 ? (rest[0] as TraverseOptions).stopOn : undefined) ?? []);
  return new Rewriter(stops.size === 0 ? replace : (node) => (stops.has(node) ? node : replace(node))).rewrite(
    root,
  ) as N;
}

class Rewriter {
  readonly #replace: Replacer;
  readonly #done = new Map<Node, Node>();

  constructor(replace: Replacer) {
    this.#replace = replace;
  }

  rewrite(node: Node): Node {
    const known = this.#done.get(node);
    if (known !== undefined) return known;
    const replacement = this.#replace(node);
    const result = replacement ?? this.#descend(node);
    this.#done.set(node, result);
    return result;
  }

  #descend(node: Node): Node {
    const self = node as unknown as Record<string, unknown>;
    let changes: Record<string, unknown> | null = null;
    for (const [field, kind] of fieldList(node.constructor as typeof Node)) {
      if (kind !== "child" && kind !== "children" && kind !== "pairs" && kind !== "options") continue;
      const before = self[field];
      const after = this.#value(before);
      if (after !== before) (changes ??= {})[field] = after;
    }
    return changes === null ? node : copyWith(node, changes);
  }

  #value(value: unknown): unknown {
    if (value instanceof Node) return this.rewrite(value);
    if (Array.isArray(value)) {
      let changed = false;
      const copy = value.map((item) => {
        const after = this.#value(item);
        if (after !== item) changed = true;
        return after;
      });
      return changed ? copy : value;
    }
    if (value !== null && typeof value === "object" && isPlain(value)) {
      let changed = false;
      const copy: Record<string, unknown> = {};
      for (const [key, item] of Object.entries(value)) {
        copy[key] = this.#value(item);
        if (copy[key] !== item) changed = true;
      }
      return changed ? copy : value;
    }
    return value;
  }
}

/** A copy of a node with some fields set; memos that start with `memo` are dropped. */
export function copyWith<N extends Node>(node: N, changes: Readonly<Partial<Record<string, unknown>>>): N {
  const copy = Object.create(Object.getPrototypeOf(node) as object) as Record<string, unknown>;
  for (const key of Object.keys(node)) {
    if (!key.startsWith("memo")) copy[key] = (node as unknown as Record<string, unknown>)[key];
  }
  Object.assign(copy, changes);
  (copy as { afterCopy?: (original: N) => void }).afterCopy?.(node);
  return copy as unknown as N;
}
