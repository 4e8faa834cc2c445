/** Calls of the driver that have no statement of ours: BEGIN, COMMIT, ROLLBACK. Traced, their errors translated. */
import { call, type MaybePromise, type Step } from "@athanor/driver";
import type { ConnectionCore } from "../connection-core.ts";
import { traceContext, transactionTracer } from "../tracing.ts";
import { translateFailure } from "./failure.ts";

/** Calls the driver. @param operation what it is called in traces. */
export function* guarded<T>(connection: ConnectionCore, operation: string, work: () => MaybePromise<T>): Step<T> {
  if (!transactionTracer.isOn) return yield* translated(connection, work);
  const context = traceContext(connection.engine, connection.front, { operation });
  return yield* transactionTracer.trace(context, () => translated(connection, work));
}

function* translated<T>(connection: ConnectionCore, work: () => MaybePromise<T>): Step<T> {
  try {
    return yield* call(work());
  } catch (error) {
    throw yield* translateFailure(connection.engine, connection, error, null);
  }
}
