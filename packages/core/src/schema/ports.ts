/** What a schema asks of an engine or a connection. Implemented by the engines; the statements are planned in ../ddl/plan.ts. */
import type { SchemaClasses } from "./classes.ts";

/** Kinds of things whose presence can be looked up before they are created or dropped. */
export type CheckKind = "tables" | "views" | "indexes" | "sequences" | "types";

/** What is looked up first: everything, nothing, or some kinds: `["tables", "types"]`. */
export type CheckFirst = boolean | readonly CheckKind[];

/** The same by SQLAlchemy's names: `{ checkfirst: CheckFirst.TABLES }`; several are a list of kinds. */
export const CheckFirst: Readonly<
  Record<"NONE" | "TABLES" | "VIEWS" | "INDEXES" | "SEQUENCES" | "TYPES" | "ALL", readonly CheckKind[]>
> = {
  NONE: [],
  TABLES: ["tables"],
  VIEWS: ["views"],
  INDEXES: ["indexes"],
  SEQUENCES: ["sequences"],
  TYPES: ["types"],
  ALL: ["tables", "views", "indexes", "sequences", "types"],
};

/** Options of `create()` and `drop()`. */
export interface CreateDropOptions {
  /** Leave alone what is there already, or is not there. */
  readonly checkfirst?: CheckFirst;
}

/** Options of `createAll()` and `dropAll()`. */
export interface AllOptions {
  /** Only these tables. Default: all of the MetaData's. */
  readonly tables?: readonly SchemaClasses["table"][] | null;
  /** Default true: what is there already is not created, what is not there is not dropped. */
  readonly checkfirst?: CheckFirst;
}

/** Something that can be created and dropped. */
export type DdlTarget =
  | SchemaClasses["metadata"]
  | SchemaClasses["table"]
  | SchemaClasses["index"]
  | SchemaClasses["sequence"]
  | SchemaClasses["namedType"];

/** One call of `create()`, `drop()`, `createAll()` or `dropAll()`. */
export interface DdlOperation {
  readonly action: "create" | "drop";
  readonly target: DdlTarget;
  readonly tables: readonly SchemaClasses["table"][] | null;
  readonly checkfirst: CheckFirst;
}

/** An engine or a connection; `R` is `void` for synchronous ones and a promise for the others. */
export interface DdlBind<out R = unknown> {
  /** Carries out a creation or a removal. @internal */
  _runDdl(operation: DdlOperation): R;
}

/** Options of `metadata.reflect()`. */
export interface ReflectOptions {
  readonly schema?: string | null;
  /** Views too. Default false. */
  readonly views?: boolean;
  /** Only these tables, or those for which the function says yes. */
  readonly only?: readonly string[] | ((name: string, metadata: SchemaClasses["metadata"]) => boolean);
  /** Read tables again that the MetaData has already. Default false. */
  readonly extendExisting?: boolean;
  /** Columns that were read replace those of the same name. Default true. */
  readonly autoloadReplace?: boolean;
  /** Tables that foreign keys refer to are read too. Default true. */
  readonly resolveFks?: boolean;
  readonly [dialectOption: string]: unknown;
}

/** Options with which one table is read. */
export interface TableReflectOptions {
  readonly includeColumns: readonly string[] | null;
  readonly excludeColumns: readonly string[];
  readonly resolveFks: boolean;
}

/** One call of `metadata.reflect()`, or a table with `autoloadWith`. */
export type ReflectOperation =
  | { readonly kind: "metadata"; readonly metadata: SchemaClasses["metadata"]; readonly options: ReflectOptions }
  | { readonly kind: "table"; readonly table: SchemaClasses["table"]; readonly options: TableReflectOptions };

/** What a table can be read from: an engine, a connection or an inspector. */
export interface ReflectBind<out R = unknown> {
  /** What it does comes as promises. @internal */
  readonly _isAsync?: boolean;
  /** Reads tables from the database. @internal */
  _runReflect(operation: ReflectOperation): R;
}
