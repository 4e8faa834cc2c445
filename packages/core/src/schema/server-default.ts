/** Values that the database gives to columns: DEFAULT clauses, triggers. Next: ./identity.ts and ./computed.ts. */
import { defineKind } from "../ast/node.ts";
import { ArgumentError } from "../errors/errors.ts";
import { ClauseElement } from "../expression/clause-element.ts";
import { resolveNode } from "../expression/coerce.ts";
import type { ColumnClause } from "../expression/column-clause.ts";
import { describe } from "../types/literals.ts";
import { SchemaItem } from "./schema-item.ts";

/** Says that the database makes a value for the column, by whatever means; renders nothing. */
export class FetchedValue extends SchemaItem {
  /** Phantom: what kind of column item it is. */
  declare readonly "~item": "default" | "identity" | "computed";
  /** For UPDATE instead of INSERT. */
  readonly forUpdate: boolean;
  /** The column it belongs to. */
  column: ColumnClause | null = null;
  /** It was read from a database. */
  reflected = false;

  constructor(options: { readonly forUpdate?: boolean } = {}) {
    super();
    this.forUpdate = options.forUpdate ?? false;
  }

  /** Whether values rise from row to row. */
  get isMonotonic(): boolean {
    return false;
  }

  /** This value, or a copy of it, for INSERT or for UPDATE. */
  asForUpdate(forUpdate: boolean): FetchedValue {
    return forUpdate === this.forUpdate ? this : new FetchedValue({ forUpdate });
  }

  /** A copy for another column. */
  copy(): FetchedValue {
    return new FetchedValue({ forUpdate: this.forUpdate });
  }
}
defineKind(FetchedValue, "fetchedValue");

/** A DEFAULT clause: text that is rendered as a string literal, or a SQL expression. */
export class DefaultClause extends FetchedValue {
  readonly arg: string | ClauseElement;

  constructor(arg: unknown, options: { readonly forUpdate?: boolean; readonly reflected?: boolean } = {}) {
    super(options);
    const node = typeof arg === "string" ? arg : resolveNode(arg);
    if (typeof node !== "string" && !(node instanceof ClauseElement)) {
      throw new ArgumentError(`a server default is a string or a SQL expression, not ${describe(arg)}`, {
        fix: 'pass a string for a literal, as in { serverDefault: "0" }, or text("…") for an expression',
      });
    }
    this.arg = node;
    this.reflected = options.reflected ?? false;
  }

  override get isMonotonic(): boolean {
    return (this.arg as { readonly monotonic?: boolean }).monotonic === true;
  }

  override asForUpdate(forUpdate: boolean): DefaultClause {
    return forUpdate === this.forUpdate ? this : new DefaultClause(this.arg, { forUpdate, reflected: this.reflected });
  }

  override copy(): DefaultClause {
    return new DefaultClause(this.arg, { forUpdate: this.forUpdate, reflected: this.reflected });
  }
}
defineKind(DefaultClause, "defaultClause");

/** Says that the database fills the column: `column(t.integer, { serverDefault: fetchedValue() })`. */
export function fetchedValue(options: { readonly forUpdate?: boolean } = {}): FetchedValue {
  return new FetchedValue(options);
}

/** A DEFAULT clause as an object of its own; `serverDefault` makes it by itself. */
export function defaultClause(arg: unknown, options: { readonly forUpdate?: boolean } = {}): DefaultClause {
  return new DefaultClause(arg, options);
}
