/** What `join()` takes, as methods of statements and of selectables: targets, ON conditions, options. */
import { isPlain, type Node } from "../ast/node.ts";
import { ArgumentError } from "../errors/errors.ts";
import type { ClauseElement } from "../expression/clause-element.ts";
import { condition, fromElement, resolveNode } from "../expression/coerce.ts";
import { ColumnElement } from "../expression/column-element.ts";
import { isFromClause, type JoinOptions } from "./from-clause.ts";

/** One `join()` of a SELECT, resolved when the statement is compiled. */
export interface JoinEntry {
  /** What is joined: a selectable, or an attribute of a mapped class. */
  readonly target: Node;
  readonly onclause: Node | null;
  /** The left side, where the user named it. */
  readonly from: Node | null;
  /** The column list that the join was made with, where `withOnlyColumns()` has replaced it since. */
  readonly columns?: readonly Node[];
  readonly isouter: boolean;
  readonly full: boolean;
}

/** Something that can be joined or selected from: a selectable, a mapped class, or text. */
export function joinable(value: unknown, where: string): Node {
  const node = resolveNode(value);
  if (
    node !== undefined &&
    (node.kind === "text" || isFromClause(node) || (node as { joinTarget?: true }).joinTarget === true)
  )
    return node;
  return fromElement(value, isFromClause, where);
}

const noJoinOptions: JoinOptions = {};

/**
 * Arguments by name as those by position: `join({ target, onclause, isouter })`. `names` are those that stand first where the
 * arguments have none; all of them must be there.
 */
export function positionalArguments(
  first: unknown,
  rest: readonly unknown[],
  names: readonly string[],
): readonly unknown[] {
  if (rest.length > 0 || first === null || typeof first !== "object") return [first, ...rest];
  const given = first as Readonly<Record<string, unknown>>;
  if (resolveNode(first) !== undefined || !isPlain(given) || !names.some((name) => Object.hasOwn(given, name)))
    return [first];
  const options = Object.fromEntries(Object.entries(given).filter(([name]) => !names.includes(name)));
  return [...names.map((name) => given[name]), options];
}

/** What `join()` was given behind the target. @throws ArgumentError for more than a condition and options. */
export function joinArguments(rest: readonly unknown[]): { onclause: Node | null; options: JoinOptions } {
  if (rest.length === 1 && rest[0] instanceof ColumnElement) return { onclause: rest[0], options: noJoinOptions };
  const args = [...rest];
  const options = joinOptions(args);
  if (args.length > 1) throw new ArgumentError("join() takes a target, an ON condition and an options object");
  const given = args[0] ?? options.onclause ?? null;
  const node = resolveNode(given);
  if (node !== undefined && (node as { joinTarget?: true }).joinTarget === true) return { onclause: node, options };
  return { onclause: given === null ? null : onCondition(given), options };
}

const optionNames: ReadonlySet<string> = new Set<keyof JoinOptions>(["onclause", "isouter", "full"]);

/** Takes the options off the end of what was given to `join()`. @throws ArgumentError for one that there is not. */
export function joinOptions(args: unknown[]): JoinOptions {
  const last = args.at(-1);
  if (last === undefined || last === null || typeof last !== "object" || !isPlain(last)) return noJoinOptions;
  for (const name of Object.keys(last))
    if (!optionNames.has(name))
      throw new ArgumentError(`join() has no option ${JSON.stringify(name)}`, {
        fix: `its options are: ${[...optionNames].join(", ")}`,
      });
  return args.pop() as JoinOptions;
}

/** The condition of a join. */
export function onCondition(given: unknown): ClauseElement {
  if (typeof given === "boolean")
    throw new ArgumentError(`${given} cannot stand as the ON condition of join()`, {
      fix: `write ${given}_() for the constant`,
    });
  return condition(given, "join()");
}
