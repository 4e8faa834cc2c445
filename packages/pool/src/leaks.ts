/**
 * Notices leases that were dropped without a release. Watching must cost next to nothing, for almost every lease ends
 * within milliseconds: only those that live for a second are registered with the garbage collector. Knows no pool.
 */

/** Something that is to be ended by its holder. */
export interface Watchable {
  /** Neighbours among the young ones; used by LeakWatch alone. */
  youngBefore: Watchable | null;
  youngAfter: Watchable | null;
  /** True while the garbage collector watches it; used by LeakWatch alone. */
  isRegistered: boolean;
  /**
   * What is to be done when the holder has dropped it. The function must not refer to this object, or it never runs.
   *
   * @param since a moment shortly before the object came under watch, in milliseconds since 1970.
   */
  lastWill(since: number): () => void;
}

/** Milliseconds that an object stays young. */
const youth = 1000;

/** Watches over objects that somebody holds and may forget. */
export class LeakWatch {
  #firstYoung: Watchable | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #armedAt = 0;
  #registry: FinalizationRegistry<() => void> | null = null;

  /** When the oldest of the young came under watch, in milliseconds since 1970; 0 when there are none. */
  get youngSince(): number {
    return this.#firstYoung === null ? 0 : this.#armedAt;
  }

  add(object: Watchable): void {
    const first = this.#firstYoung;
    object.youngAfter = first;
    if (first !== null) first.youngBefore = object;
    this.#firstYoung = object;
    if (this.#timer === null) this.#arm();
  }

  remove(object: Watchable): void {
    if (object.isRegistered) {
      this.#registry?.unregister(object);
      object.isRegistered = false;
      return;
    }
    const before = object.youngBefore;
    const after = object.youngAfter;
    if (before !== null) before.youngAfter = after;
    else if (this.#firstYoung === object) this.#firstYoung = after;
    if (after !== null) after.youngBefore = before;
    object.youngBefore = null;
    object.youngAfter = null;
  }

  #arm(): void {
    this.#armedAt = Date.now();
    this.#timer = setTimeout(() => this.#comeOfAge(), youth);
    (this.#timer as { unref?: () => void }).unref?.();
  }

  #comeOfAge(): void {
    this.#timer = null;
    this.#registry ??= new FinalizationRegistry((lastWill) => lastWill());
    let object = this.#firstYoung;
    while (object !== null) {
      const next: Watchable | null = object.youngAfter;
      this.remove(object);
      this.#registry.register(object, object.lastWill(this.#armedAt), object);
      object.isRegistered = true;
      object = next;
    }
  }
}
