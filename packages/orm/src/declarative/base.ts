/**
 * `declarativeBase()`: tables and mappers from shapes. `Base.mapped()` makes a table, a mapper, and a class that the user's
 * own extends; `extend()` does the same below a mapped class. Types: ./types.ts.
 */
import { FromClause, InvalidRequestError, MetaData, Table } from "@athanor/core";
import type { MapperDispatcher } from "../mapping/events.ts";
import type { MapperOptions } from "../mapping/mapper.ts";
import { Registry } from "../mapping/registry.ts";
import { setUpMappers } from "../relationship/configure.ts";
import type { DeferredClass } from "./deferred.ts";
import { makeClass } from "./make-class.ts";
import { type AsyncMappedOptions, isOptions, type MappedRest, makeTable, splitRest } from "./rest.ts";
import { readShape, shapeFor } from "./shape.ts";
import type { ClassShape, KnownColumns, MappedClassOf, Shape } from "./types.ts";

/** Options of {@link declarativeBase}. */
export interface BaseOptions {
  /** Where the tables go. Default: that of the registry. */
  readonly metadata?: MetaData;
  /** Where the mappers go; classes of one registry may refer to each other. Default: a new one. */
  readonly registry?: Registry;
}

/** The base of mapped classes; they share its MetaData. */
export class DeclarativeBase {
  /** The tables of its classes. */
  readonly metadata: MetaData;
  /** The mappers of its classes. */
  readonly registry: Registry;

  constructor(options: BaseOptions = {}) {
    this.metadata = options.metadata ?? options.registry?.metadata ?? new MetaData();
    this.registry = options.registry ?? new Registry(this.metadata, setUpMappers);
  }

  /** Listeners of all mapped classes below: `listen(Base, "load", …, { propagate: true })`. */
  get dispatch(): MapperDispatcher {
    return this.registry.dispatch;
  }

  /**
   * A mapped class to extend: the table's name, the attributes by key, then constraints, indexes and options.
   *
   * @example
   * class User extends Base.mapped("users", {
   *   id: column(t.integer, { primaryKey: true }),
   *   addresses: () => many(Address, { backPopulates: "user" }),
   * }, { schema: "app" }) {}
   */
  mapped<const S extends ClassShape>(name: string, shape: S, ...rest: MappedRest): MappedClassOf<S>;
  /** The same, the columns that the shape does not name read from an asynchronous engine: `extends (await Base.mapped(…))`. */
  mapped<const S extends ClassShape>(name: string, shape: S, options: AsyncMappedOptions): Promise<MappedClassOf<S>>;
  /** The same over a table that is there already; the shape holds what is not a column, and columns under other names. */
  mapped<C extends object>(from: Table<C>, options?: MapperOptions): MappedClassOf<C>;
  mapped<C extends object, const S extends Shape>(
    from: Table<C>,
    shape: S,
    options?: MapperOptions,
  ): MappedClassOf<C & S>;
  /** The same over a join or a subquery. Columns of one name on both sides of a join have to be named in the shape. */
  mapped<K extends object, C extends object>(
    from: FromClause<K, string, C>,
    options?: MapperOptions,
  ): MappedClassOf<KnownColumns<C>, FromClause<K, string, C>>;
  mapped<K extends object, C extends object, const S extends Shape>(
    from: FromClause<K, string, C>,
    shape: S,
    options?: MapperOptions,
  ): MappedClassOf<Omit<KnownColumns<C>, keyof S> & S, FromClause<K, string, C>>;
  mapped(name: unknown, given?: unknown, ...rest: readonly unknown[]): unknown {
    const common = { registry: this.registry, metadata: this.metadata, parent: null, defer: this.defer };
    if (name instanceof FromClause) {
      const options = rest[0] ?? (isOptions(given) ? given : {});
      return makeClass({
        ...common,
        table: name,
        shape: isOptions(given) ? {} : ((given ?? {}) as Shape),
        options: options as MapperOptions,
      });
    }
    if (typeof name !== "string" || name === "") {
      throw new InvalidRequestError(
        "mapped() needs a table: the name of one, or a table, join or subquery that is there already",
        { fix: 'Base.mapped("users", { … })' },
      );
    }
    const sorted = splitRest(rest, name);
    const shape = shapeFor(given, null);
    const made = makeTable(this.metadata, name, readShape(shape, name).columns, sorted);
    const classOf = (from: Table): object =>
      makeClass({ ...common, table: from, shape: shape as Shape, options: sorted.mapper });
    return made instanceof Table ? classOf(made) : made.then(classOf);
  }

  /** Takes classes that are mapped later; null: classes are mapped at once. */
  protected get defer(): ((waiting: DeferredClass) => void) | null {
    return null;
  }
}

/** A base for mapped classes, with a MetaData of its own unless one is given. */
export function declarativeBase(options: BaseOptions = {}): DeclarativeBase {
  return new DeclarativeBase(options);
}
