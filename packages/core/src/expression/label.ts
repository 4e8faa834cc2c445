/** `a AS name`. */

import type { CacheKeyBuilder } from "../ast/cache-key.ts";
import { AnonName, type Name, QuotedName } from "../ast/name.ts";
import { appendValue, defineKind, type Fields } from "../ast/node.ts";
import type { Operator } from "../operator/operator.ts";
import { operators } from "../operator/table.ts";
import { ColumnElement } from "./column-element.ts";
import type { FromElement } from "./from-element.ts";
import { Grouping } from "./grouping.ts";

const sortModifiers: ReadonlySet<Operator> = new Set([
  operators.asc,
  operators.desc,
  operators.nullsFirst,
  operators.nullsLast,
]);

/** An expression under a name. */
export class Label<out T = unknown, out N extends string = string, I = T> extends ColumnElement<T, I> {
  static override readonly fields: Fields = { name: "atom", element: "child" };

  /** Phantom: the name in result rows. */
  declare readonly "~name": N;
  readonly name: Name;
  /** Quoting given by the user; null: by the dialect's rules. */
  readonly quote: boolean | null;
  readonly element: ColumnElement;

  constructor(name: Name | null, element: ColumnElement) {
    const inner = element instanceof Label ? element.element : element;
    super(inner.type);
    this.element = inner.selfGroup(operators.as);
    const chosen = name as Name | QuotedName | null;
    this.quote = chosen instanceof QuotedName ? chosen.quote : null;
    this.name =
      chosen instanceof QuotedName ? String(chosen) : (name ?? new AnonName((inner as { name?: Name }).name ?? "anon"));
  }

  override get resultName(): Name {
    return this.name;
  }

  /** ORDER BY names it where the statement selects it; otherwise it repeats the expression. */
  get ordersByName(): boolean {
    return true;
  }

  override get key(): string | null {
    return typeof this.name === "string" ? this.name : null;
  }

  override get anonLabel(): AnonName {
    return this.name instanceof AnonName ? this.name : super.anonLabel;
  }

  override get anonBase(): Name {
    return this.name;
  }

  override get proxies(): readonly ColumnElement[] {
    return [this.element];
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    key.add("(L");
    appendValue(key, typeof this.name === "string" ? this.name : null);
    this.element.appendCacheKey(key);
    key.add(")");
  }

  override collectFroms(into: Set<FromElement>): void {
    this.element.collectFroms(into);
  }

  override selfGroup(against: Operator | null): ColumnElement {
    // ORDER BY names it where the statement selects it.
    if (against !== null && sortModifiers.has(against)) return this;
    const grouped = this.element.selfGroup(against);
    return grouped === this.element ? this : (grouped as unknown as ColumnElement);
  }

  override negate(): ColumnElement {
    return new Label(this.name, this.element.negate());
  }
}
defineKind(Label, "label");

/** True for a label, also inside parentheses. */
export function isLabel(element: ColumnElement): element is Label {
  return element instanceof Label || (element instanceof Grouping && isLabel(element.element));
}

declare module "../ast/traverse.ts" {
  interface NodesByKind {
    label: Label;
  }
}
