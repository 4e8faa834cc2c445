/** Where compiled statements are kept by their keys. Next: ./compiled-cache.ts. */
import type { CacheKey, CacheKeyBuilder } from "../ast/cache-key.ts";
import { LruCache } from "../util/lru.ts";

/** A store of compiled statements that a program gives with `compiledCache`: a `Map`, or anything like it. */
export interface CompiledStore {
  get(key: string): unknown;
  set(key: string, value: never): unknown;
}

interface Entry<V> {
  readonly key: CacheKey;
  readonly value: V;
  /** Another key with the same hash. */
  readonly next: Entry<V> | undefined;
}

/** An engine's own store: by the hashes of keys, so that no text is made of a key that is looked up. */
export class KeyedStore<V> {
  readonly #entries: LruCache<number, Entry<V>>;

  /** @param capacity how many hashes are surely kept. */
  constructor(capacity: number) {
    this.#entries = new LruCache(capacity);
  }

  get(sought: Pick<CacheKeyBuilder, "hash" | "equals">): V | undefined {
    let entry = this.#entries.get(sought.hash);
    while (entry !== undefined && !sought.equals(entry.key)) entry = entry.next;
    return entry?.value;
  }

  /** Adds an entry; the key must not be there. */
  set(key: CacheKey, value: V): void {
    this.#entries.set(key.hash, { key, value, next: shortened(this.#entries.get(key.hash)) });
  }

  clear(): void {
    this.#entries.clear();
  }
}

/** Keys of one hash that are kept. */
const CHAIN_LENGTH = 8;

/** A chain with room for one more. */
function shortened<V>(entry: Entry<V> | undefined, length = CHAIN_LENGTH - 1): Entry<V> | undefined {
  if (entry === undefined || length === 0) return undefined;
  const next = shortened(entry.next, length - 1);
  return next === entry.next ? entry : { ...entry, next };
}
