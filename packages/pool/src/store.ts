/** Where a pool keeps its entries: the one thing in which the pools differ. Next: ./queue-pool.ts and its siblings. */
import type { Step } from "@athanor/driver";
import type { PoolEntry } from "./entry.ts";
import type { CheckoutOptions } from "./options.ts";
import type { WaitFailure } from "./waiters.ts";

/** How a wait in the queue of a pool has ended. */
export type Turn = PoolEntry | WaitFailure;

/** A pool's entries. What `take` gives out is in use until it comes back through `tryGive`, `give` or `drop`. */
export interface EntryStore {
  /** Whether an entry may have several holders at a time. */
  readonly isShared: boolean;
  /**
   * Whether checkout and checkin are announced for each holder of a shared connection, or only for the first that comes
   * and the last that goes.
   */
  readonly announcesEachHolder: boolean;
  /** An entry that is usable as it stands. Null when it takes more; nothing has changed then. */
  tryTake(): PoolEntry | null;
  /** An entry, perhaps without a connection yet. Waits for one where the pool is full and may wait. */
  take(options: CheckoutOptions): Step<PoolEntry>;
  /**
   * A place in the queue, where {@link take} would do nothing but wait for as long as the store's time-out says. Null: it
   * would not. Absent in stores without a queue.
   */
  tryQueue?(): Promise<Turn> | null;
  /** The entry of a place in the queue. @throws PoolTimeoutError when none came in time. */
  entryOf?(turn: Turn): PoolEntry;
  /** Puts an entry back if that needs no driver call. False: nothing has changed, use `give`. */
  tryGive(entry: PoolEntry): boolean;
  /** Puts an entry back or closes it. */
  give(entry: PoolEntry): Step<void>;
  /** Removes an entry whose first connection could not be opened. */
  drop(entry: PoolEntry): void;
  /** Closes what is idle; what is in use is closed when it comes back. The store can be used afterwards. */
  dispose(): Step<void>;
  /** Empties the store without a word to any server: its connections belong to another process. */
  forget(): void;
  /** One line for people. */
  status(): string;
}
