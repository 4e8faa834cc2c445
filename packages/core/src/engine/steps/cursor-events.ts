/** Calls of the driver as listeners see them: announced, perhaps changed or carried out by a listener, concluded. */
import {
  type DriverCursor,
  type DriverParameters,
  type DriverResult,
  type DriverRow,
  isPromiseLike,
  type Listener,
  type ListenerList,
  type MaybePromise,
  type Step,
  settle,
} from "@athanor/driver";
import { InvalidRequestError } from "../../errors/errors.ts";
import type { ConnectionCore } from "../connection-core.ts";
import type { CursorExecution } from "../events.ts";
import type { CursorCall } from "./cursor-call.ts";

/** The result of a listener that brought none. */
export const noResult: DriverResult = Object.freeze({ columns: null, rows: [], rowCount: -1 });

/** A call of the driver, for listeners. */
export class Execution implements CursorExecution {
  statement: string;
  parameters: unknown;
  readonly executemany: boolean;
  readonly executionOptions: Readonly<Record<string, unknown>>;
  readonly compiled: object | null;
  startedAt = 0;
  result: DriverResult | null = null;
  readonly #connection: ConnectionCore;
  readonly #call: CursorCall;

  constructor(connection: ConnectionCore, given: CursorCall) {
    this.statement = given.sql;
    this.parameters = given.parameters;
    this.executemany = given.many;
    this.executionOptions = given.options;
    this.compiled = given.compiled;
    this.#connection = connection;
    this.#call = given;
  }

  execute(statement: string, parameters: unknown = this.parameters): MaybePromise<DriverResult> {
    const driver = this.#connection.driverConnection;
    const { driverOptions } = this.#call;
    const outcome = this.executemany
      ? driver.executeMany(statement, parameters as readonly DriverParameters[], driverOptions)
      : driver.execute(statement, parameters as DriverParameters, driverOptions);
    if (!isPromiseLike(outcome)) return this.#keep(outcome);
    return outcome.then((result) => this.#keep(result));
  }

  #keep(result: DriverResult): DriverResult {
    this.result = result;
    return result;
  }

  /** `beforeCursorExecute`. */
  *announce(): Step<void> {
    const list = this.#connection.listeners.beforeCursorExecute;
    for (const listener of list.all) {
      const returned = yield* settle(this.#tell(listener) as unknown);
      if (list.returns(listener)) this.#replace(returned);
    }
  }

  /** `afterCursorExecute`. */
  *conclude(): Step<void> {
    for (const listener of this.#connection.listeners.afterCursorExecute.all)
      yield* settle(this.#tell(listener) as unknown);
  }

  #tell(listener: Listener): unknown {
    const { front } = this.#connection;
    const { statement, parameters, executemany } = this;
    return (listener as (...values: unknown[]) => unknown)(front, this, statement, parameters, this, executemany);
  }

  #replace(returned: unknown): void {
    if (!Array.isArray(returned) || returned.length !== 2 || typeof returned[0] !== "string") {
      throw new InvalidRequestError(
        "a beforeCursorExecute listener with { retval: true } must return [statement, parameters]",
      );
    }
    [this.statement, this.parameters] = returned as [string, unknown];
  }

  /** Asks the dialect events; true where a listener has done the driver's work. */
  *isDoneByListener(): Step<boolean> {
    const { doExecute, doExecutemany, doExecuteNoParams } = this.#connection.listeners;
    if (this.executemany) return yield* this.#ask(doExecutemany, [this, this.statement, this.parameters, this]);
    if (this.#call.hasNoParameters === true) return yield* this.#ask(doExecuteNoParams, [this, this.statement, this]);
    return yield* this.#ask(doExecute, [this, this.statement, this.parameters, this]);
  }

  *#ask(list: ListenerList<Listener>, values: readonly unknown[]): Step<boolean> {
    for (const listener of list.all) {
      const answer = yield* settle((listener as (...values: unknown[]) => unknown)(...values));
      if (answer === true) return true;
    }
    return false;
  }
}

/** A cursor over rows that are here. */
export function bufferedCursor({ columns, rows }: DriverResult): DriverCursor {
  let at = 0;
  return {
    columns: columns ?? [],
    fetchMany(size): DriverRow[] {
      const portion = rows.slice(at, at + size);
      at += portion.length;
      return portion;
    },
    close(): void {
      at = rows.length;
    },
  };
}
