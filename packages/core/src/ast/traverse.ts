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
export type TraverseVisitors = Readonly<Record<string, (node: never) => void>>;

/** Calls the visitor registered for each node's kind. */
export function traverse(root: Node, visitors: TraverseVisitors): void {
  for (const node of iterate(root)) (visitors[node.kind] as ((node: Node) => void) | undefined)?.(node);
}

/** Decides, for one node, what stands in its place: another node, or undefined to go on below it. */
export type Replacer = (node: Node) => Node | undefined;

/**
 * Copies a tree with some nodes replaced. What `replace` returns is not looked into again; nodes below which nothing
 * was replaced are kept as they are, so that identities (columns, aliases, bind parameters) survive.
 */
export function replacementTraverse<N extends Node>(root: N, replace: Replacer): N {
  return new Rewriter(replace).rewrite(root) as N;
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
