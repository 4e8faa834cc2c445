/** Connecting and executing for callers that await: where little is to be done, without a generator on the way. */
import { runAsync } from "@athanor/driver";
import type { CheckoutOptions } from "@athanor/pool";
import type { ClauseElement } from "../../expression/clause-element.ts";
import type { ConnectionCore } from "../connection-core.ts";
import type { CursorResult } from "../cursor-result.ts";
import type { EngineCore } from "../engine-core.ts";
import type { GivenParameters } from "../events.ts";
import type { ExecutionOptionsInput } from "../options.ts";
import { connect, connectInTurn, tryConnect, tryQueue, tryTurn } from "./connect.ts";
import { continueExecution } from "./execute.ts";
import { failureOf, finishQuick, startQuick } from "./quick.ts";

/** Opens a connection of an engine. `front` makes the object that the program will hold. */
export async function connectAsync<Front extends object>(
  engine: EngineCore,
  front: (core: ConnectionCore) => Front,
  options: CheckoutOptions | undefined,
): Promise<Front> {
  if (options === undefined) {
    let plain = tryConnect(engine);
    if (plain === null) {
      const { pool } = engine;
      const queue = tryQueue(engine);
      if (queue !== null) {
        const turn = await queue;
        plain = tryTurn(engine, pool, turn);
        if (plain === null) return (await runAsync(connectInTurn(engine, pool, turn, front))).front as Front;
      }
    }
    if (plain !== null) {
      const made = front(plain);
      plain.front = made;
      return made;
    }
  }
  return (await runAsync(connect(engine, front, options))).front as Front;
}

/** Executes a statement and buffers its rows. */
export async function executeAsync(
  connection: ConnectionCore,
  statement: ClauseElement,
  params: GivenParameters | undefined,
  options: ExecutionOptionsInput | undefined,
): Promise<CursorResult> {
  const quick = options === undefined ? startQuick(connection, statement, params) : null;
  const underWay = quick?.underWay ?? null;
  if (quick === null || underWay === null) {
    const result = await runAsync(continueExecution(connection, quick, statement, params, options));
    if (!result.feed.isBuffered) await runAsync(result.feed.fill(null));
    return result;
  }
  try {
    const result = await underWay;
    connection.pending = null;
    return finishQuick(quick, result);
  } catch (error) {
    connection.pending = null;
    throw await runAsync(failureOf(connection, quick, error));
  }
}
