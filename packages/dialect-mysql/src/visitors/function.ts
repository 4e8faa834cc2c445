/** Functions that MySQL calls otherwise. */
import {
  type AggregateOrderBy,
  functionVisitors as ansiFunctions,
  BindParameter,
  type ColumnElement,
  type Compiler,
  type FunctionVisitors,
  type NextValue,
  SqlFunction,
  visitAggregateOrderBy,
} from "@athanor/core";

/** `group_concat(a ORDER BY b SEPARATOR ',')` */
function groupConcat(compiler: Compiler, call: SqlFunction, orderBy: ColumnElement | null): string {
  const [value, separator] = call.args.clauses as readonly ColumnElement[];
  let text = compiler.visit(value as ColumnElement);
  if (orderBy !== null) text += ` ORDER BY ${compiler.visit(orderBy)}`;
  // SEPARATOR takes a literal only.
  if (separator !== undefined)
    text += ` SEPARATOR ${compiler.visit(separator instanceof BindParameter ? separator.withLiteralExecute() : separator)}`;
  return `group_concat(${text})`;
}

/** `f(a ORDER BY b)` */
export function visitOrderedAggregate(compiler: Compiler, aggregate: AggregateOrderBy): string {
  const { element } = aggregate;
  if (element instanceof SqlFunction && element.name.toLowerCase() === "aggregate_strings")
    return groupConcat(compiler, element, aggregate.orderBy as unknown as ColumnElement);
  return visitAggregateOrderBy(compiler, aggregate);
}

/** `nextval(sequence)` */
export function visitNextValue(compiler: Compiler, next: NextValue): string {
  return `nextval(${compiler.hook("sequenceName", next.sequence)})`;
}

/** Functions of MySQL. */
export const functionVisitors: FunctionVisitors = {
  ...ansiFunctions,
  random: (compiler, call) => `rand(${compiler.list(call.args.clauses)})`,
  rollup: (compiler, call) => `${compiler.list(call.args.clauses)} WITH ROLLUP`,
  sysdate: (compiler, call) => `SYSDATE(${compiler.list(call.args.clauses)})`,
  aggregate_strings: (compiler, call) => groupConcat(compiler, call, null),
};
