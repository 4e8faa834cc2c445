/**
 * Values by identity. Keys that are whole numbers and stand close together, as those that databases count, have their place
 * in an array; the others are in a Map, which needs several times as long for an object that is loaded.
 */
import type { IdentityHash } from "./key.ts";

/** The array may be as long as this, whatever is in it. */
const freeLength = 64;
/** Beyond that, one in so many of its places must be taken. */
const placesPerValue = 4;
/** So many values without a place, and the array begins anew among them. */
const firstPatience = 64;

/** A Map from identities; values come in the order of their keys where these are whole numbers. */
export class KeyTable<V extends object> {
  #places: (V | undefined)[] = [];
  /** The key of the first place. */
  #first = 0;
  #taken = 0;
  #others: Map<IdentityHash, V> | null = null;
  #patience = firstPatience;

  get size(): number {
    return this.#others === null ? this.#taken : this.#taken + this.#others.size;
  }

  get(key: IdentityHash): V | undefined {
    if (typeof key === "number" && (key | 0) === key) {
      const place = key - this.#first;
      if (place >= 0 && place < this.#places.length) {
        const value = this.#places[place];
        if (value !== undefined) return value;
      }
    }
    return this.#others === null ? undefined : this.#others.get(key);
  }

  has(key: IdentityHash): boolean {
    return this.get(key) !== undefined;
  }

  set(key: IdentityHash, value: V): void {
    if (typeof key === "number" && (key | 0) === key && this.#hasPlace(key)) {
      const place = key - this.#first;
      if (this.#places[place] === undefined) {
        this.#taken++;
        this.#others?.delete(key);
      }
      this.#places[place] = value;
      return;
    }
    this.#others ??= new Map();
    this.#others.set(key, value);
    if (typeof key === "number" && this.#others.size >= this.#patience) this.#beginAnew();
  }

  /** One key far from the others came first: the next ones decide where the array is. */
  #beginAnew(): void {
    const others = this.#others as Map<IdentityHash, V>;
    for (const [place, value] of this.#places.entries())
      if (value !== undefined) others.set(this.#first + place, value);
    this.#places = [];
    this.#taken = 0;
    this.#patience = others.size * 2;
  }

  delete(key: IdentityHash): boolean {
    if (typeof key === "number" && (key | 0) === key) {
      const place = key - this.#first;
      if (place >= 0 && place < this.#places.length && this.#places[place] !== undefined) {
        this.#places[place] = undefined;
        this.#taken--;
        return true;
      }
    }
    return this.#others?.delete(key) ?? false;
  }

  /** The values. Those that are added or removed meanwhile may or may not be among them. */
  *values(): IterableIterator<V> {
    const places = this.#places;
    for (let place = 0; place < places.length; place++) {
      const value = places[place];
      if (value !== undefined) yield value;
    }
    if (this.#others !== null) yield* this.#others.values();
  }

  *entries(): IterableIterator<[IdentityHash, V]> {
    for (const [place, value] of this.#places.entries()) if (value !== undefined) yield [this.#first + place, value];
    if (this.#others !== null) yield* this.#others.entries();
  }

  /** Whether the array has a place for the key, or may be made long enough for one. */
  #hasPlace(key: number): boolean {
    const { length } = this.#places;
    if (length === 0) this.#first = key > 0 && key < freeLength ? 0 : key;
    const place = key - this.#first;
    if (place >= 0 && place < length) return true;
    const wanted = place < 0 ? length - place : place + 1;
    const allowed = freeLength + placesPerValue * this.#taken;
    if (wanted > allowed) return false;
    const added = Math.min(Math.max(wanted, length * 2), allowed) - length;
    const fresh = new Array<undefined>(added).fill(undefined);
    if (place < 0) {
      this.#places = (fresh as (V | undefined)[]).concat(this.#places);
      this.#first -= added;
    } else this.#places = this.#places.concat(fresh);
    return true;
  }
}
