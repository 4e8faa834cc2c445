/** What a failure does to the connection it met: one that is gone is replaced, and the pool's others with it. */
import type { Step } from "@athanor/driver";
import { ResourceClosedError } from "../../errors/errors.ts";
import type { ConnectionCore } from "../connection-core.ts";
import type { EngineCore } from "../engine-core.ts";
import { type FailureContext, judgeFailure } from "../failure.ts";

/** The error to throw for a failure. Invalidates connection and pool when it means that the connection is gone. */
export function* translateFailure(
  engine: EngineCore,
  connection: ConnectionCore | null,
  failure: unknown,
  context: FailureContext | null,
): Step<unknown> {
  const dispatch = connection?.dispatch ?? engine.dispatch.ofEngine;
  const { error, isDisconnect, invalidatesPool } = yield* judgeFailure(
    engine,
    connection?.front ?? null,
    dispatch,
    failure,
    context,
  );
  const lease = connection?.lease ?? null;
  if (isDisconnect && connection !== null && lease !== null) {
    if (invalidatesPool) yield* engine.pool.invalidate(lease, failure, { checkin: false });
    yield* invalidateConnection(connection, failure);
  }
  return error;
}

/**
 * Gives up the driver's connection; a transaction in progress must be rolled back before another one is opened.
 *
 * @throws ResourceClosedError when the connection was closed.
 */
export function* invalidateConnection(connection: ConnectionCore, reason: unknown): Step<void> {
  const { lease } = connection;
  if (lease === null) {
    if (connection.invalidated) return;
    throw new ResourceClosedError("This Connection is closed", { code: "connection_closed" });
  }
  connection.lease = null;
  connection.invalidated = true;
  connection.streams?.clear();
  yield* lease.invalidate(reason);
}
