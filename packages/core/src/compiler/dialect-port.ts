/** What compiling asks of a dialect. Implemented by ../dialect; kept here so that the compiler stays below it. */
import type { DdlCapabilities, DdlDialect } from "../ddl/dialect-port.ts";
import type { ClauseElement } from "../expression/clause-element.ts";
import type { ColumnElement } from "../expression/column-element.ts";
import type { SqlType } from "../types/type.ts";
import type { IdentifierRules } from "./quoting.ts";

/** A visitor as the compiler stores it; ./visitors.ts has the types that dialects write against. */
export type AnyVisitor = (compiler: never, node: never) => string;

/** How bind parameters are written. `named`: `:name`; `at_named`: `@name`. */
export type BindStyle = "qmark" | "numeric_dollar" | "named" | "at_named";

/** Facts about a database that rendering depends on. */
export interface CompilerCapabilities extends DdlCapabilities {
  /** Names of labels and aliases longer than this are cut, with a number to keep them apart. */
  readonly labelLength: number;
  /** Longest identifier that DDL may use. */
  readonly maxIdentifierLength: number;
  /** TRUE and FALSE are constants; otherwise 1 and 0. Differs from `supportsNativeBoolean`: MySQL has the words, not the type. */
  readonly booleanConstants: boolean;
  /** `ORDER BY label` may name a column's label. */
  readonly orderByLabel: boolean;
  /** `/` between integers drops the fraction. */
  readonly integerDivision: boolean;
  /** RETURNING (or OUTPUT) on INSERT. */
  readonly insertReturning: boolean;
  readonly updateReturning: boolean;
  readonly deleteReturning: boolean;
  /** Generated keys come back by RETURNING rather than by the driver's last row id. */
  readonly keysByReturning: boolean;
  /** NULL for an autoincrement key is as good as none: RETURNING brings the key back also where one is given. Default false. */
  readonly nullKeyAutoincrements?: boolean;
  /** INSERT … RETURNING gives the generated keys of several rows. */
  readonly insertManyReturning: boolean;
  /** `INSERT … DEFAULT VALUES` */
  readonly defaultValues: boolean;
  /** `VALUES (…), (…)` in INSERT. */
  readonly multiRowInsert: boolean;
  /** `DEFAULT` as a value. */
  readonly defaultMetavalue: boolean;
  readonly sequences: boolean;
  /** Sequences marked `optional` are left to the database's own key generation. */
  readonly optionalSequences: boolean;
  readonly identityColumns: boolean;
  /** Names of CTE columns are listed: always, for recursive CTEs, or never. */
  readonly recursiveKeyword: boolean;
  /** The CTEs of `INSERT … SELECT` stand in front of SELECT instead of INSERT. Default false. */
  readonly cteFollowsInsert?: boolean;
  /** Parameters of an executemany are put into one statement, as far as they fit. */
  readonly insertManyValues: boolean;
  /** Also where nothing is returned. */
  readonly insertManyValuesWithoutReturning: boolean;
  /**
   * How the rows of a batched INSERT … RETURNING find their parameter sets: `"rows"`: they cannot, each set is a statement
   * of its own; `"values"`: RETURNING follows VALUES; `"counter"`: through `SELECT … FROM (VALUES …) ORDER BY counter`.
   */
  readonly insertManySentinel: "rows" | "values" | "counter";
  /** Columns of the counter form are cast, `p0::INTEGER`. */
  readonly insertManyCasts: boolean;
  /** The driver's executemany gives back the rows of RETURNING, in the order of the parameter sets. Default false. */
  readonly executeManyReturning?: boolean;
  /** Most parameters that one statement may have; 0: no limit. */
  readonly maxParameters: number;
}

/** The dialect as the compiler sees it. */
export interface CompilerDialect extends DdlDialect {
  readonly capabilities: CompilerCapabilities;
  readonly bindStyle: BindStyle;
  readonly identifiers: IdentifierRules;
  readonly visitors: Readonly<Record<string, AnyVisitor>>;
  readonly functionVisitors: Readonly<Record<string, AnyVisitor>>;
  readonly typeVisitors: Readonly<Record<string, AnyVisitor>>;
  /** The server's version, e.g. `[15, 2]`; what the dialect was made for before a connection is there. */
  readonly serverVersion: readonly number[];
  /** Schema of unqualified names, where the dialect cares. */
  readonly defaultSchema: string | null;
  /**
   * A query for the next key of a column that the database numbers, to be executed before an INSERT that brings no keys back;
   * null where the database has no way to ask.
   */
  nextKey?(table: string, schema: string | null, column: ColumnElement): ClauseElement | null;
  /** A query without rows: what an empty list is where nothing tells IN from NOT IN. */
  emptySet?(): string;
  /**
   * What the driver adapter is told about a parameter, as `ExecuteOptions.parameterTypes` (SQLAlchemy: `setinputsizes`).
   * `type` is the dialect's own; `isOut`: the database fills the parameter. Undefined: the adapter goes by the value.
   */
  parameterType?(type: SqlType, isOut: boolean): unknown;
}

/** Statements that are executed before and after a compiled one, on the same connection; the latter also where it fails. */
export interface Surroundings {
  readonly before: readonly string[];
  readonly after: readonly string[];
}
