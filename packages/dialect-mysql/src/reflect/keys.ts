/** Primary keys, UNIQUE, indexes and foreign keys, from STATISTICS and KEY_COLUMN_USAGE. */
import {
  type CatalogSession,
  quoteIdentifier,
  type ReflectedBy,
  type ReflectedForeignKeyConstraint,
  type ReflectedIndex,
  type ReflectedPrimaryKeyConstraint,
  type ReflectedSorting,
  type ReflectedUniqueConstraint,
  type TableFilter,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import { isMySQL } from "../server.ts";
import { expressionText, optionName, perTable, serverOf } from "./catalog.ts";
import { indexRowsOf } from "./temporary.ts";

/** One part of an index. */
interface IndexPart {
  readonly index: string;
  readonly unique: boolean;
  readonly column: string | null;
  readonly expression: string | null;
  /** How many characters of the column are indexed. */
  readonly length: number | null;
  readonly desc: boolean;
  readonly type: string;
}

/** The parts of all indexes by table; once for all aspects. */
function indexParts(session: CatalogSession, filter: TableFilter): Step<ReadonlyMap<string, IndexPart[]>> {
  return session.once(`mysql indexes ${JSON.stringify(filter)}`, () => {
    const expression = isMySQL(serverOf(session), 8, 0, 13) ? "EXPRESSION" : "NULL";
    return perTable(
      session,
      filter,
      `SELECT TABLE_NAME, INDEX_NAME, NON_UNIQUE, COLUMN_NAME, ${expression}, SUB_PART, COLLATION, INDEX_TYPE FROM information_schema.STATISTICS WHERE `,
      "TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX",
      ([, index, nonUnique, column, text, length, collation, type]): IndexPart => ({
        index: String(index),
        unique: Number(nonUnique) === 0,
        column: column as string | null,
        expression: text === null ? null : expressionText(session, String(text)),
        length: length === null ? null : Number(length),
        desc: collation === "D",
        type: String(type),
      }),
      { rowsOf: indexRowsOf },
    );
  });
}

/** The parts of each index of a table. */
function byIndex(parts: readonly IndexPart[]): ReadonlyMap<string, IndexPart[]> {
  const found = new Map<string, IndexPart[]>();
  for (const part of parts) found.set(part.index, [...(found.get(part.index) ?? []), part]);
  return found;
}

/** Primary keys by table; they have no name of their own. */
export function* readPrimaryKeys(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<ReflectedPrimaryKeyConstraint>> {
  return new Map(
    [...(yield* indexParts(session, filter))].map(([table, parts]) => [
      table,
      {
        constrainedColumns: parts.filter((part) => part.index === "PRIMARY").map((part) => part.column as string),
        name: null,
      },
    ]),
  );
}

/** UNIQUE constraints by table: each is an index, and is listed as one too. */
export function* readUniqueConstraints(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<readonly ReflectedUniqueConstraint[]>> {
  return new Map(
    [...(yield* indexParts(session, filter))].map(([table, parts]) => [
      table,
      [...byIndex(parts)]
        .filter(([name, own]) => name !== "PRIMARY" && own.every((part) => part.unique && part.column !== null))
        .map(([name, own]) => ({
          name,
          columnNames: own.map((part) => part.column as string),
          duplicatesIndex: name,
        })),
    ]),
  );
}

/** Indexes by table. Those that the server made for a foreign key say so. */
export function* readIndexes(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<readonly ReflectedIndex[]>> {
  const keys = yield* readForeignKeys(session, filter);
  const found = new Map<string, ReflectedIndex[]>();
  for (const [table, parts] of yield* indexParts(session, filter)) {
    const indexes: ReflectedIndex[] = [];
    const parsers = parts.some((part) => part.type === "FULLTEXT") ? yield* readParsers(session, filter, table) : null;
    for (const [name, own] of byIndex(parts)) {
      if (name === "PRIMARY") continue;
      const columns = own.map((part) => part.column);
      const made = keys
        .get(table)
        ?.find((key) => key.name === name && key.constrainedColumns.join() === columns.join());
      indexes.push({
        ...indexOf(session, name, own, parsers?.get(name)),
        ...(made === undefined ? {} : { duplicatesConstraint: name }),
      });
    }
    found.set(table, indexes);
  }
  return found;
}

function indexOf(session: CatalogSession, name: string, parts: readonly IndexPart[], parser?: string): ReflectedIndex {
  const [{ type, unique }] = parts as readonly [IndexPart, ...IndexPart[]];
  const isOrdinary = type !== "FULLTEXT" && type !== "SPATIAL";
  const textOf = (part: IndexPart): string => part.column ?? `(${part.expression})`;
  const sorting = parts.filter((part) => part.desc).map((part) => [textOf(part), ["desc"] as ReflectedSorting[]]);
  const lengths = parts.filter((part) => isOrdinary && part.length !== null).map((part) => [part.column, part.length]);
  const option = (own: string): string => optionName(session, own);
  return {
    name,
    columnNames: parts.map((part) => part.column),
    unique,
    ...(parts.some((part) => part.column === null) ? { expressions: parts.map(textOf) } : {}),
    ...(sorting.length === 0
      ? {}
      : { columnSorting: Object.fromEntries(sorting) as Record<string, ReflectedSorting[]> }),
    dialectOptions: {
      ...(lengths.length === 0 ? {} : { [option("length")]: Object.fromEntries(lengths) as unknown }),
      ...(isOrdinary ? {} : { [option("prefix")]: type }),
      ...(type === "HASH" || type === "RTREE" ? { [option("using")]: type.toLowerCase() } : {}),
      ...(parser === undefined ? {} : { [option("with_parser")]: parser }),
    },
  };
}

/** The parsers of the full-text indexes of one table; only its CREATE TABLE tells them. */
function* readParsers(session: CatalogSession, { schema }: TableFilter, table: string): Step<Map<string, string>> {
  const { identifiers } = session.dialect;
  const name = `${schema === null ? "" : `${quoteIdentifier(schema, identifiers)}.`}${quoteIdentifier(table, identifiers)}`;
  const { rows } = yield* session.query(`SHOW CREATE TABLE ${name}`);
  return new Map(
    [...String(rows[0]?.[1]).matchAll(/KEY `((?:[^`]|``)*)` \([^\n]*WITH PARSER `?(\w+)`?/g)].map(
      ([, index = "", parser = ""]) => [index.replaceAll("``", "`"), parser],
    ),
  );
}

const foreignKeys =
  "SELECT k.TABLE_NAME, k.CONSTRAINT_NAME, k.COLUMN_NAME, k.REFERENCED_TABLE_SCHEMA, k.REFERENCED_TABLE_NAME, k.REFERENCED_COLUMN_NAME, r.UPDATE_RULE, r.DELETE_RULE, k.TABLE_SCHEMA FROM information_schema.KEY_COLUMN_USAGE AS k JOIN information_schema.REFERENTIAL_CONSTRAINTS AS r ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME WHERE k.REFERENCED_TABLE_NAME IS NOT NULL AND ";

/** Foreign keys by table. */
export function readForeignKeys(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReadonlyMap<string, readonly ReflectedForeignKeyConstraint[]>> {
  return session.once(`mysql foreign keys ${JSON.stringify(filter)}`, function* () {
    const rows = yield* perTable(
      session,
      filter,
      foreignKeys,
      "k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION",
      (row) => row.map((value) => (value === null ? null : String(value))),
      { alias: "k." },
    );
    // MariaDB reports RESTRICT where nothing was said; for the server the two are the same.
    const usual = serverOf(session).isMariaDB ? ["NO ACTION", "RESTRICT"] : ["NO ACTION"];
    return new Map(
      [...rows].map(([table, columns]) => {
        const names = [...new Set(columns.map((row) => row[1]))];
        return [
          table,
          names.map((name) => foreignKeyOf(columns.filter((row) => row[1] === name) as string[][], filter, usual)),
        ];
      }),
    );
  });
}

function foreignKeyOf(
  rows: readonly (readonly string[])[],
  filter: TableFilter,
  usual: readonly string[],
): ReflectedForeignKeyConstraint {
  const [, name, , referredSchema, referredTable, , onupdate, ondelete, ownSchema] = rows[0] as string[];
  return {
    name: name as string,
    constrainedColumns: rows.map((row) => row[2] as string),
    referredSchema: referredSchema === ownSchema ? filter.schema : (referredSchema as string),
    referredTable: referredTable as string,
    referredColumns: rows.map((row) => row[5] as string),
    options: {
      ...(onupdate === undefined || usual.includes(onupdate) ? {} : { onupdate }),
      ...(ondelete === undefined || usual.includes(ondelete) ? {} : { ondelete }),
    },
  };
}
