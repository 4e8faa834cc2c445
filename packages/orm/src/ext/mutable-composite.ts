/** Values of composites that can be changed in place. */
import { type CompositeProperty, compositeHeld } from "../mapping/composite.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { notAccepted, watchMembers } from "./mutable-value.ts";

/** The composites that hold a value. */
const parents = new WeakMap<object, Map<InstanceState, Set<CompositeProperty>>>();

/**
 * A class for `composite()` whose objects can be changed in place: assigning to a member sets the column behind it.
 *
 * @example
 * class Point extends MutableComposite {
 *   constructor(public x: number, public y: number) { super(); }
 * }
 * start: composite(Point, { x: "x1", y: "y1" })      // vertex.start.x = 8  →  UPDATE … SET x1 = 8
 */
export class MutableComposite {
  constructor() {
    // biome-ignore lint/correctness/noConstructorReturn: the object that subclasses fill is the watched one.
    return watchMembers(this, (watched) => watched.changed());
  }

  /** Sets the columns of all objects that hold the value; for changes that are not assignments to members. */
  changed(): void {
    for (const [state, properties] of parents.get(this) ?? [])
      for (const property of properties) if (!property.store(state, this)) properties.delete(property);
  }

  /** What is stored for a value that is set; here: only objects of the class are taken. Not asked about loaded values. */
  static coerce(key: string, value: unknown): MutableComposite {
    if (value instanceof this) return value;
    throw notAccepted(key, value);
  }

  /** An object of a mapped class holds the value now. @internal */
  [compositeHeld](state: InstanceState, property: CompositeProperty): void {
    let states = parents.get(this);
    if (states === undefined) parents.set(this, (states = new Map()));
    const properties = states.get(state);
    if (properties === undefined) states.set(state, new Set([property]));
    else properties.add(property);
  }
}
