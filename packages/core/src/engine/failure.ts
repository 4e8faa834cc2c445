/**
 * From what a driver threw to Athanor's error: translation and the `handleError` event. Dealing with connections that are
 * gone is ./steps/failure.ts's business.
 */
import { AthanorError, type EventDispatcher, type Step, settle } from "@athanor/driver";
import type { Dialect } from "../dialect/dialect.ts";
import { StatementError } from "../errors/database.ts";
import type { CursorExecution, EngineEvents, ErrorContext } from "./events.ts";

/** What was being done when it failed. */
export interface FailureContext {
  readonly statement: string | null;
  readonly parameters: unknown;
  /** The failure came before the driver was called: a default, a conversion, a missing parameter. */
  readonly isPreparation?: boolean;
  readonly isPrePing?: boolean;
  readonly execution?: CursorExecution | null;
}

/** The engine, as judging a failure needs it. */
export interface FailingEngine {
  readonly dialect: Dialect;
  readonly options: { readonly hideParameters?: boolean };
  readonly front: object;
}

/** What a failure turned out to be. */
export interface Judgement {
  /** The error to throw. */
  readonly error: unknown;
  readonly isDisconnect: boolean;
  /** The other pooled connections are to be replaced too. */
  readonly invalidatesPool: boolean;
}

const nothing: FailureContext = { statement: null, parameters: undefined };

/** Translates a failure and asks the listeners of `handleError`. @param connection as the program holds it. */
export function* judgeFailure(
  engine: FailingEngine,
  connection: object | null,
  dispatch: EventDispatcher<EngineEvents<unknown>>,
  failure: unknown,
  context: FailureContext | null,
): Step<Judgement> {
  const { dialect } = engine;
  const { statement, parameters, isPreparation = false, isPrePing = false, execution = null } = context ?? nothing;
  const isForeign = !(failure instanceof AthanorError);
  const isDisconnect = isForeign && !isPreparation && dialect.isDisconnect(failure);
  const translated = translate(engine, failure, isDisconnect, context ?? nothing);
  const listeners = dispatch.of("handleError");
  if (listeners.empty) return { error: translated, isDisconnect, invalidatesPool: true };
  const event: ErrorContext<unknown> = {
    connection,
    engine: engine.front,
    dialect,
    executionContext: execution,
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
  return {
    error: event.chainedException,
    isDisconnect: event.isDisconnect,
    invalidatesPool: event.invalidatePoolOnDisconnect,
  };
}

function translate(engine: FailingEngine, failure: unknown, isDisconnect: boolean, context: FailureContext): unknown {
  const { statement, parameters, isPreparation = false } = context;
  if (failure instanceof StatementError) return failure;
  const details = {
    statement: statement ?? undefined,
    params: statement === null ? undefined : parameters,
    hideParameters: engine.options.hideParameters,
  };
  if (isPreparation)
    return withUserStack(() => new StatementError(`(${nameOf(failure)}) ${messageOf(failure)}`, failure, details));
  if (failure instanceof AthanorError) return failure;
  const { class: Class, message, ...facts } = engine.dialect.translateError(failure);
  return withUserStack(
    () =>
      new Class(message, failure, {
        ...facts,
        ...details,
        connectionInvalidated: isDisconnect,
        ...(isDisconnect ? { kind: "disconnect" as const } : {}),
      }),
  );
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
      !/\.next \(<anonymous>\)|[\\/]engine[\\/](?:steps[\\/]|failure\.|tracing\.)|at Generator\.|[\\/]driver[\\/](?:src|dist)[\\/]step\./.test(
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
