/** What a legacy query (./legacy-query.ts) asks of its session, and what it was told beside its SELECT. */
import type { ClauseElement, HasEntity, NamesOf, Node, Row, Select, ValuesOf } from "@athanor/core";

/** What a query asks of the session's front. */
export interface QuerySession {
  readonly core: {
    autoflush: boolean;
    readonly events: { of(name: "afterBulkUpdate" | "afterBulkDelete"): { fire(context: never): void } };
    bindFor(mapper: null, state: null, clause: ClauseElement): { readonly dialect: unknown };
  };
  execute(statement: never, params?: never, options?: never): unknown;
  get(entity: never, ident: unknown, options?: never): unknown;
  merge(instance: object, options: { readonly load: boolean }): object;
}

/** Values by name. */
export type Values = Readonly<Record<string, unknown>>;

/** What the rows of a query are: objects for one entity, else rows. */
export type QueryRow<A extends readonly unknown[]> = A extends readonly [infer E]
  ? E extends HasEntity
    ? ValuesOf<[E]>[0]
    : Row<ValuesOf<A>, NamesOf<A>>
  : Row<ValuesOf<A>, NamesOf<A>>;

/** The first value of a query's rows. */
export type FirstOf<T> = T extends { readonly 0: infer F } ? F : T;

/** What a query was told beside its SELECT. */
export interface QueryState {
  readonly params: Values | undefined;
  readonly options: Values;
  /** The statement given to `fromStatement()`. */
  readonly source: Node | null;
  /** Joined loading of mapped relationships and options is left out. */
  readonly withoutEagerLoads: boolean;
  /** `filterBy()` means the first entity again, not the last one joined. */
  readonly joinpointReset: boolean;
  /** Rows stay rows, also those of one entity. */
  readonly onlyTuples: boolean;
}

/** The state of a query that was told nothing. */
export const fresh: QueryState = {
  params: undefined,
  options: {},
  source: null,
  withoutEagerLoads: false,
  joinpointReset: false,
  onlyTuples: false,
};

/** What a query may have been told beside its columns. */
export const restrictions = {
  where: (select: Select) => select.whereClauses.length > 0,
  limit: (select: Select) => select.limitClause !== null || select.fetchClause !== null,
  offset: (select: Select) => select.offsetClause !== null,
  orderBy: (select: Select) => select.orderByClauses.length > 0,
  groupBy: (select: Select) => select.groupByClauses.length > 0,
  having: (select: Select) => select.havingClauses.length > 0,
  distinct: (select: Select) => select.isDistinct,
  join: (select: Select) => select.joins.length > 0 || select.fromClauses.length > 0,
};
