/** What statements of all kinds share: where they stand, and their prefixes and suffixes. */
import type { Node } from "../../ast/node.ts";
import { appliesTo, type Decoration } from "../../selectable/decoration.ts";
import type { Compiler } from "../compiler.ts";

/** How a SELECT stands in its surroundings. */
export interface SelectPlace {
  /** In FROM: outer tables are not seen, columns get their names spelled out. */
  readonly asFrom: boolean;
  /** In FROM, but may see what stands left of it. */
  readonly lateral: boolean;
  /** A member of a set operation that is the outermost statement (its first member names the result). */
  readonly memberIndex: number | null;
}

const expressionPlace: SelectPlace = { asFrom: false, lateral: false, memberIndex: null };
let nextPlace: SelectPlace | null = null;

/** Renders a statement in a given place. */
export function visitInPlace(compiler: Compiler, statement: Node, place: SelectPlace): string {
  nextPlace = place;
  const text = compiler.visit(statement);
  nextPlace = null;
  return text;
}

/** The place that the caller set for the statement about to be rendered. */
export function takePlace(): SelectPlace {
  const place = nextPlace ?? expressionPlace;
  nextPlace = null;
  return place;
}

/** Prefixes or suffixes that are meant for the dialect, each followed by a blank. */
export function decorationText(decorations: readonly Decoration[], compiler: Compiler): string {
  if (decorations.length === 0) return "";
  return decorations
    .filter((decoration) => appliesTo(decoration.dialect, compiler.dialect.name))
    .map(
      (decoration) =>
        `${typeof decoration.text === "string" ? compiler.userText(decoration.text) : compiler.visit(decoration.text)} `,
    )
    .join("");
}
