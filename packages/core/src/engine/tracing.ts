/**
 * Tracing by `node:diagnostics_channel`: three tracing channels that monitoring subscribes to, with the names of
 * OpenTelemetry's stable database conventions. Without subscribers they cost one property read. Next: ./steps/cursor.ts.
 *
 * `athanor:query`: one call of the driver with SQL. `athanor:transaction`: BEGIN, COMMIT, ROLLBACK. `athanor:connect`:
 * taking a connection from the pool, which may wait for one or open one.
 */
import { isPromiseLike, type Step } from "@athanor/driver";
import type { URL } from "../url/url.ts";
import { describeSql } from "./sql-summary.ts";

/** Attributes of a database call, by OpenTelemetry's names. */
export interface TraceAttributes {
  /** `"postgresql"`, `"mysql"`, `"mariadb"`, `"sqlite"`, `"microsoft.sql_server"`, `"oracle.db"`, or the dialect's name. */
  readonly "db.system.name": string;
  /** The database's name, or SQLite's file. */
  readonly "db.namespace"?: string;
  readonly "server.address"?: string;
  readonly "server.port"?: number;
  /** `"SELECT"`, `"INSERT"`, `"BATCH INSERT"`, `"COMMIT"`, … */
  readonly "db.operation.name"?: string;
  /** The table, where the statement names one. */
  readonly "db.collection.name"?: string;
  readonly "db.query.text"?: string;
  /** Operation and table: a span's name. */
  readonly "db.query.summary"?: string;
  /** Parameter sets, for executemany with more than one. */
  readonly "db.operation.batch.size"?: number;
  /** Rows that came back; once it is over. */
  "db.response.returned_rows"?: number;
  /** SQLSTATE or the database's own code of the failure. */
  "db.response.status_code"?: string;
  /** The status code, else the error's class. */
  "error.type"?: string;
}

/** What subscribers of the channels get: the same object from beginning to end. */
export interface TraceContext {
  readonly attributes: TraceAttributes;
  /** The `Engine` or `AsyncEngine`. */
  readonly engine: object;
  /** The `Connection` or `AsyncConnection`; null for `athanor:connect`. */
  readonly connection: object | null;
  /** What the driver got. Null where the engine hides parameters. */
  readonly parameters: unknown;
  /** True once it is over; then `error` is there or it went well. */
  isSettled: boolean;
  error?: unknown;
}

/** The parts of a tracing channel that are used here. */
interface TracingChannel {
  readonly start: Channel;
  readonly end: Channel;
  readonly asyncStart: Channel;
  readonly asyncEnd: Channel;
  readonly error: Channel;
}

interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}

/** One of the channels. */
export class Tracer {
  readonly #channel: TracingChannel | null;

  constructor(name: string) {
    // Looked up at run time: platforms without node:diagnostics_channel have no subscribers either.
    const library = globalThis.process?.getBuiltinModule?.("node:diagnostics_channel");
    this.#channel = library === undefined ? null : (library.tracingChannel(name) as unknown as TracingChannel);
  }

  /** Somebody listens. */
  get isOn(): boolean {
    const channel = this.#channel;
    return (
      channel !== null &&
      (channel.start.hasSubscribers ||
        channel.end.hasSubscribers ||
        channel.asyncEnd.hasSubscribers ||
        channel.error.hasSubscribers)
    );
  }

  /** Runs a step that is told of. As with Node's `tracePromise`: `start`, `end`, and where it waited `asyncStart`, `asyncEnd`. */
  *trace<T>(context: TraceContext, work: () => Step<T>): Step<T> {
    const channel = this.#channel as TracingChannel;
    channel.start.publish(context);
    let hasWaited = false;
    const settle = (error: unknown, hasFailed: boolean): void => {
      context.isSettled = true;
      if (hasFailed) {
        context.error = error;
        noteError(context.attributes, error);
        channel.error.publish(context);
      }
      if (hasWaited) {
        channel.asyncStart.publish(context);
        channel.asyncEnd.publish(context);
      } else channel.end.publish(context);
    };
    let value: T;
    try {
      const step = work();
      let next = step.next();
      while (!next.done) {
        if (!hasWaited && isPromiseLike(next.value)) {
          hasWaited = true;
          channel.end.publish(context);
        }
        let answer: unknown;
        try {
          answer = yield next.value;
        } catch (error) {
          next = step.throw(error);
          continue;
        }
        next = step.next(answer);
      }
      value = next.value;
    } catch (error) {
      settle(error, true);
      throw error;
    }
    settle(undefined, false);
    return value;
  }
}

export const queryTracer: Tracer = new Tracer("athanor:query");
export const transactionTracer: Tracer = new Tracer("athanor:transaction");
export const connectTracer: Tracer = new Tracer("athanor:connect");

/** What an engine's calls have in common. */
export interface TracedEngine {
  readonly url: URL;
  readonly dialect: { readonly name: string };
  readonly front: object;
  readonly options: { readonly hideParameters?: boolean };
}

const systems: Readonly<Record<string, string>> = { mssql: "microsoft.sql_server", oracle: "oracle.db" };

/** The context of one call. */
export function traceContext(
  engine: TracedEngine,
  connection: object | null,
  call: { readonly operation?: string; readonly sql?: string; readonly parameters?: unknown; readonly sets?: number },
): TraceContext {
  const { url, dialect } = engine;
  const attributes: { -readonly [Name in keyof TraceAttributes]: TraceAttributes[Name] } = {
    "db.system.name": systems[dialect.name] ?? dialect.name,
  };
  if (url.database) attributes["db.namespace"] = url.database;
  if (url.host) attributes["server.address"] = url.host;
  if (url.port !== null) attributes["server.port"] = url.port;
  if (call.operation !== undefined) {
    attributes["db.operation.name"] = call.operation;
    attributes["db.query.summary"] = call.operation;
  }
  if (call.sql !== undefined) {
    const { operation, collection } = describeSql(call.sql);
    const isBatch = (call.sets ?? 1) > 1;
    const name = isBatch ? `BATCH ${operation}` : operation;
    attributes["db.query.text"] = call.sql;
    attributes["db.operation.name"] = name;
    if (collection !== null) attributes["db.collection.name"] = collection;
    attributes["db.query.summary"] = collection === null ? name : `${name} ${collection}`;
    if (isBatch) attributes["db.operation.batch.size"] = call.sets as number;
  }
  return {
    attributes,
    engine: engine.front,
    connection,
    parameters: engine.options.hideParameters === true ? null : (call.parameters ?? null),
    isSettled: false,
  };
}

function noteError(attributes: TraceAttributes, error: unknown): void {
  const { sqlState, nativeCode } = error as { sqlState?: string; nativeCode?: string | number };
  const code = sqlState ?? nativeCode;
  if (code !== undefined) attributes["db.response.status_code"] = String(code);
  attributes["error.type"] = code === undefined ? (error instanceof Error ? error.name : typeof error) : String(code);
}
