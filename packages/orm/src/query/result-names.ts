/** The names of a statement's values in its rows: attributes by their key, functions by theirs; what repeats gets a number. */
import { type Node, SqlFunction } from "@athanor/core";
import type { ResultItem } from "./plan.ts";

/** What a selected element is called in rows; null: it has no name. */
export function nameOfElement(node: Node): string | null {
  const { key, resultName } = node as { readonly key?: string | null; readonly resultName?: unknown };
  if (typeof key === "string") return key;
  if (node instanceof SqlFunction) return node.name;
  return typeof resultName === "string" ? resultName : null;
}

/** The names of a row's values, in order. */
export function resultNames(items: readonly ResultItem[]): string[] {
  const used = new Set<string>();
  const counts = new Map<string, number>();
  return items.map((item) => {
    if (item.kind === "entity") {
      const name = item.name ?? "entity";
      used.add(name);
      return name;
    }
    const base = item.kind === "bundle" ? item.bundle.name : (item.name ?? "_no_label");
    let name = base;
    while (used.has(name)) {
      const count = (counts.get(base) ?? 0) + 1;
      counts.set(base, count);
      name = `${base}_${count}`;
    }
    used.add(name);
    return name;
  });
}
