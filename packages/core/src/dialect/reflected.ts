/** What reflection finds: plain objects, one interface per subject. Types only. Who finds it: ./reflection.ts. */
import type { Constraint } from "../schema/constraint.ts";
import type { GivenDialectOptions } from "../selectable/dialect-options.ts";
import type { SqlType } from "../types/type.ts";

/** The expression of a computed column. */
export interface ReflectedComputed {
  /** The SQL, as the database writes it. */
  readonly sqltext: string;
  /** `STORED` (true) or `VIRTUAL` (false). Left out where the database does not tell. */
  readonly persisted?: boolean;
}

/** The numbering of an identity column. */
export interface ReflectedIdentity {
  readonly always: boolean;
  readonly start?: number | bigint;
  readonly increment?: number | bigint;
  readonly minvalue?: number | bigint;
  readonly maxvalue?: number | bigint;
  readonly cycle?: boolean;
  readonly cache?: number | bigint;
  /** Options of one dialect: `oracleOrder`, `oracleOnNull`. */
  readonly [dialectOption: `oracle${string}` | `mssql${string}`]: unknown;
}

/** A column. */
export interface ReflectedColumn {
  readonly name: string;
  /** The type, of the dialect's own classes where the standard has none. */
  readonly type: SqlType;
  readonly nullable: boolean;
  /** SQL of the DEFAULT clause; null for none. */
  readonly default: string | null;
  /** The database numbers the column. Left out where the catalog cannot tell. */
  readonly autoincrement?: boolean;
  readonly comment?: string | null;
  readonly computed?: ReflectedComputed;
  readonly identity?: ReflectedIdentity;
  /** SQLite: the column's place in the primary key, from 1; 0 outside of it. */
  readonly primaryKey?: number;
  /** Options of the dialect, as `column()` takes them. */
  readonly dialectOptions?: GivenDialectOptions;
}

/** A primary key; `constrainedColumns` is empty where there is none. */
export interface ReflectedPrimaryKeyConstraint {
  readonly constrainedColumns: readonly string[];
  readonly name: string | null;
  readonly deferrable?: boolean;
  readonly initially?: string;
  readonly comment?: string | null;
  readonly dialectOptions?: GivenDialectOptions;
}

/** What stands behind REFERENCES, as `foreignKeyConstraint()` takes it. What is the default is left out. */
export interface ReflectedForeignKeyOptions {
  readonly ondelete?: string;
  readonly onupdate?: string;
  readonly deferrable?: boolean;
  readonly initially?: string;
  readonly match?: string;
  readonly [dialectOption: `postgresql${string}`]: unknown;
}

/** A foreign key. */
export interface ReflectedForeignKeyConstraint {
  readonly name: string | null;
  readonly constrainedColumns: readonly string[];
  /** Null for the schema that names are looked up in without one. */
  readonly referredSchema: string | null;
  readonly referredTable: string;
  readonly referredColumns: readonly string[];
  readonly options: ReflectedForeignKeyOptions;
  readonly comment?: string | null;
}

/** A UNIQUE constraint. */
export interface ReflectedUniqueConstraint {
  readonly name: string | null;
  readonly columnNames: readonly string[];
  /** The index of this name is the same thing under another title. */
  readonly duplicatesIndex?: string;
  readonly deferrable?: boolean;
  readonly initially?: string;
  readonly comment?: string | null;
  readonly dialectOptions?: GivenDialectOptions;
}

/** A CHECK constraint. */
export interface ReflectedCheckConstraint {
  readonly name: string | null;
  /** The condition, without CHECK and its parentheses. */
  readonly sqltext: string;
  /** The column beside which it stands, where that makes a difference: MariaDB names the others. */
  readonly column?: string;
  readonly comment?: string | null;
  readonly dialectOptions?: GivenDialectOptions;
}

/** How a part of an index is sorted, where it is not the default. */
export type ReflectedSorting = "asc" | "desc" | "nulls_first" | "nulls_last";

/** An index. */
export interface ReflectedIndex {
  readonly name: string | null;
  readonly unique: boolean;
  /** The columns in order, null for an expression. */
  readonly columnNames: readonly (string | null)[];
  /** All parts in order, columns by name and expressions as SQL. Left out where there are only columns. */
  readonly expressions?: readonly string[];
  /** By column name or expression. */
  readonly columnSorting?: Readonly<Record<string, readonly ReflectedSorting[]>>;
  /** Columns that the index carries along. */
  readonly includeColumns?: readonly string[];
  /** The constraint of this name made the index. */
  readonly duplicatesConstraint?: string;
  /** The table has it from the one that it is a partition of. */
  readonly inherited?: true;
  readonly comment?: string | null;
  /** Options of the dialect, as `index()` takes them. */
  readonly dialectOptions?: GivenDialectOptions;
}

/** Makes a constraint that only one dialect has, for the table that is being read; null where a column of it is left out. */
export type ReflectedConstraintMaker = (hasColumn: (name: string) => boolean) => Constraint | null;

/** A table's comment; null for none. */
export interface ReflectedTableComment {
  readonly text: string | null;
}

/** Options of a table as `table()` takes them: `{ mysqlEngine: "InnoDB" }`. */
export interface ReflectedTableOptions {
  /** `["UNLOGGED"]` */
  readonly prefixes?: readonly string[];
  readonly [dialectOption: string]: unknown;
}

/** An enumeration type. */
export interface ReflectedEnum {
  readonly name: string;
  readonly schema: string;
  /** The name is found without the schema. */
  readonly visible: boolean;
  readonly labels: readonly string[];
}

/** A condition of a domain. */
export interface ReflectedDomainConstraint {
  readonly name: string;
  /** The condition about `VALUE`, without CHECK and its parentheses. */
  readonly check: string;
}

/** A domain type. */
export interface ReflectedDomain {
  readonly name: string;
  readonly schema: string;
  readonly visible: boolean;
  /** The type below, as the database writes it. */
  readonly type: string;
  readonly nullable: boolean;
  readonly default: string | null;
  readonly constraints: readonly ReflectedDomainConstraint[];
  readonly collation: string | null;
}

/** Everything about one table. */
export interface ReflectedTableFacts {
  readonly columns: readonly ReflectedColumn[];
  readonly primaryKey: ReflectedPrimaryKeyConstraint;
  readonly foreignKeys: readonly ReflectedForeignKeyConstraint[];
  readonly uniqueConstraints: readonly ReflectedUniqueConstraint[];
  readonly checkConstraints: readonly ReflectedCheckConstraint[];
  /** Constraints of the dialect's own. */
  readonly otherConstraints: readonly ReflectedConstraintMaker[];
  readonly indexes: readonly ReflectedIndex[];
  readonly tableComment: ReflectedTableComment;
  readonly tableOptions: ReflectedTableOptions;
}

/** What is read of tables. */
export type ReflectedAspect = keyof ReflectedTableFacts;
