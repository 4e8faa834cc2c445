/** One entry for everybody: what StaticPool and SingletonPool rest on. Next: those two. */
import type { Step } from "@athanor/driver";
import type { PoolContext } from "./context.ts";
import { PoolEntry } from "./entry.ts";
import type { EntryStore } from "./store.ts";

/** Keeps one entry, which any number of callers hold at the same time. The connection is reset when the last one leaves. */
export class SharedStore implements EntryStore {
  readonly isShared = true;
  readonly announcesEachHolder: boolean;
  readonly #context: PoolContext;
  readonly #name: string;
  #entry: PoolEntry | null = null;
  #opening: PromiseWithResolvers<void> | null = null;

  constructor(context: PoolContext, name: string, announcesEachHolder: boolean) {
    this.#context = context;
    this.#name = name;
    this.announcesEachHolder = announcesEachHolder;
  }

  status(): string {
    return this.#name;
  }

  tryTake(): PoolEntry | null {
    const entry = this.#entry;
    return entry !== null && this.#opening === null && isFit(entry) ? entry : null;
  }

  *take(): Step<PoolEntry> {
    // One connection only, also when two callers come before it is open: a second one would be another `:memory:` database.
    while (this.#opening !== null && this.#context.canWait) yield this.#opening.promise;
    const present = this.#entry;
    if (present !== null && isFit(present)) return present;
    const opening = Promise.withResolvers<void>();
    this.#opening = opening;
    try {
      return yield* this.#renew(present);
    } finally {
      this.#opening = null;
      opening.resolve();
    }
  }

  tryGive(entry: PoolEntry): boolean {
    return entry === this.#entry || entry.connection === null;
  }

  *give(entry: PoolEntry): Step<void> {
    yield* entry.close();
  }

  drop(entry: PoolEntry): void {
    if (this.#entry === entry) this.#entry = null;
  }

  *dispose(): Step<void> {
    const entry = this.#entry;
    this.#entry = null;
    if (entry !== null) yield* entry.close();
  }

  forget(): void {
    this.#entry = null;
  }

  *#renew(present: PoolEntry | null): Step<PoolEntry> {
    // Present holders keep an invalidated connection to its end; the entry is closed when the last of them leaves it.
    const isGivenUp = present !== null && (present.inUse || present.isInvalidated);
    const entry = present === null || isGivenUp ? new PoolEntry(this.#context) : present;
    this.#entry = entry;
    if (isGivenUp && !present.inUse) yield* present.close();
    try {
      yield* entry.ready();
    } catch (error) {
      this.drop(entry);
      yield* entry.invalidate(error);
      throw error;
    }
    return entry;
  }
}

/** A connection in use is not replaced for its age: its holders are in the middle of something. */
function isFit(entry: PoolEntry): boolean {
  return entry.inUse ? !entry.isInvalidated : entry.isUsable;
}
