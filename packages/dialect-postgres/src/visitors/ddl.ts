/** CREATE TABLE, constraints and their like. Indexes and types: ./ddl-index.ts, ./ddl-types.ts. */
import {
  visitCreateTable as ansiCreateTable,
  BigInteger,
  type CheckConstraint,
  type Column,
  CompileError,
  type Compiler,
  type Computed,
  type Constraint,
  type CreateColumn,
  type CreateTable,
  type CreateView,
  columnIdentifier,
  constraintList,
  constraintsOf,
  type DropConstraintComment,
  type ForeignKeyConstraint,
  type PrimaryKeyConstraint,
  QuotedName,
  type Sequence,
  type SetConstraintComment,
  SmallInteger,
  type SqlType,
  STRINGTYPE,
  schemaExpression,
  sqlPhrase,
  type Table,
  TypeDecorator,
  tableClause,
  type UniqueConstraint,
  type Visitor,
  visitCheckBody,
  visitComputedColumn,
  visitConstraintDeferrability,
  visitPrimaryKeyBody,
  visitUniqueBody,
  warn,
} from "@athanor/core";
import { type ExcludeConstraint, keyOf } from "../expressions/exclude-constraint.ts";
import { conditionText, includeText, indexMethods, nullsText, optionOf, storageParameters } from "./ddl-options.ts";
import { since } from "./operator.ts";

/** SERIAL where the database numbers the key and the column does not say how. */
function serialName(compiler: Compiler, column: Column): string | null {
  const { identityColumns } = compiler.dialect.capabilities;
  if (
    !column.primaryKey ||
    column !== column.table?.autoincrementColumn ||
    (column.identity !== null && identityColumns)
  )
    return null;
  const { default: fallback } = column;
  if (
    fallback !== null &&
    !((fallback as Partial<Sequence>).defaultKind === "sequence" && (fallback as Sequence).optional)
  )
    return null;
  let type: SqlType = compiler.dialect.adaptType(column.type);
  while (type instanceof TypeDecorator) type = type.dialectImpl(compiler.dialect);
  return type instanceof BigInteger ? "BIGSERIAL" : type instanceof SmallInteger ? "SMALLSERIAL" : "SERIAL";
}

/** `name SERIAL NOT NULL`, `name type DEFAULT … NOT NULL` */
function visitColumnSpec(compiler: Compiler, create: CreateColumn): string {
  const column = create.element;
  let text = `${columnIdentifier(compiler, column)} `;
  const serial = serialName(compiler, column);
  if (serial !== null) text += serial;
  else {
    text += compiler.hook("columnType", column);
    const fallback = compiler.hook("columnDefault", column);
    if (fallback !== "") text += ` DEFAULT ${fallback}`;
  }
  if (column.computed !== null) text += ` ${compiler.visit(column.computed)}`;
  const identity = compiler.dialect.capabilities.identityColumns ? column.identity : null;
  if (identity !== null) text += ` ${compiler.visit(identity)}`;
  if (!column.nullable && identity === null) text += " NOT NULL";
  else if (column.nullable && identity !== null) text += " NULL";
  return text;
}

/** `GENERATED ALWAYS AS (…) STORED`; before version 18 there is no other way. */
function visitComputed(compiler: Compiler, computed: Computed): string {
  if (since(compiler, 18)) return visitComputedColumn(compiler, computed);
  if (computed.persisted === false) {
    throw new CompileError(
      "PostgreSQL computed columns do not support 'virtual' persistence before version 18; set the 'persisted' flag to None or True for PostgreSQL support.",
    );
  }
  if (computed.persisted === null)
    warn(
      "A computed column is being created as STORED, since PostgreSQL has virtual ones from version 18 on. Set persisted: true to have it stored on every version.",
    );
  return `GENERATED ALWAYS AS (${schemaExpression(compiler, computed.sqltext)}) STORED`;
}

/**
 * `CREATE TABLE`; of a partition, `PARTITION OF` its parent: its columns are the parent's, with defaults and conditions of its
 * own, and so are the primary key and what was inherited when it was read.
 */
function visitCreateTable(compiler: Compiler, create: CreateTable): string {
  const { element: table } = create;
  const parent = optionOf(table, "partitionOf");
  if (parent === undefined) return ansiCreateTable(compiler, create);
  const bound = optionOf(table, "partitionBound");
  if (typeof bound !== "string") {
    throw new CompileError(`table '${table.name}' is a partition, but nothing says of what`, {
      fix: 'give it postgresqlPartitionBound, e.g. "FOR VALUES FROM (1) TO (10)" or "DEFAULT"',
    });
  }
  const own = constraintsOf(compiler, create).filter(
    (constraint) => constraint !== table.primaryKey && optionOf(constraint, "inherited") !== true,
  );
  const columns = table.columnList.map((column) => partitionColumn(compiler, column));
  const parts = [...columns, constraintList(compiler, own)].filter((part) => part !== "");
  const body = parts.length === 0 ? "" : ` (\n\t${parts.join(", \n\t")}\n)`;
  const place = typeof parent === "string" ? tableClause(parent, { schema: table.schema }) : parent;
  return `\n${compiler.hook("createTablePrefix", create)}${compiler.hook<Table>("tableName", table)} PARTITION OF ${tableReference(compiler, place)}${body} ${compiler.userText(bound)}${visitPostCreateTable(compiler, table)}\n\n`;
}

/** What a partition says of a column beside its parent: `name DEFAULT … NOT NULL CHECK (…)`, or nothing. */
function partitionColumn(compiler: Compiler, column: Column): string {
  if (optionOf(column, "inherited") === true) return "";
  const fallback = compiler.hook("columnDefault", column);
  const parts = [
    ...(fallback === "" ? [] : [`DEFAULT ${fallback}`]),
    ...(column.nullable || column.primaryKey ? [] : ["NOT NULL"]),
    ...[...column.constraints].map((constraint) => compiler.visit(constraint)),
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : `${columnIdentifier(compiler, column)} ${parts.join(" ")}`;
}

/** What stands behind the columns: inheritance, partitions, storage. */
function visitPostCreateTable(compiler: Compiler, table: Table): string {
  let text = "";
  const inherits = optionOf(table, "inherits");
  if (inherits !== undefined)
    text += `\n INHERITS (${[inherits]
      .flat()
      .map((parent) => tableReference(compiler, parent))
      .join(", ")})`;
  const partition = optionOf(table, "partitionBy");
  if (partition) text += `\n PARTITION BY ${compiler.userText(String(partition))}`;
  const using = optionOf(table, "using");
  if (using) text += `\n USING ${compiler.userText(String(using))}`;
  const parameters = optionOf(table, "with");
  if (parameters) text += `\n WITH (${storageParameters(compiler, parameters)})`;
  const oids = optionOf(table, "withOids");
  if (oids !== undefined) text += oids ? "\n WITH OIDS" : "\n WITHOUT OIDS";
  const onCommit = optionOf(table, "onCommit");
  if (onCommit)
    text += `\n ON COMMIT ${sqlPhrase(String(onCommit).replaceAll("_", " ").toUpperCase(), /^(PRESERVE ROWS|DELETE ROWS|DROP)$/)}`;
  const tablespace = optionOf(table, "tablespace");
  if (tablespace) text += `\n TABLESPACE ${compiler.identifier(String(tablespace))}`;
  return text;
}

/** A table given by name or as an object. */
function tableReference(compiler: Compiler, given: unknown): string {
  if (given instanceof QuotedName) return compiler.identifier(String(given), given.quote);
  return typeof given === "string" ? compiler.identifier(given) : compiler.hook<Table>("tableName", given as Table);
}

const notValid = (compiler: Compiler, constraint: Constraint): string =>
  `${visitConstraintDeferrability(compiler, constraint)}${optionOf(constraint, "notValid") ? " NOT VALID" : ""}`;

/** ` ON DELETE SET NULL (a)` */
function visitOnDelete(_compiler: Compiler, constraint: ForeignKeyConstraint): string {
  return ` ON DELETE ${sqlPhrase(constraint.ondelete ?? "", /^(?:RESTRICT|CASCADE|SET (?:NULL|DEFAULT)(?:\s*\([^()]+\))?|NO ACTION)$/i)}`;
}

/** `EXCLUDE USING gist (a WITH =) WHERE (…)` */
function visitExclude(compiler: Compiler, constraint: ExcludeConstraint): string {
  const elements = constraint.elements.map(([element, operator]) => {
    const operatorClass = constraint.ops[keyOf(element) ?? ""];
    return `${schemaExpression(compiler, element)}${operatorClass === undefined ? "" : ` ${compiler.userText(operatorClass)}`} WITH ${operator}`;
  });
  const where = constraint.where === null ? "" : ` WHERE (${conditionText(compiler, constraint.where)})`;
  const method = sqlPhrase(constraint.using, indexMethods).toLowerCase();
  return `${compiler.hook("constraintName", constraint)}EXCLUDE USING ${method} (${elements.join(", ")})${where}${visitConstraintDeferrability(compiler, constraint)}`;
}

/** `COMMENT ON CONSTRAINT name ON table IS …` */
function constraintComment(compiler: Compiler, constraint: Constraint, comment: string): string {
  const name = compiler
    .hook("constraintName", constraint)
    .replace(/^CONSTRAINT /, "")
    .trimEnd();
  if (name === "")
    throw new CompileError(`Can't emit COMMENT ON for constraint ${constraint.constructor.name}: it has no name`, {
      fix: "name the constraint",
    });
  return `COMMENT ON CONSTRAINT ${name} ON ${compiler.hook<Table>("tableName", constraint.table as Table)} IS ${comment}`;
}

export const ddlVisitors: Readonly<Record<string, Visitor>> = {
  createTable: visitCreateTable as Visitor,
  columnSpec: visitColumnSpec as Visitor,
  computedColumn: visitComputed as Visitor,
  postCreateTable: visitPostCreateTable as Visitor,
  sequenceType: ((compiler: Compiler, sequence: Sequence) =>
    sequence.dataType === null ? "" : ` AS ${compiler.typeText(sequence.dataType)}`) as Visitor,
  primaryKeyBody: ((compiler: Compiler, constraint: PrimaryKeyConstraint) =>
    `${visitPrimaryKeyBody(compiler, constraint)}${includeText(compiler, constraint)}`) as Visitor,
  uniqueBody: ((compiler: Compiler, constraint: UniqueConstraint) =>
    `${visitUniqueBody(compiler, constraint)}${includeText(compiler, constraint)}`) as Visitor,
  uniqueDistinct: ((_compiler: Compiler, constraint: UniqueConstraint) =>
    nullsText(constraint) === "" ? "" : `${nullsText(constraint)} `) as Visitor,
  checkBody: ((compiler: Compiler, constraint: CheckConstraint) =>
    `${visitCheckBody(compiler, constraint)}${optionOf(constraint, "noInherit") === true ? " NO INHERIT" : ""}`) as Visitor,
  constraintDeferrability: notValid as Visitor,
  onDelete: visitOnDelete as Visitor,
  excludeConstraint: visitExclude as Visitor,
  setConstraintComment: ((compiler: Compiler, { element }: SetConstraintComment) =>
    constraintComment(compiler, element, compiler.literalValue(element.comment, STRINGTYPE))) as Visitor,
  dropConstraintComment: ((compiler: Compiler, { element }: DropConstraintComment) =>
    constraintComment(compiler, element, "NULL")) as Visitor,
  selectedTableSuffix: ((compiler: Compiler, create: CreateView) => {
    const parameters = optionOf(create as never, "with");
    return parameters ? `WITH (${storageParameters(compiler, parameters)})` : "";
  }) as Visitor,
};
