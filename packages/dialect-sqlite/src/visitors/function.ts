/** Functions that SQLite has under another name. */
import { argumentText, type Compiler, type FunctionVisitors, functionVisitors, type SqlFunction } from "@athanor/core";

/** `group_concat(a, ', ')`; the separator stands in the text. */
function visitAggregateStrings(compiler: Compiler, call: SqlFunction): string {
  const [value, separator] = call.args.clauses;
  const rest = separator === undefined ? "" : `, ${compiler.literal(separator)}`;
  return `group_concat(${value === undefined ? "" : compiler.visit(value)}${rest})`;
}

/** How functions are written for SQLite. */
export const sqliteFunctionVisitors: FunctionVisitors = {
  ...functionVisitors,
  now: () => "CURRENT_TIMESTAMP",
  localtimestamp: () => "DATETIME(CURRENT_TIMESTAMP, 'localtime')",
  char_length: (compiler, call) => `length${argumentText(compiler, call)}`,
  aggregate_strings: visitAggregateStrings,
};
