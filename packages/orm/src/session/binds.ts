/** Which engine or connection a session uses: one for everything, one for each class or table, or what the program says. */
import {
  ClauseElement,
  ConnectionCore,
  EngineCore,
  type FromElement,
  InvalidRequestError,
  Join,
  Select,
} from "@athanor/core";
import type { OrmClasses } from "../base/classes.ts";
import { UnboundExecutionError } from "../base/errors.ts";
import { DeclarativeBase } from "../declarative/base.ts";
import { findMapper } from "../mapping/class-map.ts";
import { isMapper, metadataOf } from "../mapping/mapper.ts";
import type { InstanceState } from "../state/instance-state.ts";
import type { Bind, SessionOptions } from "./options.ts";

type Mapper = OrmClasses["mapper"];

/** A join's tables; anything else as it is. */
function partsOf(from: FromElement): FromElement[] {
  return from instanceof Join ? [...partsOf(from.left), ...partsOf(from.right)] : [from];
}

/** The binds of a session. */
export class SessionBinds {
  readonly #options: SessionOptions;
  /** By class, mapper or table. */
  readonly #mapped: Map<object, Bind>;
  /** The `getBind()` of a class of sessions of the program's own. */
  #chosen: ((mapper: Mapper | null, clause: ClauseElement | null) => Bind) | null = null;
  #choosing = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#mapped = new Map();
    for (const [key, bind] of options.binds ?? []) this.add(key, bind);
  }

  /** The bind for a mapper; `fallback` is the session's own. @throws UnboundExecutionError */
  of(
    mapper: Mapper | null,
    state: InstanceState | null,
    clause: ClauseElement | null,
    fallback: Bind | null,
  ): EngineCore | ConnectionCore {
    const bind =
      this.#options.getBind?.(mapper, state, clause) ??
      this.#choose(mapper, clause) ??
      this.#ofClass(mapper) ??
      this.#ofTables(clause) ??
      fallback;
    if (bind === null) {
      throw new UnboundExecutionError(
        mapper === null && clause === null
          ? "This session is not bound to a single Engine or Connection, and no context was provided to locate a binding."
          : `Could not locate a bind configured on ${[mapper === null ? [] : [`mapper ${mapper}`], clause === null ? [] : ["SQL expression"]].flat().join(", ")} or this Session.`,
        {
          fix: "new Session(engine), or new Session({ binds: [[User, engine]] })",
        },
      );
    }
    const { core } = bind;
    if (core instanceof EngineCore || core instanceof ConnectionCore) return core;
    throw new InvalidRequestError("a session's bind must be an engine or a connection");
  }

  /** A class brings its tables along, for statements about them. */
  add(key: object, bind: Bind): void {
    this.#mapped.set(key, bind);
    const mapper = isMapper(key) ? key : findMapper(key);
    for (const table of mapper?.tables ?? []) if (!this.#mapped.has(table)) this.#mapped.set(table, bind);
  }

  /** Lets a function choose; what it asks of the session itself is answered without it. */
  chooseBy(choose: (mapper: Mapper | null, clause: ClauseElement | null) => Bind): void {
    this.#chosen = choose;
  }

  #choose(mapper: Mapper | null, clause: ClauseElement | null): Bind | null {
    if (this.#chosen === null || this.#choosing) return null;
    this.#choosing = true;
    try {
      return this.#chosen(mapper, clause);
    } finally {
      this.#choosing = false;
    }
  }

  /** Objects of one class may be in several databases. */
  get routesByState(): boolean {
    return this.#options.getBind !== undefined;
  }

  /** The bind of the first table of a statement that has one. */
  #ofTables(clause: ClauseElement | null): Bind | null {
    if (this.#mapped.size === 0 || clause === null) return null;
    const tables = new Set<FromElement>();
    const { table } = clause as { readonly table?: FromElement };
    if (table !== undefined) tables.add(table);
    if (clause instanceof Select) {
      for (const node of [...clause.rawColumns, ...clause.fromClauses, ...clause.joins.map(({ target }) => target)])
        if (node instanceof ClauseElement) node.collectFroms(tables);
    } else clause.collectFroms(tables);
    for (const each of [...tables].flatMap(partsOf)) {
      const found = this.#mapped.get(each);
      if (found !== undefined) return found;
    }
    return null;
  }

  #ofClass(mapper: Mapper | null): Bind | null {
    if (this.#mapped.size === 0 || mapper === null) return null;
    for (const level of mapper.iterateToRoot()) {
      const found = this.#mapped.get(level.class) ?? this.#mapped.get(level) ?? this.#mapped.get(level.localTable);
      if (found !== undefined) return found;
    }
    for (
      let prototype = Object.getPrototypeOf(mapper.class) as object | null;
      prototype !== null;
      prototype = Object.getPrototypeOf(prototype) as object | null
    ) {
      const found = this.#mapped.get(prototype);
      if (found !== undefined) return found;
    }
    return this.#ofBase(mapper);
  }

  /** The bind of the declarative base that a class was made by. */
  #ofBase(mapper: Mapper): Bind | null {
    for (const [key, bind] of this.#mapped)
      if (key instanceof DeclarativeBase && key.registry === mapper.registry && key.metadata === metadataOf(mapper))
        return bind;
    return null;
  }
}
