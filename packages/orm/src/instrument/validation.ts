/** Calls the functions that `validates` registered. */
import type { InstanceState } from "../state/instance-state.ts";

/** Looks at, and may replace, a value that is set. */
export interface Validator {
  /** Gives the value to be stored; throws to refuse it. */
  readonly validate: (target: object, key: string, value: unknown, isRemove: boolean) => unknown;
  /** Called for removals from collections too. */
  readonly includeRemoves: boolean;
  /** Called for changes that came from the other side of a relationship. Default true. */
  readonly includeBackrefs: boolean;
}

/** The value that a validator lets pass. */
export function validated(validator: Validator, state: InstanceState, key: string, value: unknown): unknown {
  return validator.validate(state.obj, key, value, false);
}
