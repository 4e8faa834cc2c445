/** What set off a change of an attribute: how a change is told from its own echo on the other side of a relationship. */

/** What set off a change; listeners get it last. */
export interface Initiator {
  /** The attribute that was touched by the user. */
  readonly key: string;
  readonly op: "append" | "remove" | "replace" | "bulkReplace";
  /** The attribute's implementation; compared by identity. */
  readonly attribute: object;
}
