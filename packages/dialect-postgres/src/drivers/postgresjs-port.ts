/** What the adapter uses of the package `postgres` (postgres.js), spelled out here so that the types do not need the package. */
import type { Readable, Writable } from "node:stream";

/** A column of a result. */
export interface JsColumn {
  readonly name: string;
  /** The number of its type. */
  readonly type: number;
}

/** The outcome of a statement: its rows, with what the server said of them. */
export interface JsResult extends Array<unknown[]> {
  readonly count: number | null;
  readonly command: string | null;
  readonly columns?: readonly JsColumn[] | null;
  readonly statement?: { readonly name: string } | null;
  /** The server's process, and the key that cancels its statements. */
  readonly state?: { readonly pid: number } | null;
}

/** What a query resolves to: a result; a list of them for a script; a stream for COPY; a name for describe(). */
export type JsOutcome = JsResult | readonly JsResult[] | Readable | Writable | { readonly name: string };

/** A query. It is sent when somebody waits for it. */
export interface JsQuery extends PromiseLike<JsOutcome> {
  /** It is this one that the server is working on. */
  readonly active: boolean;
  /** Called by the package with what becomes of the query: for COPY twice, with the stream and at the end. */
  resolve: (outcome: JsOutcome) => void;
  reject: (error: unknown) => void;
  /** Rows as arrays. */
  values(): JsQuery;
  /** Rows as arrays of the server's bytes. */
  raw(): JsQuery;
  /** Prepares only, and forgets what was prepared of the same text before. */
  describe(): JsQuery;
  execute(): JsQuery;
  /**
   * Sends a cancel request for the query, and waits until the server has taken it; null where it is no longer wanted. The
   * package's own `cancel()` does not tell when the request has arrived, so that it could hit the next query.
   */
  canceller: ((query: JsQuery) => Promise<void>) | null;
}

/** The function `sql`, as far as it is called here. */
export interface JsSql {
  unsafe(
    text: string,
    parameters?: readonly (string | null)[],
    options?: { readonly prepare?: boolean; readonly simple?: boolean },
  ): JsQuery;
  reserve(): Promise<JsReserved>;
  end(options: { readonly timeout: number }): Promise<void>;
  readonly options: {
    readonly parsers: Record<number, (text: string) => unknown>;
    readonly serializers: Record<number, (value: unknown) => unknown>;
  };
}

/** `sql` over the one connection. */
export interface JsReserved extends JsSql {
  release(): void;
}

/** The package. */
export type JsModule = (options: Readonly<Record<string, unknown>>) => JsSql;
