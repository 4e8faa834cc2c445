/** Functions that SQL Server calls differently. */
import {
  functionVisitors as ansiFunctions,
  argumentText,
  ColumnElement,
  CompileError,
  type Compiler,
  type FunctionVisitors,
  type SqlFunction,
} from "@athanor/core";

const renamed = (name: string) => (compiler: Compiler, call: SqlFunction) => `${name}${argumentText(compiler, call)}`;

/** `string_agg(a, ',')`; the separator must be a constant. */
function aggregateStrings(compiler: Compiler, call: SqlFunction): string {
  const [value, separator] = call.args.clauses;
  if (!(value instanceof ColumnElement) || separator === undefined)
    throw new CompileError("aggregate_strings() takes an expression and a separator");
  return `string_agg(${compiler.visit(value)}, ${compiler.literal(separator)})`;
}

/** SQL Server's functions. */
export const functionVisitors: FunctionVisitors = {
  ...ansiFunctions,
  now: () => "CURRENT_TIMESTAMP",
  current_date: () => "GETDATE()",
  char_length: renamed("LEN"),
  length: renamed("LEN"),
  pow: renamed("POWER"),
  aggregate_strings: aggregateStrings,
};
