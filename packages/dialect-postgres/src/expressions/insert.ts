/** INSERT … ON CONFLICT.  https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT */
import {
  ArgumentError,
  alias,
  ClauseElement,
  type ColumnElement,
  type ColumnValues,
  columnByKey,
  columnsOf,
  condition,
  copyWith,
  type DmlTarget,
  defineKind,
  describe,
  dmlTable,
  type Fields,
  type FromClause,
  Insert,
  InvalidRequestError,
  isPlain,
  joinConditions,
  literalElement,
  type NamesOf,
  type Node,
  operators,
  type ReturnedColumns,
  resolveNode,
  type SelectedMore,
  type SqlExpression,
  type ValuePairs,
  type ValuesOf,
  withTarget,
} from "@athanor/core";

/** What tells that a row is there already. */
export interface ConflictTarget {
  /** The name of a constraint, or the constraint or index itself. */
  readonly constraint?: string | object;
  /** Columns or expressions of a unique index. */
  readonly indexElements?: readonly (string | SqlExpression)[];
  /** The condition of a partial unique index. */
  readonly indexWhere?: SqlExpression;
}

/** Options of `onConflictDoUpdate()`. */
export interface ConflictUpdate<C extends object> extends ConflictTarget {
  /** What to set: values and expressions by column, or all columns of `excluded`. */
  readonly set: ColumnValues<C> | ValuePairs | C;
  /** Rows that are there and do not meet it stay as they are. */
  readonly where?: SqlExpression;
}

/** One element of a conflict target: a column name, or an expression. */
export type IndexElement = string | ClauseElement;

/** ON CONFLICT. */
export class OnConflict extends ClauseElement {
  static override readonly fields: Fields = {
    table: "skip",
    action: "atom",
    constraint: "object",
    indexElements: "options",
    indexWhere: "child",
    assignments: "options",
    where: "child",
  };
  readonly table: FromClause;
  readonly action: "nothing" | "update";
  /** The name, or an object with `name` and `columns`. */
  readonly constraint: string | null;
  readonly indexElements: readonly IndexElement[];
  readonly indexWhere: ClauseElement | null;
  /** Column keys with what they are set to, literals as parameters. */
  readonly assignments: readonly (readonly [string, Node])[];
  readonly where: ClauseElement | null;

  constructor(
    table: FromClause,
    action: "nothing" | "update",
    target: ConflictTarget,
    assignments: OnConflict["assignments"] = [],
    where: SqlExpression | undefined = undefined,
  ) {
    super();
    const resolved = resolveTarget(target);
    if (action === "update" && resolved.constraint === null && resolved.indexElements.length === 0) {
      throw new ArgumentError(
        "Either constraint or index_elements, but not both, must be specified unless DO NOTHING",
        { fix: "pass indexElements or constraint" },
      );
    }
    this.table = table;
    this.action = action;
    this.constraint = resolved.constraint;
    this.indexElements = resolved.indexElements;
    this.indexWhere = resolved.indexWhere;
    this.assignments = assignments;
    this.where = where === undefined || where === null ? null : conditionOf(where);
  }
}
defineKind(OnConflict, "pgOnConflict");

interface ConstraintLike {
  readonly name?: string | null;
  readonly columns?: Iterable<ColumnElement>;
  readonly expressions?: Iterable<ClauseElement>;
  readonly dialectOptions?: Readonly<Record<string, unknown>>;
}

function conditionOf(given: unknown): ClauseElement {
  return joinConditions(operators.and, [condition(given, "ON CONFLICT")]);
}

function resolveTarget(target: ConflictTarget): {
  constraint: string | null;
  indexElements: readonly IndexElement[];
  indexWhere: ClauseElement | null;
} {
  const { constraint, indexElements, indexWhere } = target;
  if (constraint !== undefined && constraint !== null) {
    if (indexElements !== undefined && indexElements !== null)
      throw new ArgumentError("'constraint' and 'index_elements' are mutually exclusive", { fix: "pass one of them" });
    if (typeof constraint === "string") return { constraint, indexElements: [], indexWhere: null };
    const object = constraint as ConstraintLike;
    const isIndex = object.expressions !== undefined;
    if (!isIndex && object.name !== undefined && object.name !== null)
      return { constraint: String(object.name), indexElements: [], indexWhere: null };
    const elements = [...(object.expressions ?? object.columns ?? [])] as IndexElement[];
    const where = object.dialectOptions?.postgresqlWhere;
    return {
      constraint: null,
      indexElements: elements,
      indexWhere: where === undefined || where === null ? null : conditionOf(where),
    };
  }
  if (indexElements === undefined || indexElements === null)
    return { constraint: null, indexElements: [], indexWhere: null };
  if (indexElements.length === 0) throw new ArgumentError("indexElements must not be empty");
  const elements = indexElements.map((element): IndexElement => {
    if (typeof element === "string") return element;
    const node = resolveNode(element);
    if (node instanceof ClauseElement) return node;
    throw new ArgumentError(`${describe(element)} cannot stand in indexElements`, {
      fix: "pass column names, columns or expressions",
    });
  });
  return {
    constraint: null,
    indexElements: elements,
    indexWhere: indexWhere === undefined || indexWhere === null ? null : conditionOf(indexWhere),
  };
}

function readAssignments(table: FromClause, set: unknown): OnConflict["assignments"] {
  if (set === null || typeof set !== "object")
    throw new ArgumentError(
      "set parameter must be a non-empty dictionary or a ColumnCollection such as the `.c.` collection of a Table object",
    );
  const pairs: (readonly [unknown, unknown])[] = isPlain(set)
    ? Object.entries(set)
    : Array.isArray(set)
      ? (set as (readonly [unknown, unknown])[])
      : columnsOf(set as never).map((column) => [column.key, column]);
  if (pairs.length === 0) throw new ArgumentError("set parameter dictionary must not be empty");
  return pairs.map(([given, value]) => {
    const key = typeof given === "string" ? given : (resolveNode(given) as ColumnElement | undefined)?.key;
    if (typeof key !== "string")
      throw new ArgumentError(`onConflictDoUpdate(): a key must be a column or its name, not ${describe(given)}`);
    if (value === undefined)
      throw new ArgumentError(`onConflictDoUpdate(): the value of ${JSON.stringify(key)} is undefined`, {
        code: "undefined_value",
        fix: "pass null for SQL NULL, or leave it out",
      });
    const node = resolveNode(value);
    const type = columnByKey(table.c, key)?.type;
    return [key, node ?? literalElement(value, type)] as const;
  });
}

/** INSERT with PostgreSQL's conflict clauses. */
export class PgInsert<
  C extends object = object,
  V extends readonly unknown[] = readonly unknown[],
  O extends object = object,
  out E extends object = object,
> extends Insert<C, V, O, E> {
  /** The row that was to be inserted, for `onConflictDoUpdate({ set, where })`. */
  get excluded(): C {
    let columns = excludedOf.get(this.table);
    if (columns === undefined) {
      columns = alias(this.table as never, "excluded") as unknown as FromClause;
      excludedOf.set(this.table, columns);
    }
    return columns.c as C;
  }

  /** `ON CONFLICT (…) DO UPDATE SET …` */
  onConflictDoUpdate(options: ConflictUpdate<C>): this {
    if (typeof options !== "object" || options === null)
      throw new ArgumentError("onConflictDoUpdate() takes an object that says what to set", {
        fix: "write onConflictDoUpdate({ indexElements: […], set: { … } })",
      });
    const { set, where, ...target } = options;
    return withConflict(
      this,
      new OnConflict(this.table as FromClause, "update", target, readAssignments(this.table as FromClause, set), where),
    );
  }

  /** `ON CONFLICT (…) DO NOTHING`; without a target for any conflict. */
  onConflictDoNothing(target: ConflictTarget = {}): this {
    return withConflict(this, new OnConflict(this.table as FromClause, "nothing", target));
  }

  /** `RETURNING …`; with a trailing `{ sortByParameterOrder: true }`, rows in the order of the parameter sets. */
  override returning<const A extends readonly unknown[]>(
    ...columns: A
  ): PgInsert<
    C,
    [...V, ...ValuesOf<ReturnedColumns<A>>],
    O & NamesOf<ReturnedColumns<A>>,
    SelectedMore<E, ReturnedColumns<A>>
  > {
    return super.returning(...columns) as unknown as PgInsert<
      C,
      [...V, ...ValuesOf<ReturnedColumns<A>>],
      O & NamesOf<ReturnedColumns<A>>,
      SelectedMore<E, ReturnedColumns<A>>
    >;
  }
}

function withConflict<I extends { readonly postValues: ClauseElement | null }>(insert: I, clause: OnConflict): I {
  if (insert.postValues !== null)
    throw new InvalidRequestError("This Insert construct already has an ON CONFLICT clause established");
  return copyWith(insert as unknown as Node, { postValues: clause }) as unknown as I;
}

const excludedOf = new WeakMap<object, FromClause>();

/** `INSERT INTO table …` with `ON CONFLICT`: `pg.insert(users).values({ … }).onConflictDoNothing()`. */
export function insert<C extends object>(table: DmlTarget<C>): PgInsert<C, [], object> {
  return withTarget(new PgInsert<C, [], object>(dmlTable(table, "pg.insert()")), table);
}
