/**
 * The catalog of one database over one open connection: asks the dialect for what is not cached, and says of every table
 * that was asked for what there is. Knows nothing of `Table`s. Next: ./inspector-steps.ts, ./load.ts.
 */
import { type DriverParameters, type DriverResult, type Step, settle } from "@athanor/driver";
import type { Dialect } from "../dialect/dialect.ts";
import type { ReflectedAspect, ReflectedTableFacts } from "../dialect/reflected.ts";
import {
  type AspectReader,
  type CatalogSession,
  type DialectReflection,
  ObjectKind,
  ObjectScope,
  type ReflectedBy,
  type TableFilter,
} from "../dialect/reflection.ts";
import type { ConnectionCore } from "../engine/connection-core.ts";
import { runText } from "../engine/steps/cursor.ts";
import { autobegin } from "../engine/steps/transaction.ts";
import { InvalidRequestError, NoSuchTableError } from "../errors/errors.ts";
import { tableKey } from "../schema/schema-name.ts";

/** What an inspector remembers. */
export type CatalogCache = Map<string, unknown>;

/** What there is to say of a table of which the dialect says nothing. */
const nothing: { readonly [A in ReflectedAspect]: ReflectedTableFacts[A] } = {
  columns: [],
  primaryKey: { constrainedColumns: [], name: null },
  foreignKeys: [],
  uniqueConstraints: [],
  checkConstraints: [],
  otherConstraints: [],
  indexes: [],
  tableComment: { text: null },
  tableOptions: {},
};

/** How aspects are called in messages. */
const titles: Readonly<Record<ReflectedAspect, string>> = {
  columns: "columns",
  primaryKey: "primary keys",
  foreignKeys: "foreign keys",
  uniqueConstraints: "unique constraints",
  checkConstraints: "check constraints",
  otherConstraints: "constraints of its own",
  indexes: "indexes",
  tableComment: "table comments",
  tableOptions: "table options",
};

/** The part of a dialect that reads the catalog. @throws InvalidRequestError where there is none. */
export function reflectionOf(dialect: Dialect): DialectReflection {
  if (dialect.reflection !== null) return dialect.reflection;
  throw new InvalidRequestError(`The ${dialect.name} dialect cannot read the catalog of its database`, {
    fix: "use a dialect with `reflection`, or describe the tables in the program",
  });
}

/** Refuses what a database does not have. */
export function unsupported(dialect: Dialect, what: string): InvalidRequestError {
  return new InvalidRequestError(`The ${dialect.name} dialect has no ${what} to inspect`, { code: "not_reflectable" });
}

/** One table that is not there. */
export function noSuchTable(name: string, schema: string | null): NoSuchTableError {
  return new NoSuchTableError(`There is no table or view '${tableKey(name, schema)}'`, {
    fix: "check the name, its upper and lower case, and the schema; getTableNames() lists the tables",
  });
}

/** A catalog. */
export class Catalog implements CatalogSession {
  readonly dialect: Dialect;
  readonly reflection: DialectReflection;
  readonly cache: CatalogCache;
  readonly #connection: ConnectionCore;

  constructor(connection: ConnectionCore, cache: CatalogCache) {
    this.dialect = connection.dialect;
    this.reflection = reflectionOf(connection.dialect);
    this.#connection = connection;
    this.cache = cache;
  }

  readonly query = (sql: string, parameters: DriverParameters = []): Step<DriverResult> => this.#query(sql, parameters);

  *#query(sql: string, parameters: DriverParameters): Step<DriverResult> {
    if (this.#connection.transaction === null) yield* autobegin(this.#connection);
    return yield* settle(runText(this.#connection, sql, parameters, true));
  }

  *once<T>(key: string, look: () => Step<T>): Step<T> {
    if (this.cache.has(key)) return this.cache.get(key) as T;
    const found = yield* look();
    this.cache.set(key, found);
    return found;
  }

  /** Names of tables and views. */
  relations(filter: TableFilter): Step<readonly string[]> {
    return this.once(keyOf("relations", filter), () => this.reflection.relations(this, filter));
  }

  /** One aspect of the tables that the filter is about; all of them are there, in alphabetical order. */
  *many<A extends ReflectedAspect>(aspect: A, filter: TableFilter): Step<ReadonlyMap<string, ReflectedTableFacts[A]>> {
    const read = this.#reader(aspect);
    if (read === null) throw unsupported(this.dialect, titles[aspect]);
    return yield* this.once(keyOf(aspect, filter), () => this.#read(aspect, read, filter));
  }

  *#read<A extends ReflectedAspect>(
    aspect: A,
    read: AspectReader<A>,
    filter: TableFilter,
  ): Step<ReadonlyMap<string, ReflectedTableFacts[A]>> {
    if (filter.names?.length === 0) return new Map();
    const names = yield* this.relations(filter);
    if (names.length === 0) return new Map();
    const found: ReflectedBy<ReflectedTableFacts[A]> = yield* read(this, filter);
    return new Map(names.map((name) => [name, found.get(name) ?? nothing[aspect]]));
  }

  /** One aspect of one table, whatever its kind. @throws NoSuchTableError */
  *one<A extends ReflectedAspect>(aspect: A, name: string, schema: string | null): Step<ReflectedTableFacts[A]> {
    const found = yield* this.many(aspect, oneTable(name, schema));
    for (const fact of found.values()) return fact;
    throw noSuchTable(name, schema);
  }

  /** Every aspect that the database has, of the tables that the filter is about. */
  *everything(filter: TableFilter): Step<ReadonlyMap<string, Partial<ReflectedTableFacts>>> {
    const facts = new Map<string, Record<string, unknown>>();
    for (const aspect of Object.keys(nothing) as ReflectedAspect[]) {
      if (this.#reader(aspect) === null) continue;
      for (const [name, fact] of yield* this.many(aspect, filter)) {
        const known = facts.get(name);
        if (known === undefined) facts.set(name, { [aspect]: fact });
        else known[aspect] = fact;
      }
    }
    return facts as ReadonlyMap<string, Partial<ReflectedTableFacts>>;
  }

  #reader<A extends ReflectedAspect>(aspect: A): AspectReader<A> | null {
    const { reflection } = this;
    const read = reflection[aspect] as AspectReader<A> | undefined;
    return read === undefined ? null : read.bind(reflection);
  }
}

/** The filter for one table of any kind. */
export function oneTable(name: string, schema: string | null): TableFilter {
  return { schema, kind: ObjectKind.ANY, scope: ObjectScope.ANY, names: [name] };
}

function keyOf(subject: string, filter: TableFilter): string {
  const { schema, kind, scope, names } = filter;
  return JSON.stringify([subject, schema, kind, scope, names === null ? null : [...names].sort()]);
}
