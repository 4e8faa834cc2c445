/** Which engine or connection a session uses: one for everything, one for each class or table, or what the program says. */
import {
  type ClauseElement,
  ColumnClause,
  ConnectionCore,
  EngineCore,
  type FromElement,
  InvalidRequestError,
  iterate,
  Join,
  type Node,
  Select,
} from "@athanor/core";
import type { OrmClasses } from "../base/classes.ts";
import type { Entity } from "../base/entity.ts";
import { UnboundExecutionError } from "../base/errors.ts";
import { DeclarativeBase } from "../declarative/base.ts";
import { findMapper } from "../mapping/class-map.ts";
import { isMapper, metadataOf } from "../mapping/mapper.ts";
import { attributeEntity, entityOfNode, relationshipOf } from "../query/marks.ts";
import type { InstanceState } from "../state/instance-state.ts";
import type { Bind, SessionOptions } from "./options.ts";

type Mapper = OrmClasses["mapper"];

/** The core of an engine or a connection. @throws InvalidRequestError for anything else. */
export function coreOf({ core }: Bind): EngineCore | ConnectionCore {
  if (core instanceof EngineCore || core instanceof ConnectionCore) return core;
  throw new InvalidRequestError("a session's bind must be an engine or a connection");
}

/** A join's tables; anything else as it is. */
function partsOf(from: FromElement): FromElement[] {
  return from instanceof Join ? [...partsOf(from.left), ...partsOf(from.right)] : [from];
}

/** The entity that a node of a statement stands for or belongs to; of INSERT, UPDATE and DELETE the class. */
function entityIn(node: Node): Entity | undefined {
  const { target } = node as { readonly target?: unknown };
  return entityOfNode(node) ?? attributeEntity(node) ?? relationshipOf(node)?.parent ?? entityOfNode(target);
}

/** What counts before the other parts of a node: what a column is of; in a SELECT the left side of a join comes first. */
function readingOrder(node: Node): readonly Node[] {
  if (node instanceof ColumnClause) return node.table === null ? [] : [node.table as Node];
  if (!(node instanceof Select)) return [];
  const joined = node.joins.flatMap(({ from, target }) => (from === null ? [target] : [from, target]));
  return [...node.rawColumns, ...node.fromClauses, ...joined];
}

/** The binds of a session. */
export class SessionBinds {
  readonly #options: SessionOptions;
  /** By class, mapper or table. */
  readonly #mapped: Map<object, Bind>;
  /** What was found for statements. */
  #byClause = new WeakMap<ClauseElement, Bind | null>();
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
      this.#ofClause(clause) ??
      (mapper === null || this.#mapped.size === 0 ? null : this.#ofFroms([mapper.persistSelectable])) ??
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
    return coreOf(bind);
  }

  /** A class brings its tables along, for statements about them. */
  add(key: object, bind: Bind): void {
    this.#byClause = new WeakMap();
    this.#mapped.set(key, bind);
    const mapper = isMapper(key) ? key : findMapper(key);
    const tables = mapper === undefined ? [] : [...mapper.tables, ...partsOf(mapper.persistSelectable)];
    for (const table of tables) if (!this.#mapped.has(table)) this.#mapped.set(table, bind);
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

  /** The bind of the first class or table of a statement that has one, in the order of writing. */
  #ofClause(clause: ClauseElement | null): Bind | null {
    if (this.#mapped.size === 0 || clause === null) return null;
    let found = this.#byClause.get(clause);
    if (found === undefined) this.#byClause.set(clause, (found = this.#search(clause, new Set())));
    return found;
  }

  #search(clause: Node, seen: Set<Node>): Bind | null {
    for (const node of iterate(clause)) {
      if (seen.has(node)) continue;
      seen.add(node);
      const entity = entityIn(node);
      const own = this.#mapped.get(node) ?? (entity === undefined ? null : this.#ofEntity(entity));
      if (own !== null) return own;
      for (const part of readingOrder(node)) {
        const below = this.#search(part, seen);
        if (below !== null) return below;
      }
    }
    return null;
  }

  #ofEntity({ mapper, selectable }: Entity): Bind | null {
    return this.#ofClass(mapper) ?? this.#ofFroms([selectable, mapper.persistSelectable]);
  }

  /** The bind of the first table that has one. */
  #ofFroms(froms: Iterable<FromElement>): Bind | null {
    for (const each of [...froms].flatMap(partsOf)) {
      const found = this.#mapped.get(each);
      if (found !== undefined) return found;
    }
    return null;
  }

  #ofClass(mapper: Mapper | null): Bind | null {
    if (this.#mapped.size === 0 || mapper === null) return null;
    for (const level of mapper.iterateToRoot()) {
      const found = this.#mapped.get(level.class) ?? this.#mapped.get(level);
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
