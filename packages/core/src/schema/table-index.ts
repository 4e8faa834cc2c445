/** Indexes: over columns, expressions and text; with the options of the dialects. */
import { QuotedName } from "../ast/name.ts";
import { defineKind } from "../ast/node.ts";
import { ArgumentError } from "../errors/errors.ts";
import { ClauseElement, type SqlExpression } from "../expression/clause-element.ts";
import { resolveNode } from "../expression/coerce.ts";
import { type DialectSpecificOptions, splitArguments, takeDialectOptions } from "../selectable/dialect-options.ts";
import { describe } from "../types/literals.ts";
import type { SchemaClasses } from "./classes.ts";
import { Column } from "./column.ts";
import { conventionColumn } from "./column-constraint.ts";
import { attachToTableOf, resolveColumns } from "./column-list.ts";
import { type ConditionOptions, DdlCondition } from "./condition.ts";
import { type ConstraintName, type RuleDialect, readName } from "./constraint.ts";
import { SchemaEvents } from "./events.ts";
import { columnsIn, moveExpression } from "./expression.ts";
import { ConventionName, conventionalName } from "./naming.ts";
import type { CreateDropOptions, DdlBind } from "./ports.ts";
import { copyInfo, type Info, SchemaItem, setInfo } from "./schema-item.ts";

/** Options of {@link index}. */
export interface IndexOptions extends DialectSpecificOptions {
  readonly unique?: boolean | undefined;
  readonly quote?: boolean | null | undefined;
  readonly info?: Info | undefined;
}

/** What an index can be over: the key of a column, a column, an expression, text. */
export type IndexArgument = string | SqlExpression;

const optionNames = new Set(["unique", "quote", "info"]);

/** An index. */
export class Index extends SchemaItem {
  static readonly dispatch: SchemaEvents<Index> = new SchemaEvents<Index>();

  givenName: string | null;
  readonly quote: boolean | null;
  unique: boolean;
  /** The table; null while there is none. */
  table: SchemaClasses["table"] | null = null;
  /** Made by `index` of a column. */
  columnFlag: boolean;
  condition: DdlCondition | null = null;
  #nameIsFinal: boolean;
  #expressions: readonly (string | ClauseElement)[];
  #columns: readonly Column[] = [];
  #dispatch: SchemaEvents<Index> | undefined;

  constructor(name: ConstraintName, expressions: readonly unknown[], options: IndexOptions = {}, columnFlag = false) {
    super();
    const read = readName(name);
    this.givenName = read.text;
    this.quote = options.quote ?? read.quote;
    this.#nameIsFinal = read.final;
    this.unique = options.unique ?? false;
    this.columnFlag = columnFlag;
    this.dialectOptions = takeDialectOptions(options, optionNames, "index()");
    setInfo(this, options.info);
    this.#expressions = expressions.map(indexArgument);
    const columns = this.#expressions.flatMap((expression): (string | Column)[] =>
      typeof expression === "string" ? [expression] : firstColumn(expression),
    );
    attachToTableOf(columns, (table) => table.appendConstraint(this));
  }

  get dispatch(): SchemaEvents<Index> {
    this.#dispatch ??= new SchemaEvents<Index>(Index.dispatch);
    return this.#dispatch;
  }

  /** What the index is over, in order; keys of columns as long as the table is not known. */
  get expressions(): readonly (string | ClauseElement)[] {
    return this.#expressions;
  }

  /** The first column of each expression. */
  get columns(): readonly Column[] {
    return this.#columns;
  }

  /** The name: as given, or as the MetaData's convention makes it. */
  get name(): string | null {
    return this.#conventional() ?? this.givenName;
  }

  set name(name: ConstraintName) {
    const read = readName(name);
    this.givenName = read.text;
    this.#nameIsFinal = read.final;
  }

  /** The name was made by a convention: it may be cut where the database's limit asks for it. */
  get nameIsConventional(): boolean {
    return this.#nameIsFinal || this.#conventional() !== null;
  }

  /** Becomes part of a table. Called by `table.appendConstraint()`. */
  attach(table: SchemaClasses["table"]): void {
    if (this.table !== null && this.table !== table) {
      throw new ArgumentError(
        `Index '${this.name}' is against table '${this.table.name}', and cannot be associated with table '${table.name}'.`,
      );
    }
    (this.#dispatch ?? Index.dispatch).of("beforeParentAttach").fire(this, table);
    this.#expressions = this.#expressions.map((expression) =>
      typeof expression === "string" ? (resolveColumns([expression], table, "Index")[0] as Column) : expression,
    );
    this.#columns = this.#expressions.flatMap((expression) => firstColumn(expression as ClauseElement));
    this.table = table;
    (this.#dispatch ?? Index.dispatch).of("afterParentAttach").fire(this, table);
  }

  /** Makes the index only where the condition holds. */
  ddlIf(options: ConditionOptions): this {
    this.condition = new DdlCondition(options);
    return this;
  }

  /** Whether the index is made on a dialect. */
  isCreatedOn(dialect: Pick<RuleDialect, "name">): boolean {
    return (
      this.condition === null || this.condition.holds(this, this, null, { dialect, tables: null, checkfirst: false })
    );
  }

  /** `CREATE INDEX` */
  create<R>(bind: DdlBind<R>, options: CreateDropOptions = {}): R {
    return bind._runDdl({ action: "create", target: this, tables: null, checkfirst: options.checkfirst ?? false });
  }

  /** `DROP INDEX` */
  drop<R>(bind: DdlBind<R>, options: CreateDropOptions = {}): R {
    return bind._runDdl({ action: "drop", target: this, tables: null, checkfirst: options.checkfirst ?? false });
  }

  /** A copy for another table. */
  copyTo(table: SchemaClasses["table"]): Index {
    const { name } = this;
    const kept =
      name === null ? null : this.nameIsConventional ? new ConventionName(name) : new QuotedName(name, this.quote);
    const expressions = this.#expressions.map((expression) =>
      typeof expression === "string" ? expression : moveExpression(expression, this.table, table),
    );
    const options = Object.fromEntries(
      Object.entries(this.dialectOptions).map(([option, value]) => [
        option,
        value instanceof ClauseElement ? moveExpression(value, this.table, table) : value,
      ]),
    );
    const copy = new Index(kept, expressions, { ...options, unique: this.unique });
    copy.condition = this.condition;
    copyInfo(this, copy);
    table.appendConstraint(copy);
    return copy;
  }

  #conventional(): string | null {
    const { table } = this;
    if (this.#nameIsFinal || table === null) return null;
    const call = (token: unknown): string =>
      String((token as (index: Index, table: SchemaClasses["table"]) => unknown)(this, table));
    const columns = this.#columns.map(conventionColumn);
    return conventionalName(
      table.metadata.namingConvention,
      {
        key: "ix",
        givenName: this.givenName,
        columns,
        referredTableName: () => "",
        referredColumnNames: () => [],
        call,
      },
      table.name,
    );
  }
}
defineKind(Index, "index");

declare module "./classes.ts" {
  interface SchemaClasses {
    index: Index;
  }
}

function indexArgument(value: unknown): string | ClauseElement {
  if (typeof value === "string") return value;
  const node = resolveNode(value);
  if (node instanceof ClauseElement) return node;
  throw new ArgumentError(`${describe(value)} cannot be indexed`, {
    fix: "give the key of a column, a column, an expression, or text()",
  });
}

function firstColumn(expression: ClauseElement): Column[] {
  const column = columnsIn(expression).find((found) => found instanceof Column);
  return column === undefined ? [] : [column as Column];
}

/**
 * An index: passed to a table with keys of columns, or made of a table's columns, which puts it there by itself.
 *
 * @example index("ix_users_name", users.c.lastName, users.c.firstName.desc(), { unique: true })
 * @example index("ix_lower", func.lower(users.c.email), { postgresqlWhere: users.c.active })
 */
export function index(name: ConstraintName, ...args: readonly (IndexArgument | IndexOptions)[]): Index {
  if (name !== null && typeof name !== "string" && !(name instanceof String))
    throw new ArgumentError(`the name of an index is a text or null, not ${describe(name)}`);
  const { items, options } = splitArguments<IndexOptions>(args);
  return new Index(name, items, options);
}
