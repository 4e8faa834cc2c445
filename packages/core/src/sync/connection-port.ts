/** What a transaction shows of its connection. Implemented by ./connection.ts. */
import type { Dialect } from "../dialect/dialect.ts";

/** A connection as a transaction knows it. */
export interface Connection {
  readonly dialect: Dialect;
  readonly closed: boolean;
  inTransaction(): boolean;
}
