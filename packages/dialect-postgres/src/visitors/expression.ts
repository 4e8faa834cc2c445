/** Array constructors, functions under other names, sequences. */
import {
  CompileError,
  type Compiler,
  type FunctionVisitors,
  type NextValue,
  quoteString,
  type SqlFunction,
  type Visitor,
} from "@athanor/core";
import type { PgArray } from "../types/array.ts";
import type { ArrayLiteral } from "../types/array-literal.ts";

/** `ARRAY[a, b]`; an empty one of a known type is cast. */
function visitArrayLiteral(compiler: Compiler, literal: ArrayLiteral): string {
  const isUntyped = (literal.type as PgArray).itemType.affinity === "null";
  if (literal.clauses.length > 0 || isUntyped) return `ARRAY[${compiler.list(literal.clauses)}]`;
  return `ARRAY[]::${compiler.typeText(literal.type)}`;
}

/** `nextval('schema.name')` */
function visitNextValue(compiler: Compiler, next: NextValue): string {
  return `nextval(${quoteString(compiler.hook("sequenceName", next.sequence), compiler.dialect)})`;
}

export const expressionVisitors: Readonly<Record<string, Visitor>> = {
  pgArray: visitArrayLiteral as Visitor,
  nextValue: visitNextValue as Visitor,
};

const argumentsOf = (compiler: Compiler, call: SqlFunction): string => `(${compiler.list(call.args.clauses)})`;

export const functionNames: FunctionVisitors = {
  aggregate_strings: (compiler, call) => {
    const [expression, separator] = call.args.clauses;
    if (expression === undefined || separator === undefined)
      throw new CompileError("aggregate_strings() takes an expression and a separator");
    return `string_agg(${compiler.visit(expression)}, ${compiler.literal(separator)})`;
  },
  pow: (compiler, call) => `power${argumentsOf(compiler, call)}`,
  substring: (compiler, call) => {
    const [text, start, length] = call.args.clauses.map((clause) => compiler.visit(clause));
    if (start === undefined) return `substring${argumentsOf(compiler, call)}`;
    return `SUBSTRING(${text} FROM ${start}${length === undefined ? "" : ` FOR ${length}`})`;
  },
};
