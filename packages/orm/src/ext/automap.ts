/**
 * Classes and relationships made from the tables of a database: `automapBase()`. Naming and the making of one relationship
 * can be replaced, see ./automap-options.ts; how relationships are found is in ./automap-relationships.ts.
 */
import { InvalidRequestError, type ReflectBind, Table } from "@athanor/core";
import type { BaseOptions } from "../declarative/base.ts";
import type { DeferredClass } from "../declarative/deferred.ts";
import { makeClass } from "../declarative/make-class.ts";
import type { MappedClass, Mapper } from "../mapping/mapper.ts";
import { type AutomapHooks, hooksOf, type PrepareOptions } from "./automap-options.ts";
import { isAssociation, relate, relateManyToMany, type Surroundings } from "./automap-relationships.ts";
import type { AutomapClasses, ModuleOf, UntypedObject } from "./automap-types.ts";
import { DeferredReflection, inTurn } from "./deferred-reflection.ts";

export type { AutomapHooks, GenerateRelationship, PrepareOptions, RelationshipMaker } from "./automap-options.ts";
export {
  classnameForTable,
  generateRelationship,
  nameForCollectionRelationship,
  nameForScalarRelationship,
} from "./automap-options.ts";
export type {
  AutomapAttributes,
  AutomapClass,
  AutomapClasses,
  UntypedAttribute,
  UntypedObject,
} from "./automap-types.ts";

/** A class and the names under which the base knows it. */
interface Named {
  readonly deferred: DeferredClass;
  /** The name that the table gives it; the program's class may have another. */
  readonly name: string;
  readonly module: string | null;
}

/**
 * A base whose classes and relationships are made from tables: those of its MetaData, and those that {@link prepare} reads.
 * `C` says what the classes' objects have, by class name.
 */
export class AutomapBase<C extends object = Readonly<Record<string, UntypedObject>>> extends DeferredReflection {
  /** The classes by name: `Base.classes.user`. Those that have a module are in {@link byModule} only. */
  readonly classes: AutomapClasses<C>;
  /** Classes by the dotted name that `modulenameForTable` gave, and their own: `Base.byModule.app.sales.orders`. */
  readonly byModule: ModuleOf;
  readonly #named: Named[] = [];
  readonly #byTable = new Map<Table, DeferredClass>();
  /** Tables between many-to-many classes whose relationships were made. */
  readonly #associations = new Set<Table>();
  readonly #generated = new Set<string>();

  constructor(options: BaseOptions = {}) {
    super(options);
    this.classes = namespace(
      (name) => this.#classOf(name, null),
      () => this.#names(null),
      "Base.classes",
    ) as AutomapClasses<C>;
    this.byModule = this.#moduleAt("");
  }

  /**
   * Maps every table that has a primary key and no class yet, and makes relationships along the foreign keys. With
   * `autoloadWith` (or an engine as the first argument) the tables of a schema are read from the database first. Can be called
   * again, for another schema or for tables that came later.
   *
   * @returns A promise where the tables are read from an asynchronous engine or connection.
   * @example Base.prepare({ autoloadWith: engine, schema: "sales" })
   */
  override prepare<R>(bind: ReflectBind<R>, options?: PrepareOptions): R;
  override prepare<R>(options: PrepareOptions & { readonly autoloadWith: ReflectBind<R> }): R;
  override prepare(options?: PrepareOptions): void;
  override prepare<R>(given: object = {}, more: PrepareOptions = {}): R {
    const isBind = "_runReflect" in given;
    const options: PrepareOptions = isBind ? more : given;
    const bind = (isBind ? given : options.autoloadWith) as ReflectBind<R> | undefined;
    const hooks = hooksOf(options);
    if (bind === undefined) return this.#map(hooks) as R;
    const { schema, reflectionOptions = {} } = options;
    const about = { ...reflectionOptions, ...(schema === undefined ? {} : { schema }) };
    const read = (): R => this.metadata.reflect(bind, { ...about, extendExisting: true, autoloadReplace: false });
    return inTurn(bind, [read], () => this.#map(hooks));
  }

  // ---- mapping ----

  #map(hooks: AutomapHooks): void {
    this.#makeClasses();
    const fresh = [...this.waiting];
    for (const waiting of fresh) this.#name(waiting, hooks);
    this.mapWaiting();
    const around: Surroundings = {
      base: this,
      hooks,
      mapperOf: (table) => this.#byTable.get(table)?.mapper ?? undefined,
      generated: this.#generated,
    };
    for (const table of this.metadata.tables.values())
      if (isAssociation(table) && !this.#associations.has(table) && relateManyToMany(around, table))
        this.#associations.add(table);
    for (const { mapper, parts } of fresh) if (parts.table !== null) relate(around, mapper as Mapper);
  }

  /** Makes classes for tables without one. */
  #makeClasses(): void {
    for (const waiting of this.waiting) this.#note(waiting);
    for (const table of this.metadata.tables.values()) {
      if (this.#byTable.has(table) || isAssociation(table) || table.primaryKeyColumns.length === 0) continue;
      makeClass({
        registry: this.registry,
        metadata: this.metadata,
        parent: null,
        table,
        shape: generatedShape,
        options: {},
        defer: this.defer,
      });
      this.#note(this.waiting.at(-1) as DeferredClass);
    }
  }

  #note(deferred: DeferredClass): void {
    const { table } = deferred.parts;
    if (table instanceof Table && !this.#byTable.has(table)) this.#byTable.set(table, deferred);
  }

  /** Gives a class the name and the module that the hooks choose for its table. Those that share a table have no name here. */
  #name(deferred: DeferredClass, hooks: AutomapHooks): void {
    const { table } = deferred.parts;
    if (!(table instanceof Table)) return;
    const name = hooks.classnameForTable(this, table.name, table);
    if (deferred.class === deferred.made)
      Object.defineProperty(deferred.made, "name", { configurable: true, value: name });
    this.#named.push({ deferred, name, module: hooks.modulenameForTable(this, table.name, table) });
  }

  // ---- finding classes ----

  /** The class of a module by its own name, or by the one that automap would give it. */
  #classOf(name: string, module: string | null): MappedClass | undefined {
    const inModule = this.#named.filter((each) => each.module === module);
    const found =
      inModule.find(({ deferred }) => deferred.class.name === name) ?? inModule.find((each) => each.name === name);
    if (found === undefined) return undefined;
    const { deferred } = found;
    if (deferred.class === deferred.made && !this.#isGenerated(deferred))
      throw new InvalidRequestError(
        `the class that is mapped to '${deferred.table.description}' was not seen yet: JavaScript does not tell a class that it was extended`,
        { code: "class_not_seen", fix: "write static { this.register(); } in the class, or use the class itself" },
      );
    return deferred.class;
  }

  #isGenerated({ parts }: DeferredClass): boolean {
    return parts.shape === generatedShape;
  }

  #names(module: string | null): readonly string[] {
    return this.#named
      .filter((each) => each.module === module)
      .map(({ deferred, name }) => (deferred.class === deferred.made ? name : deferred.class.name));
  }

  #moduleAt(path: string): ModuleOf {
    const below = (name: string): string => (path === "" ? name : `${path}.${name}`);
    const modules = (): readonly string[] =>
      this.#named.flatMap(({ module }) => {
        if (module === null || !(path === "" || module.startsWith(`${path}.`))) return [];
        return [(path === "" ? module : module.slice(path.length + 1)).split(".")[0] as string];
      });
    return namespace(
      (name) => this.#classOf(name, path) ?? (modules().includes(name) ? this.#moduleAt(below(name)) : undefined),
      () => [...new Set([...this.#names(path), ...modules()])],
      path === "" ? "Base.byModule" : `Base.byModule.${path}`,
    ) as ModuleOf;
  }
}

/** The shape of classes that no program wrote. */
const generatedShape = {};

/** Things by name; a name that does not exist is an error that says which do. */
function namespace(find: (name: string) => unknown, names: () => readonly string[], where: string): object {
  return new Proxy(Object.create(null) as object, {
    set: () => false,
    get(_target, key) {
      if (typeof key === "symbol" || key === "then" || key === "toJSON") return undefined;
      const found = find(key);
      if (found !== undefined) return found;
      throw new InvalidRequestError(`${where} has no '${key}'`, {
        code: "no_class",
        fix: `it has ${names().join(", ") || "nothing: call prepare() first"}`,
      });
    },
    has: (_target, key) => typeof key === "string" && names().includes(key),
    ownKeys: () => [...new Set(names())],
    getOwnPropertyDescriptor: (_target, key) =>
      typeof key === "string" && names().includes(key)
        ? { configurable: true, enumerable: true, value: find(key), writable: false }
        : undefined,
  });
}

/**
 * A base whose classes come from the database.
 *
 * @example
 * const Base = automapBase();
 * Base.prepare({ autoloadWith: engine });                 // await, for an asynchronous engine
 * const { user: User, address: Address } = Base.classes;
 * session.add(new Address({ email: "a@x.org", user: new User({ name: "Alice" }) }));
 *
 * // With types: the objects by class name.
 * interface UserRow { id: number; name: string; address_collection: ListOf<AddressRow> }
 * interface AddressRow { id: number; email: string; user: UserRow | null }
 * const Typed = automapBase<{ user: UserRow; address: AddressRow }>();
 */
export function automapBase<C extends object = Readonly<Record<string, UntypedObject>>>(
  options: BaseOptions = {},
): AutomapBase<C> {
  return new AutomapBase<C>(options);
}
