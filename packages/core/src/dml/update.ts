/** UPDATE. */
import type { CacheKeyBuilder } from "../ast/cache-key.ts";
import { defineKind, type Fields, type Node } from "../ast/node.ts";
import { copyWith } from "../ast/traverse.ts";
import { ArgumentError, InvalidRequestError } from "../errors/errors.ts";
import type { ClauseElement } from "../expression/clause-element.ts";
import { conjunction } from "../expression/clause-list.ts";
import type { ColumnElement } from "../expression/column-element.ts";
import type { Condition } from "../expression/constructors.ts";
import type { FromElement } from "../expression/from-element.ts";
import type { NamesOf, ValuesOf } from "../expression/row-types.ts";
import { columnByKeyOrName } from "../selectable/column-collection.ts";
import { filterConditions } from "../selectable/filter-by.ts";
import { type FromClause, isFromClause } from "../selectable/from-clause.ts";
import { Join } from "../selectable/join.ts";
import type { SelectedMore } from "../selectable/row-columns.ts";
import { appendConditions } from "../selectable/select.ts";
import {
  type ColumnValues,
  Dml,
  type DmlTarget,
  dmlTable,
  oneArgument,
  type ValuePairs,
  valueMap,
  withTarget,
} from "./dml-base.ts";
import { appendMap } from "./insert.ts";
import { bindValues } from "./values-binds.ts";

/** A mapped class that is worked on has attributes that are no columns of its table: computed ones, relationships. */
interface AttributesByKey {
  dmlAttribute?(key: string): ColumnElement | undefined;
}

/** Statements with a WHERE clause. */
export abstract class FilteredDml<
  out C extends object = object,
  out V extends readonly unknown[] = readonly unknown[],
  out O extends object = object,
  out E extends object = object,
> extends Dml<C, V, O, E> {
  readonly whereClauses: readonly ClauseElement[] = [];

  /** The condition of WHERE as one expression, or null. */
  get whereclause(): ClauseElement | null {
    return conjunction(this.whereClauses);
  }

  /** `WHERE …`; several conditions and several calls are joined by AND. Columns of other tables add these tables. */
  where(...conditions: readonly Condition[]): this {
    return copyWith(this, { whereClauses: appendConditions(this.whereClauses, conditions, "where()") });
  }

  /** The same as {@link where}. */
  filter(...conditions: readonly Condition[]): this {
    return this.where(...conditions);
  }

  /**
   * Equality by column key, in the table or in another one that stands in WHERE; columns of such a table need its type:
   * `filterBy<typeof addresses.c>({ email: "a@x.org" })`.
   *
   * @throws InvalidRequestError for a key that none of the tables has.
   * @throws AmbiguousColumnError for a key that several have.
   */
  filterBy<F extends object = C>(values: ColumnValues<NoInfer<F>>): this {
    const tables = new Set<FromElement>(this.readFroms());
    for (const clause of this.whereClauses) clause.collectFroms(tables);
    const target = this.target as AttributesByKey | null;
    const entities = [...tables].filter(isFromClause).map((table) => ({
      description: table.description,
      column: (key: string) =>
        (table === this.table ? target?.dmlAttribute?.(key) : undefined) ?? columnByKeyOrName(table.c, key),
    }));
    return this.where(...filterConditions(values, entities));
  }

  /** The tables that the statement names before its WHERE. */
  protected readFroms(): readonly FromClause[] {
    const { table } = this as Dml;
    return table instanceof Join ? table.hides.filter((inner) => !(inner instanceof Join)) : [table];
  }

  protected appendDmlKey(key: CacheKeyBuilder): void {
    this.table.appendCacheKey(key);
    key.nodes(this.whereClauses);
    this.appendClausesKey(key);
  }
}

/** `UPDATE table SET … WHERE …` */
export class Update<
  out C extends object = object,
  out V extends readonly unknown[] = readonly unknown[],
  out O extends object = object,
  out E extends object = object,
> extends FilteredDml<C, V, O, E> {
  static override readonly fields: Fields = {
    ...Dml.fields,
    whereClauses: "children",
    assignments: "options",
    isOrdered: "atom",
    isInline: "atom",
  };

  /** What is set, literals as bind parameters; null where nothing was given. */
  readonly assignments: ReadonlyMap<string | ColumnElement, Node> | null = null;
  /** SET follows the order of the values instead of the table's. */
  readonly isOrdered: boolean = false;
  readonly isInline: boolean = false;

  /** What to set. Calls are merged. @throws ArgumentError for `undefined`. */
  values(row: ColumnValues<C>): this;
  values(pairs: ValuePairs): this;
  values(): this;
  values(...args: readonly unknown[]): this {
    if (this.isOrdered) throw new InvalidRequestError("This statement already has ordered values present");
    const given = oneArgument(args);
    if (Array.isArray(given) && given.some((row) => !Array.isArray(row)))
      throw new InvalidRequestError("update().values() takes one row", {
        fix: "for several, execute the statement with a list of parameter sets",
      });
    const bound = bindValues(valueMap(given, this.table, "update()", this.target), this.table);
    return copyWith(this, { assignments: new Map([...(this.assignments ?? []), ...bound]) });
  }

  /** {@link values} with SET in the given order. */
  orderedValues(...pairs: ValuePairs): this {
    if (this.assignments !== null) throw new ArgumentError("This statement already has values present");
    for (const pair of pairs as readonly unknown[])
      if (!Array.isArray(pair) || pair.length !== 2)
        throw new ArgumentError("orderedValues() takes pairs of a column, or its key, and a value", {
          fix: 'write orderedValues([users.c.name, "x"], [users.c.age, 5])',
        });
    return copyWith(this.values(pairs), { isOrdered: true });
  }

  /** Renders `onupdate` defaults into the statement and fetches nothing back. */
  inline(): this {
    return copyWith(this, { isInline: true });
  }

  /** `RETURNING …` */
  returning<const A extends readonly unknown[]>(
    ...columns: A
  ): Update<C, [...V, ...ValuesOf<A>], O & NamesOf<A>, SelectedMore<E, A>> {
    return this.addReturning(columns) as unknown as Update<
      C,
      [...V, ...ValuesOf<A>],
      O & NamesOf<A>,
      SelectedMore<E, A>
    >;
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    key.add(`(U${this.isInline ? "i" : ""}${this.isOrdered ? "o" : ""}${this.kind}`);
    if (this.assignments !== null) appendMap(key, this.assignments);
    this.appendDmlKey(key);
    key.add(")");
  }
}
defineKind(Update, "update");

/** `UPDATE table SET …`: `update(users).where(users.c.id.eq(5)).values({ name: "Eve" })`. */
export function update<C extends object>(table: DmlTarget<C>): Update<C, [], object> {
  return withTarget(new Update<C, [], object>(dmlTable(table, "update()")), table);
}

declare module "../ast/traverse.ts" {
  interface NodesByKind {
    update: Update;
  }
}
