/** The pool of a database that has one session: callers wait for each other. */
import { QueuePool } from "@athanor/core";

type Parameters = ConstructorParameters<typeof QueuePool>;

/** One connection, whatever the options say. */
export class SingleConnectionPool extends QueuePool {
  constructor(creator: Parameters[0], options?: Parameters[1]) {
    super(creator, { ...options, poolSize: 1, maxOverflow: 0 });
  }
}
