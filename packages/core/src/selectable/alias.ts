/** A selectable under another name: `users AS u`, `LATERAL (…)`, `TABLESAMPLE`. */
import type { CacheKeyBuilder } from "../ast/cache-key.ts";
import { AnonName, type Name, quoteOf } from "../ast/name.ts";
import { defineKind, type Fields } from "../ast/node.ts";
import { ColumnClause } from "../expression/column-clause.ts";
import type { ColumnElement } from "../expression/column-element.ts";
import type { FromElement } from "../expression/from-element.ts";
import type { SqlFunction } from "../expression/function.ts";
import { type ColumnCollection, columnCollection, columnsOf } from "./column-collection.ts";
import { FromClause } from "./from-clause.ts";

/** Base of everything that gives an element a name in FROM. */
export abstract class AliasedFromClause<out C extends object = object> extends FromClause<C> {
  static override readonly fields: Fields = { element: "child", name: "skip" };

  readonly element: FromClause;
  readonly name: Name | null;
  /** Quoting given by the user; null: by the dialect's rules. */
  readonly quote: boolean | null;
  keyStamp = 0;
  keyOrdinal = 0;
  memoColumns: ColumnCollection<C> | undefined;

  constructor(element: FromClause, name: Name | null) {
    super();
    this.element = element;
    this.quote = quoteOf(name);
    this.name = this.quote === null ? name : String(name);
  }

  get c(): ColumnCollection<C> {
    return (this.memoColumns ??= columnCollection<C>(
      columnsOf(this.element.c).map((column) => {
        const proxy = proxyColumn(this, column);
        return [proxy.key, proxy] as const;
      }),
      this.description,
    ));
  }

  override isDerivedFrom(other: FromElement): boolean {
    return this === other || this.element.isDerivedFrom(other);
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    if (!key.firstMeeting(this)) return;
    key.add(`(${this.kind}`);
    if (typeof this.name === "string") key.name(this.name);
    else if (this.name instanceof AnonName && typeof this.name.base === "string") key.add(`?${this.name.base}`);
    this.element.appendCacheKey(key);
    this.appendOwnKey(key);
    key.add(")");
  }

  /** What the class adds to the cache key. */
  protected appendOwnKey(_key: CacheKeyBuilder): void {}
}

/** A column of an alias that stands for one of the aliased element. */
export function proxyColumn(
  table: FromElement,
  column: ColumnElement,
  name: Name | null = column.resultName,
  key: string | null = column.key,
): ColumnClause {
  return new ColumnClause(name ?? column.anonLabel, column.type, table, {
    key,
    proxies: [column],
    quote: column instanceof ColumnClause ? column.quote : null,
  });
}

/** `table AS name` */
export class Alias<out C extends object = object> extends AliasedFromClause<C> {}
defineKind(Alias, "alias");

/** `LATERAL (…) AS name` */
export class Lateral<out C extends object = object> extends AliasedFromClause<C> {}
defineKind(Lateral, "lateral");

/** `table AS name TABLESAMPLE method(…) REPEATABLE (seed)` */
export class TableSample<out C extends object = object> extends AliasedFromClause<C> {
  static override readonly fields: Fields = { element: "child", sampling: "child", seed: "child" };
  readonly sampling: SqlFunction;
  readonly seed: ColumnElement | null;

  constructor(element: FromClause, name: Name | null, sampling: SqlFunction, seed: ColumnElement | null) {
    super(element, name);
    this.sampling = sampling;
    this.seed = seed;
  }

  protected override appendOwnKey(key: CacheKeyBuilder): void {
    key.node(this.sampling);
    key.node(this.seed);
  }
}
defineKind(TableSample, "tablesample");

/** The name an alias gets without one: `users_1` for tables, `anon_1` for the rest. */
export function anonymousAliasName(element: FromClause): Name {
  return new AnonName(typeof element.name === "string" ? element.name : "anon");
}

declare module "../ast/traverse.ts" {
  interface NodesByKind {
    alias: Alias;
  }
}
