/**
 * The bookkeeping of one mapped object: what is loaded, what was changed, who it is and which session it is in. A plain
 * record on purpose: loading makes one per row. What changes it by the rules is in ../instrument and ../session.
 */
import type { OrmClasses } from "../base/classes.ts";
import type { SessionPort } from "../base/session-port.ts";
import type { IdentityHash } from "../identity/key.ts";
import type { Parents } from "./parents.ts";
import type { PendingChanges } from "./pending.ts";

type Mapper = OrmClasses["mapper"];

/** Values by attribute key. `undefined` (or nothing) under a key means: not loaded. NULL is null. */
export type Values = Record<string, unknown>;

let counter = 0;

const MODIFIED = 1;
const EXPIRED = 2;
const DELETED = 4;
const ORPHANED = 8;
const LOADS_PENDING = 16;

/** What few objects have. Loading makes a state per row: what they do not have should take no room. */
class RareParts {
  identityToken: unknown = null;
  pending: Map<string, PendingChanges> | null = null;
  emptyCollections: Map<string, object> | null = null;
  gaps: readonly string[] | null = null;
  loadOptions: readonly object[] | null = null;
  loaders: Map<string, object> | null = null;
  partialKeys: Set<string> | null = null;
  serial = 0;
}

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
  /** The session that it is in; null for transient and detached objects. */
  session: SessionPort | null = null;
  /** Attributes that the next load of columns must fetch; null for none. Unlike deferred ones they come all at once. */
  expiredKeys: Set<string> | null = null;
  /** For delete-orphan: the parent by relationship. */
  parents: Parents | null = null;
  /** The path at which it was loaded; set by ../load. */
  loadPath: object | null = null;
  /** Marks objects that the running load has filled; set by ../load. */
  runId: unknown = null;
  /** The order in which it was added to its session. */
  insertOrder = 0;
  /** The flush that it took part in last, and how; kept by ../flush. */
  flush = 0;
  #flags = 0;
  #rare: RareParts | null = null;

  constructor(obj: object, mapper: Mapper, dict: Values) {
    this.obj = obj;
    this.mapper = mapper;
    this.dict = dict;
  }

  #set(flag: number, value: boolean): void {
    this.#flags = value ? this.#flags | flag : this.#flags & ~flag;
  }

  /** It has changes that were not flushed. */
  get modified(): boolean {
    return (this.#flags & MODIFIED) !== 0;
  }

  set modified(value: boolean) {
    this.#set(MODIFIED, value);
  }

  /** Everything was expired, and nothing was loaded since. */
  get expired(): boolean {
    return (this.#flags & EXPIRED) !== 0;
  }

  set expired(value: boolean) {
    this.#set(EXPIRED, value);
  }

  /** Its DELETE was flushed; the transaction is not over. */
  get deleted(): boolean {
    return (this.#flags & DELETED) !== 0;
  }

  set deleted(value: boolean) {
    this.#set(DELETED, value);
  }

  /** A pending orphan that was taken off its parent while it was in no session. */
  get orphanedOutside(): boolean {
    return (this.#flags & ORPHANED) !== 0;
  }

  set orphanedOutside(value: boolean) {
    this.#set(ORPHANED, value);
  }

  /** Relationships of an object without a row are loaded too. */
  get loadsPending(): boolean {
    return (this.#flags & LOADS_PENDING) !== 0;
  }

  set loadsPending(value: boolean) {
    this.#set(LOADS_PENDING, value);
  }

  #store<K extends keyof RareParts>(key: K, value: RareParts[K]): void {
    if (this.#rare === null) {
      if (value === null) return;
      this.#rare = new RareParts();
    }
    this.#rare[key] = value;
  }

  /** Goes into {@link IdentityKey}; for several databases under one session. */
  get identityToken(): unknown {
    return this.#rare === null ? null : this.#rare.identityToken;
  }

  set identityToken(value: unknown) {
    this.#store("identityToken", value);
  }

  /** Changes of collections that are not loaded, by key. */
  get pending(): Map<string, PendingChanges> | null {
    return this.#rare === null ? null : this.#rare.pending;
  }

  set pending(value: Map<string, PendingChanges> | null) {
    this.#store("pending", value);
  }

  /** Collections that were read while they had no value; they become values when something is added. */
  get emptyCollections(): Map<string, object> | null {
    return this.#rare === null ? null : this.#rare.emptyCollections;
  }

  set emptyCollections(value: Map<string, object> | null) {
    this.#store("emptyCollections", value);
  }

  /** Collections of which only a part is loaded: they refuse changes. */
  get partialKeys(): Set<string> | null {
    return this.#rare === null ? null : this.#rare.partialKeys;
  }

  set partialKeys(value: Set<string> | null) {
    this.#store("partialKeys", value);
  }

  /** Attributes that were never set and are NULL since the INSERT: not loaded, but read as null without a look at the row. */
  get gaps(): readonly string[] | null {
    return this.#rare === null ? null : this.#rare.gaps;
  }

  set gaps(value: readonly string[] | null) {
    this.#store("gaps", value);
  }

  /** Loader options that lazy loads of this object go on with; set by ../load. */
  get loadOptions(): readonly object[] | null {
    return this.#rare === null ? null : this.#rare.loadOptions;
  }

  set loadOptions(value: readonly object[] | null) {
    this.#store("loadOptions", value);
  }

  /** Loader options that apply to single attributes of this object (`defer`, `lazyload`, `raiseload`); set by ../load. */
  get loaders(): Map<string, object> | null {
    return this.#rare === null ? null : this.#rare.loaders;
  }

  set loaders(value: Map<string, object> | null) {
    this.#store("loaders", value);
  }

  /** A number that tells objects apart in messages. */
  get serial(): number {
    this.#rare ??= new RareParts();
    if (this.#rare.serial === 0) this.#rare.serial = ++counter;
    return this.#rare.serial;
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
