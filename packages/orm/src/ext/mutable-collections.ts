/** Watched objects, arrays and sets: what JSON, ARRAY and serialized columns hold. Values inside them are not watched. */
import { changed, changingMethods, Mutable, notAccepted, plainValues, unwrap, watchMembers } from "./mutable-value.ts";

const dicts = new WeakSet<object>();

function isPlain(value: unknown): value is object {
  if (value === null || typeof value !== "object") return false;
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
}

/**
 * A plain object whose members are watched: `data: column(MutableDict.asMutable(t.json<Settings>()))`. Setting and deleting
 * members writes the row; changes further inside do not: `mutable()` is for those.
 */
export class MutableDict {
  constructor(values: object = {}) {
    // To everybody else it is a plain object; `instanceof` knows it all the same.
    const target = new.target === MutableDict ? {} : this;
    for (const [key, value] of Object.entries(values))
      Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
    const watched = watchMembers(target, changed);
    dicts.add(watched);
    // biome-ignore lint/correctness/noConstructorReturn: the watched object is the value.
    return watched as MutableDict;
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    if (this !== MutableDict) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === "object" && value !== null && dicts.has(value);
  }

  /** Watched objects as they are, plain ones as watched copies. @throws ArgumentError for anything else. */
  static coerce(key: string, value: unknown): MutableDict {
    if (value instanceof this) return value;
    const plain = unwrap(value);
    if (!isPlain(plain)) throw notAccepted(key, value);
    return new this(plain);
  }

  /** A type whose columns hold watched objects. */
  static readonly asMutable: typeof Mutable.asMutable = Mutable.asMutable;
  /** Lets all columns of a class of types, of classes mapped from now on, hold watched objects. */
  static readonly associateWith: typeof Mutable.associateWith = Mutable.associateWith;
  /** Lets one attribute of a mapped class hold watched objects. */
  static readonly associateWithAttribute: typeof Mutable.associateWithAttribute = Mutable.associateWithAttribute;
}

const lists = new WeakSet<object>();

/** The handler of watched arrays: a method that changes the array reports once. */
function watchList<T>(target: T[], report: (watched: T[]) => void): T[] {
  const watched: T[] = new Proxy(target, {
    get(array, name) {
      const member: unknown = Reflect.get(array, name, array);
      if (typeof member !== "function" || !changingMethods.has(name)) return member;
      return (...args: unknown[]): unknown => {
        const result: unknown = Reflect.apply(member, array, args);
        report(watched);
        return result === array ? watched : result;
      };
    },
    set(array, name, value) {
      Reflect.set(array, name, value, array);
      report(watched);
      return true;
    },
    deleteProperty(array, name) {
      Reflect.deleteProperty(array, name);
      report(watched);
      return true;
    },
  });
  plainValues.set(watched, target);
  return watched;
}

/**
 * An array that is watched, its places included: `tags: column(MutableList.asMutable(t.array(t.string)))`. `push`, `splice`,
 * `list[0] = x`, `sort` and the rest write the row; changes inside of its items do not.
 */
export class MutableList {
  constructor(values: Iterable<unknown> = []) {
    const watched = watchList([...values], changed);
    lists.add(watched);
    // biome-ignore lint/correctness/noConstructorReturn: the watched array is the value.
    return watched as unknown as MutableList;
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && lists.has(value);
  }

  /** Watched arrays as they are, others as watched copies. @throws ArgumentError for anything else. */
  static coerce(key: string, value: unknown): MutableList {
    if (value instanceof MutableList) return value;
    const plain = unwrap(value);
    if (!Array.isArray(plain)) throw notAccepted(key, value);
    return new MutableList(plain);
  }

  /** A type whose columns hold watched arrays. */
  static readonly asMutable: typeof Mutable.asMutable = Mutable.asMutable;
  /** Lets all columns of a class of types, of classes mapped from now on, hold watched arrays. */
  static readonly associateWith: typeof Mutable.associateWith = Mutable.associateWith;
  /** Lets one attribute of a mapped class hold watched arrays. */
  static readonly associateWithAttribute: typeof Mutable.associateWithAttribute = Mutable.associateWithAttribute;
}

/** A Set that is watched, for types whose values are sets: `column(MutableSet.asMutable(t.serialized<Set<string>>({ serializer })))`. */
export class MutableSet<T = unknown> extends Set<T> {
  override add(value: T): this {
    if (this.has(value)) return this;
    super.add(value);
    changed(this);
    return this;
  }

  override delete(value: T): boolean {
    const had = super.delete(value);
    if (had) changed(this);
    return had;
  }

  override clear(): void {
    if (this.size === 0) return;
    super.clear();
    changed(this);
  }

  /** Adds several. */
  update(values: Iterable<T>): void {
    for (const value of values) this.add(value);
  }

  /** The same as `delete`. */
  discard(value: T): boolean {
    return this.delete(value);
  }

  toJSON(): T[] {
    return [...this];
  }

  /** Watched sets as they are, sets and arrays as watched copies. @throws ArgumentError for anything else. */
  static coerce(key: string, value: unknown): MutableSet {
    if (value instanceof this) return value;
    if (!(value instanceof Set || Array.isArray(value))) throw notAccepted(key, value);
    return new this(value);
  }

  /** A type whose columns hold watched sets. */
  static readonly asMutable: typeof Mutable.asMutable = Mutable.asMutable;
  /** Lets all columns of a class of types, of classes mapped from now on, hold watched sets. */
  static readonly associateWith: typeof Mutable.associateWith = Mutable.associateWith;
  /** Lets one attribute of a mapped class hold watched sets. */
  static readonly associateWithAttribute: typeof Mutable.associateWithAttribute = Mutable.associateWithAttribute;
}
