/** A step that is begun before anybody waits for it: the database works on it while we do something else. */
import type { Step } from "@athanor/driver";

/** A step under way. Whoever begins one must {@link settle} or {@link join} it, whatever happens in between. */
export class Ahead<T> {
  readonly #step: Step<T>;
  #state: IteratorResult<unknown, T> | null = null;
  #failure: { readonly error: unknown } | null = null;

  constructor(step: Step<T>) {
    this.#step = step;
    this.#move(() => step.next());
  }

  #move(move: () => IteratorResult<unknown, T>): void {
    try {
      this.#state = move();
    } catch (error) {
      this.#failure = { error };
    }
  }

  /** Waits until it is over, and keeps its outcome to itself. */
  *settle(): Step<void> {
    const step = this.#step;
    while (this.#failure === null && this.#state?.done !== true) {
      let value: unknown;
      try {
        value = yield this.#state?.value;
      } catch (error) {
        this.#move(() => step.throw(error));
        continue;
      }
      this.#move(() => step.next(value));
    }
  }

  /** Waits for its outcome. */
  *join(): Step<T> {
    yield* this.settle();
    if (this.#failure !== null) throw this.#failure.error;
    return (this.#state as IteratorReturnResult<T>).value;
  }
}
