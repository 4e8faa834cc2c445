/** A session's persistent objects by identity. References are strong: objects stay until they are expunged or the session ends. */
import { InvalidRequestError } from "@athanor/core";
import type { OrmClasses } from "../base/classes.ts";
import type { IdentityHash } from "./key.ts";

type Mapper = OrmClasses["mapper"];
type InstanceState = OrmClasses["state"];

/** The states of one hierarchy by identity; loaders look here before they make anything. */
export type IdentityTable = Map<IdentityHash, InstanceState>;

/** All persistent states of a session. */
export class IdentityMap {
  readonly #tables = new Map<Mapper, IdentityTable>();
  /** Objects of one class come in a row. */
  #lastMapper: Mapper | null = null;
  #lastTable: IdentityTable = new Map();

  /** The table of a mapper's hierarchy; the same object for the map's life. For loaders. */
  tableFor(mapper: Mapper): IdentityTable {
    const base = mapper.baseMapper;
    if (base === this.#lastMapper) return this.#lastTable;
    let table = this.#tables.get(base);
    if (table === undefined) {
      table = new Map();
      this.#tables.set(base, table);
    }
    this.#lastMapper = base;
    this.#lastTable = table;
    return table;
  }

  get(mapper: Mapper, hash: IdentityHash): InstanceState | undefined {
    return this.#tables.get(mapper.baseMapper)?.get(hash);
  }

  /** @throws InvalidRequestError when another object has this identity. */
  add(state: InstanceState): void {
    const hash = state.identityHash as IdentityHash;
    const table = this.tableFor(state.mapper);
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
    const table = this.tableFor(state.mapper);
    const hash = state.identityHash as IdentityHash;
    const present = table.get(hash);
    table.set(hash, state);
    return present === state ? undefined : present;
  }

  /** Removes a state, if it is the one known by its identity. */
  discard(state: InstanceState): void {
    const table = this.#tables.get(state.mapper.baseMapper);
    if (table !== undefined && state.identityHash !== null && table.get(state.identityHash) === state)
      table.delete(state.identityHash);
  }

  /** Whether exactly this state is in the map. */
  contains(state: InstanceState): boolean {
    return state.identityHash !== null && this.#tables.get(state.mapper.baseMapper)?.get(state.identityHash) === state;
  }

  clear(): void {
    this.#tables.clear();
    this.#lastMapper = null;
  }

  /** How many objects there are; `length` for those who come from Python. */
  get size(): number {
    let size = 0;
    for (const table of this.#tables.values()) size += table.size;
    return size;
  }

  get length(): number {
    return this.size;
  }

  *states(): IterableIterator<InstanceState> {
    for (const table of this.#tables.values()) yield* table.values();
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
