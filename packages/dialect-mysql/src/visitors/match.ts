/** `MATCH … AGAINST`. */
import { type ColumnElement, CompileError, type Compiler } from "@athanor/core";
import type { Match, MatchModes } from "../expressions/match.ts";

/**
 * `MATCH (columns) AGAINST (text modes)`.
 *
 * @throws CompileError for modes that exclude each other.
 */
export function matchText(
  compiler: Compiler,
  columns: readonly ColumnElement[],
  against: ColumnElement,
  modes: Required<MatchModes>,
): string {
  const { inBooleanMode, inNaturalLanguageMode, withQueryExpansion } = modes;
  if (inBooleanMode && (inNaturalLanguageMode || withQueryExpansion)) {
    throw new CompileError(
      `Invalid MySQL match flags: in_boolean_mode=${python(inBooleanMode)}, in_natural_language_mode=${python(inNaturalLanguageMode)}, with_query_expansion=${python(withQueryExpansion)}`,
      { fix: "the boolean mode cannot be combined with the others" },
    );
  }
  const words = [
    inBooleanMode ? " IN BOOLEAN MODE" : "",
    inNaturalLanguageMode ? " IN NATURAL LANGUAGE MODE" : "",
    withQueryExpansion ? " WITH QUERY EXPANSION" : "",
  ];
  return `MATCH (${compiler.list(columns)}) AGAINST (${compiler.visit(against)}${words.join("")})`;
}

const python = (value: boolean): string => (value ? "True" : "False");

/** See {@link matchText}. */
export function visitMatch(compiler: Compiler, match: Match): string {
  return matchText(compiler, match.columns, match.against, match.modes);
}
