/**
 * The bookkeeping of one mapped object: what is loaded, what was changed, who it is and which session it is in. A plain
 * record on purpose: loading makes one per row. What changes it by the rules is in ../instrument and ../session.
 */
import type { OrmClasses } from "../base/classes.ts";
import type { SessionPort } from "../base/session-port.ts";
import type { IdentityHash } from "../identity/key.ts";
import type { PendingChanges } from "./pending.ts";

type Mapper = OrmClasses["mapper"];
type RelationshipProperty = OrmClasses["relationship"];

/** Values by attribute key. `undefined` (or nothing) under a key means: not loaded. NULL is null. */
export type Values = Record<string, unknown>;

let counter = 0;

/** What the ORM knows of one object. */
export class InstanceState {
  /** The object itself. */
  readonly obj: object;
  readonly mapper: Mapper;
  /** The loaded and set values. Replaced, not emptied, when everything expires. */
  dict: Values;
  /** The values before the first change since the last flush, by key; NO_VALUE for "there was none"; null: no changes. */
  committed: Values | null = null;
  /** What identity maps know the object by; null: it has no row yet. */
  identityHash: IdentityHash | null = null;
  /** The primary key as it is in the database: the value, or an array of values for composite keys. */
  identityValue: unknown = null;
  /** Goes into {@link IdentityKey}; for several databases under one session. */
  identityToken: unknown = null;
  /** The session that it is in; null for transient and detached objects. */
  session: SessionPort | null = null;
  /** It has changes that were not flushed. */
  modified = false;
  /** Everything was expired, and nothing was loaded since. */
  expired = false;
  /** Its DELETE was flushed; the transaction is not over. */
  deleted = false;
  /** Attributes that the next load of columns must fetch; null for none. Unlike deferred ones they come all at once. */
  expiredKeys: Set<string> | null = null;
  /** Changes of collections that are not loaded, by key. */
  pending: Map<string, PendingChanges> | null = null;
  /** Collections that were read while they had no value; they become values when something is added. */
  emptyCollections: Map<string, object> | null = null;
  /** For delete-orphan: the parent by relationship (false: taken away from its parent). */
  parents: Map<RelationshipProperty, InstanceState | false> | null = null;
  /** A pending orphan that was taken off its parent while it was in no session. */
  orphanedOutside = false;
  /** Loader options that lazy loads of this object go on with; set by ../load. */
  loadOptions: readonly object[] | null = null;
  /** The path at which it was loaded; set by ../load. */
  loadPath: object | null = null;
  /** Loader options that apply to single attributes of this object (`defer`, `lazyload`, `raiseload`); set by ../load. */
  loaders: Map<string, object> | null = null;
  /** Marks objects that the running load has filled; set by ../load. */
  runId: unknown = null;
  /** The order in which it was added to its session. */
  insertOrder = 0;
  /** The flush that it took part in last, and how; set by ../flush. */
  flush = 0;
  flushMark = 0;
  #serial = 0;

  constructor(obj: object, mapper: Mapper, dict: Values) {
    this.obj = obj;
    this.mapper = mapper;
    this.dict = dict;
  }

  /** A number that tells objects apart in messages. */
  get serial(): number {
    if (this.#serial === 0) this.#serial = ++counter;
    return this.#serial;
  }

  /** Its identity has a row, as far as we know. */
  get hasIdentity(): boolean {
    return this.identityHash !== null;
  }

  /** Never added, or made transient again. */
  get transient(): boolean {
    return this.identityHash === null && this.session === null;
  }

  /** Added to a session, not flushed yet. */
  get pendingInsert(): boolean {
    return this.identityHash === null && this.session !== null;
  }

  /** In a session, with a row. */
  get persistent(): boolean {
    return this.identityHash !== null && this.session !== null && !this.deleted;
  }

  /** With a row, in no session. */
  get detached(): boolean {
    return this.identityHash !== null && this.session === null;
  }

  /** Deleted in a flush of a transaction that goes on. */
  get wasDeleted(): boolean {
    return this.identityHash !== null && this.session !== null && this.deleted;
  }

  /** The values of the identity, in the order of the primary key's columns; null without identity. */
  get identity(): readonly unknown[] | null {
    if (this.identityHash === null) return null;
    return Array.isArray(this.identityValue) ? (this.identityValue as readonly unknown[]) : [this.identityValue];
  }

  /** Whether the attribute has a value here. */
  isLoaded(key: string): boolean {
    return this.dict[key] !== undefined;
  }

  /** Keys of the attributes that have a value. */
  loadedKeys(): string[] {
    const keys: string[] = [];
    const { dict } = this;
    for (const key of Object.keys(dict)) if (dict[key] !== undefined) keys.push(key);
    return keys;
  }

  /** `<User at 0x1f>`, for messages. */
  toString(): string {
    return `<${this.mapper.class.name} at 0x${this.serial.toString(16)}>`;
  }
}

declare module "../base/classes.ts" {
  interface OrmClasses {
    state: InstanceState;
  }
}
