/**
 * What a load notes of the objects that it meets, in the order in which it meets them. Most are added once and never looked
 * for, so that a Map of them is made only when one is.
 */
import type { InstanceState } from "../state/instance-state.ts";

/** A Map from states, for many that are added and few that are looked up. */
export class StateTable<V> {
  readonly states: InstanceState[] = [];
  readonly #values: V[] = [];
  #places: Map<InstanceState, number> | null = null;

  get size(): number {
    return this.states.length;
  }

  /** Adds a state that is not there yet. */
  add(state: InstanceState, value: V): void {
    this.#places?.set(state, this.states.length);
    this.states.push(state);
    this.#values.push(value);
  }

  #placeOf(state: InstanceState): number | undefined {
    if (this.#places === null) {
      this.#places = new Map();
      for (let place = 0; place < this.states.length; place++)
        this.#places.set(this.states[place] as InstanceState, place);
    }
    return this.#places.get(state);
  }

  get(state: InstanceState): V | undefined {
    const place = this.#placeOf(state);
    return place === undefined ? undefined : this.#values[place];
  }

  set(state: InstanceState, value: V): void {
    const place = this.#placeOf(state);
    if (place === undefined) this.add(state, value);
    else this.#values[place] = value;
  }

  has(state: InstanceState): boolean {
    return this.#placeOf(state) !== undefined;
  }

  /** The value of `states[place]`. */
  at(place: number): V {
    return this.#values[place] as V;
  }

  *[Symbol.iterator](): IterableIterator<[InstanceState, V]> {
    for (let place = 0; place < this.states.length; place++)
      yield [this.states[place] as InstanceState, this.#values[place] as V];
  }
}
