/**
 * Structural cache keys. A key is text in which every structural fact stands and no literal value does: the values are
 * collected beside it, in order, so that a compiled statement can take them from any statement with an equal key.
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

/** Builds the key of one statement. Not reentrant across statements: marks are left on nodes per generation. */
export class CacheKeyBuilder<B extends KeyedBind = KeyedBind> {
  /** The key so far. */
  text = "";
  /** Bind parameters in the order in which the key met them. */
  readonly binds: B[] = [];
  /** Set when some element has no key; the statement is then compiled each time. */
  uncacheable = false;
  readonly #generation = ++generation;
  #shared = 0;

  add(text: string): void {
    this.text += text;
  }

  /** Adds a child's key, or a marker for none. */
  node(node: Keyed | null | undefined): void {
    if (node === null || node === undefined) this.text += "~";
    else node.appendCacheKey(this);
  }

  nodes(nodes: readonly Keyed[] | null | undefined): void {
    if (nodes === null || nodes === undefined) {
      this.text += "~";
      return;
    }
    this.text += "[";
    for (const node of nodes) node.appendCacheKey(this);
    this.text += "]";
  }

  /** Text that users chose, length-prefixed so that no two sequences run together. */
  name(text: string): void {
    this.text += `${text.length}'${text}`;
  }

  /**
   * For elements whose identity matters (aliases, CTEs): true the first time, when the caller is to add the element's
   * structure; later meetings add a back-reference.
   */
  firstMeeting(node: { keyStamp: number; keyOrdinal: number }): boolean {
    if (node.keyStamp === this.#generation) {
      this.text += `@${node.keyOrdinal};`;
      return false;
    }
    node.keyStamp = this.#generation;
    node.keyOrdinal = this.#shared++;
    return true;
  }

  /** Collects a bind parameter; true the first time it is met. */
  bind(bind: B): boolean {
    if (bind.keyStamp === this.#generation) {
      this.text += `?${bind.keyOrdinal};`;
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
