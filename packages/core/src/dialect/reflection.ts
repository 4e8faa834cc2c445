/** How a dialect reads its catalog: every question is about many tables at once. Asked by ../reflect/catalog.ts. */
import type { DriverParameters, DriverResult, Step } from "@athanor/driver";
import type { IdentifierRules } from "../compiler/quoting.ts";
import type { ReflectedAspect, ReflectedDomain, ReflectedEnum, ReflectedTableFacts } from "./reflected.ts";

/** Runs SQL of the dialect's own on the program's connection: logged, and heard by listeners. */
export type RunQuery = (sql: string, parameters?: DriverParameters) => Step<DriverResult>;

/** What reading a catalog needs to know of its dialect. */
export interface CatalogDialect {
  readonly name: string;
  readonly identifiers: IdentifierRules;
  readonly serverVersion: readonly number[];
  readonly defaultSchema: string | null;
}

/** Kinds of things with columns; combine them with `|`. */
export const ObjectKind = {
  TABLE: 1,
  VIEW: 2,
  MATERIALIZED_VIEW: 4,
  /** Views of both kinds. */
  ANY_VIEW: 6,
  ANY: 7,
} as const;
export type ObjectKind = number;

/** Whether things last longer than the session. */
export const ObjectScope = {
  DEFAULT: 1,
  TEMPORARY: 2,
  ANY: 3,
} as const;
export type ObjectScope = number;

/** Which tables a question is about. */
export interface TableFilter {
  /** Null: where names without a schema are looked for. */
  readonly schema: string | null;
  /** {@link ObjectKind} */
  readonly kind: ObjectKind;
  /** {@link ObjectScope} */
  readonly scope: ObjectScope;
  /** Only these; null for all. */
  readonly names: readonly string[] | null;
}

/** The connection that a catalog is read on. */
export interface CatalogSession {
  /** SQL with the driver's own markers. */
  readonly query: RunQuery;
  readonly dialect: CatalogDialect;
  /** The outcome of a look-up that several questions share; kept as long as the inspector's cache. */
  once<T>(key: string, look: () => Step<T>): Step<T>;
}

/** By the table's name. Tables of which there is nothing to say may be left out. */
export type ReflectedBy<T> = ReadonlyMap<string, T>;

/** Reads one aspect of many tables. */
export type AspectReader<A extends ReflectedAspect> = (
  session: CatalogSession,
  filter: TableFilter,
) => Step<ReflectedBy<ReflectedTableFacts[A]>>;

/** The aspects that a database has. */
export type AspectReaders = { readonly [A in ReflectedAspect]?: AspectReader<A> };

/** What a dialect implements to be reflected. What it leaves out the database does not have. */
export interface DialectReflection extends AspectReaders {
  /** The names of the tables that the filter is about, as the catalog writes them, in alphabetical order. */
  relations(session: CatalogSession, filter: TableFilter): Step<readonly string[]>;
  /** Names of all schemas. */
  schemas(session: CatalogSession): Step<readonly string[]>;
  /** The SELECT of a view; null where there is no such view. */
  viewDefinition(session: CatalogSession, name: string, schema: string | null): Step<string | null>;
  readonly columns: AspectReader<"columns">;
  readonly primaryKey: AspectReader<"primaryKey">;
  readonly foreignKeys: AspectReader<"foreignKeys">;
  readonly indexes: AspectReader<"indexes">;
  sequences?(session: CatalogSession, schema: string | null): Step<readonly string[]>;
  /** Enumeration types; schema `"*"` for all schemas. */
  enums?(session: CatalogSession, schema: string | null): Step<readonly ReflectedEnum[]>;
  domains?(session: CatalogSession, schema: string | null): Step<readonly ReflectedDomain[]>;
  foreignTables?(session: CatalogSession, schema: string | null): Step<readonly string[]>;
  /** The number of a table in the catalog; null where there is no such table. */
  tableOid?(session: CatalogSession, name: string, schema: string | null): Step<number | null>;
  hasType?(session: CatalogSession, name: string, schema: string | null): Step<boolean>;
}
