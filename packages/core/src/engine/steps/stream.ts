/** Results whose rows stay on the server until they are asked for. */
import { CancelledError, call, type DriverCursor, type DriverRow, type Step } from "@athanor/driver";
import { RowFeed } from "../../result/feed.ts";
import type { ConnectionCore, OpenStream } from "../connection-core.ts";
import type { ExecutionOptionsInput } from "../options.ts";
import type { CursorCall } from "./cursor-call.ts";
import { translateFailure } from "./failure.ts";

/** A feed of a driver's cursor. It ends with the transaction at the latest. */
export function streamFeed(
  connection: ConnectionCore,
  cursor: DriverCursor,
  statement: CursorCall,
  options: ExecutionOptionsInput,
): RowFeed {
  const { signal } = options;
  const guarded = function* <T>(work: () => T | PromiseLike<T>): Step<T> {
    // An abort between two portions finds nothing to cancel on the server.
    if (signal?.aborted) {
      yield* feed.close();
      throw new CancelledError("the statement was cancelled", { code: "statement_cancelled", cause: signal.reason });
    }
    return yield* closing(work);
  };
  const closing = function* <T>(work: () => T | PromiseLike<T>): Step<T> {
    try {
      return yield* call(work());
    } catch (error) {
      throw yield* translateFailure(connection.engine, connection, error, {
        statement: statement.sql,
        parameters: statement.parameters,
      });
    }
  };
  const feed: RowFeed = new RowFeed(
    null,
    {
      *fetch(size): Step<readonly DriverRow[]> {
        if (size !== null) return yield* guarded(() => cursor.fetchMany(size));
        const rows: DriverRow[] = [];
        for (;;) {
          const portion = yield* guarded(() => cursor.fetchMany(largestPortion));
          if (portion.length === 0) return rows;
          for (const row of portion) rows.push(row);
        }
      },
      *close(): Step<void> {
        yield* closing(() => cursor.close());
      },
    },
    { yieldPer: options.yieldPer, maxRowBuffer: options.maxRowBuffer },
  );
  const open: OpenStream = { close: () => feed.close() };
  connection.streams ??= new Set();
  const { streams } = connection;
  streams.add(open);
  feed.onEnd = () => streams.delete(open);
  return feed;
}

const largestPortion = 10_000;

/** Whether SQL that was given as text is a query, so that it can be streamed. */
export function isQuery(sql: string): boolean {
  return /^\s*(?:SELECT|VALUES|TABLE)\b/i.test(sql);
}

/** Rows are to stay on the server. */
export function wantsStream(options: ExecutionOptionsInput): boolean {
  return options.streamResults === true || options.yieldPer !== undefined;
}
