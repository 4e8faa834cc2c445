/** What a proxy of a collection gives: an array, a Set or a Map of the related objects' values. They read and change the collection. */

/** What a view asks of its proxy. */
export interface ViewSource<T> {
  /** The collection of related objects, as it is now. */
  readonly collection: object;
  /** The value of a related object. */
  read(related: object): T;
  /** Gives a related object a value. */
  write(related: object, value: T): void;
  /** Makes a related object. */
  create(...args: readonly unknown[]): object;
}

type List = object[] & { remove(item: object): boolean };
const inspectSymbol: unique symbol = Symbol.for("nodejs.util.inspect.custom") as never;

/** Methods that change the list; all others of arrays work by reading. */
function changesOf<T>(source: ViewSource<T>): Readonly<Record<string, (...args: never[]) => unknown>> {
  const list = (): List => source.collection as List;
  const made = (values: readonly T[]): object[] => values.map((value) => source.create(value));
  const values = (related: readonly object[]): T[] => related.map((each) => source.read(each));
  const place = (value: T): number => list().findIndex((each) => source.read(each) === value);
  const splice = (start: number, ...rest: [deleteCount?: number, ...items: T[]]): T[] => {
    const [count, ...items] = rest;
    return values(rest.length === 0 ? list().splice(start) : list().splice(start, count ?? 0, ...made(items)));
  };
  return {
    push: (...items: T[]) => list().push(...made(items)),
    append: (value: T) => void list().push(source.create(value)),
    extend: (items: Iterable<T>) => void list().push(...made([...items])),
    insert: (index: number, value: T) => void splice(index, 0, value),
    unshift: (...items: T[]) => list().unshift(...made(items)),
    pop: (index = -1) => splice(index, 1)[0],
    shift: () => splice(0, 1)[0],
    splice,
    clear: () => void splice(0),
    remove: (value: T) => {
      const index = place(value);
      if (index >= 0) splice(index, 1);
      return index >= 0;
    },
    toJSON: () => values(list()),
  };
}

/** An array of values. Setting a place gives its related object another value. */
export function associationList<T>(source: ViewSource<T>): T[] {
  const changes = changesOf(source);
  const list = (): readonly object[] => source.collection as readonly object[];
  const at = (name: PropertyKey): object | undefined =>
    typeof name === "string" && /^\d+$/.test(name) ? list()[Number(name)] : undefined;
  const target: T[] = [];
  // `console.log` looks at the target, which is empty.
  Object.defineProperty(target, inspectSymbol, { value: () => list().map((each) => source.read(each)) });
  return new Proxy(target, {
    get(array, name, view) {
      if (name === "length") return list().length;
      const related = at(name);
      if (related !== undefined) return source.read(related);
      if (typeof name === "string" && Object.hasOwn(changes, name)) return changes[name];
      return Reflect.get(array, name, view) as unknown;
    },
    set(_array, name, value) {
      if (name === "length") (changes["splice"] as (start: number) => unknown)(Number(value));
      else {
        const related = at(name);
        if (related !== undefined) source.write(related, value as T);
        else if (Number(name) === list().length) (changes["push"] as (item: T) => unknown)(value as T);
        else return false;
      }
      return true;
    },
    has: (array, name) => at(name) !== undefined || Reflect.has(array, name),
    deleteProperty: () => false,
    ownKeys: () => [...list().keys()].map(String).concat("length", ...([inspectSymbol] as unknown as string[])),
    getOwnPropertyDescriptor(array, name) {
      const related = at(name);
      if (related !== undefined)
        return { value: source.read(related), writable: true, enumerable: true, configurable: true };
      if (name === "length") return { value: list().length, writable: true, enumerable: false, configurable: false };
      return Reflect.getOwnPropertyDescriptor(array, name);
    },
  });
}

/** A Set of values over a Set of related objects. */
export class AssociationSet<T = unknown> extends Set<T> {
  readonly #source: ViewSource<T>;

  constructor(source: ViewSource<T>) {
    super();
    this.#source = source;
  }

  get #related(): Set<object> {
    return this.#source.collection as Set<object>;
  }

  #find(value: T): object | undefined {
    for (const related of this.#related) if (this.#source.read(related) === value) return related;
    return undefined;
  }

  override get size(): number {
    return this.#related.size;
  }

  override has(value: T): boolean {
    return this.#find(value) !== undefined;
  }

  override add(value: T): this {
    if (!this.has(value)) this.#related.add(this.#source.create(value));
    return this;
  }

  override delete(value: T): boolean {
    const related = this.#find(value);
    return related !== undefined && this.#related.delete(related);
  }

  /** The same as `delete`. */
  remove(value: T): boolean {
    return this.delete(value);
  }

  override clear(): void {
    this.#related.clear();
  }

  override *values(): SetIterator<T> {
    for (const related of this.#related) yield this.#source.read(related);
    return undefined;
  }

  override keys(): SetIterator<T> {
    return this.values();
  }

  override *entries(): SetIterator<[T, T]> {
    for (const value of this.values()) yield [value, value];
    return undefined;
  }

  override [Symbol.iterator](): SetIterator<T> {
    return this.values();
  }

  override forEach(work: (value: T, again: T, set: Set<T>) => void): void {
    for (const value of this.values()) work(value, value, this);
  }

  toJSON(): T[] {
    return [...this];
  }

  [inspectSymbol](): Set<T> {
    return new Set([...this]);
  }
}

/** A Map of values over a keyed map of related objects. */
export class AssociationMap<K = unknown, T = unknown> extends Map<K, T> {
  readonly #source: ViewSource<T>;

  constructor(source: ViewSource<T>) {
    super();
    this.#source = source;
  }

  get #related(): Map<K, object> {
    return this.#source.collection as Map<K, object>;
  }

  override get size(): number {
    return this.#related.size;
  }

  override has(key: K): boolean {
    return this.#related.has(key);
  }

  override get(key: K): T | undefined {
    const related = this.#related.get(key);
    return related === undefined ? undefined : this.#source.read(related);
  }

  /** Gives the related object of the key another value; makes one where there is none. */
  override set(key: K, value: T): this {
    const related = this.#related.get(key);
    if (related === undefined) this.#related.set(key, this.#source.create(key, value));
    else this.#source.write(related, value);
    return this;
  }

  override delete(key: K): boolean {
    return this.#related.delete(key);
  }

  override clear(): void {
    this.#related.clear();
  }

  override keys(): MapIterator<K> {
    return this.#related.keys();
  }

  override *values(): MapIterator<T> {
    for (const related of this.#related.values()) yield this.#source.read(related);
    return undefined;
  }

  override *entries(): MapIterator<[K, T]> {
    for (const [key, related] of this.#related) yield [key, this.#source.read(related)];
    return undefined;
  }

  override [Symbol.iterator](): MapIterator<[K, T]> {
    return this.entries();
  }

  override forEach(work: (value: T, key: K, map: Map<K, T>) => void): void {
    for (const [key, value] of this.entries()) work(value, key, this);
  }

  toJSON(): Record<string, T> {
    return Object.fromEntries(this);
  }

  [inspectSymbol](): Map<K, T> {
    return new Map([...this]);
  }
}
