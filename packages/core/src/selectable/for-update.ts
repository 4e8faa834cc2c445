/** FOR UPDATE and its relatives. */

import type { Node } from "../ast/node.ts";
import { defineKind, type Fields } from "../ast/node.ts";
import { ArgumentError } from "../errors/errors.ts";
import { ClauseElement } from "../expression/clause-element.ts";
import { resolveNode } from "../expression/coerce.ts";
import { Join } from "./join.ts";

/** Options of `withForUpdate()`. */
export interface ForUpdateOptions {
  /** Fail instead of waiting. */
  readonly nowait?: boolean;
  /** FOR SHARE. */
  readonly read?: boolean;
  /** Tables or columns to lock. */
  readonly of?: unknown;
  /** Leave out locked rows. */
  readonly skipLocked?: boolean;
  /** PostgreSQL: FOR NO KEY UPDATE / FOR KEY SHARE. */
  readonly keyShare?: boolean;
}

/** The locking clause of a SELECT. */
export class ForUpdate extends ClauseElement {
  static override readonly fields: Fields = {
    nowait: "atom",
    read: "atom",
    of: "children",
    skipLocked: "atom",
    keyShare: "atom",
  };
  readonly nowait: boolean;
  readonly read: boolean;
  readonly of: readonly Node[] | null;
  readonly skipLocked: boolean;
  readonly keyShare: boolean;

  constructor(options: ForUpdateOptions = {}) {
    super();
    this.nowait = options.nowait ?? false;
    this.read = options.read ?? false;
    this.skipLocked = options.skipLocked ?? false;
    this.keyShare = options.keyShare ?? false;
    if (options.of === undefined || options.of === null) this.of = null;
    else {
      this.of = (Array.isArray(options.of) ? options.of : [options.of]).flatMap((given: unknown) => {
        const node = resolveNode(given);
        if (node === undefined) throw new ArgumentError("`of` takes tables or columns");
        return tablesOf(node);
      });
    }
  }
}
defineKind(ForUpdate, "forUpdate");

/** A join stands for its tables, the right side first. */
function tablesOf(node: Node): Node[] {
  return node instanceof Join ? [...tablesOf(node.right), ...tablesOf(node.left)] : [node];
}
