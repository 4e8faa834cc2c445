/** A bounded map that forgets what was not used for longest. Store of the compiled cache. */

/**
 * Keeps at least `capacity` entries. Recency is tracked coarsely, by two generations: a look-up in the young one costs one
 * `Map.get`; what is not asked for while the young generation fills up is dropped with the old one.
 */
export class LruCache<K, V> {
  /** Entries that are surely kept; 0 keeps nothing. */
  readonly capacity: number;
  #young = new Map<K, V>();
  #old = new Map<K, V>();

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Number of entries, between 0 and twice the capacity. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get(key: K): V | undefined {
    const value = this.#young.get(key);
    if (value !== undefined) return value;
    const aged = this.#old.get(key);
    if (aged !== undefined) {
      this.#old.delete(key);
      this.set(key, aged);
    }
    return aged;
  }

  set(key: K, value: V): void {
    if (this.capacity <= 0) return;
    this.#young.set(key, value);
    if (this.#young.size > this.capacity) {
      this.#old = this.#young;
      this.#young = new Map();
    }
  }

  clear(): void {
    this.#young = new Map();
    this.#old = new Map();
  }
}
