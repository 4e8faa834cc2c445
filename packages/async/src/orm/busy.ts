/** Notices that two tasks use one session at the same time. */
import { IllegalStateChangeError } from "@athanor/orm";

/** What a session is doing; one thing at a time. */
export class Busy {
  #operation: string | null = null;

  /** Does something while nothing else is done. @throws IllegalStateChangeError naming both operations. */
  async during<T>(operation: string, work: () => Promise<T>): Promise<T> {
    if (this.#operation !== null) {
      throw new IllegalStateChangeError(
        `${operation} was called on an AsyncSession while its ${this.#operation} was still in progress`,
        {
          code: "concurrent_session",
          fix: "await one operation before the next; tasks that run side by side (Promise.all) need a session each",
        },
      );
    }
    this.#operation = operation;
    try {
      return await work();
    } finally {
      this.#operation = null;
    }
  }
}
