/** `join(User, Address, User.$.addresses)`: joins of mapped classes as FROM elements, for `selectFrom()`. */
import {
  type FromClause,
  type JoinEntry,
  type JoinedFrom,
  type JoinOptions,
  joinArguments,
  joinable,
  type Node,
  positionalArguments,
} from "@athanor/core";
import { applyJoin, type JoinSurroundings } from "./joins.ts";
import { entityOfNode } from "./marks.ts";

/**
 * `a JOIN b ON …` of mapped classes, aliases or selectables. The condition may be a relationship.
 *
 * @example select(User).selectFrom(join(User, Address, User.$.addresses))
 */
export function join<L, R>(given: JoinOptions & { readonly left: L; readonly right: R }): JoinedFrom<L, R>;
export function join<L, R>(left: L, right: R, ...rest: readonly unknown[]): JoinedFrom<L, R>;
export function join(...given: readonly unknown[]): unknown {
  return joined(given, false);
}

/** `a LEFT OUTER JOIN b ON …`; otherwise as {@link join}. */
export function outerjoin<L, R>(given: JoinOptions & { readonly left: L; readonly right: R }): JoinedFrom<L, R>;
export function outerjoin<L, R>(left: L, right: R, ...rest: readonly unknown[]): JoinedFrom<L, R>;
export function outerjoin(...given: readonly unknown[]): unknown {
  return joined(given, true);
}

function joined(given: readonly unknown[], outer: boolean): FromClause {
  const [left, right, ...rest] = positionalArguments(given[0], given.slice(1), ["left", "right"]);
  const from = joinable(left, "join()");
  const { onclause, options } = joinArguments(rest);
  const target = joinable(right, "join()");
  for (const node of [from, target]) entityOfNode(node)?.mapper.configure();
  const entry: JoinEntry = {
    target,
    onclause,
    from,
    isouter: options.isouter ?? outer,
    full: options.full ?? false,
  };
  const around = new Alone(entityOfNode(from)?.selectable ?? from);
  applyJoin(entry, around);
  return around.froms[0] as FromClause;
}

/** No statement around: conditions that entities bring along are added by the one that the join is selected from. */
class Alone implements JoinSurroundings {
  readonly froms: Node[];

  constructor(left: Node) {
    this.froms = [left];
  }

  candidates(): FromClause[] {
    return [];
  }
  criteriaOf(): readonly never[] {
    return [];
  }
  joined(): void {}
  replace(): void {}
  moved<N extends Node>(node: N): N {
    return node;
  }
}
