/** CREATE INDEX with methods, operator classes, INCLUDE, predicates; DROP INDEX CONCURRENTLY. */
import {
  Binary,
  type ClauseElement,
  ColumnClause,
  ColumnElement,
  CompileError,
  type Compiler,
  type CreateIndex,
  type DropIndex,
  Grouping,
  type Index,
  operators,
  schemaExpression,
  sqlPhrase,
  type Table,
  tableOfIndex,
  Unary,
  type Visitor,
} from "@athanor/core";
import { keyOf } from "../expressions/exclude-constraint.ts";
import { conditionText, includeText, indexMethods, nullsText, optionOf, storageParameters } from "./ddl-options.ts";

const concurrently = (index: Index): string => (optionOf(index, "concurrently") ? "CONCURRENTLY " : "");

/** `CREATE INDEX CONCURRENTLY name ON table USING gin (a ops) INCLUDE (b) WITH (…) TABLESPACE … WHERE …` */
function visitCreateIndex(compiler: Compiler, create: CreateIndex): string {
  const index = create.element;
  const table = tableOfIndex(index);
  let text = `CREATE ${index.unique ? "UNIQUE " : ""}INDEX ${concurrently(index)}${create.ifNotExists ? "IF NOT EXISTS " : ""}`;
  text += `${compiler.hook("indexName", index)} ON ${compiler.hook<Table>("tableName", table)} `;
  const using = optionOf(index, "using");
  if (using) text += `USING ${sqlPhrase(String(using), indexMethods).toLowerCase()} `;
  text += `(${compiler.hook("indexColumns", index)})${includeText(compiler, index)}`;
  const nulls = nullsText(index);
  if (nulls !== "") text += ` ${nulls}`;
  const parameters = optionOf(index, "with");
  if (parameters) text += ` WITH (${storageParameters(compiler, parameters)})`;
  const tablespace = optionOf(index, "tablespace");
  if (tablespace) text += ` TABLESPACE ${compiler.identifier(String(tablespace))}`;
  const where = optionOf(index, "where");
  if (where !== undefined) text += ` WHERE ${conditionText(compiler, where)}`;
  return text;
}

/** Columns and expressions, each with its operator class. */
function visitIndexColumns(compiler: Compiler, index: Index): string {
  const ops = (optionOf(index, "ops") ?? {}) as Readonly<Record<string, string>>;
  return (index.expressions as readonly ClauseElement[]).map((part) => indexPart(compiler, part, ops)).join(", ");
}

/** `name text_pattern_ops DESC NULLS LAST`: the operator class stands before the order. */
function indexPart(compiler: Compiler, part: ClauseElement, ops: Readonly<Record<string, string>>): string {
  if (part instanceof Unary && part.modifier !== null)
    return `${collatedColumn(compiler, part.element) ?? indexPart(compiler, part.element, ops)}${compiler.hook(`modifier:${part.modifier.name}`, part)}`;
  const grouped = part instanceof ColumnElement && !(part instanceof ColumnClause) ? part.selfGroup(null) : part;
  const operatorClass = ops[keyOf(part) ?? ""];
  return `${schemaExpression(compiler, grouped)}${operatorClass === undefined ? "" : ` ${compiler.userText(operatorClass)}`}`;
}

/** `name COLLATE "C"` in front of an order, or null: in parentheses it would be an expression instead of a column. */
function collatedColumn(compiler: Compiler, part: ColumnElement): string | null {
  const inner = part instanceof Grouping ? part.element : part;
  return inner instanceof Binary && inner.operator === operators.collate ? schemaExpression(compiler, inner) : null;
}

/** `DROP INDEX CONCURRENTLY IF EXISTS schema.name` */
function visitDropIndex(compiler: Compiler, drop: DropIndex): string {
  if (drop.element.name === null) throw new CompileError("DROP INDEX requires that the index have a name");
  return `\nDROP INDEX ${concurrently(drop.element)}${drop.ifExists ? "IF EXISTS " : ""}${compiler.hook("qualifiedIndexName", drop.element)}`;
}

export const indexVisitors: Readonly<Record<string, Visitor>> = {
  createIndex: visitCreateIndex as Visitor,
  indexColumns: visitIndexColumns as Visitor,
  dropIndex: visitDropIndex as Visitor,
};
