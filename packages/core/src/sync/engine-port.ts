/** What a connection shows of its engine. Implemented by ./engine.ts. */
import type { Dialect } from "../dialect/dialect.ts";
import type { URL } from "../url/url.ts";

/** An engine as a connection knows it. */
export interface Engine {
  readonly dialect: Dialect;
  readonly url: URL;
}
