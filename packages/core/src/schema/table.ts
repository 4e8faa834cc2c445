import { ArgumentError, DuplicateColumnError } from "../errors/errors.ts";
import type { HasColumns } from "../expression/row-types.ts";
import {
  addColumn,
  type ColumnCollectionMethods,
  columnByKey,
  columnCollection,
  columnsOf,
  removeColumn,
} from "../selectable/column-collection.ts";
import type { GivenDialectOptions } from "../selectable/dialect-options.ts";
import { TableClause } from "../selectable/table-clause.ts";
import { warn } from "../util/warnings.ts";
import type { SchemaClasses } from "./classes.ts";
import { Column } from "./column.ts";
import { UniqueConstraint } from "./column-constraint.ts";
import type { Constraint } from "./constraint.ts";
import { SchemaEvents } from "./events.ts";
import type { ForeignKey } from "./foreign-key.ts";
import { constraintOfKey, ForeignKeyConstraint } from "./foreign-key-constraint.ts";
import type { CreateDropOptions, DdlBind } from "./ports.ts";
import { PrimaryKeyConstraint } from "./primary-key.ts";
import { type Info, infoOf } from "./schema-item.ts";
import { tableKey } from "./schema-name.ts";
import { Sequence } from "./sequence.ts";
import { type CopyOptions, copyTable } from "./table-copy.ts";
import { Index } from "./table-index.ts";
import type { TableCreator, TableDropper, TableParts } from "./table-ports.ts";
import { namedTypesIn, typeConstraints, typeForTable } from "./type-constraints.ts";

/** A table's columns by key; iterating gives {@link Column}s. */
export type TableColumns<C extends object> = Readonly<C> & ColumnCollectionMethods<Column> & HasColumns<C>;

/** A table with the columns `C`. */
export class Table<out C extends object = object, out N extends string = string> extends TableClause<C, N> {
  static readonly dispatch: SchemaEvents<Table> = new SchemaEvents<Table>();

  override readonly hasMappedSchema: boolean = true;
  readonly metadata: SchemaClasses["metadata"];
  comment: string | null;
  /** What stands between CREATE and TABLE: `UNLOGGED`, `TEMPORARY`. */
  prefixes: readonly string[];
  /** INSERT brings generated keys back by RETURNING where the database can. */
  implicitReturning: boolean;
  dialectOptions: GivenDialectOptions;
  readonly indexes: Set<Index> = new Set();
  readonly constraints: Set<Constraint> = new Set();
  /** Tables that have to be created before, besides those that foreign keys refer to. */
  readonly extraDependencies: Set<Table> = new Set();
  /** The column that tells the rows of a batched INSERT apart, where one was marked. */
  sentinelColumn: Column | null = null;
  /** What creates the table instead of CREATE TABLE. */
  creator: TableCreator | null = null;
  /** What removes the table instead of DROP TABLE. */
  dropper: TableDropper | null = null;
  readonly #collection: TableColumns<C>;
  #primaryKey: PrimaryKeyConstraint;
  #dispatch: SchemaEvents<Table> | undefined;

  constructor(parts: TableParts) {
    super(parts.name, [], parts.schema);
    this.metadata = parts.metadata;
    this.comment = parts.comment;
    this.prefixes = parts.prefixes;
    this.implicitReturning = parts.implicitReturning;
    this.dialectOptions = parts.dialectOptions;
    this.#collection = columnCollection<C>([], `table ${this.fullname}`) as unknown as TableColumns<C>;
    this.#primaryKey = new PrimaryKeyConstraint([], {}, true);
    this.appendConstraint(this.#primaryKey);
  }

  override get c(): TableColumns<C> {
    return this.#collection;
  }

  override get columns(): TableColumns<C> {
    return this.c;
  }

  /** Its key in `metadata.tables`: `"name"` or `"schema.name"`. */
  get key(): string {
    return tableKey(this.name, this.schema);
  }

  /** The name with the schema. */
  get fullname(): string {
    return tableKey(this.name, this.schema);
  }

  /** The PRIMARY KEY; empty where the table has none. */
  override get primaryKey(): PrimaryKeyConstraint {
    return this.#primaryKey;
  }

  override get selectedColumns(): readonly Column[] {
    const columns = columnsOf(this.c) as readonly Column[];
    return this.sentinelColumn?.omitFromStatements ? columns.filter((column) => !column.omitFromStatements) : columns;
  }

  override get primaryKeyColumns(): readonly Column[] {
    return this.#primaryKey.columns;
  }

  /** The column of the key whose values the database makes, or null. */
  get autoincrementColumn(): Column | null {
    return this.#primaryKey.autoincrementColumn;
  }

  /** The foreign keys of all columns. */
  override get foreignKeys(): readonly ForeignKey[] {
    return this.columnList.flatMap((column) => column.foreignKeys);
  }

  /** The foreign key constraints, in the order of their making. */
  get foreignKeyConstraints(): readonly ForeignKeyConstraint[] {
    return this.sortedConstraints.filter((constraint) => constraint instanceof ForeignKeyConstraint);
  }

  /** All constraints in the order of their making. */
  get sortedConstraints(): readonly Constraint[] {
    return [...this.constraints].sort((a, b) => a.creationOrder - b.creationOrder);
  }

  /** The columns as an array. */
  get columnList(): readonly Column[] {
    return columnsOf(this.#collection) as readonly Column[];
  }

  /** The table stands for a view. */
  get isView(): boolean {
    return this.creator?.isView ?? false;
  }

  get dispatch(): SchemaEvents<Table> {
    this.#dispatch ??= new SchemaEvents<Table>(Table.dispatch);
    return this.#dispatch;
  }

  /** Notes of the user's own. */
  get info(): Info {
    return infoOf(this);
  }

  /** Has another table created before this one. */
  addIsDependentOn(table: Table): void {
    this.extraDependencies.add(table);
  }

  /** Adds a column at the end. */
  appendColumn(column: unknown, options: { readonly replaceExisting?: boolean } = {}): void {
    this.attachColumn(column, { replace: options.replaceExisting ?? false, at: null, hint: true });
  }

  /** Adds a column at a place, counted from 0. */
  insertColumn(column: unknown, at: number, options: { readonly replaceExisting?: boolean } = {}): void {
    this.attachColumn(column, { replace: options.replaceExisting ?? false, at, hint: true });
  }

  /** Adds a constraint or an index. */
  appendConstraint(constraint: Constraint | Index): void {
    if (constraint instanceof Index) {
      constraint.attach(this as Table);
      this.indexes.add(constraint);
      return;
    }
    if (this.constraints.has(constraint)) return;
    constraint.fireAttach("beforeParentAttach", this);
    this.constraints.add(constraint);
    constraint.attach(this as Table);
    constraint.fireAttach("afterParentAttach", this);
  }

  /** Makes another constraint the primary key. @internal */
  replacePrimaryKey(constraint: PrimaryKeyConstraint): void {
    if (this.#primaryKey === constraint) return;
    this.constraints.delete(this.#primaryKey);
    this.#primaryKey = constraint;
  }

  /** Makes the constraint of a column's own foreign key. @internal */
  attachForeignKey(key: ForeignKey): void {
    if (key.constraintOrNull === null) this.appendConstraint(constraintOfKey(key.parent as Column, key));
  }

  /** Makes a column part of the table. @internal */
  attachColumn(
    given: unknown,
    options: { readonly replace: boolean; readonly at: number | null; readonly hint?: boolean },
  ): void {
    if (!(given instanceof Column)) throw new ArgumentError("a table takes columns made with column()");
    const column: Column = given;
    if (column.name === "") {
      throw new ArgumentError(
        "Column must be constructed with a non-blank name or assign a non-blank .name before adding to a Table",
        { fix: 'name it: column("id", t.integer)' },
      );
    }
    column.key ??= column.name;
    if (column.table !== null && column.table !== (this as Table)) {
      throw new ArgumentError(`Column object '${column.key}' already assigned to Table '${column.table.name}'`, {
        fix: "make a column for each table, or use column.copy()",
      });
    }
    column.fireAttach("beforeParentAttach", this);
    this.#makeRoom(column, options);
    this.#place(column, options.at);
    column.attach(this as Table);
    this.#addColumnParts(column);
    column.fireAttach("afterParentAttach", this);
  }

  /** Takes a column out again, for columns that are to be replaced. @internal */
  detachColumn(column: Column): void {
    for (const key of column.foreignKeys)
      if (key.constraintOrNull !== null) this.constraints.delete(key.constraintOrNull);
    removeColumn(this.#collection, column.key as string);
  }

  /** `CREATE TABLE` with its indexes and comments. */
  create<R>(bind: DdlBind<R>, options: CreateDropOptions = {}): R {
    return bind._runDdl({
      action: "create",
      target: this as Table,
      tables: null,
      checkfirst: options.checkfirst ?? ["types"],
    });
  }

  /** `DROP TABLE` */
  drop<R>(bind: DdlBind<R>, options: CreateDropOptions = {}): R {
    return bind._runDdl({
      action: "drop",
      target: this as Table,
      tables: null,
      checkfirst: options.checkfirst ?? false,
    });
  }

  /** A copy of this table in another MetaData; the table of that name there, if there is one already. */
  toMetadata(metadata: SchemaClasses["metadata"], options: CopyOptions = {}): Table<C, N> {
    return copyTable(this as Table, metadata, options, (parts) => new Table(parts)) as unknown as Table<C, N>;
  }

  /** Refuses or removes columns that a new one stands in the way of. */
  #makeRoom(column: Column, options: { readonly replace: boolean; readonly hint?: boolean }): void {
    const key = column.key as string;
    const sameKey = columnByKey(this.#collection, key) as Column | undefined;
    const existing = sameKey ?? this.columnList.find((known) => known.name === column.name);
    if (existing === undefined || existing === column) return;
    const on = sameKey !== undefined && key !== column.name ? "key" : "name";
    if (!options.replace) {
      const hint =
        options.hint === true
          ? " Specify replaceExisting: true to table.appendColumn() or table.insertColumn() to replace an existing column."
          : "";
      throw new DuplicateColumnError(
        `A column with ${on} '${on === "key" ? key : column.name}' is already present in table '${this.name}'.${hint}`,
      );
    }
    for (const known of existing.foreignKeys)
      if (known.constraintOrNull !== null) this.constraints.delete(known.constraintOrNull);
    if (sameKey !== undefined) return;
    if (key === column.name) {
      warn(
        `Column with user-specified key "${existing.key}" is being replaced with plain named column "${column.name}", key "${existing.key}" is being removed.  ` +
          "If this is a reflection operation, specify autoloadReplace: false to prevent this replacement.",
      );
    }
    removeColumn(this.#collection, existing.key as string);
  }

  #place(column: Column, at: number | null): void {
    addColumn(this.#collection, column.key as string, column);
    if (at === null) return;
    const list = columnsOf(this.#collection) as Column[];
    list.splice(list.indexOf(column), 1);
    list.splice(at, 0, column);
  }

  /** What a column's options ask of its table. */
  #addColumnParts(column: Column): void {
    if (column.insertSentinel) {
      if (this.sentinelColumn !== null) throw new ArgumentError("a Table may have only one explicit sentinel column");
      this.sentinelColumn = column;
    }
    if (column.primaryKey) this.#primaryKey.replaceColumn(column);
    else if (this.#primaryKey.columns.some((known) => known.key === column.key || known.name === column.name)) {
      throw new ArgumentError(
        `Trying to redefine primary-key column '${column.key}' as a non-primary-key column on table '${this.fullname}'`,
      );
    }
    if (column.index === true)
      this.appendConstraint(new Index(null, [column.key as string], { unique: column.unique ?? false }, true));
    else if (column.unique === true) this.appendConstraint(new UniqueConstraint([column.key as string], {}, true));
    if (column.identity !== null && (column.default instanceof Sequence || column.onupdate instanceof Sequence)) {
      throw new ArgumentError("A column cannot specify both Identity and Sequence");
    }
    this.#addType(column);
    for (const key of column.foreignKeys) this.attachForeignKey(key);
    for (const value of [column.default, column.onupdate])
      if (value instanceof Sequence) this.metadata.registerSequence(value);
  }

  #addType(column: Column): void {
    if (column.type.affinity === "null") return;
    const own = column as { type: Column["type"] };
    const type = typeForTable(column.type, this.schema, this.metadata.schema);
    if (type !== column.type) own.type = type;
    for (const named of namedTypesIn(type)) this.metadata.registerType(named);
    // The constraints find the table by the column.
    typeConstraints(column);
  }
}

declare module "./classes.ts" {
  interface SchemaClasses {
    table: Table;
  }
}
