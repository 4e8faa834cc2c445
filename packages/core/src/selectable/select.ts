/** SELECT: an immutable builder. How FROM and names are worked out is in ../compiler/state/select.ts. */

import { carryAnnotations } from "../ast/annotations.ts";
import type { CacheKeyBuilder } from "../ast/cache-key.ts";
import { appendValue, defineKind, type Fields, isPlain, type Node } from "../ast/node.ts";
import { ArgumentError } from "../errors/errors.ts";
import { ClauseElement, type SqlExpression } from "../expression/clause-element.ts";
import { conjunction } from "../expression/clause-list.ts";
import { byElements, columnsClauseElement, condition, resolveNode } from "../expression/coerce.ts";
import { ColumnElement } from "../expression/column-element.ts";
import type { Condition } from "../expression/constructors.ts";
import type { FromElement } from "../expression/from-element.ts";
import type { NamesOf, ObjectNames, ValuesOf } from "../expression/row-types.ts";
import { describe } from "../types/literals.ts";
import { spreadCollections } from "./column-collection.ts";
import type { CompoundKeyword, CompoundOperand } from "./compound-port.ts";
import { type Decoration, decorations, dialectNameOf, type Hint } from "./decoration.ts";
import { type ColumnDescription, describeColumns } from "./descriptions.ts";
import { appendOptionKeys } from "./executable.ts";
import { filterConditions } from "./filter-by.ts";
import { FromClause, type JoinOptions } from "./from-clause.ts";
import { GenerativeSelect } from "./generative-select.ts";
import { type JoinEntry, joinArguments, joinable, positionalArguments } from "./join-arguments.ts";
import { keyColumns, type NamedColumn } from "./naming.ts";
import type { ReturnsRows } from "./returns-rows.ts";
import type { Selected, SelectedMore, SelectedObject } from "./row-columns.ts";
import { deriveSelect } from "./select-port.ts";

/** What a dialect adds to a SELECT by `ext()`: `pg.distinctOn(…)`. */
export interface SelectExtension {
  applyToSelect(select: Select): Select;
}

const none: readonly never[] = Object.freeze([]);

/** `SELECT …`. Every method returns a new statement. */
export class Select<
  out V extends readonly unknown[] = readonly unknown[],
  out O extends object = object,
  out E extends object = object,
> extends GenerativeSelect<V, O, E> {
  static override readonly fields: Fields = {
    rawColumns: "children",
    whereClauses: "children",
    fromClauses: "children",
    joins: "options",
    orderByClauses: "children",
    groupByClauses: "children",
    havingClauses: "children",
    limitClause: "child",
    offsetClause: "child",
    fetchClause: "child",
    fetchOptions: "options",
    forUpdateClause: "child",
    isDistinct: "atom",
    distinctOn: "children",
    labelStyle: "atom",
    prefixes: "options",
    suffixes: "options",
    hints: "options",
    correlated: "children",
    correlatedExcept: "children",
    addedCtes: "options",
    givenOptions: "options",
  };

  rawColumns: readonly Node[] = none;
  whereClauses: readonly ClauseElement[] = none;
  fromClauses: readonly Node[] = none;
  joins: readonly JoinEntry[] = none;
  havingClauses: readonly ClauseElement[] = none;
  isDistinct = false;
  distinctOn: readonly ClauseElement[] = none;
  prefixes: readonly Decoration[] = none;
  suffixes: readonly Decoration[] = none;
  hints: readonly Hint[] = none;
  /** Selectables of enclosing queries that this one refers to; null: found automatically. */
  correlated: readonly FromElement[] | null = null;
  correlatedExcept: readonly FromElement[] | null = null;
  /** Memo of {@link namedColumns}. */
  memoNamed: readonly NamedColumn[] | undefined = undefined;

  constructor(columns: readonly Node[] = none) {
    super();
    this.rawColumns = columns;
  }

  protected override fork(): this {
    const copy = new Select() as this;
    carryAnnotations(this, copy);
    copy.rawColumns = this.rawColumns;
    copy.whereClauses = this.whereClauses;
    copy.fromClauses = this.fromClauses;
    copy.joins = this.joins;
    copy.orderByClauses = this.orderByClauses;
    copy.groupByClauses = this.groupByClauses;
    copy.havingClauses = this.havingClauses;
    copy.limitClause = this.limitClause;
    copy.offsetClause = this.offsetClause;
    copy.fetchClause = this.fetchClause;
    copy.fetchOptions = this.fetchOptions;
    copy.forUpdateClause = this.forUpdateClause;
    copy.isDistinct = this.isDistinct;
    copy.distinctOn = this.distinctOn;
    copy.labelStyle = this.labelStyle;
    copy.prefixes = this.prefixes;
    copy.suffixes = this.suffixes;
    copy.hints = this.hints;
    copy.correlated = this.correlated;
    copy.correlatedExcept = this.correlatedExcept;
    const given = copy as {
      -readonly [K in "givenExecutionOptions" | "givenOptions" | "givenParams" | "addedCtes"]: this[K];
    };
    given.givenExecutionOptions = this.givenExecutionOptions;
    given.givenOptions = this.givenOptions;
    given.givenParams = this.givenParams;
    given.addedCtes = this.addedCtes;
    return copy;
  }

  // ---- columns ----

  /** The columns, with tables spread into theirs. */
  get columnElements(): readonly Node[] {
    return expandColumns(this.rawColumns);
  }

  /** What the columns belong to, without `selectFrom()` and joins. */
  get columnsClauseFroms(): readonly FromElement[] {
    return columnFroms(this.rawColumns);
  }

  override get namedColumns(): readonly NamedColumn[] {
    return (this.memoNamed ??= deriveSelect.namedColumns(this));
  }

  override get columnKeys(): readonly (string | null)[] {
    return keyColumns(this.namedColumns, this.labelStyle);
  }

  /** Adds columns behind those that are there. */
  addColumns<const A extends readonly unknown[]>(
    ...columns: A
  ): Select<[...V, ...ValuesOf<A>], O & NamesOf<A>, SelectedMore<E, A>> {
    const copy = this.fork();
    copy.rawColumns = [...this.rawColumns, ...spreadCollections(columns).map(columnsClauseElement)];
    return copy as unknown as Select<[...V, ...ValuesOf<A>], O & NamesOf<A>, SelectedMore<E, A>>;
  }

  /** Adds one column; {@link addColumns} under SQLAlchemy's older name. */
  column<const C>(
    column: C,
  ): Select<[...V, ...ValuesOf<readonly [C]>], O & NamesOf<readonly [C]>, SelectedMore<E, readonly [C]>> {
    return this.addColumns(column);
  }

  /** Replaces the columns; FROM follows the new ones unless `maintainColumnFroms` is given. */
  withOnlyColumns<const A extends readonly unknown[]>(...columns: A): Select<ValuesOf<A>, NamesOf<A>, Selected<A>> {
    const given: unknown[] = [...columns];
    const last = given.at(-1);
    const maintain =
      last !== null &&
      typeof last === "object" &&
      isPlain(last) &&
      (given.pop() as { maintainColumnFroms?: boolean }).maintainColumnFroms === true;
    const copy = this.fork();
    if (maintain) copy.fromClauses = [...this.fromClauses, ...columnFroms(this.rawColumns)];
    copy.joins = this.joins.map((entry) =>
      entry.columns === undefined ? { ...entry, columns: this.rawColumns } : entry,
    );
    copy.rawColumns = spreadCollections(given).map(columnsClauseElement);
    return copy as unknown as Select<ValuesOf<A>, NamesOf<A>, Selected<A>>;
  }

  /** Leaves out columns that equal another one by the join or WHERE conditions (natural-join style). */
  reduceColumns(options: boolean | { readonly onlySynonyms?: boolean } = true): this {
    const onlySynonyms = typeof options === "object" ? (options.onlySynonyms ?? true) : options;
    const copy = this.fork();
    copy.rawColumns = deriveSelect.reduceColumns(this, onlySynonyms);
    return copy;
  }

  /** `SELECT DISTINCT`; with columns, PostgreSQL's `DISTINCT ON (…)`. */
  distinct(...on: readonly unknown[]): this {
    const copy = this.fork();
    copy.isDistinct = true;
    if (on.length > 0) copy.distinctOn = [...this.distinctOn, ...byElements(on, "DISTINCT ON")];
    return copy;
  }

  /** What the rows consist of, as data: names, types, mapped classes. */
  get columnDescriptions(): ColumnDescription[] {
    return describeColumns(this.columnElements);
  }

  // ---- FROM ----

  /** Adds selectables to FROM. */
  selectFrom(...froms: readonly unknown[]): this {
    const copy = this.fork();
    copy.fromClauses = [...this.fromClauses, ...froms.map((from) => joinable(from, "selectFrom()"))];
    return copy;
  }

  /**
   * `JOIN target ON …`. Without a condition, by foreign keys; the left side is what can be joined. Arguments may have names:
   * `join({ target, onclause, isouter })`.
   */
  join(target: unknown, onclause: SqlExpression | null, options?: JoinOptions): this;
  join(target: unknown, options?: JoinOptions): this;
  join(...given: readonly unknown[]): this {
    return this.addJoin(given, false, false);
  }

  /** `LEFT OUTER JOIN target ON …` */
  outerjoin(target: unknown, onclause: SqlExpression | null, options?: JoinOptions): this;
  outerjoin(target: unknown, options?: JoinOptions): this;
  outerjoin(...given: readonly unknown[]): this {
    return this.addJoin(given, false, true);
  }

  /** {@link join} with the left side named. */
  joinFrom(from: unknown, target: unknown, onclause: SqlExpression | null, options?: JoinOptions): this;
  joinFrom(from: unknown, target: unknown, options?: JoinOptions): this;
  joinFrom(given: JoinOptions & { readonly from: unknown; readonly target: unknown }): this;
  joinFrom(...given: readonly unknown[]): this {
    return this.addJoin(given, true, false);
  }

  /** {@link outerjoin} with the left side named. */
  outerjoinFrom(from: unknown, target: unknown, onclause: SqlExpression | null, options?: JoinOptions): this;
  outerjoinFrom(from: unknown, target: unknown, options?: JoinOptions): this;
  outerjoinFrom(given: JoinOptions & { readonly from: unknown; readonly target: unknown }): this;
  outerjoinFrom(...given: readonly unknown[]): this {
    return this.addJoin(given, true, true);
  }

  /** @internal Not a private member: copies of statements are made without their constructor. */
  protected addJoin(given: readonly unknown[], hasFrom: boolean, outer: boolean): this {
    const names = hasFrom ? ["from", "target"] : ["target"];
    const args = positionalArguments(given[0], given.slice(1), names);
    const from = hasFrom ? joinable(args[0], outer ? "outerjoinFrom()" : "joinFrom()") : null;
    const { onclause, options } = joinArguments(args.slice(names.length));
    const copy = this.fork();
    const entry: JoinEntry = {
      target: joinable(args[names.length - 1], "join()"),
      onclause,
      from,
      isouter: options.isouter ?? outer,
      full: options.full ?? false,
    };
    copy.joins = [...this.joins, entry];
    return copy;
  }

  /** What stands in FROM, joins included, as the statement would be rendered by itself. */
  getFinalFroms(): readonly FromClause[] {
    return deriveSelect.finalFroms(this);
  }

  // ---- conditions ----

  /** The condition of WHERE as one expression, or null. */
  get whereclause(): ClauseElement | null {
    return conjunction(this.whereClauses);
  }

  /** `WHERE …`; several conditions and several calls are joined by AND. */
  where(...conditions: readonly Condition[]): this {
    const copy = this.fork();
    copy.whereClauses = appendConditions(this.whereClauses, conditions, "where()");
    return copy;
  }

  /** The same as {@link where}. */
  filter(...conditions: readonly Condition[]): this {
    return this.where(...conditions);
  }

  /**
   * Equality by column key, in whatever was joined, stands in FROM or was selected from.
   *
   * @throws InvalidRequestError for a key that none of them has.
   * @throws AmbiguousColumnError for a key that several have.
   */
  filterBy(values: Readonly<Record<string, unknown>>): this {
    const conditions = filterConditions(values, deriveSelect.filterEntities(this));
    return conditions.length === 0 ? this : this.where(...conditions);
  }

  /** `HAVING …` */
  having(...conditions: readonly Condition[]): this {
    const copy = this.fork();
    copy.havingClauses = appendConditions(this.havingClauses, conditions, "having()");
    return copy;
  }

  // ---- decorations ----

  /** Text behind SELECT: `prefixWith("HIGH_PRIORITY", { dialect: "mysql" })`. */
  prefixWith(...args: readonly (string | ClauseElement | { readonly dialect?: string })[]): this {
    const copy = this.fork();
    copy.prefixes = [...this.prefixes, ...decorations(args)];
    return copy;
  }

  /** Text at the end of the statement. */
  suffixWith(...args: readonly (string | ClauseElement | { readonly dialect?: string })[]): this {
    const copy = this.fork();
    copy.suffixes = [...this.suffixes, ...decorations(args)];
    return copy;
  }

  /** A hint for one table, e.g. an index hint. */
  withHint(table: unknown, text: string, dialect: string | { readonly dialectName?: string } = "*"): this {
    const copy = this.fork();
    copy.hints = [...this.hints, { table: joinable(table, "withHint()"), text, dialect: dialectNameOf(dialect) }];
    return copy;
  }

  /** A hint for the statement. */
  withStatementHint(text: string, dialect: string | { readonly dialectName?: string } = "*"): this {
    const copy = this.fork();
    copy.hints = [...this.hints, { table: null, text, dialect: dialectNameOf(dialect) }];
    return copy;
  }

  /**
   * Applies an extension of a dialect.
   *
   * @throws ArgumentError for one that is not meant for SELECT.
   */
  ext(extension: SelectExtension): this {
    if (typeof (extension as Partial<SelectExtension> | null)?.applyToSelect !== "function")
      throw new ArgumentError("this extension cannot be applied to select()");
    return extension.applyToSelect(this as unknown as Select) as unknown as this;
  }

  /** Names the selectables of the enclosing query that this subquery refers to; `null`: none. */
  correlate(...froms: readonly unknown[]): this {
    const copy = this.fork();
    copy.correlated =
      froms.length === 1 && (froms[0] === null || froms[0] === false)
        ? none
        : [...(this.correlated ?? []), ...froms.map((from) => joinable(from, "correlate()") as FromElement)];
    return copy;
  }

  /** All but these selectables may be taken from the enclosing query. */
  correlateExcept(...froms: readonly unknown[]): this {
    const copy = this.fork();
    copy.correlatedExcept =
      froms.length === 1 && (froms[0] === null || froms[0] === false)
        ? none
        : [
            ...(this.correlatedExcept ?? []),
            ...froms.map((from) => joinable(from, "correlateExcept()") as FromElement),
          ];
    return copy;
  }

  // ---- set operations ----

  /** `SELECT … UNION SELECT …` */
  union(...others: readonly CompoundOperand[]): GenerativeSelect<V, O, E> {
    return this.combine("UNION", others);
  }
  /** `SELECT … UNION ALL SELECT …` */
  unionAll(...others: readonly CompoundOperand[]): GenerativeSelect<V, O, E> {
    return this.combine("UNION ALL", others);
  }
  /** `SELECT … EXCEPT SELECT …` */
  except(...others: readonly CompoundOperand[]): GenerativeSelect<V, O, E> {
    return this.combine("EXCEPT", others);
  }
  /** `SELECT … EXCEPT ALL SELECT …` */
  exceptAll(...others: readonly CompoundOperand[]): GenerativeSelect<V, O, E> {
    return this.combine("EXCEPT ALL", others);
  }
  /** `SELECT … INTERSECT SELECT …` */
  intersect(...others: readonly CompoundOperand[]): GenerativeSelect<V, O, E> {
    return this.combine("INTERSECT", others);
  }
  /** `SELECT … INTERSECT ALL SELECT …` */
  intersectAll(...others: readonly CompoundOperand[]): GenerativeSelect<V, O, E> {
    return this.combine("INTERSECT ALL", others);
  }

  /** @internal Not a private member: copies of statements are made without their constructor. */
  protected combine(keyword: CompoundKeyword, others: readonly CompoundOperand[]): GenerativeSelect<V, O, E> {
    return deriveSelect.compound(keyword, [
      this as unknown as CompoundOperand,
      ...others,
    ]) as unknown as GenerativeSelect<V, O, E>;
  }

  /** `CREATE TABLE name AS SELECT …` */
  into(name: string, options: Readonly<Record<string, unknown>> = {}): ClauseElement {
    return deriveSelect.into(this as unknown as Select, name, options);
  }

  /** The rows of another statement, read as the columns and mapped classes of this one; needs @athanor/orm. */
  fromStatement(statement: unknown): ReturnsRows<V, O, E> {
    return deriveSelect.fromStatement(this, statement) as ReturnsRows<V, O, E>;
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    key.add("(S");
    key.nodes(this.rawColumns);
    key.clause("F", this.fromClauses);
    for (const entry of this.joins) {
      key.add(entry.full ? "JF" : entry.isouter ? "JO" : "JI");
      entry.target.appendCacheKey(key);
      key.node(entry.onclause);
      key.node(entry.from);
      if (entry.columns !== undefined) key.nodes(entry.columns);
    }
    key.clause("W", this.whereClauses);
    key.clause("G", this.groupByClauses);
    key.clause("H", this.havingClauses);
    key.clause("O", this.orderByClauses);
    if (this.limitClause !== null) {
      key.add("l");
      this.limitClause.appendCacheKey(key);
    }
    if (this.offsetClause !== null) {
      key.add("o");
      this.offsetClause.appendCacheKey(key);
    }
    if (this.fetchClause !== null) {
      key.add("f");
      this.fetchClause.appendCacheKey(key);
      appendValue(key, this.fetchOptions);
    }
    if (this.forUpdateClause !== null) this.forUpdateClause.appendCacheKey(key);
    if (this.isDistinct) {
      key.add("D");
      key.nodes(this.distinctOn);
    }
    if (this.labelStyle !== "disambiguateOnly") key.add(this.labelStyle);
    appendValues(key, "P", this.prefixes);
    appendValues(key, "X", this.suffixes);
    appendValues(key, "h", this.hints);
    if (this.correlated !== null) {
      key.add("C");
      key.nodes(this.correlated);
    }
    if (this.correlatedExcept !== null) {
      key.add("E");
      key.nodes(this.correlatedExcept);
    }
    appendValues(key, "w", this.addedCtes);
    appendOptionKeys(key, this.givenOptions);
    key.add(")");
  }

  override collectFroms(): void {}
}
defineKind(Select, "select");

/** Selected tables as their columns. */
export function expandColumns(raw: readonly Node[]): readonly Node[] {
  if (raw.every((column) => !(column instanceof FromClause))) return raw;
  return raw.flatMap((column): readonly Node[] => (column instanceof FromClause ? column.selectedColumns : [column]));
}

/** What the elements of a column list belong to. */
export function columnFroms(raw: readonly Node[]): FromElement[] {
  const froms = new Set<FromElement>();
  for (const column of raw) if (column instanceof ClauseElement) column.collectFroms(froms);
  return [...froms];
}

/** Adds conditions to a list; TRUE alone stays, AND lists are spread. */
export function appendConditions(
  known: readonly ClauseElement[],
  conditions: readonly unknown[],
  where: string,
): readonly ClauseElement[] {
  if (conditions.length === 0) return known;
  const all = known.slice();
  for (const given of conditions) all.push(condition(given, where));
  return all;
}

/**
 * `SELECT …`: of columns, tables, mapped classes, or an object that names them.
 *
 * @example select(users.c.id, func.count().label("n")).where(users.c.name.like("A%"))
 * @example select({ id: users.c.id, shout: func.upper(users.c.name) })
 * @throws ArgumentError for something that is no column, and for `undefined`.
 */
export function select<const S extends Readonly<Record<string, { readonly "~value": unknown }>>>(
  columns: S,
): Select<unknown[], ObjectNames<S>, SelectedObject<S>>;
// `| readonly []` says nothing new, but for a union TypeScript makes no array type of its own for the elements of each statement.
export function select<const A extends readonly unknown[] | readonly []>(
  ...columns: A
): Select<ValuesOf<A>, NamesOf<A>, Selected<A>>;
export function select(...columns: readonly unknown[]): Select {
  const first = columns[0];
  if (
    columns.length === 1 &&
    first !== null &&
    typeof first === "object" &&
    resolveNode(first) === undefined &&
    isPlain(first)
  ) {
    const named: Node[] = [];
    for (const name of Object.keys(first)) {
      const column = first[name];
      const node = columnsClauseElement(column);
      if (!(node instanceof ColumnElement))
        throw new ArgumentError(`select({ ${name}: … }): ${describe(column)} is no column expression`);
      named.push(node.resultName === name && node.key === name ? node : (node.label(name) as unknown as Node));
    }
    return new Select(named);
  }
  return new Select(spreadCollections(columns).map(columnsClauseElement));
}

function appendValues(key: CacheKeyBuilder, mark: string, values: readonly unknown[]): void {
  if (values.length === 0) return;
  key.add(mark);
  appendValue(key, values);
}

declare module "../ast/traverse.ts" {
  interface NodesByKind {
    select: Select;
  }
}
