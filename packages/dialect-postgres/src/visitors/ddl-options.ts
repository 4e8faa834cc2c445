/** Pieces that several DDL statements share: dialect options, storage parameters, INCLUDE. */
import {
  ArgumentError,
  ClauseElement,
  type Column,
  type Compiler,
  describe,
  dialectOption,
  type GivenDialectOptions,
  resolveColumns,
  resolveNode,
  schemaExpression,
  type Table,
  TextClause,
} from "@athanor/core";

interface WithOptions {
  readonly dialectOptions: GivenDialectOptions;
}

/** An option of PostgreSQL: `optionOf(index, "using")` reads `postgresqlUsing`. */
export function optionOf(element: WithOptions, name: string): unknown {
  return dialectOption(element, "postgresql", name) ?? undefined;
}

/** `fillfactor = 50, autovacuum_enabled = false`; a value of null leaves the name alone. */
export function storageParameters(compiler: Compiler, given: unknown): string {
  if (given === null || typeof given !== "object")
    throw new ArgumentError(`storage parameters must be an object, not ${describe(given)}`);
  return Object.entries(given as Record<string, unknown>)
    .map(([name, value]) =>
      value === null ? compiler.userText(name) : `${compiler.userText(name)} = ${compiler.userText(String(value))}`,
    )
    .join(", ");
}

/** ` INCLUDE (a, b)`, or nothing. */
export function includeText(compiler: Compiler, element: WithOptions & { readonly table: unknown }): string {
  const given = optionOf(element, "include");
  if (given === undefined || !Array.isArray(given) || given.length === 0) return "";
  const columns = resolveColumns(
    given.map((column: unknown) => (typeof column === "string" ? column : (resolveNode(column) as Column))),
    element.table as Table,
    "INCLUDE",
  );
  return ` INCLUDE (${columns.map((column) => compiler.identifier(column.name, column.quote)).join(", ")})`;
}

/** A condition given as SQL or as an expression, its values in the text. */
export function conditionText(compiler: Compiler, given: unknown): string {
  const node = typeof given === "string" ? new TextClause(given) : resolveNode(given);
  if (node instanceof ClauseElement) return schemaExpression(compiler, node);
  throw new ArgumentError(`${describe(given)} is not a condition`, {
    fix: "pass SQL or an expression of the table's columns",
  });
}

/** `NULLS NOT DISTINCT`, `NULLS DISTINCT`, or nothing. */
export function nullsText(element: WithOptions): string {
  const given = optionOf(element, "nullsNotDistinct");
  return given === true ? "NULLS NOT DISTINCT" : given === false ? "NULLS DISTINCT" : "";
}

/** The name of an index method. */
export const indexMethods: RegExp = /^\w+$/;
