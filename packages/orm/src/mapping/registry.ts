/** All mappers that belong together: those of one declarative base, or of one imperative registry. */
import type { MetaData } from "@athanor/core";
import type { Mapper } from "./mapper.ts";

/** Sets up the relationships of mappers; filled by ../relationship/configure.ts. */
export const configurators: { configure(mappers: readonly Mapper[]): void } = { configure: () => {} };

/** The mappers of an application. */
export class Registry {
  readonly metadata: MetaData;
  readonly mappers: Mapper[] = [];
  #waiting: Mapper[] = [];
  #configuring = false;
  #failure: unknown = null;

  constructor(metadata: MetaData) {
    this.metadata = metadata;
  }

  /** @internal */
  add(mapper: Mapper): void {
    this.mappers.push(mapper);
    this.#waiting.push(mapper);
    this.#failure = null;
  }

  /** Sets up the relationships of all mappers that wait for it. Called by itself when they are first needed. */
  configure(): void {
    if (this.#waiting.length === 0 || this.#configuring) return;
    if (this.#failure !== null) throw this.#failure;
    this.#configuring = true;
    const waiting = this.#waiting;
    try {
      configurators.configure(waiting);
      this.#waiting = this.#waiting.filter((mapper) => !waiting.includes(mapper));
    } catch (error) {
      this.#failure = error;
      throw error;
    } finally {
      this.#configuring = false;
    }
    // Thunks may have brought in modules with further classes.
    if (this.#waiting.length > 0) this.configure();
  }
}

declare module "../base/classes.ts" {
  interface OrmClasses {
    registry: Registry;
  }
}
