/** From what a program passes to states, with the errors it gets for other things. */
import { describe, InvalidRequestError } from "@athanor/core";
import { UnmappedInstanceError } from "../base/errors.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { stateOrNull } from "../state/registry.ts";

/** The state of a mapped object. @throws UnmappedInstanceError for anything else. */
export function stateFor(instance: unknown): InstanceState {
  const state = stateOrNull(instance);
  if (state !== null) return state;
  const name = (instance as { constructor?: { name?: string } } | null)?.constructor?.name;
  throw new UnmappedInstanceError(
    typeof instance === "function"
      ? `Class '${instance.name}' is a class, not an instance`
      : `Class '${name ?? describe(instance)}' is not mapped`,
    { fix: "pass an object of a mapped class, made by its constructor" },
  );
}

/** The error for objects that are not persistent in a session. */
export function notPersistent(state: InstanceState): InvalidRequestError {
  return new InvalidRequestError(`Instance '${state}' is not persistent within this Session`, {
    fix: "add it to the session and flush, or merge() it",
  });
}
