/** Functions that Oracle calls differently. */
import {
  functionVisitors as ansiFunctions,
  argumentText,
  CompileError,
  type Compiler,
  type FunctionVisitors,
  type SqlFunction,
} from "@athanor/core";

const renamed = (name: string) => (compiler: Compiler, call: SqlFunction) => `${name}${argumentText(compiler, call)}`;

/** Oracle's functions. */
export const functionVisitors: FunctionVisitors = {
  ...ansiFunctions,
  now: () => "CURRENT_TIMESTAMP",
  char_length: renamed("LENGTH"),
  pow: renamed("POWER"),
  aggregate_strings(compiler, call) {
    const [value, separator] = call.args.clauses;
    if (value === undefined || separator === undefined)
      throw new CompileError("aggregate_strings() takes an expression and a separator");
    return `LISTAGG(${compiler.visit(value)}, ${compiler.literal(separator)})`;
  },
};
