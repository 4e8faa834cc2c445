/** Finds objects in the identity map, refreshing those that are expired. */
import type { Step } from "@athanor/driver";
import { ObjectDeletedError } from "../base/errors.ts";
import { NOT_LOADED, PASSIVE_OFF, type Passive, RELATED_OK, SQL_OK } from "../base/symbols.ts";
import type { Mapper } from "../mapping/mapper.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { loadColumnsStep } from "./refresh.ts";
import type { LoadingSession } from "./session.ts";

/**
 * The object of an identity; null where it is of another class; undefined where it is not there, or its row is gone. `from` is
 * the object whose relationship asks.
 */
export function* fromIdentityStep(
  session: LoadingSession,
  mapper: Mapper,
  values: readonly unknown[],
  passive: Passive = PASSIVE_OFF,
  from: InstanceState | null = null,
): Step<object | null | undefined | typeof NOT_LOADED> {
  const { routing } = session;
  const state =
    routing === null
      ? session.identityMap.get(mapper, mapper.identityHashOf(values), session.identityToken)
      : routing.lookUp(mapper, values, from);
  if (state === undefined) return undefined;
  if (!state.mapper.isa(mapper)) return null;
  if (state.expired) {
    if ((passive & SQL_OK) === 0) return NOT_LOADED;
    if ((passive & RELATED_OK) === 0) return state.obj;
    try {
      yield* loadColumnsStep(session, state, [...(state.expiredKeys ?? [])], passive);
    } catch (error) {
      if (!(error instanceof ObjectDeletedError)) throw error;
      session.removeDeleted([state]);
      return undefined;
    }
  }
  return state.obj;
}
