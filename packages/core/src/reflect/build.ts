/** From what the catalog says to a `Table`: columns, constraints and indexes. Where it comes from: ./load.ts. */
import type { Step } from "@athanor/driver";
import type {
  ReflectedCheckConstraint,
  ReflectedColumn,
  ReflectedConstraintMaker,
  ReflectedForeignKeyConstraint,
  ReflectedIndex,
  ReflectedPrimaryKeyConstraint,
  ReflectedSorting,
  ReflectedTableFacts,
  ReflectedUniqueConstraint,
} from "../dialect/reflected.ts";
import type { ColumnElement } from "../expression/column-element.ts";
import { LiteralColumn } from "../expression/literal-column.ts";
import { TextClause } from "../expression/text.ts";
import { CheckConstraint } from "../schema/check.ts";
import type { Column } from "../schema/column.ts";
import { UniqueConstraint } from "../schema/column-constraint.ts";
import { column as makeColumn } from "../schema/column-factory.ts";
import type { ColumnItem } from "../schema/column-types.ts";
import { Computed } from "../schema/computed.ts";
import type { Constraint } from "../schema/constraint.ts";
import type { ReflectedColumnInfo, SchemaEvents } from "../schema/events.ts";
import { TargetName } from "../schema/foreign-key.ts";
import { ForeignKeyConstraint } from "../schema/foreign-key-constraint.ts";
import { Identity, type IdentityOptions } from "../schema/identity.ts";
import type { TableReflectOptions } from "../schema/ports.ts";
import { PrimaryKeyConstraint } from "../schema/primary-key.ts";
import { tableKey } from "../schema/schema-name.ts";
import { DefaultClause, FetchedValue } from "../schema/server-default.ts";
import type { Table } from "../schema/table.ts";
import { Index } from "../schema/table-index.ts";
import { warn } from "../util/warnings.ts";

/** SQL of the database as text: what looks like a parameter is none. */
export function verbatim(sql: string): TextClause {
  return new TextClause(sql.replaceAll("\\:", "\\\\:").replaceAll(/(?<![:\w\\]):(?=\w+(?!:))/gu, "\\:"), {});
}

/** Puts what was read into a table, foreign keys excepted: those need the other tables. */
export function* fillTable(
  table: Table,
  facts: Partial<ReflectedTableFacts>,
  front: object,
  options: TableReflectOptions,
): Step<TableFiller> {
  const filler = new TableFiller(table, options);
  const { prefixes, ...tableOptions } = facts.tableOptions ?? {};
  table.dialectOptions = { ...tableOptions, ...table.dialectOptions };
  if (prefixes !== undefined && table.prefixes.length === 0) table.prefixes = prefixes;
  const key = new Set(facts.primaryKey?.constrainedColumns);
  for (const column of facts.columns ?? []) yield* filler.addColumn(column, key.has(column.name), front);
  if (facts.primaryKey !== undefined) filler.setPrimaryKey(facts.primaryKey);
  for (const index of facts.indexes ?? []) filler.addIndex(index);
  for (const unique of facts.uniqueConstraints ?? []) filler.addUnique(unique);
  for (const check of facts.checkConstraints ?? []) filler.addCheck(check);
  for (const make of facts.otherConstraints ?? []) filler.addOther(make);
  const comment = facts.tableComment?.text;
  if (comment !== undefined && comment !== null) table.comment ??= comment;
  return filler;
}

/** A table that is being filled. */
export class TableFiller {
  readonly #table: Table;
  readonly #options: TableReflectOptions;
  /** The columns by the name that the database gave, whatever listeners made of it. */
  readonly #columns = new Map<string, Column>();
  /** What the table has from this reading; what it had before is replaced by what is found. */
  readonly #found = new Set<Constraint | Index>();

  constructor(table: Table, options: TableReflectOptions) {
    this.#table = table;
    this.#options = options;
  }

  *addColumn(found: ReflectedColumn, isKey: boolean, front: object): Step<void> {
    const info: ReflectedColumnInfo = { ...found };
    yield* eventsOf(this.#table.metadata).of("columnReflect").run(front, this.#table, info);
    yield* this.#table.dispatch.of("columnReflect").run(front, this.#table, info);
    const { includeColumns, excludeColumns } = this.#options;
    if (includeColumns !== null && !includeColumns.includes(found.name)) return;
    const own = this.#table.columnList.find((column) => column.name === found.name);
    if (excludeColumns.includes(found.name)) {
      if (own !== undefined) this.#columns.set(found.name, own);
      return;
    }
    // A view has no key but the one that the program gave it.
    const column = columnOf(info as unknown as ListenedColumn, isKey || own?.primaryKey === true);
    this.#table.attachColumn(column, { replace: true, at: null });
    this.#columns.set(found.name, column);
  }

  setPrimaryKey(found: ReflectedPrimaryKeyConstraint): void {
    const columns = found.constrainedColumns.flatMap((name) => this.#columns.get(name) ?? []);
    if (columns.length === 0) return;
    const others = this.#table.columnList.filter((column) => column.primaryKey && !columns.includes(column));
    const { name, comment = null, deferrable, initially, dialectOptions } = found;
    const options = { ...dialectOptions, name, comment, deferrable, initially };
    this.#table.appendConstraint(new PrimaryKeyConstraint([...columns, ...others].map(keyOf), options));
  }

  addForeignKey(found: ReflectedForeignKeyConstraint): void {
    const columns = this.#located(found.constrainedColumns);
    if (columns === null) return;
    const { name, comment, options } = found;
    this.#replaceConstraint(ForeignKeyConstraint, name, columns);
    this.#add(
      new ForeignKeyConstraint(columns.map(keyOf), this.#targets(found), {
        ...options,
        name,
        comment: comment ?? null,
        linkToName: true,
      }),
    );
  }

  /** The columns that a key refers to, in a form that no dot and no schema of the MetaData makes ambiguous. */
  #targets({ referredSchema, referredTable, referredColumns }: ReflectedForeignKeyConstraint): unknown[] {
    const { metadata } = this.#table;
    const misleading =
      referredTable.includes(".") ||
      referredColumns.some((name) => name.includes(".")) ||
      (referredSchema === null && metadata.schema !== null);
    return referredColumns.map((name) =>
      misleading
        ? new TargetName(referredSchema, referredTable, name)
        : `${tableKey(referredTable, referredSchema)}.${name}`,
    );
  }

  addUnique(found: ReflectedUniqueConstraint): void {
    if (found.duplicatesIndex !== undefined) return;
    const columns = this.#located(found.columnNames);
    if (columns === null) return;
    const { name, comment = null, deferrable, initially, dialectOptions } = found;
    this.#replaceConstraint(UniqueConstraint, name, columns);
    this.#add(new UniqueConstraint(columns.map(keyOf), { ...dialectOptions, name, comment, deferrable, initially }));
  }

  addCheck(found: ReflectedCheckConstraint): void {
    const { name, comment = null, sqltext, dialectOptions } = found;
    const text = verbatim(sqltext);
    if (found.column !== undefined) {
      const column = this.#columns.get(found.column);
      if (column === undefined) return;
      const check = new CheckConstraint(text, { ...dialectOptions, name, comment });
      check.parent = column;
      column.constraints.add(check);
      return;
    }
    for (const known of this.#table.constraints) {
      if (!(known instanceof CheckConstraint) || this.#found.has(known)) continue;
      if (name === null ? (known.sqltext as Partial<TextClause>).text === text.text : known.name === name)
        this.#table.constraints.delete(known);
    }
    this.#add(new CheckConstraint(text, { ...dialectOptions, name, comment }));
  }

  addOther(make: ReflectedConstraintMaker): void {
    const made = make((name) => this.#columns.has(name));
    if (made === null) return;
    for (const known of this.#table.constraints)
      if (known.constructor === made.constructor && known.name === made.name && !this.#found.has(known))
        this.#table.constraints.delete(known);
    this.#add(made);
  }

  addIndex(found: ReflectedIndex): void {
    if (found.duplicatesConstraint !== undefined || found.inherited === true) return;
    const { includeColumns } = this.#options;
    const names = found.columnNames.filter((name) => name !== null);
    if (includeColumns !== null && names.some((name) => !includeColumns.includes(name))) return;
    const parts: ColumnElement[] = [];
    for (const [position, name] of found.columnNames.entries()) {
      const part = name === null ? expressionOf(found, position) : this.#columns.get(name);
      if (part === undefined) {
        warn(`Omitting index '${found.name}' of table '${this.#table.name}': its column '${name}' was not located`);
        return;
      }
      const text = name ?? (found.expressions?.[position] as string);
      parts.push(sorted(part, found.columnSorting?.[text] ?? []));
    }
    for (const known of this.#table.indexes)
      if (known.name !== null && known.name === found.name && !this.#found.has(known))
        this.#table.indexes.delete(known);
    this.#add(new Index(found.name, parts, { ...found.dialectOptions, unique: found.unique }));
  }

  #add(made: Constraint | Index): void {
    this.#table.appendConstraint(made);
    this.#found.add(made);
  }

  /** The columns of a constraint; null where one was left out of the table. */
  #located(names: readonly string[]): Column[] | null {
    const columns = names.flatMap((name) => this.#columns.get(name) ?? []);
    if (columns.length === names.length) return columns;
    const missing = names.filter((name) => !this.#columns.has(name));
    const { includeColumns, excludeColumns } = this.#options;
    if (includeColumns === null && missing.some((name) => !excludeColumns.includes(name)))
      warn(`Omitting a constraint of table '${this.#table.name}': column '${missing[0]}' was not located`);
    return null;
  }

  /** Takes out a constraint that the table has from an earlier reading, or from the program. */
  #replaceConstraint(
    kind: typeof ForeignKeyConstraint | typeof UniqueConstraint,
    name: string | null,
    columns: readonly Column[],
  ): void {
    for (const known of [...this.#table.constraints]) {
      if (!(known instanceof kind) || this.#found.has(known)) continue;
      const same =
        known.columns.length === columns.length && columns.every((column, at) => known.columns[at] === column);
      if (name === null || known.name === null ? !same : known.name !== name) continue;
      this.#table.constraints.delete(known as Constraint);
      if (known instanceof ForeignKeyConstraint)
        for (const element of known.elements) element.parent?.removeForeignKey(element);
    }
  }
}

function eventsOf(metadata: Table["metadata"]): SchemaEvents<unknown> {
  return metadata.dispatch as unknown as SchemaEvents<unknown>;
}

const keyOf = (column: Column): string => column.key as string;

/** An index's expression; without its outer parentheses it could not stand in an index again. */
function expressionOf(found: ReflectedIndex, position: number): LiteralColumn {
  return new LiteralColumn(found.expressions?.[position] ?? "");
}

function sorted(part: ColumnElement, sorting: readonly ReflectedSorting[]): ColumnElement {
  let result = part;
  for (const word of sorting) {
    if (word === "desc") result = result.desc();
    else if (word === "asc") result = result.asc();
    else if (word === "nulls_first") result = result.nullsFirst();
    else result = result.nullsLast();
  }
  return result;
}

/** A column as listeners leave it: they may add what `column()` takes. */
type ListenedColumn = Omit<ReflectedColumn, "default"> & {
  readonly key?: string;
  readonly quote?: boolean | null;
  readonly info?: Record<string, unknown>;
  readonly doc?: string | null;
  readonly default: unknown;
};

function columnOf(found: ListenedColumn, primaryKey: boolean): Column {
  const items: ColumnItem[] = [];
  if (found.computed !== undefined) {
    const { sqltext, persisted = null } = found.computed;
    items.push(new Computed(verbatim(sqltext), { persisted }));
  }
  if (found.identity !== undefined) items.push(new Identity(found.identity as IdentityOptions));
  const { name, type, nullable, comment = null, quote = null, key = null, doc = null, info } = found;
  return makeColumn(name, type, ...(items as []), {
    ...found.dialectOptions,
    primaryKey,
    nullable,
    autoincrement: found.autoincrement ?? "auto",
    comment,
    quote,
    key,
    doc,
    ...(info === undefined ? {} : { info }),
    serverDefault: serverDefaultOf(found.default) as never,
  }) as unknown as Column;
}

/** The DEFAULT clause: SQL as text; listeners may have put something else there. */
function serverDefaultOf(given: unknown): FetchedValue | null {
  if (given === null || given === undefined || given instanceof FetchedValue) return given ?? null;
  return new DefaultClause(typeof given === "string" ? verbatim(given) : given, { reflected: true });
}
