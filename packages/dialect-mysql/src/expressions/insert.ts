/** `INSERT … ON DUPLICATE KEY UPDATE …` */
import {
  ArgumentError,
  appendValue,
  BindParameter,
  type CacheKeyBuilder,
  ClauseElement,
  ColumnClause,
  type ColumnCollection,
  ColumnElement,
  type ColumnValues,
  columnByKey,
  columnCollection,
  columnsOf,
  copyWith,
  type DmlTarget,
  defineKind,
  describe,
  dmlTable,
  type Fields,
  type FromClause,
  Insert,
  InvalidRequestError,
  literalBind,
  type NamesOf,
  type Node,
  type ReturnedColumns,
  resolveNode,
  type SelectedMore,
  type ValuePairs,
  type ValuesOf,
  withTarget,
} from "@athanor/core";

/** A column of the row that was about to be inserted: `new.name`, or `VALUES(name)`. */
export class InsertedColumn extends ColumnClause {
  constructor(column: ColumnElement) {
    super(column.resultName ?? column.anonLabel, column.type, null, {
      key: column.key,
      quote: column instanceof ColumnClause ? column.quote : null,
    });
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    key.add("(inserted");
    super.appendCacheKey(key);
    key.add(")");
  }
}
defineKind(InsertedColumn, "mysqlInserted");

const insertedRows = new WeakMap<FromClause, ColumnCollection>();

/** The columns of the row that was about to be inserted into a table; one set per table, so that statements stay cacheable. */
function insertedRow(table: FromClause): ColumnCollection {
  let row = insertedRows.get(table);
  if (row === undefined) {
    row = columnCollection(
      columnsOf(table.c).map((column) => [column.key, new InsertedColumn(column)] as const),
      `the inserted row of ${table.description}`,
    );
    insertedRows.set(table, row);
  }
  return row;
}

/** `ON DUPLICATE KEY UPDATE a = …` */
export class OnDuplicateKeyUpdate extends ClauseElement {
  static override readonly fields: Fields = { updates: "options" };
  /** Column keys and what they are set to, in the order of the SQL text. */
  readonly updates: readonly (readonly [key: string, value: Node])[];

  constructor(updates: readonly (readonly [key: string, value: Node])[]) {
    super();
    this.updates = updates;
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    key.add("(onDuplicateKeyUpdate");
    for (const [name, value] of this.updates) {
      key.name(name);
      appendValue(key, value);
    }
    key.add(")");
  }
}
defineKind(OnDuplicateKeyUpdate, "onDuplicateKeyUpdate");

/** INSERT with MySQL's clause for rows that are there already. */
export class MySQLInsert<
  C extends object = object,
  V extends readonly unknown[] = readonly unknown[],
  O extends object = object,
  out E extends object = object,
> extends Insert<C, V, O, E> {
  /** The row that was about to be inserted, for {@link onDuplicateKeyUpdate}. */
  get inserted(): ColumnCollection<C> {
    return insertedRow(this.table as FromClause) as ColumnCollection<C>;
  }

  /**
   * `ON DUPLICATE KEY UPDATE …`: what to set in the row that is there already. Pairs keep their order, an object takes the
   * table's.
   *
   * @example mysql.insert(t).values({ id: 1, n: 1 }).onDuplicateKeyUpdate({ n: t.c.n.add(1) })
   * @throws ArgumentError for no values, more than one list of them, and unknown columns.
   */
  onDuplicateKeyUpdate(values: ColumnValues<C>): this;
  onDuplicateKeyUpdate(pairs: ValuePairs): this;
  onDuplicateKeyUpdate(...given: readonly unknown[]): this {
    if (given.length > 1)
      throw new ArgumentError("Can't pass kwargs and positional arguments simultaneously", {
        fix: "pass one object, or one list of pairs",
      });
    if (this.postValues !== null)
      throw new InvalidRequestError("This Insert construct already has an ON DUPLICATE KEY clause present");
    return copyWith(this, { postValues: new OnDuplicateKeyUpdate(readUpdates(given[0], this.table as FromClause)) });
  }

  override returning<const A extends readonly unknown[]>(
    ...columns: A
  ): MySQLInsert<
    C,
    [...V, ...ValuesOf<ReturnedColumns<A>>],
    O & NamesOf<ReturnedColumns<A>>,
    SelectedMore<E, ReturnedColumns<A>>
  > {
    return super.returning(...columns) as unknown as MySQLInsert<
      C,
      [...V, ...ValuesOf<ReturnedColumns<A>>],
      O & NamesOf<ReturnedColumns<A>>,
      SelectedMore<E, ReturnedColumns<A>>
    >;
  }
}

function readUpdates(given: unknown, table: FromClause): [string, Node][] {
  const isList = Array.isArray(given);
  if (given !== undefined && !isList && (given === null || typeof given !== "object"))
    throw new ArgumentError(`onDuplicateKeyUpdate() takes an object or a list of pairs, not ${describe(given)}`);
  const entries = isList ? (given as [unknown, unknown][]) : Object.entries((given ?? {}) as object);
  if (entries.length === 0)
    throw new ArgumentError("update parameter dictionary must not be empty", {
      fix: "name at least one column to update",
    });
  const updates = entries.map(([key, value]): [string, Node] => {
    const name = keyOf(key, table);
    const column = columnByKey(table.c, name);
    if (column === undefined) {
      throw new ArgumentError(`Unconsumed column names: ${name}`, {
        fix: `the columns of ${table.description} are ${columnsOf(table.c)
          .map((known) => known.key)
          .join(", ")}`,
      });
    }
    return [name, valueNode(value, column, name)];
  });
  if (isList) return updates;
  const order = columnsOf(table.c).map((column) => column.key);
  return updates.sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
}

function keyOf(key: unknown, table: FromClause): string {
  if (typeof key === "string") return key;
  const node = resolveNode(key);
  if (node instanceof ColumnElement && node.key !== null) return node.key;
  throw new ArgumentError(`${describe(key)} is no column of ${table.description}`);
}

function valueNode(value: unknown, column: ColumnElement, name: string): Node {
  if (value === undefined)
    throw new ArgumentError(`onDuplicateKeyUpdate(): the value of ${JSON.stringify(name)} is undefined`, {
      fix: "pass null for NULL, or leave the column out",
    });
  const node = resolveNode(value);
  if (node === undefined) return literalBind(value, column.type);
  if (node instanceof BindParameter) return node.type.affinity === "null" ? node.withType(column.type) : node;
  if (node instanceof ColumnElement) return node.selfGroup(null);
  return (node as { scalarSubquery?: () => ColumnElement }).scalarSubquery?.() ?? node;
}

/** `INSERT INTO table …` with MySQL's clauses: `mysql.insert(users).values({ id: 1 }).onDuplicateKeyUpdate({ … })`. */
export function insert<C extends object>(table: DmlTarget<C>): MySQLInsert<C, [], object> {
  return withTarget(new MySQLInsert<C, [], object>(dmlTable(table, "insert()")), table);
}
