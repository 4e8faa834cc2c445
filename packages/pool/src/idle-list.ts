/** The idle entries of a pool, oldest or newest first. Takes and adds in constant time, and allocates nothing. */
import type { PoolEntry } from "./entry.ts";

/** A list that is linked through the entries themselves. */
export class IdleList {
  readonly #lifo: boolean;
  #first: PoolEntry | null = null;
  #last: PoolEntry | null = null;
  #length = 0;

  /** @param lifo whether the entry that was added last is taken first. */
  constructor(lifo: boolean) {
    this.#lifo = lifo;
  }

  get length(): number {
    return this.#length;
  }

  /** The entry that {@link take} would return. */
  get first(): PoolEntry | null {
    return this.#first;
  }

  add(entry: PoolEntry): void {
    this.#length += 1;
    if (this.#first === null) {
      this.#first = entry;
      this.#last = entry;
    } else if (this.#lifo) {
      entry.nextIdle = this.#first;
      this.#first = entry;
    } else {
      (this.#last as PoolEntry).nextIdle = entry;
      this.#last = entry;
    }
  }

  take(): PoolEntry | null {
    const entry = this.#first;
    if (entry === null) return null;
    this.#first = entry.nextIdle;
    if (this.#first === null) this.#last = null;
    entry.nextIdle = null;
    this.#length -= 1;
    return entry;
  }

  /** Empties the list and returns what was in it. */
  clear(): PoolEntry[] {
    const entries: PoolEntry[] = [];
    for (let entry = this.take(); entry !== null; entry = this.take()) entries.push(entry);
    return entries;
  }
}
