/** Types of tables: from the shape that users write to the columns of `table.c`. Types only. */
import type { QuotedName } from "../ast/name.ts";
import type { DialectSpecificOptions } from "../selectable/dialect-options.ts";
import type { Column } from "./column.ts";
import type { ColumnTypes } from "./column-types.ts";
import type { Constraint } from "./constraint.ts";
import type { ReflectBind } from "./ports.ts";
import type { Info } from "./schema-item.ts";
import type { SchemaName } from "./schema-name.ts";
import type { Index } from "./table-index.ts";

/** The shape of a table: columns by attribute key. */
export type TableShape = Readonly<Record<string, ColumnTypes>>;

/** The columns of a table with a shape. */
export type ColumnsOf<S extends TableShape> = { readonly [K in keyof S]: ColumnFor<S[K], K & string> };

/** A column under the key that it has in a table. */
export type ColumnFor<E extends ColumnTypes, Key extends string> = Column<
  E["~value"],
  Key,
  E["~input"],
  E["~insert"],
  E["~ops"]
> &
  E["~ops"];

/** A column with a name of its own. */
export interface NamedColumnTypes extends ColumnTypes {
  readonly "~name": string;
}

/** The columns of a table that was made of named columns. */
export type ColumnsByName<A extends readonly unknown[]> = {
  readonly [E in Extract<A[number], NamedColumnTypes> as E["~name"]]: E;
};

/** What stands in a table beside its columns. */
export type TableItem = Constraint | Index;

/** Options of {@link table}. */
export interface TableOptions extends DialectSpecificOptions {
  /** The schema; default: the MetaData's. `BLANK_SCHEMA` for none although the MetaData has one. */
  readonly schema?: SchemaName;
  readonly quote?: boolean | null;
  readonly quoteSchema?: boolean | null;
  readonly comment?: string | null;
  /** Words between CREATE and TABLE: `["TEMPORARY"]`. */
  readonly prefixes?: readonly string[];
  readonly info?: Info;
  /** Changes the table of this name, if there is one, by what is given here. */
  readonly extendExisting?: boolean;
  /** Gives the table of this name as it is, if there is one. */
  readonly keepExisting?: boolean;
  /** The table of this name must be there already. */
  readonly mustExist?: boolean;
  /** INSERT brings generated keys back by RETURNING where the database can. Default true. */
  readonly implicitReturning?: boolean;
  /** Listeners for events of the table, before anything happens to it: `[["columnReflect", (…) => …]]`. */
  readonly listeners?: readonly (readonly [event: string, listener: unknown])[];
  /** Reads the columns from a database, through an engine, a connection or an inspector. */
  readonly autoloadWith?: ReflectBind;
  /** Columns that were read replace those of the same key. Default true. */
  readonly autoloadReplace?: boolean;
  /** Reads only these columns. */
  readonly includeColumns?: readonly string[];
  /** Reads the tables that foreign keys refer to as well. Default true. */
  readonly resolveFks?: boolean;
}

/** Options of a table that the program describes by itself. */
export type PlainTableOptions = TableOptions & { readonly autoloadWith?: undefined };

/** Options of a table that is read from a database; `R` is a promise where that is asynchronous. */
export type AutoloadOptions<R> = TableOptions & { readonly autoloadWith: ReflectBind<R> };

/** Columns of which only the database knows: by name, with any value. */
export type ReflectedColumns = Readonly<Record<string, Column>>;

/** How tables are named. */
export type TableName = string | QuotedName;
