/** From what a driver threw to what the program gets: translation, the `handleError` event, dealing with lost connections. */
import { AthanorError, type Step, settle } from "@athanor/driver";
import { StatementError } from "../../errors/database.ts";
import type { ConnectionCore } from "../connection-core.ts";
import type { EngineCore } from "../engine-core.ts";
import type { ErrorContext } from "../events.ts";

/** What was being done when it failed. */
export interface FailureContext {
  readonly statement: string | null;
  readonly parameters: unknown;
  /** The failure came before the driver was called: a default, a conversion, a missing parameter. */
  readonly isPreparation?: boolean;
  readonly isPrePing?: boolean;
}

const nothing: FailureContext = { statement: null, parameters: undefined };

/** The error to throw for a failure. Invalidates connection and pool when it means that the connection is gone. */
export function* translateFailure(
  engine: EngineCore,
  connection: ConnectionCore | null,
  failure: unknown,
  context: FailureContext | null,
): Step<unknown> {
  const { dialect, options } = engine;
  const { statement, parameters, isPreparation = false, isPrePing = false } = context ?? nothing;
  const details = {
    statement: statement ?? undefined,
    params: statement === null ? undefined : parameters,
    hideParameters: options.hideParameters,
  };
  let translated: unknown = failure;
  let isDisconnect = false;
  if (failure instanceof StatementError) translated = failure;
  else if (isPreparation)
    translated = withUserStack(
      () => new StatementError(`(${nameOf(failure)}) ${messageOf(failure)}`, failure, details),
    );
  else if (!(failure instanceof AthanorError)) {
    isDisconnect = dialect.isDisconnect(failure);
    const { class: Class, message, ...facts } = dialect.translateError(failure);
    translated = withUserStack(
      () =>
        new Class(message, failure, {
          ...facts,
          ...details,
          connectionInvalidated: isDisconnect,
          ...(isDisconnect ? { kind: "disconnect" as const } : {}),
        }),
    );
  }
  const listeners = (connection?.dispatch ?? engine.dispatch).of("handleError");
  let invalidatesPool = true;
  if (!listeners.empty) {
    const event: ErrorContext<unknown> & { chainedException: unknown } = {
      connection: connection?.front ?? null,
      statement,
      parameters,
      originalException: failure,
      sqlalchemyException: translated instanceof StatementError ? translated : null,
      chainedException: translated,
      isDisconnect,
      invalidatePoolOnDisconnect: true,
      isPrePing,
    };
    for (const listener of listeners.all) {
      try {
        const outcome: unknown = yield* settle(listener(event) as unknown);
        if (outcome instanceof Error) event.chainedException = outcome;
      } catch (replacement) {
        event.chainedException = replacement;
        break;
      }
    }
    translated = event.chainedException;
    isDisconnect = event.isDisconnect;
    invalidatesPool = event.invalidatePoolOnDisconnect;
  }
  if (isDisconnect && connection !== null && !connection.invalidated) {
    const { lease } = connection;
    if (invalidatesPool) yield* engine.pool.invalidate(lease, failure, { checkin: false });
    yield* invalidateConnection(connection, failure);
  }
  return translated;
}

/** Gives up the driver's connection; a transaction in progress must be rolled back before another one is opened. */
export function* invalidateConnection(connection: ConnectionCore, reason: unknown): Step<void> {
  const { lease } = connection;
  if (lease === null) return;
  connection.lease = null;
  connection.invalidated = true;
  if (connection.transaction !== null) connection.transaction.isActive = false;
  connection.streams.clear();
  yield* lease.invalidate(reason);
}

function nameOf(failure: unknown): string {
  return failure instanceof Error ? failure.name : typeof failure;
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}

/** Makes an error whose stack shows the program's frames instead of the engine's generators. */
function withUserStack<E extends Error>(make: () => E): E {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 50;
  let error: E;
  try {
    error = make();
  } finally {
    Error.stackTraceLimit = limit;
  }
  const { stack } = error;
  const at = stack?.search(/^ {4}at /m) ?? -1;
  if (stack === undefined || at < 0) return error;
  const frames = stack.slice(at).split("\n");
  const shown = frames.filter(
    (frame) =>
      !/\.next \(<anonymous>\)|[\\/]engine[\\/]steps[\\/]|at Generator\.|[\\/]driver[\\/](?:src|dist)[\\/]step\./.test(
        frame,
      ),
  );
  Object.defineProperty(error, "stack", {
    value: stack.slice(0, at) + (shown.length > 0 ? shown : frames).slice(0, Math.max(limit, 10)).join("\n"),
    configurable: true,
    writable: true,
  });
  return error;
}
