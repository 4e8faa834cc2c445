/** delete(), expunge(), expire(): operations on single objects and what their cascades lead to. */
import { InvalidRequestError } from "@athanor/core";
import type { Step } from "@athanor/driver";
import { cascadeNow, cascadeStep } from "../../persist/cascade.ts";
import { expireAll, expireKeys } from "../../state/changes.ts";
import type { InstanceState } from "../../state/instance-state.ts";
import type { SessionCore } from "../session-core.ts";
import { notPersistent } from "../states.ts";

/** Marks an object, and by the delete cascade those that go with it, for deletion by the next flush. */
export function* deleteStep(session: SessionCore, state: InstanceState): Step<void> {
  if (session.deletedStates.has(state)) return;
  if (!session.markDeleted(state, true)) return;
  // The cascade may load, and loading may flush: only then is the object marked.
  const related = yield* cascadeStep("delete", state);
  session.deletedStates.add(state);
  for (const other of related) if (session.markDeleted(other, false)) session.deletedStates.add(other);
}

/** Takes an object, and by the expunge cascade others, out of the session. */
export function expunge(session: SessionCore, state: InstanceState): void {
  if (state.session !== session) throw new InvalidRequestError(`Instance ${state} is not present in this Session`);
  session.expungeStates([state, ...cascadeNow("expunge", state).filter((other) => other.session === session)]);
}

/** Forgets the values of an object, or some of them; the next touch loads them. */
export function expire(session: SessionCore, state: InstanceState, keys: readonly string[] | null): void {
  if (!session.identityMap.contains(state)) throw notPersistent(state);
  if (keys !== null) {
    expireKeys(state, keys);
    return;
  }
  const related = cascadeNow("refresh-expire", state);
  expireOrExpunge(session, state);
  for (const other of related) expireOrExpunge(session, other);
}

function expireOrExpunge(session: SessionCore, state: InstanceState): void {
  if (state.identityHash !== null) {
    expireAll(state);
    session.modified.delete(state);
  } else if (session.newStates.has(state)) session.expungeStates([state]);
}
