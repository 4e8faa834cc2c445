/** A statement as a driver would get it, without an engine: for tests of dialects and for tools. */
import { renderExpanded } from "../compiler/expanding.ts";
import type { ClauseElement, CompileOptions } from "../expression/clause-element.ts";
import type { Dialect } from "./dialect.ts";
import { compileElement } from "./stringify.ts";

/** Compiles an element with its own values: IN lists expanded, inlined literals rendered; values not yet converted. */
export function expandForExecution(
  element: ClauseElement,
  dialect: Dialect,
  options: CompileOptions = {},
): { readonly sql: string; readonly params: unknown } {
  const compiled = compileElement(element, dialect, options);
  const given = (element as { givenParams?: Readonly<Record<string, unknown>> | null }).givenParams ?? {};
  const values = compiled.binds.map((entry) =>
    Object.hasOwn(given, entry.name) ? given[entry.name] : entry.bind.effectiveValue,
  );
  const expanded = renderExpanded(compiled, values, false);
  return { sql: expanded.sql, params: expanded.parameters };
}
