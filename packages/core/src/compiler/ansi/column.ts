/** Columns, labels, literals, parameters, constants. */

import { joinNames } from "../../ast/name.ts";
import type { BindParameter } from "../../expression/bind.ts";
import type { Cast, TypeCoerce } from "../../expression/cast.ts";
import type { Collation } from "../../expression/collation.ts";
import type { ColumnClause } from "../../expression/column-clause.ts";
import { ColumnElement } from "../../expression/column-element.ts";
import type { Label } from "../../expression/label.ts";
import type { LabelReference } from "../../expression/label-reference.ts";
import type { LiteralColumn } from "../../expression/literal-column.ts";
import type { SqlIdentifier, SqlTemplate } from "../../expression/template.ts";
import { splitText, type TextClause, type TextGrouping } from "../../expression/text.ts";
import { ReturnsRows } from "../../selectable/returns-rows.ts";
import type { TemplateFrom } from "../../selectable/text-select.ts";
import type { Compiler } from "../compiler.ts";
import { takePlace } from "./place.ts";
import { labelReferenceText } from "./select.ts";

/** `table.column` */
export function visitColumn(compiler: Compiler, column: ColumnClause): string {
  const name = compiler.nameIdentifier(column.name, column.quote);
  const table = column.table;
  if (table === null || compiler.bareColumns) return name;
  const replaced = compiler.tableNames?.get(table) ?? compiler.frame?.renamed?.get(table);
  if (replaced !== undefined) return replaced === "" ? name : `${replaced}.${name}`;
  return qualify(compiler, column, name);
}

/** A column's rendered name behind that of its table. */
export function qualify(compiler: Compiler, column: ColumnClause, name: string): string {
  const table = column.table;
  if (table === null || table.name === null) return name;
  const { schema, quoteSchema, quote, hasMappedSchema } = table as {
    hasMappedSchema?: boolean;
    schema?: string | null;
    quoteSchema?: boolean | null;
    quote?: boolean | null;
  };
  const tableName = compiler.nameIdentifier(table.name, quote ?? null);
  const effective = schema === undefined ? null : hasMappedSchema ? compiler.effectiveSchema(schema) : schema;
  return effective === null || effective === ""
    ? `${tableName}.${name}`
    : `${compiler.schemaName(effective, quoteSchema ?? null)}.${tableName}.${name}`;
}

/** A label outside of a column list: what it names. */
export function visitLabel(compiler: Compiler, label: Label): string {
  return compiler.visit(label.element);
}

/** A label named by a string. */
export function visitLabelReference(compiler: Compiler, reference: LabelReference): string {
  return labelReferenceText(compiler, reference);
}

/** A parameter. */
export function visitBindParameter(compiler: Compiler, bind: BindParameter): string {
  const wrapped = bindExpression(compiler, bind);
  if (wrapped === bind) return compiler.hook("bind", bind);
  return bind.expanding ? compiler.expandingBind(bind, () => compiler.visit(wrapped)) : compiler.visit(wrapped);
}

const wrapping = new WeakSet<BindParameter>();

/** A parameter as its type wants it to be written (`lower(:x)`). */
export function bindExpression(compiler: Compiler, bind: BindParameter): ColumnElement {
  const type = compiler.dialect.adaptType(bind.type) as { bindExpression?: (bind: ColumnElement) => unknown };
  if (type.bindExpression === undefined || wrapping.has(bind)) return bind;
  wrapping.add(bind);
  try {
    const wrapped = type.bindExpression(bind);
    return wrapped instanceof ColumnElement && wrapped !== bind ? new BindWrapper(wrapped, bind) : bind;
  } finally {
    wrapping.delete(bind);
  }
}

/** Renders an expression in which one parameter is written plainly. */
class BindWrapper extends ColumnElement {
  readonly element: ColumnElement;
  readonly bind: BindParameter;
  constructor(element: ColumnElement, bind: BindParameter) {
    super(element.type);
    this.element = element;
    this.bind = bind;
  }
}
Object.defineProperty(BindWrapper.prototype, "kind", { value: "bindWrapper" });

/** See `BindWrapper`. */
export function visitBindWrapper(
  compiler: Compiler,
  wrapper: { readonly element: ColumnElement; readonly bind: BindParameter },
): string {
  wrapping.add(wrapper.bind);
  try {
    return compiler.visit(wrapper.element);
  } finally {
    wrapping.delete(wrapper.bind);
  }
}

/** The marker itself; PostgreSQL adds casts. */
export function visitBind(compiler: Compiler, bind: BindParameter): string {
  return compiler.bind(bind);
}

/** SQL text as an expression. */
export function visitLiteralColumn(compiler: Compiler, column: LiteralColumn): string {
  return compiler.userText(column.text);
}

/** SQL text with parameters. */
export function visitText(compiler: Compiler, text: TextClause): string {
  takePlace();
  let rendered = "";
  for (const piece of splitText(text.text)) {
    rendered += compiler.userText(piece.sql);
    if (piece.bind !== null) rendered += compiler.visit(text.binds[piece.bind] as BindParameter);
  }
  return rendered;
}

/** Text with elements between. Statements stand in parentheses, unless the text has them already. */
export function visitTemplate(compiler: Compiler, template: SqlTemplate): string {
  takePlace();
  const { texts, parts } = template;
  let rendered = compiler.userText(texts[0] as string);
  for (const [index, part] of parts.entries()) {
    const next = compiler.userText(texts[index + 1] as string);
    const isStatement = part instanceof ReturnsRows;
    const text = compiler.visit(part);
    const enclosed = !isStatement || (/\(\s*$/.test(rendered) && /^\s*\)/.test(next));
    rendered += `${enclosed ? text : `(${text})`}${next}`;
  }
  return rendered;
}

/** See {@link visitTemplate}. */
export function visitTemplateFrom(compiler: Compiler, from: TemplateFrom): string {
  return compiler.visit(from.element);
}

/** Names with dots between. */
export function visitIdentifier(compiler: Compiler, identifier: SqlIdentifier): string {
  return identifier.names.map((name) => compiler.identifier(name)).join(".");
}

/** `(text)` */
export function visitTextGrouping(compiler: Compiler, grouping: TextGrouping): string {
  return `(${compiler.visit(grouping.element)})`;
}

/** NULL */
export function visitNull(): string {
  return "NULL";
}

/** TRUE, or 1. */
export function visitTrue(compiler: Compiler): string {
  return compiler.dialect.capabilities.booleanConstants ? "true" : "1";
}

/** FALSE, or 0. */
export function visitFalse(compiler: Compiler): string {
  return compiler.dialect.capabilities.booleanConstants ? "false" : "0";
}

/** `CAST(a AS type)` */
export function visitCast(compiler: Compiler, cast: Cast): string {
  // A collation is no part of the type that CAST takes.
  const [, type, collation = ""] = /^(.*?)( COLLATE .*)?$/s.exec(compiler.typeText(cast.type)) as RegExpExecArray;
  return `CAST(${compiler.visit(cast.element)} AS ${type})${collation}`;
}

/** Nothing but the element. */
export function visitTypeCoerce(compiler: Compiler, coerce: TypeCoerce): string {
  return compiler.visit(coerce.typedElement);
}

/** The name behind COLLATE. */
export function visitCollation(compiler: Compiler, collation: Collation): string {
  const name = collation.collation
    .split(".")
    .map((part) => compiler.identifier(part))
    .join(".");
  return !collation.schema ? name : `${compiler.identifier(collation.schema)}.${name}`;
}

/** The name of a qualified label. */
export const qualifiedLabel = joinNames;
