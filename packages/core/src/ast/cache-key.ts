/**
 * Structural cache keys. A key is a list of short texts in which every structural fact stands and no literal value does: the
 * values are collected beside it, in order, so that a compiled statement can take them from any statement with an equal key.
 * The texts are never joined on the way: nearly all of them are constants, so that comparing two keys compares pointers.
 */

/** What has a part in a key: nodes, and what they carry. */
export interface Keyed {
  appendCacheKey(key: CacheKeyBuilder): void;
}

/** What a bind parameter must offer to be collected. */
export interface KeyedBind {
  keyStamp: number;
  keyOrdinal: number;
}

let generation = 0;

/** A list for the parts of the next key: most keys are looked up and forgotten. Null while one is being built. */
let spare: string[] | null = [];

/** A finished key, to be kept. */
export interface CacheKey {
  readonly hash: number;
  readonly parts: readonly string[];
}

/** Builds the key of one statement. Not reentrant across statements: marks are left on nodes per generation. */
export class CacheKeyBuilder<B extends KeyedBind = KeyedBind> {
  /** Equal for equal keys; of each part it knows the length and two characters. */
  hash = 0;
  readonly #parts: string[];
  #length = 0;
  /** Bind parameters in the order in which the key met them. */
  readonly binds: B[] = [];
  /** Set when some element has no key; the statement is then compiled each time. */
  uncacheable = false;
  readonly #generation = ++generation;
  #shared = 0;

  constructor() {
    this.#parts = spare ?? [];
    spare = null;
  }

  add(text: string): void {
    const { length } = text;
    if (length === 0) return;
    const last = length > 2 ? text.charCodeAt(length - 2) * 7 : 0;
    this.hash = (Math.imul(this.hash, 31) + length + text.charCodeAt(length >> 1) + last) | 0;
    this.#parts[this.#length++] = text;
  }

  /** The key so far as one text, for stores that are keyed by text. */
  get text(): string {
    return this.finish()
      .parts.map((part) => `${part.length}'${part}`)
      .join("");
  }

  /** The key, to be kept. */
  finish(): CacheKey {
    return { hash: this.hash, parts: this.#parts.slice(0, this.#length) };
  }

  /** Gives the list of parts back for the next key. The builder must not be used any more. */
  release(): void {
    this.#length = 0;
    spare = this.#parts;
  }

  /** Whether this is the same key. */
  equals({ parts }: CacheKey): boolean {
    const own = this.#parts;
    const length = this.#length;
    if (length !== parts.length) return false;
    for (let index = 0; index < length; index++) if (own[index] !== parts[index]) return false;
    return true;
  }

  /** Adds a child's key, or a marker for none. */
  node(node: Keyed | null | undefined): void {
    if (node === null || node === undefined) this.add("~");
    else node.appendCacheKey(this);
  }

  nodes(nodes: readonly Keyed[] | null | undefined): void {
    if (nodes === null || nodes === undefined) {
      this.add("~");
      return;
    }
    this.add("[");
    for (const node of nodes) node.appendCacheKey(this);
    this.add("]");
  }

  /** A clause of a statement that has several; nothing where it is not there. */
  clause(mark: string, nodes: readonly Keyed[] | null): void {
    if (nodes === null || nodes.length === 0) return;
    this.add(mark);
    this.nodes(nodes);
  }

  /** Text that users chose, marked so that it is not taken for a fact of ours. */
  name(text: string): void {
    this.add(text === "" ? "''" : "'");
    this.add(text);
  }

  /**
   * For elements whose identity matters (aliases, CTEs): true the first time, when the caller is to add the element's
   * structure; later meetings add a back-reference.
   */
  firstMeeting(node: { keyStamp: number; keyOrdinal: number }): boolean {
    if (node.keyStamp === this.#generation) {
      this.add(`@${node.keyOrdinal};`);
      return false;
    }
    node.keyStamp = this.#generation;
    node.keyOrdinal = this.#shared++;
    return true;
  }

  /** Collects a bind parameter; true the first time it is met. */
  bind(bind: B): boolean {
    if (bind.keyStamp === this.#generation) {
      this.add(`?${bind.keyOrdinal};`);
      return false;
    }
    bind.keyStamp = this.#generation;
    bind.keyOrdinal = this.binds.length;
    this.binds.push(bind);
    return true;
  }
}

let identities = 0;

/** A number for things that are equal only to themselves: tables, columns, functions given by the user. */
export function nextIdentity(): number {
  return ++identities;
}

const identityOfObject = new WeakMap<object, number>();

/** A stable number for any object, for keys of objects that are not ours. */
export function identityOf(object: object): number {
  let id = identityOfObject.get(object);
  if (id === undefined) identityOfObject.set(object, (id = nextIdentity()));
  return id;
}
