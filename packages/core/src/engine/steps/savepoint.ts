/** The SQL of savepoints. It goes the way of statements, so that listeners of executions hear of it as SQLAlchemy's do. */
import type { Step } from "@athanor/driver";
import { TextClause } from "../../expression/text.ts";
import { RowFeed } from "../../result/feed.ts";
import type { ConnectionCore } from "../connection-core.ts";
import { CursorResult } from "../cursor-result.ts";
import { runText } from "./cursor.ts";
import { announceExecution, concludeExecution } from "./execution-events.ts";

/** Runs SAVEPOINT, RELEASE or ROLLBACK TO. */
export function* runSavepoint(connection: ConnectionCore, sql: string): Step<void> {
  const { beforeExecute, afterExecute } = connection.listeners;
  if (beforeExecute.empty && afterExecute.empty) {
    yield* runText(connection, sql);
    return;
  }
  const { options } = connection;
  const announced = yield* announceExecution(connection, beforeExecute, new TextClause(sql), null, options);
  const driver = yield* runText(connection, sql);
  const outcome = { prepared: null, driver, values: null, returned: null, sets: null };
  const result = new CursorResult(null, new RowFeed(null), outcome);
  yield* concludeExecution(connection, afterExecute, announced, options, result);
}
