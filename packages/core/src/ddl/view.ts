/** `CREATE VIEW`, `DROP VIEW`, `CREATE TABLE … AS SELECT`: tables that are made by a SELECT. */
import { NameScope } from "../ast/name.ts";
import { defineKind, type Node } from "../ast/node.ts";
import { childrenOf, copyWith } from "../ast/traverse.ts";
import { ArgumentError } from "../errors/errors.ts";
import { resolveNode } from "../expression/coerce.ts";
import { ColumnClause } from "../expression/column-clause.ts";
import { ColumnElement } from "../expression/column-element.ts";
import type { Column } from "../schema/column.ts";
import { column } from "../schema/column-factory.ts";
import { MetaData } from "../schema/metadata.ts";
import type { SchemaName } from "../schema/schema-name.ts";
import { Table } from "../schema/table.ts";
import { table } from "../schema/table-factory.ts";
import type { TableCreator, TableDropper } from "../schema/table-ports.ts";
import {
  type DialectSpecificOptions,
  type GivenDialectOptions,
  takeDialectOptions,
} from "../selectable/dialect-options.ts";
import { ReturnsRows } from "../selectable/returns-rows.ts";
import { deriveSelect } from "../selectable/select-port.ts";
import { describe } from "../types/literals.ts";
import { NULLTYPE } from "../types/null.ts";
import type { DropOptions } from "./drop.ts";
import { DdlElement } from "./element.ts";

/** The columns of a view or of a table made by SELECT, by the names of the rows. */
export type SelectedColumns<O extends object> = { readonly [K in keyof O & string]: Column<O[K], K> };

/** Options that views and tables made by SELECT share. */
export interface FromSelectOptions extends DialectSpecificOptions {
  /** The MetaData whose `createAll()` and `dropAll()` cover it; one of its own where it is left out. */
  readonly metadata?: MetaData | undefined;
  readonly schema?: SchemaName | undefined;
  /** `TEMPORARY` */
  readonly temporary?: boolean | undefined;
}

/** Options of {@link createView}. */
export interface CreateViewOptions extends FromSelectOptions {
  /** `OR REPLACE` */
  readonly orReplace?: boolean | undefined;
  /** `MATERIALIZED` */
  readonly materialized?: boolean | undefined;
}

/** Options of {@link createTableAs}. */
export interface CreateTableAsOptions extends FromSelectOptions {
  /** `IF NOT EXISTS` */
  readonly ifNotExists?: boolean | undefined;
}

/** Options of {@link dropView}. */
export interface DropViewOptions extends DropOptions {
  /** `MATERIALIZED` */
  readonly materialized?: boolean;
}

const viewOptionNames = new Set(["metadata", "schema", "temporary", "orReplace", "materialized"]);
const tableOptionNames = new Set(["metadata", "schema", "temporary", "ifNotExists"]);

/** Base of the statements that make a table by a SELECT. */
export abstract class TableFromSelect<O extends object = object> extends DdlElement implements TableCreator {
  readonly selectable: ReturnsRows;
  /** The table that the statement makes, for use in other statements. */
  readonly table: Table<SelectedColumns<O>>;
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly dialectOptions: GivenDialectOptions;

  constructor(
    selectable: unknown,
    name: string,
    options: CreateTableAsOptions,
    known: ReadonlySet<string>,
    where: string,
  ) {
    super();
    const node = resolveNode(selectable);
    if (!(node instanceof ReturnsRows)) throw new ArgumentError(`${where} takes a SELECT, not ${describe(selectable)}`);
    this.selectable = node;
    this.temporary = options.temporary ?? false;
    this.ifNotExists = options.ifNotExists ?? false;
    this.dialectOptions = takeDialectOptions(options, known, where);
    this.table = selectedTable<O>(node, name, options.metadata ?? new MetaData(), options.schema ?? null);
    this.table.creator = this;
  }

  /** The same as {@link table}. */
  get element(): Table {
    return this.table as unknown as Table;
  }

  abstract get isView(): boolean;

  get sourceTables(): readonly Table[] {
    return tablesIn(this.selectable);
  }

  toMetadata(_metadata: MetaData, copy: Table): this {
    return copyWith(this, { table: copy });
  }
}

/** `CREATE VIEW` */
export class CreateView<O extends object = object> extends TableFromSelect<O> {
  readonly orReplace: boolean;
  readonly materialized: boolean;

  constructor(selectable: unknown, name: string, options: CreateViewOptions = {}) {
    super(selectable, name, options, viewOptionNames, "createView()");
    this.orReplace = options.orReplace ?? false;
    this.materialized = options.materialized ?? false;
    this.table.dropper = new DropView(this.element, { materialized: this.materialized });
  }

  override get isView(): boolean {
    return true;
  }
}
defineKind(CreateView, "createView");

/** `CREATE TABLE … AS SELECT …` */
export class CreateTableAs<O extends object = object> extends TableFromSelect<O> {
  constructor(selectable: unknown, name: string, options: CreateTableAsOptions = {}) {
    super(selectable, name, options, tableOptionNames, "createTableAs()");
  }

  override get isView(): boolean {
    return false;
  }
}
defineKind(CreateTableAs, "createTableAs");

/** `DROP VIEW` */
export class DropView extends DdlElement implements TableDropper {
  readonly element: Table;
  readonly ifExists: boolean;
  readonly materialized: boolean;

  constructor(element: Table, options: DropViewOptions = {}) {
    super();
    this.element = element;
    this.ifExists = options.ifExists ?? false;
    this.materialized = options.materialized ?? false;
  }

  toMetadata(_metadata: MetaData, copy: Table): DropView {
    return copyWith(this, { element: copy });
  }
}
defineKind(DropView, "dropView");

/** A table with the columns that a SELECT gives. */
function selectedTable<O extends object>(
  select: ReturnsRows,
  name: string,
  metadata: MetaData,
  schema: SchemaName,
): Table<SelectedColumns<O>> {
  const scope = new NameScope();
  const columns = select.namedColumns.map((named) => {
    const key = named.name === null ? "" : scope.resolve(named.name);
    return column(key, named.column instanceof ColumnElement ? named.column.type : NULLTYPE);
  });
  return table(name, metadata, ...columns, { schema }) as unknown as Table<SelectedColumns<O>>;
}

/** Every table that a statement reads from. */
function tablesIn(statement: Node): Table[] {
  const seen = new Set<Node>();
  const stack: Node[] = [statement];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node instanceof ColumnClause && node.table !== null) stack.push(node.table);
    stack.push(...childrenOf(node));
  }
  return [...seen].filter((node) => node instanceof Table);
}

/**
 * `CREATE VIEW`; its `table` can be selected from.
 *
 * @example const adults = createView(select(users).where(users.c.age.ge(18)), "adults", { metadata });
 * select(adults.table.c.name);
 */
export function createView<O extends object>(
  selectable: ReturnsRows<readonly unknown[], O>,
  name: string,
  options: CreateViewOptions = {},
): CreateView<O> {
  return new CreateView<O>(selectable, name, options);
}

/** `CREATE TABLE … AS SELECT …`; its `table` can be selected from. */
export function createTableAs<O extends object>(
  selectable: ReturnsRows<readonly unknown[], O>,
  name: string,
  options: CreateTableAsOptions = {},
): CreateTableAs<O> {
  return new CreateTableAs<O>(selectable, name, options);
}

/** `DROP VIEW` */
export function dropView(view: Table, options: DropViewOptions = {}): DropView {
  return new DropView(view, options);
}

deriveSelect.into = (select, name, options) => new CreateTableAs(select, name, options as CreateTableAsOptions);
