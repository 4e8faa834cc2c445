/** What a transaction shows of its connection. Implemented by ./connection.ts. */
import type { Dialect } from "@athanor/core";

/** A connection as a transaction knows it. */
export interface AsyncConnection {
  readonly dialect: Dialect;
  readonly closed: boolean;
  inTransaction(): boolean;
}
