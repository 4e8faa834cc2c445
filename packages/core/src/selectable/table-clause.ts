/** A table by name alone, without MetaData: `tableClause("users", columnClause("id"))`. */
import type { CacheKeyBuilder } from "../ast/cache-key.ts";
import { nextIdentity } from "../ast/cache-key.ts";
import { QuotedName } from "../ast/name.ts";
import { defineKind, type Fields, isPlain } from "../ast/node.ts";
import { ArgumentError } from "../errors/errors.ts";
import { ColumnClause } from "../expression/column-clause.ts";
import { NULLTYPE } from "../types/null.ts";
import { isTypeLike, type TypeLike, toType } from "../types/type.ts";
import { type ColumnCollection, columnCollection } from "./column-collection.ts";
import { FromClause } from "./from-clause.ts";

/** A lightweight table. */
export class TableClause<out C extends object = object, out N extends string = string> extends FromClause<C, N> {
  static override readonly fields: Fields = { name: "atom", schema: "atom" };
  readonly identityKeyed: boolean = true;
  /** `schemaTranslateMap` applies to it. */
  readonly hasMappedSchema: boolean = false;
  readonly name: string;
  readonly schema: string | null;
  readonly quote: boolean | null;
  readonly quoteSchema: boolean | null;
  readonly #cacheKey = `t${nextIdentity()},`;
  #columns: ColumnCollection<C> | undefined;

  constructor(
    name: string | QuotedName,
    columns: readonly ColumnClause[] = [],
    schema: string | QuotedName | null = null,
  ) {
    super();
    this.name = String(name);
    this.quote = name instanceof QuotedName ? name.quote : null;
    this.schema = schema === null ? null : String(schema);
    this.quoteSchema = schema instanceof QuotedName ? schema.quote : null;
    if (columns.length > 0) {
      const bound = columns.map((column) => {
        const own =
          column.table === null
            ? column
            : new ColumnClause(column.name, column.type, null, { key: column.key, quote: column.quote });
        own.table = this;
        return [own.key, own] as const;
      });
      this.#columns = columnCollection<C>(bound, `table ${this.name}`);
    }
  }

  get c(): ColumnCollection<C> {
    return (this.#columns ??= columnCollection<C>([], `table ${this.name}`));
  }

  /** Name with schema, for messages. */
  override get description(): string {
    return this.schema === null ? this.name : `${this.schema}.${this.name}`;
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    key.add(this.#cacheKey);
  }
}
defineKind(TableClause, "table");

type ColumnsByName<A extends readonly ColumnClause[]> = { readonly [E in A[number] as E["~name"]]: E };

/** Options of {@link tableClause}. */
export interface TableClauseOptions {
  readonly schema?: string | QuotedName | null;
}

/** A lightweight table: `tableClause("users", columnClause("id"), columnClause("name"), { schema: "app" })`. */
export function tableClause<const A extends readonly ColumnClause[], const N extends string = string>(
  name: N | QuotedName,
  ...columns: A
): TableClause<ColumnsByName<A>, N>;
export function tableClause<const A extends readonly ColumnClause[], const N extends string = string>(
  name: N | QuotedName,
  ...columnsAndOptions: readonly [...A, TableClauseOptions]
): TableClause<ColumnsByName<A>, N>;
export function tableClause(name: string | QuotedName, ...columns: readonly unknown[]): TableClause {
  const rest = [...columns] as unknown[];
  const last = rest.at(-1);
  const options =
    last !== undefined && !(last instanceof ColumnClause) && isPlain(last as object)
      ? (rest.pop() as TableClauseOptions)
      : {};
  for (const column of rest)
    if (!(column instanceof ColumnClause))
      throw new ArgumentError(`tableClause(${JSON.stringify(String(name))}) takes columns made with columnClause()`);
  return new TableClause(name, rest as ColumnClause[], options.schema ?? null);
}

/** A column by name alone; the type may also be given as `{ type }`. */
export function columnClause<const N extends string, T = unknown, I = T, O = unknown>(
  name: N | QuotedName,
  type?: TypeLike<T, I, O> | { readonly type: TypeLike<T, I, O> } | null,
): ColumnClause<T, N, I> & O {
  const given =
    (type !== undefined && type !== null && !isTypeLike(type) && isPlain(type) ? type.type : type) ?? undefined;
  return new ColumnClause<T, N, I>(String(name), given === undefined ? NULLTYPE : toType(given as TypeLike), null, {
    quote: name instanceof QuotedName ? name.quote : null,
  }) as ColumnClause<T, N, I> & O;
}

/** A name with explicit quoting: `quotedName("MixedCase", false)`. */
export function quotedName(text: string, quote: boolean | null): QuotedName {
  return new QuotedName(text, quote);
}

declare module "../ast/traverse.ts" {
  interface NodesByKind {
    table: TableClause;
  }
}
