/** A pool that finds out whether code uses more than one connection at a time. */
import { InvalidRequestError, type Step } from "@athanor/driver";
import { PoolContext } from "./context.ts";
import { PoolEntry } from "./entry.ts";
import type { ConnectionCreator, PoolOptions } from "./options.ts";
import { Pool } from "./pool.ts";
import { captureStack, stackLines } from "./stack.ts";
import type { EntryStore } from "./store.ts";

class AssertionStore implements EntryStore {
  readonly isShared = false;
  readonly announcesEachHolder = true;
  readonly #context: PoolContext;
  readonly #storesStack: boolean;
  #entry: PoolEntry | null = null;
  #isOut = false;
  #where: Error | null = null;

  constructor(context: PoolContext, storesStack: boolean) {
    this.#context = context;
    this.#storesStack = storesStack;
  }

  status(): string {
    return "AssertionPool";
  }

  tryTake(): PoolEntry | null {
    return this.#entry?.isUsable && !this.#isOut ? this.#takeOut(this.#entry) : null;
  }

  *take(): Step<PoolEntry> {
    if (!this.#isOut) return this.#takeOut(this.#entry ?? new PoolEntry(this.#context));
    const where = stackLines(this.#where);
    throw new InvalidRequestError(`connection is already checked out${where === null ? "" : ` at:\n${where}`}`, {
      code: "already_checked_out",
    });
  }

  tryGive(entry: PoolEntry): boolean {
    if (entry !== this.#entry) return entry.connection === null;
    this.#isOut = false;
    return true;
  }

  *give(entry: PoolEntry): Step<void> {
    yield* entry.close();
  }

  drop(entry: PoolEntry): void {
    if (entry === this.#entry) this.forget();
  }

  *dispose(): Step<void> {
    const entry = this.#entry;
    const wasOut = this.#isOut;
    this.forget();
    if (entry !== null && !wasOut) yield* entry.close();
  }

  forget(): void {
    this.#entry = null;
    this.#isOut = false;
  }

  #takeOut(entry: PoolEntry): PoolEntry {
    this.#entry = entry;
    this.#isOut = true;
    this.#where = this.#storesStack ? captureStack() : null;
    return entry;
  }
}

/** Options of an `AssertionPool`. */
export interface AssertionPoolOptions extends PoolOptions {
  /** Keep the stack of the checkout, to be shown when there is a second one. Default `true`. */
  readonly storeTraceback?: boolean | undefined;
}

/** Allows one checkout at a time; a second one is an InvalidRequestError that shows where the first was made. */
export class AssertionPool extends Pool {
  static override readonly dispatch = Pool.dispatch.child();

  /** @param creator opens the connection. */
  constructor(creator: ConnectionCreator, options: AssertionPoolOptions = {}) {
    const context = new PoolContext(creator, options, new.target.dispatch);
    super(context, new AssertionStore(context, options.storeTraceback ?? true));
  }
}
