/**
 * Warns of a connection that is taken beside a scope's session while that is in a transaction on the same pool: it does not
 * see what the session did, and when every task does it with a full pool, all wait for each other.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { type EngineCore, warn } from "@athanor/core";
import { watchConnections } from "../scope-guard.ts";
import type { AsyncSession } from "./session.ts";

/** A scope that is running. */
interface RunningScope {
  readonly outer: RunningScope | undefined;
  readonly session: () => AsyncSession | undefined;
  warned: boolean;
}

const running = new AsyncLocalStorage<RunningScope>();

/** Runs a callback as a scope whose session `session` tells. */
export function runScope<T>(session: () => AsyncSession | undefined, work: () => T): T {
  watchConnections(look);
  return running.run({ outer: running.getStore(), session, warned: false }, work);
}

function look(engine: EngineCore): void {
  for (let scope = running.getStore(); scope !== undefined; scope = scope.outer) {
    if (scope.warned || scope.session()?.core.rootTransaction?.usesPool(engine.pool) !== true) continue;
    scope.warned = true;
    warn(
      `A connection of ${engine.url} is taken while the session of this scope is in a transaction on the same pool: it does not see what the session did, and waits for a second connection. Use the session, or await session.connection(); where another connection is meant, engine.connect({ independent: true })`,
    );
    return;
  }
}
