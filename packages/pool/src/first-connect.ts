/**
 * Holds back the connections of a pool until its first one has been set up: dialects learn the server's version there.
 * Knows nothing of entries.
 */
import type { Step } from "@athanor/driver";

/** Runs set-ups one at a time until one has succeeded; from then on it holds nobody back. */
export class FirstConnect {
  /** Whether the listeners of `firstConnect` have been called with success. */
  announced = false;
  readonly #canWait: boolean;
  #done = false;
  #running: PromiseWithResolvers<void> | null = null;

  constructor(canWait: boolean) {
    this.#canWait = canWait;
  }

  /**
   * Runs `setUp`, the first time alone. When it throws, the next connection tries again as the first. In a synchronous
   * pool a set-up can only meet itself (a listener that checks out a connection of the same pool), and goes through.
   */
  *run(setUp: () => Step<void>): Step<void> {
    while (this.#running !== null && this.#canWait) yield this.#running.promise;
    if (this.#done || this.#running !== null) return yield* setUp();
    const running = Promise.withResolvers<void>();
    this.#running = running;
    try {
      yield* setUp();
      this.#done = true;
    } finally {
      this.#running = null;
      running.resolve();
    }
  }
}
