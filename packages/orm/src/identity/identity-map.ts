/** A session's persistent objects by identity. References are strong: objects stay until they are expunged or the session ends. */
import { InvalidRequestError } from "@athanor/core";
import type { OrmClasses } from "../base/classes.ts";
import type { IdentityHash } from "./key.ts";
import { KeyTable } from "./key-table.ts";

type Mapper = OrmClasses["mapper"];
type InstanceState = OrmClasses["state"];

/** The states of one hierarchy by identity; loaders look here before they make anything. */
export type IdentityTable = KeyTable<InstanceState>;

/** All persistent states of a session. Those of one identity token (a shard, say) are apart from those of others. */
export class IdentityMap {
  readonly #tables = new Map<Mapper, IdentityTable>();
  /** By identity token, for states that have one. */
  readonly #byToken = new Map<unknown, Map<Mapper, IdentityTable>>();
  /** Objects of one class come in a row. */
  #lastMapper: Mapper | null = null;
  #lastTable: IdentityTable = new KeyTable();

  /** The table of a mapper's hierarchy; the same object for the map's life. For loaders. */
  tableFor(mapper: Mapper, token: unknown = null): IdentityTable {
    const base = mapper.baseMapper;
    if (token !== null) return this.#tableOfToken(base, token);
    if (base === this.#lastMapper) return this.#lastTable;
    let table = this.#tables.get(base);
    if (table === undefined) {
      table = new KeyTable();
      this.#tables.set(base, table);
    }
    this.#lastMapper = base;
    this.#lastTable = table;
    return table;
  }

  #tableOfToken(base: Mapper, token: unknown): IdentityTable {
    let tables = this.#byToken.get(token);
    if (tables === undefined) this.#byToken.set(token, (tables = new Map()));
    let table = tables.get(base);
    if (table === undefined) tables.set(base, (table = new KeyTable()));
    return table;
  }

  /** The table of a state, if there is one. */
  #tableOf(state: InstanceState): IdentityTable | undefined {
    const { identityToken } = state;
    const tables = identityToken === null ? this.#tables : this.#byToken.get(identityToken);
    return tables?.get(state.mapper.baseMapper);
  }

  /** The state of a key. */
  get(mapper: Mapper, hash: IdentityHash, token: unknown = null): InstanceState | undefined {
    const tables = token === null ? this.#tables : this.#byToken.get(token);
    return tables?.get(mapper.baseMapper)?.get(hash);
  }

  /** @throws InvalidRequestError when another object has this identity. */
  add(state: InstanceState): void {
    const hash = state.identityHash as IdentityHash;
    const table = this.tableFor(state.mapper, state.identityToken);
    const present = table.get(hash);
    if (present !== undefined && present !== state) {
      throw new InvalidRequestError(
        `Can't attach instance ${state}; another instance with key ${keyText(state)} is already present in this session.`,
        { fix: "use session.merge(object), which copies the state onto the object that is there" },
      );
    }
    table.set(hash, state);
  }

  /** Puts a state in place of whichever had its identity; gives the one that was there. */
  replace(state: InstanceState): InstanceState | undefined {
    const table = this.tableFor(state.mapper, state.identityToken);
    const hash = state.identityHash as IdentityHash;
    const present = table.get(hash);
    table.set(hash, state);
    return present === state ? undefined : present;
  }

  /** Removes a state, if it is the one known by its identity. */
  discard(state: InstanceState): void {
    const table = this.#tableOf(state);
    if (table !== undefined && state.identityHash !== null && table.get(state.identityHash) === state)
      table.delete(state.identityHash);
  }

  /** Whether exactly this state is in the map. */
  contains(state: InstanceState): boolean {
    return state.identityHash !== null && this.#tableOf(state)?.get(state.identityHash) === state;
  }

  /** Forgets all objects. */
  clear(): void {
    this.#tables.clear();
    this.#byToken.clear();
    this.#lastMapper = null;
  }

  /** How many objects there are; `length` for those who come from Python. */
  get size(): number {
    let size = 0;
    for (const table of this.#allTables()) size += table.size;
    return size;
  }

  /** How many objects there are. */
  get length(): number {
    return this.size;
  }

  *states(): IterableIterator<InstanceState> {
    for (const table of this.#allTables()) yield* table.values();
  }

  *#allTables(): IterableIterator<IdentityTable> {
    yield* this.#tables.values();
    for (const tables of this.#byToken.values()) yield* tables.values();
  }

  /** The objects. */
  *values(): IterableIterator<object> {
    for (const state of this.states()) yield state.obj;
  }

  [Symbol.iterator](): IterableIterator<object> {
    return this.values();
  }
}

/** An identity as messages show it. */
export function keyText(state: InstanceState): string {
  return `(${state.mapper.baseMapper.class.name}, ${JSON.stringify(state.identity?.map((value) => (typeof value === "bigint" ? String(value) : value)))})`;
}
