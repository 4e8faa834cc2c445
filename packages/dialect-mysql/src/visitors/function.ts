/** Functions that MySQL calls otherwise. */
import {
  type AggregateOrderBy,
  functionVisitors as ansiFunctions,
  BindParameter,
  type ClauseElement,
  type ColumnElement,
  type Compiler,
  FrameBounds,
  type FunctionVisitors,
  type NextValue,
  SqlFunction,
  visitAggregateOrderBy,
  visitFrameBounds,
} from "@athanor/core";
import { serverOf } from "../server.ts";

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

/** Where the grammar wants a number, the servers' prepared statements take no parameter. */
const constant = <T extends ClauseElement | null>(element: T): T =>
  element instanceof BindParameter ? (element.withLiteralForDriver() as unknown as T) : element;

/** The bounds of a frame, which MariaDB wants as numbers. */
export function visitConstantFrame(compiler: Compiler, bounds: FrameBounds): string {
  if (!serverOf(compiler).isMariaDB) return visitFrameBounds(compiler, bounds);
  const { lower, upper, lowerType, upperType } = bounds;
  return visitFrameBounds(compiler, new FrameBounds(constant(lower), constant(upper), lowerType, upperType));
}

const digits = (compiler: Compiler, call: SqlFunction): string =>
  `(${call.args.clauses.map((clause) => compiler.visit(constant(clause))).join(", ")})`;

/** `now(6)`: the time with a number of digits. */
const clock =
  (name: string): Clock =>
  (compiler, call) =>
    `${name}${digits(compiler, call)}`;

/** `CURRENT_TIMESTAMP` and `CURRENT_TIMESTAMP(6)` */
const bareClock =
  (name: string): Clock =>
  (compiler, call) =>
    call.args.clauses.length === 0 ? name : `${name}${digits(compiler, call)}`;

type Clock = (compiler: Compiler, call: SqlFunction) => string;

/** `nextval(sequence)` */
export function visitNextValue(compiler: Compiler, next: NextValue): string {
  return `nextval(${compiler.hook("sequenceName", next.sequence)})`;
}

/** Functions of MySQL. */
export const functionVisitors: FunctionVisitors = {
  ...ansiFunctions,
  random: (compiler, call) => `rand(${compiler.list(call.args.clauses)})`,
  rollup: (compiler, call) => `${compiler.list(call.args.clauses)} WITH ROLLUP`,
  now: clock("now"),
  sysdate: clock("SYSDATE"),
  curtime: clock("curtime"),
  utc_time: clock("utc_time"),
  utc_timestamp: clock("utc_timestamp"),
  current_time: bareClock("CURRENT_TIME"),
  current_timestamp: bareClock("CURRENT_TIMESTAMP"),
  localtime: bareClock("LOCALTIME"),
  localtimestamp: bareClock("LOCALTIMESTAMP"),
  aggregate_strings: (compiler, call) => groupConcat(compiler, call, null),
};
