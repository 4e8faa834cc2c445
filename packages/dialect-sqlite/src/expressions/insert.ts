/** INSERT … ON CONFLICT.  https://sqlite.org/lang_upsert.html */
import {
  ArgumentError,
  alias,
  BindParameter,
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
  literalBind,
  type NamesOf,
  type Node,
  operators,
  type ReturnedColumns,
  replacementTraverse,
  resolveNode,
  type SelectedMore,
  type SqlExpression,
  typeOfValue,
  type ValuePairs,
  type ValuesOf,
  withTarget,
} from "@athanor/core";

/** What tells that a row is there already. */
export interface ConflictTarget {
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

/** A column's key with what it is set to. */
type ConflictAssignment = readonly [string, Node];

const no: readonly never[] = Object.freeze([]);

/** One ON CONFLICT clause, behind those that were given before it. */
export class OnConflict extends ClauseElement {
  static override readonly fields: Fields = {
    table: "skip",
    previous: "child",
    action: "atom",
    indexElements: "options",
    indexWhere: "child",
    assignments: "options",
    where: "child",
  };
  readonly table: FromClause;
  readonly previous: ClauseElement | null;
  readonly action: "nothing" | "update";
  readonly indexElements: readonly IndexElement[];
  readonly indexWhere: ClauseElement | null;
  readonly assignments: readonly ConflictAssignment[];
  readonly where: ClauseElement | null;

  constructor(
    table: FromClause,
    previous: ClauseElement | null,
    target: ConflictTarget,
    update: { readonly set: readonly ConflictAssignment[]; readonly where: SqlExpression | undefined } | null,
  ) {
    super();
    this.table = table;
    this.previous = previous;
    this.action = update === null ? "nothing" : "update";
    this.indexElements = (target.indexElements ?? no).map(indexElement);
    if (target.indexElements?.length === 0) throw new ArgumentError("indexElements must not be empty");
    this.indexWhere =
      target.indexWhere === undefined || target.indexWhere === null ? null : inlined(conditionOf(target.indexWhere));
    this.assignments = update?.set ?? no;
    this.where = update?.where === undefined || update.where === null ? null : conditionOf(update.where);
  }
}
defineKind(OnConflict, "sqliteOnConflict");

function indexElement(element: unknown): IndexElement {
  if (typeof element === "string") return element;
  const node = resolveNode(element);
  if (node instanceof ClauseElement) return node;
  throw new ArgumentError(`${describe(element)} cannot stand in indexElements`, {
    fix: "pass column names, columns or expressions",
  });
}

function conditionOf(given: unknown): ClauseElement {
  return joinConditions(operators.and, [condition(given, "ON CONFLICT")]);
}

/** The index is found by the text of its condition, so values stand in the text. */
function inlined(element: ClauseElement): ClauseElement {
  return replacementTraverse(element, (node) =>
    node instanceof BindParameter && !node.literalExecute ? node.withLiteralExecute() : undefined,
  );
}

function readAssignments(set: unknown, table: FromClause): readonly ConflictAssignment[] {
  if (set === null || typeof set !== "object")
    throw new ArgumentError(
      `set of onConflictDoUpdate() takes an object, a list of pairs, or a table's columns, not ${describe(set)}`,
    );
  const pairs: (readonly [unknown, unknown])[] = isPlain(set)
    ? Object.entries(set)
    : Array.isArray(set) && set.every(Array.isArray)
      ? (set as [unknown, unknown][])
      : columnsOf(set as never).map((column) => [column.key, column]);
  if (pairs.length === 0) throw new ArgumentError("set of onConflictDoUpdate() must not be empty");
  return pairs.map(([key, value]) => {
    const name = typeof key === "string" ? key : (resolveNode(key) as ColumnElement | undefined)?.key;
    if (typeof name !== "string") throw new ArgumentError(`${describe(key)} is not a column of ${table.description}`);
    if (value === undefined)
      throw new ArgumentError(`the value of ${name} in onConflictDoUpdate() is undefined`, {
        fix: "pass null for SQL's NULL, or leave it out",
      });
    const type = columnByKey(table.c, name)?.type;
    return [name, resolveNode(value) ?? literalBind(value, type ?? typeOfValue(value))];
  });
}

/** Not a private method: copies of statements are made without their constructor. */
function withConflict<I extends SQLiteInsert>(
  statement: I,
  target: ConflictTarget,
  update: ConstructorParameters<typeof OnConflict>[3],
): I {
  const { postValues } = statement;
  if (postValues instanceof OnConflict && postValues.indexElements.length === 0)
    throw new InvalidRequestError("an ON CONFLICT clause without a target must be the last one", {
      fix: "put it behind those that have one",
    });
  return copyWith(statement, { postValues: new OnConflict(statement.table, statement.postValues, target, update) });
}

/** INSERT with SQLite's conflict clauses. */
export class SQLiteInsert<
  C extends object = object,
  V extends readonly unknown[] = readonly unknown[],
  O extends object = object,
  out E extends object = object,
> extends Insert<C, V, O, E> {
  /** The row that was to be inserted, for `onConflictDoUpdate({ set, where })`. */
  get excluded(): C {
    let excluded = excludedOf.get(this.table);
    if (excluded === undefined) {
      excluded = alias(this.table as never, "excluded") as unknown as FromClause;
      excludedOf.set(this.table, excluded);
    }
    return excluded.c as C;
  }

  /** `ON CONFLICT (…) DO UPDATE SET …`; without a target for any conflict. Further clauses may follow. */
  onConflictDoUpdate(options: ConflictUpdate<C>): this {
    if (typeof options !== "object" || options === null)
      throw new ArgumentError("onConflictDoUpdate() takes an object that says what to set", {
        fix: "write onConflictDoUpdate({ indexElements: […], set: { … } })",
      });
    const { set, where, ...target } = options;
    return withConflict(this, target, { set: readAssignments(set, this.table), where });
  }

  /** `ON CONFLICT (…) DO NOTHING`; without a target for any conflict. */
  onConflictDoNothing(target: ConflictTarget = {}): this {
    return withConflict(this, target, null);
  }

  /** `RETURNING …`; with a trailing `{ sortByParameterOrder: true }`, rows in the order of the parameter sets. */
  override returning<const A extends readonly unknown[]>(
    ...columns: A
  ): SQLiteInsert<
    C,
    [...V, ...ValuesOf<ReturnedColumns<A>>],
    O & NamesOf<ReturnedColumns<A>>,
    SelectedMore<E, ReturnedColumns<A>>
  > {
    return super.returning(...columns) as unknown as SQLiteInsert<
      C,
      [...V, ...ValuesOf<ReturnedColumns<A>>],
      O & NamesOf<ReturnedColumns<A>>,
      SelectedMore<E, ReturnedColumns<A>>
    >;
  }
}

const excludedOf = new WeakMap<object, FromClause>();

/** `INSERT INTO table …` with `ON CONFLICT`: `sqlite.insert(users).values({ … }).onConflictDoNothing()`. */
export function insert<C extends object>(table: DmlTarget<C>): SQLiteInsert<C, [], object> {
  return withTarget(new SQLiteInsert<C, [], object>(dmlTable(table, "sqlite.insert()")), table);
}
