/** How an asynchronous session runs what touching an attribute asks for: not at all, or awaited. */
import type { ConnectionCore } from "@athanor/core";
import { runAsync, type Step } from "@athanor/driver";
import { type ImplicitAccess, MissingAwait, type SessionDriver } from "@athanor/orm";
import { AsyncConnection } from "../connection.ts";
import type { Busy } from "./busy.ts";

/** The driver of a session that does one thing at a time. */
export function driverFor(busy: Busy): SessionDriver {
  return {
    loadsImplicitly: false,
    runImplicit<T>(_step: () => Step<T>, access: ImplicitAccess): T {
      throw missingAwait(access);
    },
    awaitStep: (step, { key, state }) =>
      busy.during(`load of ${state.mapper.class.name}.${key}`, () => runAsync(step())),
    connectionFront: (core: ConnectionCore) => new AsyncConnection(core),
  };
}

/** What a touch of an unloaded attribute gets, with the ways to load it. */
function missingAwait({ state, key }: ImplicitAccess): MissingAwait {
  const name = state.mapper.class.name;
  const isRelationship = state.mapper.props.get(key)?.kind === "relationship";
  return new MissingAwait(`${name}.${key} of ${state} is not loaded, and an AsyncSession never loads implicitly`, {
    code: "missing_await",
    fix: `${isRelationship ? `load it with the statement: .options(selectinload(${name}.$.${key}))` : `load it with the statement: .options(undefer(${name}.$.${key}))`}; or afterwards: await session.refresh(object, ["${key}"]); or on access: await object.awaitable.${key}`,
  });
}
