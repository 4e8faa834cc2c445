/** Results whose rows stay on the server until they are asked for. */
import { call, type DriverCursor, type DriverRow, type Step } from "@athanor/driver";
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
  const guarded = function* <T>(work: () => T | PromiseLike<T>): Step<T> {
    try {
      return yield* call(work());
    } catch (error) {
      throw yield* translateFailure(connection.engine, connection, error, {
        statement: statement.sql,
        parameters: statement.parameters,
      });
    }
  };
  const feed = new RowFeed(
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
        yield* guarded(() => cursor.close());
      },
    },
    { yieldPer: options.yieldPer, maxRowBuffer: options.maxRowBuffer },
  );
  const open: OpenStream = { close: () => feed.close() };
  connection.streams.add(open);
  feed.onEnd = () => connection.streams.delete(open);
  return feed;
}

const largestPortion = 10_000;
