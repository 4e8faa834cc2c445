/** `session.query()`: SQLAlchemy's query object of the 1.x style, for code that comes from there. New code uses `select()`. */
import {
  ArgumentError,
  CLAUSE_ELEMENT,
  type ClauseElement,
  type ColumnDescription,
  type ColumnElement,
  type Condition,
  type CteOf,
  delete_,
  type Exists,
  type FromClause,
  type FrozenResult,
  filterConditions,
  func,
  InvalidRequestError,
  LABEL_STYLE_DEFAULT,
  LABEL_STYLE_TABLENAME_PLUS_COL,
  LiteralColumn,
  MultipleResultsFound,
  type Named,
  type NameIn,
  NoResultFound,
  type Result,
  type ScalarSubquery,
  type Select,
  type StatementOption,
  select,
  update,
} from "@athanor/core";
import { UnboundExecutionError } from "../base/errors.ts";
import { attributeOf, toEntity } from "../query/entity.ts";
import { filterEntity, lastEntityOf } from "../query/filter-by.ts";
import { selectFromSet } from "../query/from-set.ts";
import { type FromStatement, fromStatement } from "../query/from-statement.ts";
import { conjunction } from "../query/lowering.ts";
import { attributeEntity, entityOfNode } from "../query/marks.ts";
import { NoEagerJoinsOption } from "../query/only-keys.ts";
import { withParent } from "../query/with-parent.ts";
import { stateOf } from "../state/registry.ts";
import { mergeRows, type QueryColumns, QuerySlice, type QueryValues } from "./query-rows.ts";
import {
  type FirstOf,
  fresh,
  type QueryRow,
  type QuerySession,
  type QueryState,
  restrictions,
  type Values,
} from "./query-state.ts";

type SetOperation = "union" | "unionAll" | "intersect" | "intersectAll" | "except" | "exceptAll";

/** A SELECT that knows its session. Every method but those that execute gives a new query. */
export class Query<out T = unknown> {
  readonly #session: QuerySession;
  readonly #select: Select;
  readonly #state: QueryState;

  constructor(session: QuerySession, statement: Select, state: QueryState = fresh) {
    this.#session = session;
    this.#select = statement;
    this.#state = state;
  }

  /** The SELECT, its columns named as those of `select()`. */
  get statement(): Select {
    return this.#select.setLabelStyle(LABEL_STYLE_DEFAULT);
  }

  /** In statements: `IN (SELECT …)`, a subquery. */
  [CLAUSE_ELEMENT](): Select {
    return this.statement;
  }

  /** The SQL as the session's database gets it; that of `select()` where the session has none. */
  toString(): string {
    const statement = this.#executed(this.#select);
    try {
      return statement.compile({ dialect: this.#session.core.bindFor(null, null, statement).dialect }).sql;
    } catch (error) {
      if (error instanceof UnboundExecutionError) return String(statement);
      throw error;
    }
  }

  /** A SELECT, or what `fromStatement()` put in its place. */
  #executed(select: Select): Select | FromStatement {
    const { source } = this.#state;
    return source === null ? select : fromStatement(select, source);
  }

  #with(statement: Select, state: Partial<QueryState> = {}): Query<T> {
    return new Query<T>(this.#session, statement, { ...this.#state, ...state });
  }

  // ---- building ----

  /** Adds conditions, joined by AND. */
  filter(...conditions: readonly Condition[]): Query<T> {
    this.#refuseLimits("filter()");
    return this.#with(this.#select.where(...conditions));
  }
  /** The same as `filter`. */
  where(...conditions: readonly Condition[]): Query<T> {
    return this.filter(...conditions);
  }
  /** Equality of attributes of the last entity joined, or of the first one after {@link resetJoinpoint}. */
  filterBy(values: Values): Query<T> {
    this.#refuseLimits("filter()");
    const entity = this.#state.joinpointReset ? entityOfNode(this.#select.rawColumns[0]) : lastEntityOf(this.#select);
    if (entity !== undefined) return this.filter(...filterConditions(values, [filterEntity(entity)]));
    if (this.#state.joinpointReset) throw new InvalidRequestError("filterBy() needs a query of a mapped class");
    return this.#with(this.#select.filterBy(values));
  }
  /** `filterBy()` means the query's own entity again. */
  resetJoinpoint(): Query<T> {
    return this.#with(this.#select, { joinpointReset: true });
  }
  /** Sorts the rows; `null` takes an order away. */
  orderBy(...clauses: readonly unknown[]): Query<T> {
    this.#refuseLimits("order_by()");
    return this.#with(this.#select.orderBy(...clauses));
  }
  /** Groups the rows. */
  groupBy(...clauses: readonly unknown[]): Query<T> {
    this.#refuseLimits("group_by()");
    return this.#with(this.#select.groupBy(...clauses));
  }
  /** Conditions on groups. */
  having(...conditions: readonly Condition[]): Query<T> {
    this.#refuseLimits("having()");
    return this.#with(this.#select.having(...conditions));
  }
  /** Joins a relationship, a class or a table. */
  join(target: unknown, ...rest: readonly unknown[]): Query<T> {
    this.#refuseLimits("join()");
    const join = this.#select.join as (...args: unknown[]) => Select;
    return this.#with(join.call(this.#select, target, ...rest), { joinpointReset: false });
  }
  /** The same by LEFT OUTER JOIN. */
  outerjoin(target: unknown, ...rest: readonly unknown[]): Query<T> {
    const outerjoin = this.#select.outerjoin as (...args: unknown[]) => Select;
    return this.#with(outerjoin.call(this.#select, target, ...rest), { joinpointReset: false });
  }
  /** Names what stands in FROM. */
  selectFrom(...froms: readonly unknown[]): Query<T> {
    return this.#with(this.#select.selectFrom(...froms));
  }
  /** Names what is taken from the enclosing query. */
  correlate(...froms: readonly unknown[]): Query<T> {
    return this.#with(this.#select.correlate(...froms));
  }
  /** Leaves repeated rows out. */
  distinct(...on: readonly unknown[]): Query<T> {
    return this.#with(this.#select.distinct(...on));
  }
  /** At most so many rows. */
  limit(count: unknown): Query<T> {
    return this.#with(this.#select.limit(count));
  }
  /** Without the first so many rows. */
  offset(count: unknown): Query<T> {
    return this.#with(this.#select.offset(count));
  }
  /** Text behind SELECT. */
  prefixWith(...args: readonly unknown[]): Query<T> {
    return this.#with(this.#select.prefixWith(...(args as never[])));
  }
  /** Text behind the statement. */
  suffixWith(...args: readonly unknown[]): Query<T> {
    return this.#with(this.#select.suffixWith(...(args as never[])));
  }
  /** A hint for a table. */
  withHint(...args: readonly unknown[]): Query<T> {
    return this.#with((this.#select.withHint as (...args: unknown[]) => Select).apply(this.#select, [...args]));
  }
  /** A hint for the statement. */
  withStatementHint(text: string, dialect = "*"): Query<T> {
    return this.#with(this.#select.withStatementHint(text, dialect));
  }
  /** False: nothing is loaded by joins beside what the query asks for. */
  enableEagerloads(on: boolean): Query<T> {
    return this.#with(this.#select, { withoutEagerLoads: !on });
  }
  /** In a sharded session: on this one shard, whatever `executeChooser` says. */
  setShard(shardId: unknown): Query<T> {
    return this.executionOptions({ identityToken: shardId });
  }
  /** Loader options. */
  options(...options: readonly StatementOption[]): Query<T> {
    return this.#with(this.#select.options(...options));
  }
  /** Options of the execution. */
  executionOptions(options: Values): Query<T> {
    return this.#with(this.#select, { options: { ...this.#state.options, ...options } });
  }
  /** True: rows stay rows, also where they have one object only. */
  onlyReturnTuples(on: boolean): Query<unknown> {
    return this.#with(this.#select, { onlyTuples: on }) as Query<unknown>;
  }
  /**
   * The objects that belong to a parent.
   *
   * @param attribute the relationship. Default: the only one of the parent's that leads to this query's class.
   * @throws InvalidRequestError where there is no such relationship, or several.
   */
  withParent(parent: object, attribute?: object): Query<T> {
    const along = attribute ?? this.#onlyRelationshipOf(parent);
    return this.filter(withParent(parent, along as never) as Condition);
  }

  #onlyRelationshipOf(parent: object): object {
    const { mapper } = toEntity(this.#target("withParent()"), "withParent()");
    const { mapper: owner } = stateOf(parent);
    const found = owner.relationships.filter((property) => property.mapper === mapper);
    if (found.length !== 1)
      throw new InvalidRequestError(
        `Could not locate a property which relates instances of class '${mapper.class.name}' to instances of class '${owner.class.name}'`,
        { fix: "pass the relationship: withParent(user, User.$.addresses)" },
      );
    return attributeOf(owner, (found[0] as { readonly key: string }).key) as object;
  }
  /** Objects that the session has already are read anew. */
  populateExisting(): Query<T> {
    return this.executionOptions({ populateExisting: true });
  }
  /** Fetches so many rows at a time. */
  yieldPer(count: number): Query<T> {
    return this.executionOptions({ yieldPer: count });
  }
  /** Whether the session is flushed before. */
  autoflush(on: boolean): Query<T> {
    return this.executionOptions({ autoflush: on });
  }
  /** Locks the rows. */
  withForUpdate(options: Values = {}): Query<T> {
    return this.#with(this.#select.withForUpdate(options));
  }
  /** Values of bind parameters. */
  params(values: Values): Query<T> {
    return this.#with(this.#select, { params: { ...this.#state.params, ...values } });
  }
  /** The same rows with other columns. */
  withEntities<const A extends readonly unknown[]>(...entities: A): Query<QueryRow<A>> {
    return this.#with(
      this.#select.withOnlyColumns(...entities, { maintainColumnFroms: false }) as Select,
    ) as unknown as Query<QueryRow<A>>;
  }
  /** Adds columns. */
  addColumns(...columns: readonly unknown[]): Query<unknown> {
    return this.#with(this.#select.addColumns(...columns) as unknown as Select) as Query<unknown>;
  }
  /** Adds a class. */
  addEntity(entity: unknown): Query<unknown> {
    return this.addColumns(entity);
  }
  /** Takes the rows of another statement. */
  fromStatement(statement: unknown): Query<T> {
    return this.#with(this.#select, { source: fromStatement(this.#select, statement).element });
  }
  /** The rows of this query and of others, each once; a query of the same entities over the set operation. */
  union(...others: readonly Query[]): Query<T> {
    return this.#over("union", others);
  }
  /** UNION ALL with other queries. */
  unionAll(...others: readonly Query[]): Query<T> {
    return this.#over("unionAll", others);
  }
  /** INTERSECT with other queries. */
  intersect(...others: readonly Query[]): Query<T> {
    return this.#over("intersect", others);
  }
  /** INTERSECT ALL with other queries. */
  intersectAll(...others: readonly Query[]): Query<T> {
    return this.#over("intersectAll", others);
  }
  /** EXCEPT of other queries. */
  except(...others: readonly Query[]): Query<T> {
    return this.#over("except", others);
  }
  /** EXCEPT ALL of other queries. */
  exceptAll(...others: readonly Query[]): Query<T> {
    return this.#over("exceptAll", others);
  }

  /** A query of this one's entities and columns, read from a set operation; its own attributes mean those of the result. */
  #over(operation: SetOperation, others: readonly Query[]): Query<T> {
    const combine = this.#select[operation] as (...selects: unknown[]) => { subquery(): FromClause };
    const from = combine.apply(
      this.#select,
      others.map((other) => other.#select),
    );
    const wrapped = selectFromSet(this.#select, from.subquery());
    return new Query<T>(this.#session, wrapped, { ...this.#state, source: null });
  }

  /** What the rows consist of. */
  get columnDescriptions(): ColumnDescription[] {
    return this.#select.columnDescriptions;
  }
  /** Its conditions joined by AND; null without any. */
  get whereclause(): ClauseElement | null {
    const { whereClauses } = this.#select;
    return whereClauses.length === 0 ? null : conjunction(whereClauses);
  }
  /** Its rows have one value, an object or an attribute of a mapped class. */
  get isSingleEntity(): boolean {
    const [node, ...more] = this.#select.rawColumns;
    const entity = entityOfNode(node) ?? attributeEntity(node);
    return more.length === 0 && entity?.alias === null && !this.#state.onlyTuples;
  }
  /** The session that executes it. */
  get session(): object {
    return this.#session;
  }
  /** What `executionOptions()` was given. */
  getExecutionOptions(): Values {
    return this.#state.options;
  }

  // ---- as a part of statements ----

  /** The query as a subquery. */
  subquery<R, const G extends string | null = null>(this: Query<R>, name?: G): FromClause<QueryColumns<R>, NameIn<G>> {
    return this.statement.subquery(name) as unknown as FromClause<QueryColumns<R>, NameIn<G>>;
  }
  /** The query as a CTE. */
  cte<R, const G extends string | null = null>(
    this: Query<R>,
    name?: G,
    options: { readonly recursive?: boolean; readonly nesting?: boolean } = {},
  ): CteOf<QueryColumns<R>, NameIn<G>> {
    return this.statement.cte(name, options) as never;
  }
  /** The query as a value. */
  scalarSubquery<R>(this: Query<R>): ScalarSubquery<QueryValues<R>[0] | null> {
    return this.#select.scalarSubquery() as ScalarSubquery<QueryValues<R>[0] | null>;
  }
  /** The query as a named value. */
  label<R, const N extends string>(this: Query<R>, name: N): ColumnElement<QueryValues<R>[0] | null> & Named<N> {
    return this.#select.label(name) as unknown as ColumnElement<QueryValues<R>[0] | null> & Named<N>;
  }
  /** `EXISTS (SELECT 1 …)` */
  exists(): Exists {
    const query = this.#select.withOnlyColumns(new LiteralColumn("1"), {
      maintainColumnFroms: true,
    }) as unknown as Select;
    return query.setLabelStyle(LABEL_STYLE_DEFAULT).exists() as unknown as Exists;
  }

  // ---- executing ----

  /** All rows; objects where the query is of one class. */
  all(): T[] {
    return this.#rows();
  }

  /** The first row, or null. */
  first(): T | null {
    return (this.#state.source === null ? this.limit(1) : this).#rows()[0] ?? null;
  }

  /** @throws NoResultFound, MultipleResultsFound */
  one(): T {
    const found = this.oneOrNone();
    if (found === null) throw new NoResultFound("No row was found when one was required");
    return found;
  }

  /** @throws MultipleResultsFound */
  oneOrNone(): T | null {
    const rows = this.#rows();
    if (rows.length > 1) throw new MultipleResultsFound("Multiple rows were found when exactly one was required");
    return rows[0] ?? null;
  }

  /** The first value of the only row; null when there is no row. @throws MultipleResultsFound */
  scalar(): FirstOf<T> | null {
    const found = this.oneOrNone();
    if (found === null) return null;
    return (this.#isEntity ? found : (found as { readonly 0: unknown })[0]) as FirstOf<T>;
  }

  /** The given columns of the rows. Legacy: use `withEntities()`. */
  values(...columns: readonly unknown[]): IterableIterator<unknown> {
    return this.withEntities(...columns)[Symbol.iterator]();
  }

  /** The first of {@link values}. */
  value(column: unknown): unknown {
    return (this.withEntities(column).limit(1).#rows()[0] as { readonly 0: unknown } | undefined)?.[0] ?? null;
  }

  /** How many rows there are. */
  count(): number {
    const statement = select(func.count(new LiteralColumn("*"))).selectFrom(this.#select.subquery());
    const { options, params } = this.#state;
    const { core } = this.#session;
    const { autoflush } = core;
    // What is counted is a subquery, so that only the session's own setting would be heard.
    if (options["autoflush"] === false) core.autoflush = false;
    try {
      return (
        this.#session.execute(statement.executionOptions(options) as never, params as never) as Result
      ).scalar() as number;
    } finally {
      core.autoflush = autoflush;
    }
  }

  /** The object of a primary key. Legacy: use `session.get()`. @throws InvalidRequestError where the query has conditions. */
  get(ident: unknown): T | null {
    const given = this.#restrictions(["where", "limit", "offset", "groupBy", "having", "join"])[0];
    if (given !== undefined)
      throw new InvalidRequestError(`Query.get() being called on a Query with existing criterion (${given}).`, {
        fix: "use filter() and one(), or session.get()",
      });
    const { options } = this.#state;
    return this.#session.get(this.#target("get()") as never, ident, {
      options: this.#select.givenOptions,
      populateExisting: options["populateExisting"] === true,
      executionOptions: options,
    } as never) as T | null;
  }

  /** The row at a position. @throws ArgumentError for a negative one. */
  at(index: number): T {
    const row = this.slice(index, index + 1)[0];
    if (row === undefined) throw new InvalidRequestError(`The query has no row at position ${index}`);
    return row;
  }

  /**
   * Rows from `start` to `stop`, by LIMIT and OFFSET; without `stop` to the end. The list has `all()`, since SQLAlchemy's
   * `slice()` gives a query.
   *
   * @throws ArgumentError for negative positions.
   */
  slice(start: number, stop: number | null = null): QuerySlice<T> {
    if (start < 0 || (stop !== null && stop < 0))
      throw new ArgumentError("negative indexes are not accepted by SQL index / slice operators", {
        fix: "order the other way round, or take all()",
      });
    const base = this.#select.simpleOffset ?? 0;
    const limited = stop === null ? this.#select : this.#select.limit(stop - start);
    return QuerySlice.from(this.#with(limited.offset(start + base)).#rows()) as QuerySlice<T>;
  }

  /** What was said beside the columns, of these kinds. */
  #restrictions(kinds: readonly (keyof typeof restrictions)[]): string[] {
    return kinds.filter((kind) => restrictions[kind](this.#select));
  }

  /** UPDATE of the rows that the conditions tell; gives their number. */
  update(
    values: Values,
    options: { readonly synchronizeSession?: "auto" | "evaluate" | "fetch" | false } = {},
  ): number {
    const statement = update(this.#target("update()") as never)
      .where(...(this.#select.whereClauses as never[]))
      .values(values as never)
      .executionOptions({ synchronizeSession: options.synchronizeSession ?? "auto" });
    return this.#bulk("afterBulkUpdate", statement, values);
  }

  /** DELETE of the rows that the conditions tell; gives their number. */
  delete(options: { readonly synchronizeSession?: "auto" | "evaluate" | "fetch" | false } = {}): number {
    const statement = delete_(this.#target("delete()") as never)
      .where(...(this.#select.whereClauses as never[]))
      .executionOptions({ synchronizeSession: options.synchronizeSession ?? "auto" });
    return this.#bulk("afterBulkDelete", statement, null);
  }

  #bulk(event: "afterBulkUpdate" | "afterBulkDelete", statement: unknown, values: Values | null): number {
    const given = this.#restrictions(["limit", "offset", "orderBy", "groupBy", "distinct", "join"])[0];
    if (given !== undefined)
      throw new InvalidRequestError(`Can't call Query.update() or Query.delete() when ${given}() has been called`, {
        fix: "filter by a subquery: filter(User.$.id.in(select(…)))",
      });
    const result = this.#session.execute(statement as never) as { readonly rowcount: number };
    const mapper = toEntity(this.#target(event), event).mapper;
    this.#session.core.events
      .of(event)
      .fire({ session: this.#session, query: this, result, mapper, values, rowcount: result.rowcount } as never);
    return result.rowcount;
  }

  /**
   * Rows of a query like this one, kept by a cache, with the session's own objects in place of theirs. Legacy: use
   * `mergeFrozenResult()`.
   *
   * @param rows what `all()` gave, or a frozen result; the answer is of the same kind.
   * @param options `load: false` takes over what the objects hold without asking the database. Default true.
   */
  mergeResult<V extends readonly unknown[], O extends object>(
    rows: FrozenResult<V, O>,
    options?: { readonly load?: boolean },
  ): FrozenResult<V, O>;
  mergeResult(rows: Iterable<T>, options?: { readonly load?: boolean }): T[];
  mergeResult(
    rows: FrozenResult | Iterable<unknown>,
    { load = true }: { readonly load?: boolean } = {},
  ): FrozenResult | unknown[] {
    return mergeRows(this.#session, this.#select.rawColumns, this.#isEntity, rows, load);
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.#rows()[Symbol.iterator]();
  }

  /** Conditions would have to hold before the limit, and would be written after it. @throws InvalidRequestError */
  #refuseLimits(method: string): void {
    if (this.#select.limitClause === null && this.#select.offsetClause === null) return;
    throw new InvalidRequestError(
      `Query.${method} being called on a Query which already has LIMIT or OFFSET applied.  Call ${method} before limit() or offset() are applied.`,
    );
  }

  get #isEntity(): boolean {
    const { rawColumns } = this.#select;
    return rawColumns.length === 1 && entityOfNode(rawColumns[0]) !== undefined && !this.#state.onlyTuples;
  }

  #target(where: string): object {
    const entity = entityOfNode(this.#select.rawColumns[0]);
    if (entity === undefined || this.#select.rawColumns.length !== 1)
      throw new InvalidRequestError(`Query.${where} needs a query of one mapped class`);
    return toEntity(entity.alias === null ? entity.mapper : entity, where).mapper.class;
  }

  #rows(): T[] {
    const { params, options } = this.#state;
    const plain = this.#state.withoutEagerLoads ? this.#select.options(new NoEagerJoinsOption()) : this.#select;
    const statement = this.#executed(plain);
    const executed = Object.keys(options).length === 0 ? statement : statement.executionOptions(options);
    const result = this.#session.execute(executed as never, params as never) as Result;
    if (this.#isEntity) return result.scalars().unique().all() as T[];
    return (result.feed.uniqueRequired === null ? result : result.unique()).all() as T[];
  }
}

/** A query of a session. */
export function makeQuery<const A extends readonly unknown[]>(session: QuerySession, entities: A): Query<QueryRow<A>> {
  return new Query(session, (select(...entities) as unknown as Select).setLabelStyle(LABEL_STYLE_TABLENAME_PLUS_COL));
}
