/** Prepared statements by SQL text. Those that were not used for longest are given up, in bulk. */

/** A map of limited size that keeps what was used lately. A look-up costs one map access, whatever the size. */
export class StatementCache<T> {
  readonly #capacity: number;
  #recent = new Map<string, T>();
  #older = new Map<string, T>();

  /** @param capacity statements kept at least; up to twice as many stay. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(sql: string): T | undefined {
    const found = this.#recent.get(sql);
    if (found !== undefined) return found;
    const older = this.#older.get(sql);
    if (older !== undefined) this.set(sql, older);
    return older;
  }

  set(sql: string, statement: T): void {
    if (this.#capacity === 0) return;
    if (this.#recent.size >= this.#capacity) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(sql, statement);
  }

  clear(): void {
    this.#recent.clear();
    this.#older.clear();
  }
}
