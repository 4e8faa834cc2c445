/** What a connection shows of its engine. Implemented by ./engine.ts. */
import type { Dialect, URL } from "@athanor/core";

/** An engine as a connection knows it. */
export interface AsyncEngine {
  readonly dialect: Dialect;
  readonly url: URL;
}
