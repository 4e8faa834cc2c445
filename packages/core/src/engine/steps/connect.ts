/** Taking connections from an engine and giving them back. */
import type { Step } from "@athanor/driver";
import type { CheckoutOptions, Lease, Pool, Turn } from "@athanor/pool";
import type { IsolationLevel } from "../../dialect/dialect.ts";
import { InvalidRequestError, ResourceClosedError } from "../../errors/errors.ts";
import { ConnectionCore, pendingRollback } from "../connection-core.ts";
import type { EngineCore } from "../engine-core.ts";
import { checkLevel, concernsDriver, decidedAtBegin, levelOf, withPlainModes } from "../isolation.ts";
import { type ExecutionOptionsInput, mergeOptions } from "../options.ts";
import { connectTracer, traceContext } from "../tracing.ts";
import { translateFailure } from "./failure.ts";

/** Opens a connection of an engine. `front` makes the object that the program will hold, for listeners. */
export function* connect(
  engine: EngineCore,
  front: (core: ConnectionCore) => object,
  options?: CheckoutOptions,
): Step<ConnectionCore> {
  return yield* furnish(engine, yield* checkout(engine, options), front);
}

/** Makes a connection of what the pool has lent. */
function* furnish(engine: EngineCore, lease: Lease, front: (core: ConnectionCore) => object): Step<ConnectionCore> {
  const connection = new ConnectionCore(engine, lease);
  connection.front = front(connection);
  const { level } = engine.defaults;
  if (level !== null) yield* setIsolationLevel(connection, level);
  const { engineConnect } = engine.listeners;
  if (!engineConnect.empty) yield* engineConnect.run(connection.front as never);
  return connection;
}

/** Takes a driver's connection from the pool; errors of opening one are the engine's. */
export function* checkout(engine: EngineCore, options?: CheckoutOptions): Step<Lease> {
  if (!connectTracer.isOn) return yield* lend(engine, options);
  const context = traceContext(engine, null, { operation: "CONNECT" });
  return yield* connectTracer.trace(context, () => lend(engine, options));
}

function* lend(engine: EngineCore, options?: CheckoutOptions): Step<Lease> {
  const { pool } = engine;
  try {
    return pool.tryCheckout() ?? (yield* pool.connect(options));
  } catch (error) {
    throw yield* translateFailure(engine, null, error, null);
  }
}

/** Whether there is nothing to be done with a driver's connection that the pool has lent. */
function connectsPlainly(engine: EngineCore): boolean {
  return engine.defaults.levelIsPlain && engine.listeners.engineConnect.empty && !connectTracer.isOn;
}

function plainConnection(engine: EngineCore, lease: Lease): ConnectionCore {
  const connection = new ConnectionCore(engine, lease);
  connection.isolationLevel = engine.defaults.level;
  return connection;
}

/** {@link connect} where an idle connection can be taken as it is; null where there is more to do, and nothing has happened. */
export function tryConnect(engine: EngineCore): ConnectionCore | null {
  if (!connectsPlainly(engine)) return null;
  const lease = engine.pool.tryCheckout();
  return lease === null ? null : plainConnection(engine, lease);
}

/** A place in the pool's queue where all of {@link connect} is waiting there; null where there is more to do. */
export function tryQueue(engine: EngineCore): Promise<Turn> | null {
  return connectsPlainly(engine) ? engine.pool.tryQueue() : null;
}

/**
 * {@link tryConnect} with the turn that {@link tryQueue} has led to. Null: run {@link connectInTurn}.
 *
 * @param pool the engine's when the wait began.
 */
export function tryTurn(engine: EngineCore, pool: Pool, turn: Turn): ConnectionCore | null {
  if (!connectsPlainly(engine)) return null;
  const lease = pool.tryTurn(turn);
  return lease === null ? null : plainConnection(engine, lease);
}

/** {@link connect} with a turn. */
export function* connectInTurn(
  engine: EngineCore,
  pool: Pool,
  turn: Turn,
  front: (core: ConnectionCore) => object,
): Step<ConnectionCore> {
  let lease: Lease;
  try {
    lease = yield* pool.takeTurn(turn);
  } catch (error) {
    throw yield* translateFailure(engine, null, error, null);
  }
  return yield* furnish(engine, lease, front);
}

/** Opens another driver connection in place of one that was lost. */
export function* revalidate(connection: ConnectionCore): Step<void> {
  if (!connection.invalidated)
    throw new ResourceClosedError("This Connection is closed", { code: "connection_closed" });
  if (connection.transaction !== null) throw pendingRollback("");
  connection.lease = yield* checkout(connection.engine);
  connection.invalidated = false;
  if (connection.isolationLevel !== null) yield* applyLevel(connection, connection.isolationLevel);
}

/** Sets options of a connection; an isolation level takes effect at once. */
export function* setOptions(connection: ConnectionCore, given: ExecutionOptionsInput): Step<void> {
  const options = withPlainModes(connection.dialect, given);
  const decided = decidedAtBegin(options);
  if (connection.transaction !== null && decided.length > 0) {
    throw new InvalidRequestError(
      `This connection has already initialized a Transaction() object via begin() or autobegin; ${decided.join(", ")} may not be altered unless rollback() or commit() is called first.`,
    );
  }
  const listeners = connection.dispatch.of("setConnectionExecutionOptions");
  if (!listeners.empty) yield* listeners.run(connection.front, given);
  connection.options = mergeOptions(connection.options, options);
  const level = levelOf(options);
  if (level !== undefined) yield* setIsolationLevel(connection, level);
}

/** Sets the isolation level. @throws ArgumentError for one that the database does not have. */
export function* setIsolationLevel(connection: ConnectionCore, level: IsolationLevel): Step<void> {
  checkLevel(connection.dialect, level);
  if (connection.lease === null) yield* revalidate(connection);
  yield* applyLevel(connection, level);
}

function* applyLevel(connection: ConnectionCore, level: IsolationLevel): Step<void> {
  if (concernsDriver(connection.dialect, level)) {
    connection.levelWasSet = true;
    try {
      yield* connection.dialect.setIsolationLevel(connection.driverConnection, level);
    } catch (error) {
      throw yield* translateFailure(connection.engine, connection, error, null);
    }
  }
  connection.isolationLevel = level;
}

/** Puts back what options changed about the driver's connection. */
export function* resetLevel(connection: ConnectionCore): Step<void> {
  const { dialect, lease, levelWasSet } = connection;
  connection.isolationLevel = null;
  connection.levelWasSet = false;
  if (!levelWasSet || lease === null) return;
  const configured = connection.engine.options.isolationLevel;
  if (configured !== undefined && concernsDriver(dialect, configured))
    yield* dialect.setIsolationLevel(lease.connection, configured);
  else yield* dialect.resetIsolationLevel(lease.connection);
}

/** The isolation level in force. */
export function* isolationLevel(connection: ConnectionCore): Step<IsolationLevel> {
  return connection.isolationLevel ?? connection.engine.options.isolationLevel ?? (yield* defaultLevel(connection));
}

/** The level of a driver connection as it was opened. */
export function* defaultLevel(connection: ConnectionCore): Step<IsolationLevel> {
  connection.check();
  if (connection.lease === null) yield* revalidate(connection);
  return yield* connection.dialect.defaultIsolationLevel(connection.driverConnection);
}
