/** refresh(): loads an object's values anew. */
import { InvalidRequestError } from "@athanor/core";
import type { Step } from "@athanor/driver";
import { refreshStep as loadAgainStep, type RefreshOptions } from "../../load/refresh.ts";
import type { InstanceState } from "../../state/instance-state.ts";
import type { SessionCore } from "../session-core.ts";
import { expire } from "./objects.ts";

/** Loads all values, or the named ones. @throws InvalidRequestError when the row is gone. */
export function* refreshStep(
  session: SessionCore,
  state: InstanceState,
  keys: readonly string[] | null,
  options: RefreshOptions = {},
): Step<void> {
  if (keys !== null) for (const key of keys) state.mapper.getProperty(key);
  expire(session, state, keys);
  yield* session.autoflushStep();
  if ((yield* loadAgainStep(session, state, keys, options)) === false)
    throw new InvalidRequestError(`Could not refresh instance '${state}'`, {
      code: "refresh_failed",
      fix: "its row is gone",
    });
}
