/** Functions, windows, CASE, EXTRACT. */
import { CompileError } from "../../errors/errors.ts";
import type { Case } from "../../expression/case.ts";
import type { Extract } from "../../expression/extract.ts";
import { parenthesisFree } from "../../expression/func.ts";
import type { FunctionElement, SqlFunction } from "../../expression/function.ts";
import type { FunctionAsBinary } from "../../expression/function-as-binary.ts";
import {
  type AggregateOrderBy,
  type FrameBounds,
  FrameClauseType,
  type FunctionFilter,
  type Over,
  type WithinGroup,
} from "../../expression/over.ts";
import type { Compiler } from "../compiler.ts";
import type { FunctionVisitors } from "../visitors.ts";

/** `name(args)`, or the dialect's own form of the function. */
export function visitFunction(compiler: Compiler, call: FunctionElement): string {
  if (call.name === undefined) return compiler.unsupported(call);
  const lower = call.name.toLowerCase();
  if (call.packages.length === 0) {
    const own = compiler.dialect.functionVisitors[lower] as FunctionVisitors[string] | undefined;
    if (own !== undefined) return own(compiler, call as SqlFunction);
    if (parenthesisFree.has(lower))
      return (
        (lower === "sysdate" ? lower : call.name.toUpperCase()) +
        (call.args.clauses.length === 0 ? "" : argumentText(compiler, call))
      );
  }
  return `${functionName(compiler, call)}${argumentText(compiler, call)}`;
}

/** The name with its packages; quoted only where it could not be written otherwise. */
export function functionName(compiler: Compiler, call: FunctionElement): string {
  return [...call.packages, call.name]
    .map((part, index, all) => functionIdentifier(compiler, part, index === all.length - 1 ? call.quote : null))
    .join(".");
}

function functionIdentifier(compiler: Compiler, name: string, quote: boolean | null): string {
  if (quote !== null) return compiler.identifier(name, quote);
  // As SQLAlchemy: what the first character is does not matter, nor do reserved words, of which many are functions.
  return compiler.dialect.identifiers.legal.test(name) ? name : compiler.identifier(name, true);
}

/** `(args)` */
export function argumentText(compiler: Compiler, call: FunctionElement): string {
  return `(${compiler.list(call.args.clauses)})`;
}

/** `f() OVER (…)` */
export function visitOver(compiler: Compiler, over: Over): string {
  const text = compiler.visit(over.element);
  const parts: string[] = [];
  if (over.partitionBy !== null && over.partitionBy.clauses.length > 0)
    parts.push(`PARTITION BY ${compiler.visit(over.partitionBy)}`);
  if (over.orderBy !== null && over.orderBy.clauses.length > 0) parts.push(`ORDER BY ${compiler.visit(over.orderBy)}`);
  const unit = over.rows !== null ? "ROWS" : over.range !== null ? "RANGE" : over.groups !== null ? "GROUPS" : null;
  const bounds = over.rows ?? over.range ?? over.groups;
  if (unit !== null && bounds !== null)
    parts.push(`${unit} BETWEEN ${compiler.visit(bounds)}${over.exclude === null ? "" : ` EXCLUDE ${over.exclude}`}`);
  return `${text} OVER (${parts.join(" ")})`;
}

/** The bounds of a frame. */
export function visitFrameBounds(compiler: Compiler, bounds: FrameBounds): string {
  const side = (type: FrameClauseType, value: FrameBounds["lower"], unbounded: string): string => {
    switch (type) {
      case FrameClauseType.UNBOUNDED:
        return `UNBOUNDED ${unbounded}`;
      case FrameClauseType.CURRENT:
        return "CURRENT ROW";
      default:
        if (value === null) throw new CompileError(`a window frame bound ${type} needs a value`);
        return `${compiler.visit(value)} ${type}`;
    }
  };
  return `${side(bounds.lowerType, bounds.lower, "PRECEDING")} AND ${side(bounds.upperType, bounds.upper, "FOLLOWING")}`;
}

/** `f() FILTER (WHERE …)` */
export function visitFunctionFilter(compiler: Compiler, filter: FunctionFilter): string {
  return `${compiler.visit(filter.element)} FILTER (WHERE ${compiler.visit(filter.criterion)})`;
}

/** `f() WITHIN GROUP (ORDER BY …)` */
export function visitWithinGroup(compiler: Compiler, group: WithinGroup): string {
  return `${compiler.visit(group.element)} WITHIN GROUP (ORDER BY ${compiler.visit(group.orderBy)})`;
}

/** `f(a ORDER BY …)` */
export function visitAggregateOrderBy(compiler: Compiler, aggregate: AggregateOrderBy): string {
  const text = compiler.visit(aggregate.element);
  if (!text.endsWith(")")) throw new CompileError("aggregateOrderBy() needs a function with arguments");
  return `${text.slice(0, -1)} ORDER BY ${compiler.visit(aggregate.orderBy)})`;
}

/** `CASE … END` */
export function visitCase(compiler: Compiler, node: Case): string {
  let text = "CASE ";
  if (node.value !== null) text += `${compiler.visit(node.value)} `;
  for (const [when, then] of node.whens) text += `WHEN ${compiler.visit(when)} THEN ${compiler.visit(then)} `;
  if (node.otherwise !== null) text += `ELSE ${compiler.visit(node.otherwise)} `;
  return `${text}END`;
}

/** `EXTRACT(field FROM a)` */
export function visitExtract(compiler: Compiler, extract: Extract): string {
  return `EXTRACT(${extract.field} FROM ${compiler.visit(extract.element)})`;
}

/** Functions with a rendering of their own on every dialect that does not know better. */
export const functionVisitors: FunctionVisitors = {
  rollup: (compiler, call) => `ROLLUP${argumentText(compiler, call)}`,
  cube: (compiler, call) => `CUBE${argumentText(compiler, call)}`,
  grouping_sets: (compiler, call) => `GROUPING SETS${argumentText(compiler, call)}`,
  aggregate_strings: (compiler) => {
    throw new CompileError(`The ${compiler.dialect.name} dialect has no aggregate for strings`, {
      fix: "use the database's own function through func",
    });
  },
};

/** A function that compares: the call. */
export function visitFunctionAsBinary(compiler: Compiler, comparison: FunctionAsBinary): string {
  return compiler.visit(comparison.element);
}
