/**
 * Everything an inspector can do, as steps. The fronts (../sync/inspector.ts and @athanor/async) run them; their methods
 * have the same names. Next: ./catalog.ts, which asks the dialect.
 */
import type { Step } from "@athanor/driver";
import type { Dialect } from "../dialect/dialect.ts";
import type {
  ReflectedAspect,
  ReflectedCheckConstraint,
  ReflectedColumn,
  ReflectedDomain,
  ReflectedEnum,
  ReflectedForeignKeyConstraint,
  ReflectedIndex,
  ReflectedPrimaryKeyConstraint,
  ReflectedTableComment,
  ReflectedTableFacts,
  ReflectedTableOptions,
  ReflectedUniqueConstraint,
} from "../dialect/reflected.ts";
import { type DialectReflection, ObjectKind, ObjectScope, type TableFilter } from "../dialect/reflection.ts";
import type { ConnectionCore } from "../engine/connection-core.ts";
import { ArgumentError } from "../errors/errors.ts";
import type { ReflectOperation, TableReflectOptions } from "../schema/ports.ts";
import { tableKey } from "../schema/schema-name.ts";
import type { Table } from "../schema/table.ts";
import { Catalog, type CatalogCache, noSuchTable, oneTable, unsupported } from "./catalog.ts";
import { loadMetadata, loadTable } from "./load.ts";
import { type SortedNames, type SortedPlaces, sortNames, sortPlaces } from "./sort.ts";

/** Where something is: a schema, alone or as an option. Null: where names without a schema are looked for. */
export type InSchema = string | null | { readonly schema?: string | null | undefined };

/** Which tables a question about many is about. */
export interface MultiOptions {
  readonly schema?: string | null | undefined;
  /** Only these tables. Default: all. */
  readonly filterNames?: readonly string[] | null | undefined;
  /** `ObjectKind.TABLE`, `ObjectKind.TABLE | ObjectKind.VIEW`, … Default `ObjectKind.TABLE`. */
  readonly kind?: ObjectKind | undefined;
  /** Default `ObjectScope.DEFAULT`: no temporary tables. */
  readonly scope?: ObjectScope | undefined;
}

/** The answer to a question about many tables, by `"table"` or `"schema.table"` as in `metadata.tables`. */
export type Multi<T> = ReadonlyMap<string, T>;

/** Where an inspector gets its connection. */
export interface InspectorSource {
  readonly dialect: Dialect;
  open(): Step<ConnectionCore>;
  close(connection: ConnectionCore): Step<void>;
}

/** An inspector, as steps. */
export class InspectorSteps {
  readonly #source: InspectorSource;
  /** What `columnReflect` listeners get. */
  readonly #front: object;
  readonly #cache: CatalogCache = new Map();

  constructor(source: InspectorSource, front: object | null = null) {
    this.#source = source;
    this.#front = front ?? this;
  }

  /** Names of all schemas. */
  getSchemaNames(): Step<readonly string[]> {
    return this.#use((catalog) => catalog.once("schemas", () => catalog.reflection.schemas(catalog)));
  }

  /** Names of the tables of a schema; neither views nor temporary tables. */
  getTableNames(schema?: InSchema): Step<readonly string[]> {
    return this.#names(ObjectKind.TABLE, ObjectScope.DEFAULT, schema);
  }

  /** Names of the session's temporary tables. */
  getTempTableNames(): Step<readonly string[]> {
    return this.#names(ObjectKind.TABLE, ObjectScope.TEMPORARY, null);
  }

  /** Names of the views of a schema, without materialized and temporary ones. */
  getViewNames(schema?: InSchema): Step<readonly string[]> {
    return this.#names(ObjectKind.VIEW, ObjectScope.DEFAULT, schema);
  }

  /** Names of the session's temporary views. */
  getTempViewNames(): Step<readonly string[]> {
    return this.#names(ObjectKind.VIEW, ObjectScope.TEMPORARY, null);
  }

  /** Names of the materialized views of a schema. */
  getMaterializedViewNames(schema?: InSchema): Step<readonly string[]> {
    return this.#names(ObjectKind.MATERIALIZED_VIEW, ObjectScope.DEFAULT, schema);
  }

  /** Names of the sequences of a schema; those of identity columns are not among them where the database tells them apart. */
  getSequenceNames(schema?: InSchema): Step<readonly string[]> {
    return this.#special("sequences", "sequences", (read, catalog) => read(catalog, schemaOf(schema)), schema);
  }

  /**
   * The SELECT of a view.
   *
   * @throws NoSuchTableError where there is no such view.
   */
  *getViewDefinition(viewName: string, schema?: InSchema): Step<string> {
    const given = schemaOf(schema);
    const text = yield* this.#use((catalog) =>
      catalog.once(keyOf("view", viewName, given), () => catalog.reflection.viewDefinition(catalog, viewName, given)),
    );
    if (text === null) throw noSuchTable(viewName, given);
    return text;
  }

  /** The columns of a table or view, in order. @throws NoSuchTableError */
  getColumns(tableName: string, schema?: InSchema): Step<readonly ReflectedColumn[]> {
    return this.#one("columns", tableName, schema);
  }

  /** The primary key; no columns where there is none. @throws NoSuchTableError */
  getPkConstraint(tableName: string, schema?: InSchema): Step<ReflectedPrimaryKeyConstraint> {
    return this.#one("primaryKey", tableName, schema);
  }

  /** The foreign keys. @throws NoSuchTableError */
  getForeignKeys(tableName: string, schema?: InSchema): Step<readonly ReflectedForeignKeyConstraint[]> {
    return this.#one("foreignKeys", tableName, schema);
  }

  /** The UNIQUE constraints. @throws NoSuchTableError */
  getUniqueConstraints(tableName: string, schema?: InSchema): Step<readonly ReflectedUniqueConstraint[]> {
    return this.#one("uniqueConstraints", tableName, schema);
  }

  /** The CHECK constraints. @throws NoSuchTableError */
  getCheckConstraints(tableName: string, schema?: InSchema): Step<readonly ReflectedCheckConstraint[]> {
    return this.#one("checkConstraints", tableName, schema);
  }

  /** The indexes, those that belong to constraints included where the database lists them. @throws NoSuchTableError */
  getIndexes(tableName: string, schema?: InSchema): Step<readonly ReflectedIndex[]> {
    return this.#one("indexes", tableName, schema);
  }

  /** The table's comment. @throws NoSuchTableError; InvalidRequestError where the database has no comments. */
  getTableComment(tableName: string, schema?: InSchema): Step<ReflectedTableComment> {
    return this.#one("tableComment", tableName, schema);
  }

  /** What stands behind CREATE TABLE, as options of the dialect. @throws NoSuchTableError */
  *getTableOptions(tableName: string, schema?: InSchema): Step<ReflectedTableOptions> {
    if (this.#reflection?.tableOptions === undefined) {
      // A database whose tables have no options.
      if (yield* this.hasTable(tableName, schema)) return {};
      throw noSuchTable(tableName, schemaOf(schema));
    }
    return yield* this.#one("tableOptions", tableName, schema);
  }

  /** The columns of many tables. */
  getMultiColumns(options?: MultiOptions): Step<Multi<readonly ReflectedColumn[]>> {
    return this.#many("columns", options);
  }

  /** The primary keys of many tables. */
  getMultiPkConstraint(options?: MultiOptions): Step<Multi<ReflectedPrimaryKeyConstraint>> {
    return this.#many("primaryKey", options);
  }

  /** The foreign keys of many tables. */
  getMultiForeignKeys(options?: MultiOptions): Step<Multi<readonly ReflectedForeignKeyConstraint[]>> {
    return this.#many("foreignKeys", options);
  }

  /** The UNIQUE constraints of many tables. */
  getMultiUniqueConstraints(options?: MultiOptions): Step<Multi<readonly ReflectedUniqueConstraint[]>> {
    return this.#many("uniqueConstraints", options);
  }

  /** The CHECK constraints of many tables. */
  getMultiCheckConstraints(options?: MultiOptions): Step<Multi<readonly ReflectedCheckConstraint[]>> {
    return this.#many("checkConstraints", options);
  }

  /** The indexes of many tables. */
  getMultiIndexes(options?: MultiOptions): Step<Multi<readonly ReflectedIndex[]>> {
    return this.#many("indexes", options);
  }

  /** The comments of many tables. */
  getMultiTableComment(options?: MultiOptions): Step<Multi<ReflectedTableComment>> {
    return this.#many("tableComment", options);
  }

  /** The options of many tables. */
  getMultiTableOptions(options?: MultiOptions): Step<Multi<ReflectedTableOptions>> {
    return this.#many("tableOptions", options);
  }

  /** Whether there is a table or a view, temporary ones included. */
  *hasTable(tableName: string, schema?: InSchema): Step<boolean> {
    const names = yield* this.#use((catalog) => catalog.relations(oneTable(tableName, schemaOf(schema))));
    return names.length > 0;
  }

  /** Whether there are tables or views of these names, temporary ones included: by `"table"` or `"schema.table"`. */
  *hasMultiTable(tableNames: readonly string[], schema?: InSchema): Step<Multi<boolean>> {
    const given = schemaOf(schema);
    const filter = { schema: given, kind: ObjectKind.ANY, scope: ObjectScope.ANY, names: tableNames };
    const found = yield* this.#use((catalog) => catalog.relations(filter));
    return new Map(tableNames.map((name) => [tableKey(name, given), found.includes(name)]));
  }

  /** Whether there is a schema. */
  *hasSchema(schemaName: string): Step<boolean> {
    return (yield* this.getSchemaNames()).includes(schemaName);
  }

  /** Whether a table has an index; false where there is no such table. */
  *hasIndex(tableName: string, indexName: string, schema?: InSchema): Step<boolean> {
    if (!(yield* this.hasTable(tableName, schema))) return false;
    return (yield* this.getIndexes(tableName, schema)).some((index) => index.name === indexName);
  }

  /** Whether there is a sequence. */
  *hasSequence(sequenceName: string, schema?: InSchema): Step<boolean> {
    if (this.#reflection?.sequences === undefined) return false;
    return (yield* this.getSequenceNames(schema)).includes(sequenceName);
  }

  /**
   * The tables of a schema, those that others refer to first, each with the foreign keys (pairs of table and name) that can be made
   * together with it; at the end `null` with pairs of a table and a foreign key that have to be added afterwards.
   */
  *getSortedTableAndFkcNames(schema?: InSchema): Step<SortedNames> {
    const given = schemaOf(schema);
    const keys = yield* this.#use((catalog) =>
      catalog.many("foreignKeys", {
        schema: given,
        kind: ObjectKind.TABLE,
        scope: ObjectScope.DEFAULT,
        names: null,
      }),
    );
    return sortNames(keys, given);
  }

  /**
   * As {@link getSortedTableAndFkcNames}, for tables of several schemas that refer to each other: pairs of schema and table
   * stand for names. Default: the schema of names without one.
   */
  *sortTablesOnForeignKeyDependency(
    options: { readonly considerSchemas?: readonly (string | null)[] } = {},
  ): Step<SortedPlaces> {
    const bySchema = new Map<string | null, ReadonlyMap<string, readonly ReflectedForeignKeyConstraint[]>>();
    for (const schema of options.considerSchemas ?? [null]) {
      const filter = { schema, kind: ObjectKind.TABLE, scope: ObjectScope.DEFAULT, names: null };
      bySchema.set(schema, yield* this.#use((catalog) => catalog.many("foreignKeys", filter)));
    }
    return sortPlaces(bySchema);
  }

  // ---- PostgreSQL and databases like it ----

  /** The enumeration types of a schema; `"*"` for all schemas. */
  getEnums(schema?: InSchema): Step<readonly ReflectedEnum[]> {
    return this.#special("enums", "enumeration types", (read, catalog) => read(catalog, schemaOf(schema)), schema);
  }

  /** The domain types of a schema; `"*"` for all schemas. */
  getDomains(schema?: InSchema): Step<readonly ReflectedDomain[]> {
    return this.#special("domains", "domains", (read, catalog) => read(catalog, schemaOf(schema)), schema);
  }

  /** Names of the foreign tables of a schema. */
  getForeignTableNames(schema?: InSchema): Step<readonly string[]> {
    return this.#special("foreignTables", "foreign tables", (read, catalog) => read(catalog, schemaOf(schema)), schema);
  }

  /** The number of a table in the catalog. @throws NoSuchTableError */
  *getTableOid(tableName: string, schema?: InSchema): Step<number> {
    const given = schemaOf(schema);
    const oid = yield* this.#special(
      "tableOid",
      "numbers of tables",
      (read, catalog) => read(catalog, tableName, given),
      given,
      tableName,
    );
    if (oid === null) throw noSuchTable(tableName, given);
    return oid;
  }

  /** Whether there is a type: an enumeration, a domain or another of the database's own. */
  hasType(typeName: string, schema?: InSchema): Step<boolean> {
    return this.#special(
      "hasType",
      "named types",
      (read, catalog) => read(catalog, typeName, schemaOf(schema)),
      schema,
      typeName,
    );
  }

  // ---- tables ----

  /** Fills a table with what the database has. @throws NoSuchTableError */
  reflectTable(table: Table, options: Partial<TableReflectOptions> = {}): Step<void> {
    return this.run({
      kind: "table",
      table,
      options: {
        includeColumns: options.includeColumns ?? null,
        excludeColumns: options.excludeColumns ?? [],
        resolveFks: options.resolveFks ?? true,
      },
    });
  }

  /** Carries out `metadata.reflect()` or `table(…, { autoloadWith })`. @internal */
  run(operation: ReflectOperation): Step<void> {
    const { kind } = operation;
    return this.#use((catalog) =>
      kind === "table"
        ? loadTable(catalog, this.#front, operation.table, operation.options)
        : loadMetadata(catalog, this.#front, operation.metadata, operation.options),
    );
  }

  /** The schema of names without one; null before the first connection. */
  get defaultSchemaName(): string | null {
    return this.#source.dialect.defaultSchema;
  }

  get dialect(): Dialect {
    return this.#source.dialect;
  }

  /** Forgets what was read: the next question goes to the database. */
  clearCache(): void {
    this.#cache.clear();
  }

  /** Makes sure that the dialect has met its server. @internal */
  initialize(): Step<void> {
    return this.#use(function* () {});
  }

  get #reflection(): DialectReflection | null {
    return this.#source.dialect.reflection;
  }

  *#use<T>(work: (catalog: Catalog) => Step<T>): Step<T> {
    const connection = yield* this.#source.open();
    try {
      return yield* work(new Catalog(connection, this.#cache));
    } finally {
      yield* this.#source.close(connection);
    }
  }

  #names(kind: ObjectKind, scope: ObjectScope, schema: InSchema | undefined): Step<readonly string[]> {
    return this.#use((catalog) => catalog.relations({ schema: schemaOf(schema), kind, scope, names: null }));
  }

  #one<A extends ReflectedAspect>(aspect: A, name: string, schema: InSchema | undefined): Step<ReflectedTableFacts[A]> {
    if (typeof name !== "string") throw new ArgumentError("an inspector takes the name of a table as a string");
    return this.#use((catalog) => catalog.one(aspect, name, schemaOf(schema)));
  }

  *#many<A extends ReflectedAspect>(
    aspect: A,
    { schema = null, filterNames = null, kind = ObjectKind.TABLE, scope = ObjectScope.DEFAULT }: MultiOptions = {},
  ): Step<Multi<ReflectedTableFacts[A]>> {
    const filter: TableFilter = { schema, kind: flags("kind", kind, ObjectKind.ANY), scope, names: filterNames };
    flags("scope", scope, ObjectScope.ANY);
    const found = yield* this.#use((catalog) => catalog.many(aspect, filter));
    return new Map([...found].map(([name, fact]) => [tableKey(name, schema), fact]));
  }

  #special<K extends SpecialName, R>(
    name: K,
    title: string,
    ask: (read: NonNullable<DialectReflection[K]>, catalog: Catalog) => Step<R>,
    schema: InSchema | undefined,
    subject = "",
  ): Step<R> {
    return this.#use((catalog) => {
      const { reflection } = catalog;
      const read = reflection[name];
      if (read === undefined) throw unsupported(catalog.dialect, title);
      const bound = (read as (...args: unknown[]) => unknown).bind(reflection) as NonNullable<DialectReflection[K]>;
      return catalog.once(keyOf(name, subject, schemaOf(schema)), () => ask(bound, catalog));
    });
  }
}

type SpecialName = "sequences" | "enums" | "domains" | "foreignTables" | "tableOid" | "hasType";

function keyOf(...parts: readonly (string | null)[]): string {
  return JSON.stringify(parts);
}

/** The schema of an argument. */
function schemaOf(given: InSchema | undefined): string | null {
  if (given === undefined || given === null) return null;
  return typeof given === "string" ? given : (given.schema ?? null);
}

function flags(name: "kind" | "scope", value: unknown, all: number): number {
  if (typeof value === "number" && value > 0 && (value & ~all) === 0) return value;
  const type = name === "kind" ? "ObjectKind" : "ObjectScope";
  throw new ArgumentError(`the option '${name}' is made of members of ${type}, not ${String(value)}`, {
    fix: `pass ${type}.ANY, or members combined with |`,
  });
}
