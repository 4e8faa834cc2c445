/** RETURNING. */

import type { Dml } from "../../dml/dml-base.ts";
import type { ColumnElement } from "../../expression/column-element.ts";
import { nameColumns } from "../../selectable/naming.ts";
import type { Compiler } from "../compiler.ts";
import { columnText } from "./select.ts";

/** `RETURNING a, b`: what the user asked for, then what the engine needs. */
export function returningText(compiler: Compiler, statement: Dml, implicit: readonly ColumnElement[]): string {
  return compiler.hook("returning", { statement, implicit });
}

/** What a RETURNING hook gets. */
export interface ReturningParts {
  readonly statement: Dml;
  readonly implicit: readonly ColumnElement[];
}

/** The list behind RETURNING. */
export function returningList(compiler: Compiler, { statement, implicit }: ReturningParts): string {
  const outermost = compiler.stack.length === 1;
  const user = statement.namedColumns;
  const columns = user.length > 0 ? user : nameColumns(implicit, "disambiguateOnly");
  const sentinel = outermost ? compiler.sentinelColumns : [];
  if (sentinel.length === 0) return columns.map((named) => columnText(compiler, named, false, outermost)).join(", ");
  // The last columns are the engine's: they tell to which parameter set a row belongs.
  const all = nameColumns([...columns.map(({ column }) => column), ...sentinel], "disambiguateOnly");
  return all.map((named, index) => columnText(compiler, named, false, index < columns.length)).join(", ");
}

/** `RETURNING a, b` */
export function visitReturning(compiler: Compiler, parts: ReturningParts): string {
  return `RETURNING ${returningList(compiler, parts)}`;
}
