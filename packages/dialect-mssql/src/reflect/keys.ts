/** Primary keys, UNIQUE, CHECK, foreign keys and indexes. */
import {
  type CatalogSession,
  type ReflectedBy,
  type ReflectedCheckConstraint,
  type ReflectedForeignKeyConstraint,
  type ReflectedIndex,
  type ReflectedPrimaryKeyConstraint,
  type ReflectedSorting,
  type ReflectedUniqueConstraint,
  type TableFilter,
  verbatim,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import { flag, type Place, perTable, textOrNull } from "./catalog.ts";
import { withoutParentheses } from "./columns.ts";

/** One column of an index. */
interface Part {
  readonly index: string;
  /** 1 clustered, 2 not, 5 and 6 the same as columnstores. */
  readonly type: number;
  readonly unique: boolean;
  readonly isPrimary: boolean;
  readonly isConstraint: boolean;
  readonly where: string | null;
  readonly column: string;
  readonly included: boolean;
  readonly desc: boolean;
}

// 3: XML, 4: spatial, 7: hash; those are not made by CREATE INDEX as it is written here.
const indexStatement = ({ sys, objects }: Place): string =>
  `SELECT i.object_id, i.name, i.type, i.is_unique, i.is_primary_key, i.is_unique_constraint, i.filter_definition, c.name, x.is_included_column, x.is_descending_key \
FROM ${sys}.indexes i JOIN ${sys}.index_columns x ON x.object_id = i.object_id AND x.index_id = i.index_id \
JOIN ${sys}.columns c ON c.object_id = x.object_id AND c.column_id = x.column_id \
WHERE i.object_id IN (${objects}) AND i.type IN (1, 2, 5, 6) AND i.is_hypothetical = 0 \
ORDER BY i.object_id, i.name, x.key_ordinal, x.index_column_id`;

/** The columns of all indexes by table; once for all aspects. */
function indexParts(session: CatalogSession, filter: TableFilter): Step<ReadonlyMap<string, Part[]>> {
  return session.once(`mssql indexes ${JSON.stringify(filter)}`, () =>
    perTable(
      session,
      filter,
      indexStatement,
      (row): Part => ({
        index: String(row[1]),
        type: Number(row[2]),
        unique: flag(row[3]),
        isPrimary: flag(row[4]),
        isConstraint: flag(row[5]),
        where: textOrNull(row[6]),
        column: String(row[7]),
        included: flag(row[8]),
        desc: flag(row[9]),
      }),
    ),
  );
}

/** The columns of each index of a table. */
function grouped(parts: readonly Part[], take: (part: Part) => boolean): readonly (readonly [Part, ...Part[]])[] {
  const found = new Map<string, [Part, ...Part[]]>();
  for (const part of parts) {
    if (!take(part)) continue;
    const known = found.get(part.index);
    if (known === undefined) found.set(part.index, [part]);
    else known.push(part);
  }
  return [...found.values()];
}

/** CLUSTERED or not, where it is not what the kind of the index implies. */
function clustering(type: number, usual: boolean): { readonly mssqlClustered?: boolean } {
  const clustered = type === 1 || type === 5;
  return clustered === usual ? {} : { mssqlClustered: clustered };
}

/** Primary keys by table. */
export function* readPrimaryKeys(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<ReflectedPrimaryKeyConstraint>> {
  const found = new Map<string, ReflectedPrimaryKeyConstraint>();
  for (const [table, all] of yield* indexParts(session, filter))
    for (const parts of grouped(all, (part) => part.isPrimary))
      found.set(table, {
        constrainedColumns: parts.map((part) => part.column),
        name: parts[0].index,
        dialectOptions: clustering(parts[0].type, true),
      });
  return found;
}

/** UNIQUE constraints by table. */
export function* readUniqueConstraints(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<readonly ReflectedUniqueConstraint[]>> {
  return new Map(
    [...(yield* indexParts(session, filter))].map(([table, all]) => [
      table,
      grouped(all, (part) => part.isConstraint).map((parts) => ({
        name: parts[0].index,
        columnNames: parts.map((part) => part.column),
        dialectOptions: clustering(parts[0].type, false),
      })),
    ]),
  );
}

/** Indexes by table. Those of UNIQUE constraints are among them, and say so. */
export function* readIndexes(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<readonly ReflectedIndex[]>> {
  return new Map(
    [...(yield* indexParts(session, filter))].map(([table, all]) => [
      table,
      grouped(all, (part) => !part.isPrimary).map(indexOf),
    ]),
  );
}

function indexOf(parts: readonly [Part, ...Part[]]): ReflectedIndex {
  const [{ index, type, unique, isConstraint, where }] = parts;
  const isColumnstore = type > 4;
  // A columnstore has no key: all of its columns are called included ones; a clustered one is the table.
  const keys = isColumnstore ? parts.filter(() => type !== 5) : parts.filter((part) => !part.included);
  const included = isColumnstore ? [] : parts.filter((part) => part.included).map((part) => part.column);
  const sorting = keys
    .filter((part) => part.desc)
    .map((part) => [part.column, ["desc"] as ReflectedSorting[]] as const);
  return {
    name: index,
    unique,
    columnNames: keys.map((part) => part.column),
    includeColumns: included,
    ...(sorting.length === 0 ? {} : { columnSorting: Object.fromEntries(sorting) }),
    ...(isConstraint ? { duplicatesConstraint: index } : {}),
    dialectOptions: {
      mssqlInclude: included,
      ...clustering(type, false),
      ...(isColumnstore ? { mssqlColumnstore: true } : {}),
      ...(where === null ? {} : { mssqlWhere: verbatim(where) }),
    },
  };
}

const checkStatement = ({ sys, objects }: Place): string =>
  `SELECT k.parent_object_id, k.name, k.definition FROM ${sys}.check_constraints k WHERE k.parent_object_id IN (${objects}) ORDER BY k.parent_object_id, k.name`;

/** CHECK constraints by table. */
export function readCheckConstraints(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<readonly ReflectedCheckConstraint[]>> {
  return perTable(session, filter, checkStatement, ([, name, definition]) => ({
    name: String(name),
    sqltext: withoutParentheses(String(definition)),
  }));
}

const foreignKeyStatement = ({ sys, objects }: Place): string =>
  `SELECT k.parent_object_id, k.name, c.name, s.name, r.name, d.name, k.update_referential_action_desc, k.delete_referential_action_desc, p.name \
FROM ${sys}.foreign_keys k JOIN ${sys}.foreign_key_columns x ON x.constraint_object_id = k.object_id \
JOIN ${sys}.columns c ON c.object_id = x.parent_object_id AND c.column_id = x.parent_column_id \
JOIN ${sys}.columns d ON d.object_id = x.referenced_object_id AND d.column_id = x.referenced_column_id \
JOIN ${sys}.objects r ON r.object_id = k.referenced_object_id JOIN ${sys}.schemas s ON s.schema_id = r.schema_id \
JOIN ${sys}.objects o ON o.object_id = k.parent_object_id JOIN ${sys}.schemas p ON p.schema_id = o.schema_id \
WHERE k.parent_object_id IN (${objects}) ORDER BY k.parent_object_id, k.name, x.constraint_column_id`;

/** Foreign keys by table. */
export function* readForeignKeys(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<readonly ReflectedForeignKeyConstraint[]>> {
  let database: string | null = null;
  const rows = yield* perTable(
    session,
    filter,
    (place) => {
      ({ database } = place);
      return foreignKeyStatement(place);
    },
    (row) => row.map(String),
  );
  return new Map(
    [...rows].map(([table, columns]) => [
      table,
      [...new Set(columns.map((row) => row[1]))].map((name) =>
        foreignKeyOf(
          columns.filter((row) => row[1] === name),
          filter.schema,
          database,
        ),
      ),
    ]),
  );
}

function foreignKeyOf(
  rows: readonly (readonly string[])[],
  schema: string | null,
  database: string | null,
): ReflectedForeignKeyConstraint {
  const [, name, , owner, table, , onUpdate = "", onDelete = "", ownOwner] = rows[0] as readonly string[];
  const action = (text: string): string | undefined => (text === "NO_ACTION" ? undefined : text.replaceAll("_", " "));
  const onupdate = action(onUpdate);
  const ondelete = action(onDelete);
  return {
    name: name as string,
    constrainedColumns: rows.map((row) => row[2] as string),
    referredSchema:
      schema === null && owner === ownOwner ? null : database === null ? (owner as string) : `${database}.${owner}`,
    referredTable: table as string,
    referredColumns: rows.map((row) => row[5] as string),
    options: {
      ...(onupdate === undefined ? {} : { onupdate }),
      ...(ondelete === undefined ? {} : { ondelete }),
    },
  };
}
