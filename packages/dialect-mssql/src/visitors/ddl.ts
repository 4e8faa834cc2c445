/** DDL on SQL Server: IDENTITY, explicit NULL, extended properties for comments, clustered indexes, SELECT … INTO. */
import {
  type Column,
  CompileError,
  type Compiler,
  CompoundSelect,
  type Computed,
  type CreateColumn,
  type CreateIndex,
  type CreateTableAs,
  type CreateView,
  columnIdentifier,
  columnNames,
  type DropColumnComment,
  type DropIndex,
  type DropTableComment,
  fromSelectText,
  type Index,
  indexIdentifier,
  type PrimaryKeyConstraint,
  quoteString,
  Select,
  Sequence,
  type SetColumnComment,
  type SetTableComment,
  schemaExpression,
  selectText,
  type Table,
  tableOfIndex,
  type UniqueConstraint,
  type Visitor,
} from "@athanor/core";
import { identityText, isNumbered } from "./identity.ts";

/** `name type NOT NULL IDENTITY`, `name AS (…) PERSISTED` */
function columnSpec(compiler: Compiler, create: CreateColumn): string {
  const column = create.element;
  const name = columnIdentifier(compiler, column);
  if (column.computed !== null)
    return `${name} ${compiler.visit(column.computed)}${column.nullable ? "" : " NOT NULL"}`;
  let text = `${name} ${compiler.hook("columnType", column)}`;
  const numbered = isNumbered(column);
  text +=
    !column.nullable || column.primaryKey || numbered || column.default instanceof Sequence ? " NOT NULL" : " NULL";
  if (numbered) return `${text} ${identityText(column)}`;
  const fallback = compiler.hook("columnDefault", column);
  return fallback === "" ? text : `${text} DEFAULT ${fallback}`;
}

function computedColumn(compiler: Compiler, computed: Computed): string {
  return `AS (${schemaExpression(compiler, computed.sqltext)})${computed.persisted === true ? " PERSISTED" : ""}`;
}

function clustering(element: { readonly dialectOptions: Readonly<Record<string, unknown>> }): string {
  const clustered = element.dialectOptions["mssqlClustered"];
  return clustered === undefined || clustered === null ? "" : clustered ? "CLUSTERED " : "NONCLUSTERED ";
}

function createIndex(compiler: Compiler, create: CreateIndex): string {
  const index: Index = create.element;
  const table = tableOfIndex(index);
  const columnstore = index.dialectOptions["mssqlColumnstore"] ? "COLUMNSTORE " : "";
  let text = `CREATE ${index.unique ? "UNIQUE " : ""}${clustering(index)}${columnstore}INDEX ${indexIdentifier(compiler, index)} ON ${compiler.hook<Table>("tableName", table)}`;
  // A clustered columnstore is the whole table and lists no columns.
  if (index.expressions.length > 0) text += ` (${compiler.hook("indexColumns", index)})`;
  const include = index.dialectOptions["mssqlInclude"];
  if (Array.isArray(include) && include.length > 0) {
    text += ` INCLUDE (${include.map((column: unknown) => columnIdentifier(compiler, includedColumn(table, column))).join(", ")})`;
  }
  const where = index.dialectOptions["mssqlWhere"];
  if (typeof where === "string") text += ` WHERE ${compiler.userText(where)}`;
  else if (where !== undefined && where !== null) text += ` WHERE ${schemaExpression(compiler, where as never)}`;
  return text;
}

function includedColumn(table: Table, given: unknown): Column {
  if (typeof given !== "string") return given as Column;
  const column = [...table.c].find(
    (candidate) => candidate.key === given || (candidate as { name?: unknown }).name === given,
  );
  if (column === undefined)
    throw new CompileError(`mssqlInclude: ${table.name} has no column ${JSON.stringify(given)}`);
  return column as Column;
}

function dropIndex(compiler: Compiler, drop: DropIndex): string {
  return `\nDROP INDEX ${drop.ifExists ? "IF EXISTS " : ""}${indexIdentifier(compiler, drop.element)} ON ${compiler.hook<Table>("tableName", tableOfIndex(drop.element))}`;
}

/** `'schema', dbo, 'table', t`: where an extended property belongs. */
function propertyOwner(compiler: Compiler, table: Table): string {
  const schema = compiler.effectiveSchema(table.schema) ?? compiler.dialect.defaultSchema ?? "dbo";
  return `'schema', ${compiler.schemaName(schema)}, 'table', ${compiler.identifier(table.name, table.quote)}`;
}

function national(compiler: Compiler, text: string | null): string {
  return `N${quoteString(text ?? "", compiler.dialect)}`;
}

/** SQL Server's DDL visitors. */
export const ddlVisitors: Readonly<Record<string, Visitor>> = {
  columnSpec,
  computedColumn,
  createIndex,
  dropIndex,
  primaryKeyBody: (compiler, constraint: PrimaryKeyConstraint) =>
    `PRIMARY KEY ${clustering(constraint)}(${columnNames(compiler, constraint.columns)})`,
  uniqueBody: (compiler, constraint: UniqueConstraint) =>
    `UNIQUE ${clustering(constraint)}(${columnNames(compiler, constraint.columns)})`,
  sequenceType: (compiler, sequence: Sequence) =>
    sequence.dataType === null ? "" : ` AS ${compiler.typeText(sequence.dataType)}`,
  setTableComment: (compiler, comment: SetTableComment) =>
    `execute sp_addextendedproperty 'MS_Description', ${national(compiler, comment.element.comment)}, ${propertyOwner(compiler, comment.element)}`,
  dropTableComment: (compiler, comment: DropTableComment) =>
    `execute sp_dropextendedproperty 'MS_Description', ${propertyOwner(compiler, comment.element)}`,
  setColumnComment: (compiler, comment: SetColumnComment) =>
    `execute sp_addextendedproperty 'MS_Description', ${national(compiler, comment.element.comment)}, ${propertyOwner(compiler, comment.element.table as Table)}, 'column', ${columnIdentifier(compiler, comment.element)}`,
  dropColumnComment: (compiler, comment: DropColumnComment) =>
    `execute sp_dropextendedproperty 'MS_Description', ${propertyOwner(compiler, comment.element.table as Table)}, 'column', ${columnIdentifier(compiler, comment.element)}`,
  createView: (compiler, create: CreateView) =>
    fromSelectText(compiler, create, [
      "CREATE",
      create.orReplace ? "OR ALTER" : "",
      create.temporary ? "TEMPORARY" : "",
      create.materialized ? "MATERIALIZED VIEW" : "VIEW",
    ]),
  createTableAs: selectInto,
};

/** `SELECT … INTO table FROM …`: INTO stands behind the columns. */
function selectInto(compiler: Compiler, create: CreateTableAs): string {
  const name = compiler.hook<Table>("tableName", create.element);
  const text = selectText(compiler, create);
  if (!(create.selectable instanceof Select) && !(create.selectable instanceof CompoundSelect))
    throw new CompileError("CREATE TABLE AS takes a SELECT on SQL Server");
  // The first FROM of a set operation is that of its first SELECT, which names the columns.
  const from = text.indexOf(" \nFROM ");
  return from < 0 ? `${text} INTO ${name}` : `${text.slice(0, from)} INTO ${name}${text.slice(from)}`;
}
