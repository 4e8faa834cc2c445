/** From an object to its state. The state sits in a private field, so that spreading, copying or printing an object never meets it. */
import type { InstanceState } from "./instance-state.ts";

/** Gives its argument back from a constructor, so that a subclass can put a private field onto it. */
class Given {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: this is how a private field is put onto an object of another class.
    return object;
  }
}

class Holder extends Given {
  #state: InstanceState;

  constructor(object: object, state: InstanceState) {
    super(object);
    this.#state = state;
  }

  static get(object: object): InstanceState {
    return (object as Holder).#state;
  }

  static has(object: object): boolean {
    return #state in object;
  }

  static set(object: object, state: InstanceState): void {
    (object as Holder).#state = state;
  }
}

/** The state of a mapped object. Fails for others: see {@link stateOrNull}. */
export const stateOf: (object: object) => InstanceState = Holder.get;

/** The state of a mapped object, or null for anything else. */
export function stateOrNull(value: unknown): InstanceState | null {
  return typeof value === "object" && value !== null && Holder.has(value) ? Holder.get(value) : null;
}

/** Gives an object its state. @internal */
export function attachState(object: object, state: InstanceState): void {
  if (Holder.has(object)) Holder.set(object, state);
  else new Holder(object, state);
}

/** {@link attachState} for an object that has none yet. @internal */
export function attachNewState(object: object, state: InstanceState): void {
  new Holder(object, state);
}
