/** What SELECT and set operations share: ORDER BY, GROUP BY, LIMIT, locking, label style. */
import { ArgumentError, CompileError } from "../errors/errors.ts";
import { literalBind } from "../expression/bind.ts";
import type { ClauseElement } from "../expression/clause-element.ts";
import { byElements, resolveNode } from "../expression/coerce.ts";
import { ColumnElement } from "../expression/column-element.ts";
import { describe } from "../types/literals.ts";
import { Integer } from "../types/numeric.ts";
import { ForUpdate, type ForUpdateOptions } from "./for-update.ts";
import { LABEL_STYLE_DEFAULT, type LabelStyle } from "./naming.ts";
import { SelectBase } from "./returns-rows.ts";

/** Options of `fetch()`. */
export interface FetchOptions {
  /** Also rows that compare equal to the last one. */
  readonly withTies?: boolean;
  /** The count is a percentage. */
  readonly percent?: boolean;
  /** Options of one dialect, e.g. `oracleFetchApproximate`. */
  readonly [dialectOption: string]: unknown;
}

const integer = new Integer();

/** A count for LIMIT, OFFSET or FETCH. */
export function countElement(value: unknown, clause: string): ColumnElement | null {
  if (value === null) return null;
  const node = resolveNode(value);
  if (node instanceof ColumnElement) return node;
  const number = typeof value === "string" && /^\d+$/.test(value.trim()) ? Number(value) : value;
  if (typeof number === "bigint" || (typeof number === "number" && Number.isInteger(number)))
    return literalBind(number, integer);
  throw new ArgumentError(`${clause} takes a whole number or an expression, not ${describe(value)}`);
}

/** SELECT and set operations. */
export abstract class GenerativeSelect<
  out V extends readonly unknown[] = readonly unknown[],
  out O extends object = object,
  out E extends object = object,
> extends SelectBase<V, O, E> {
  orderByClauses: readonly ClauseElement[] = none;
  groupByClauses: readonly ClauseElement[] = none;
  limitClause: ColumnElement | null = null;
  offsetClause: ColumnElement | null = null;
  fetchClause: ColumnElement | null = null;
  fetchOptions: FetchOptions | null = null;
  forUpdateClause: ForUpdate | null = null;
  labelStyle: LabelStyle = LABEL_STYLE_DEFAULT;

  /** How the columns are labelled. */
  getLabelStyle(): LabelStyle {
    return this.labelStyle;
  }

  /** A copy to be changed before it is handed out; statements themselves never change. */
  protected abstract fork(): this;

  /** `ORDER BY …`, added to what is there; `null` clears it. A string names a label. */
  orderBy(...clauses: readonly unknown[]): this {
    const copy = this.fork();
    copy.orderByClauses =
      clauses.length === 1 && clauses[0] === null ? none : [...this.orderByClauses, ...byElements(clauses, "ORDER BY")];
    return copy;
  }

  /** `GROUP BY …`, added to what is there; `null` clears it. */
  groupBy(...clauses: readonly unknown[]): this {
    const copy = this.fork();
    copy.groupByClauses =
      clauses.length === 1 && clauses[0] === null ? none : [...this.groupByClauses, ...byElements(clauses, "GROUP BY")];
    return copy;
  }

  /** `LIMIT n`; null removes it. Replaces FETCH. */
  limit(count: unknown): this {
    const copy = this.fork();
    copy.limitClause = countElement(count, "LIMIT");
    copy.fetchClause = null;
    copy.fetchOptions = null;
    return copy;
  }

  /** `OFFSET n`; null removes it. */
  offset(count: unknown): this {
    const copy = this.fork();
    copy.offsetClause = countElement(count, "OFFSET");
    return copy;
  }

  /** `FETCH FIRST n ROWS ONLY`; null removes it. Replaces LIMIT. */
  fetch(count: unknown, options: FetchOptions = {}): this {
    const copy = this.fork();
    copy.limitClause = null;
    copy.fetchClause = countElement(count, "FETCH");
    copy.fetchOptions = count === null ? null : options;
    return copy;
  }

  /** Rows `start` to `stop`, by LIMIT and OFFSET; `null` leaves an end open. */
  slice(start: number | null, stop: number | null = null): this {
    const from = start ?? 0;
    if (!Number.isInteger(from) || from < 0 || (stop !== null && (!Number.isInteger(stop) || stop < from)))
      throw new ArgumentError(`slice(${start}, ${stop}) is not a range of rows`);
    const offset = from + (this.simpleOffset ?? 0);
    return this.limit(stop === null ? null : stop - from).offset(offset === 0 ? null : offset);
  }

  /** The offset when it is a plain number. */
  get simpleOffset(): number | null {
    const value = (this.offsetClause as { value?: unknown } | null)?.value;
    return typeof value === "number" ? value : null;
  }

  /** `FOR UPDATE` and its relatives. */
  withForUpdate(options: ForUpdateOptions = {}): this {
    const copy = this.fork();
    copy.forUpdateClause = new ForUpdate(options);
    return copy;
  }

  /** How columns are labelled. */
  setLabelStyle(style: LabelStyle): this {
    if (style === this.labelStyle) return this;
    const copy = this.fork();
    copy.labelStyle = style;
    return copy;
  }

  /** True when rows are cut off by LIMIT, OFFSET or FETCH. */
  get hasRowLimit(): boolean {
    return this.limitClause !== null || this.offsetClause !== null || this.fetchClause !== null;
  }

  /** @throws CompileError where FETCH and LIMIT contradict. */
  protected refuse(message: string): never {
    throw new CompileError(message);
  }
}

const none: readonly never[] = Object.freeze([]);
