/** Ending a statement on a server that is asked over another connection. For adapters. */

/** Milliseconds before the server is asked once more, doubled each time. */
const firstPause = 50;

/**
 * Asks a server to end a statement, again and again until {@link stop}: a request that arrives between two statements of a
 * batch, or before the first, hits nothing, and the server forgets it.
 */
export class CancelRequest {
  #isOver = false;
  #wake: (() => void) | null = null;
  readonly #asking: Promise<void>;

  /** @param ask sends one request; settles once the server has taken it. */
  constructor(ask: () => Promise<unknown>) {
    this.#asking = this.#insist(ask);
    this.#asking.catch(() => {});
  }

  async #insist(ask: () => Promise<unknown>): Promise<void> {
    for (let pause = firstPause; !this.#isOver; pause *= 2) {
      await ask();
      if (!this.#isOver) await this.#sleep(pause);
    }
  }

  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /**
   * The statement is over. Waits for a request that is under way, which would hit the next statement.
   *
   * @throws what `ask` threw.
   */
  async stop(): Promise<void> {
    this.#isOver = true;
    this.#wake?.();
    await this.#asking;
  }
}
