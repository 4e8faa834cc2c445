/** What expressions need to know of the things that stand in FROM. Implemented in ../selectable/from-clause.ts. */
import type { Name } from "../ast/name.ts";
import type { Node } from "../ast/node.ts";

/** A table, alias, join, subquery or CTE. */
export interface FromElement extends Node {
  /** Name by which columns are qualified; null where there is none (joins). */
  readonly name: Name | null;
  /** Quoting given by the user for the name; null: by the dialect's rules. */
  readonly quote?: boolean | null;
  /** Whether one of its columns has this key. */
  hasKey?(key: string): boolean;
  /** Its cache key is its identity (tables), so that its columns can have a key of their own. */
  readonly identityKeyed?: boolean;
  /** The position of one of its columns, for columns whose name is made up at compilation. */
  columnOrdinal?(column: Node): number;
}
