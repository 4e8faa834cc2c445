/** Constraints, in one query that every aspect shares, and indexes. */
import type {
  CatalogSession,
  ReflectedBy,
  ReflectedCheckConstraint,
  ReflectedForeignKeyConstraint,
  ReflectedIndex,
  ReflectedPrimaryKeyConstraint,
  ReflectedSorting,
  ReflectedUniqueConstraint,
  TableFilter,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import { perTable, textOrNull } from "./catalog.ts";
import { normalizeName } from "./names.ts";

/** One column of a constraint. */
interface ConstraintRow {
  readonly type: "P" | "U" | "R" | "C";
  readonly name: string;
  readonly column: string;
  readonly referredOwner: string | null;
  readonly referredTable: string | null;
  readonly referredColumn: string | null;
  readonly condition: string | null;
  readonly deleteRule: string | null;
  readonly deferrable: boolean;
  readonly deferred: boolean;
  /** The index behind it, as the catalog names it. */
  readonly index: string | null;
  readonly owner: string;
}

// The condition as VARCHAR2 may be cut off; the LONG is whole.
const statement = `SELECT k.table_name, k.constraint_type, k.constraint_name, l.column_name, r.owner, r.table_name, r.column_name, k.search_condition, \
k.delete_rule, k.deferrable, k.deferred, k.index_name, k.owner \
FROM all_constraints k JOIN all_cons_columns l ON l.owner = k.owner AND l.constraint_name = k.constraint_name AND l.table_name = k.table_name \
LEFT JOIN all_cons_columns r ON r.owner = k.r_owner AND r.constraint_name = k.r_constraint_name AND r.position = l.position \
WHERE k.constraint_type IN ('P', 'U', 'R', 'C') AND`;

/** The columns of all constraints by table; once for all aspects. */
function constraintRows(session: CatalogSession, filter: TableFilter): Step<ReadonlyMap<string, ConstraintRow[]>> {
  const name = (value: unknown): string | null =>
    value === null || value === undefined ? null : normalizeName(session.dialect.identifiers, String(value));
  return session.once(`oracle constraints ${JSON.stringify(filter)}`, () =>
    perTable(
      session,
      filter,
      statement,
      { owner: "k.owner", table: "k.table_name", order: "k.constraint_name, l.position" },
      (row): ConstraintRow => ({
        type: row[1] as ConstraintRow["type"],
        name: name(row[2]) as string,
        column: name(row[3]) as string,
        referredOwner: textOrNull(row[4]),
        referredTable: name(row[5]),
        referredColumn: name(row[6]),
        condition: textOrNull(row[7]),
        deleteRule: textOrNull(row[8]),
        deferrable: row[9] === "DEFERRABLE",
        deferred: row[10] === "DEFERRED",
        index: textOrNull(row[11]),
        owner: String(row[12]),
      }),
    ),
  );
}

/** The constraints of one type by table, each with its columns. */
function* ofType<T>(
  session: CatalogSession,
  filter: TableFilter,
  type: ConstraintRow["type"],
  read: (rows: readonly [ConstraintRow, ...ConstraintRow[]]) => T | null,
): Step<ReadonlyMap<string, T[]>> {
  const found = new Map<string, T[]>();
  for (const [table, all] of yield* constraintRows(session, filter)) {
    const rows = all.filter((row) => row.type === type);
    const made = [...new Set(rows.map((row) => row.name))].flatMap((name) => {
      const each = read(rows.filter((row) => row.name === name) as [ConstraintRow, ...ConstraintRow[]]);
      return each === null ? [] : [each];
    });
    found.set(table, made);
  }
  return found;
}

function deferral({ deferrable, deferred }: ConstraintRow): { deferrable?: boolean; initially?: string } {
  return { ...(deferrable ? { deferrable: true } : {}), ...(deferred ? { initially: "DEFERRED" } : {}) };
}

/** Primary keys by table. */
export function* readPrimaryKeys(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<ReflectedPrimaryKeyConstraint>> {
  const keys = yield* ofType(session, filter, "P", (rows) => ({
    constrainedColumns: rows.map((row) => row.column),
    name: rows[0].name,
    ...deferral(rows[0]),
  }));
  return new Map([...keys].flatMap(([table, [key]]) => (key === undefined ? [] : [[table, key]])));
}

/** UNIQUE constraints by table. */
export function readUniqueConstraints(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<readonly ReflectedUniqueConstraint[]>> {
  return ofType(session, filter, "U", (rows) => ({
    name: rows[0].name,
    columnNames: rows.map((row) => row.column),
    ...deferral(rows[0]),
  }));
}

/** CHECK constraints by table, without those that NOT NULL comes to. */
export function readCheckConstraints(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<readonly ReflectedCheckConstraint[]>> {
  return ofType(session, filter, "C", ([{ name, condition }]) =>
    condition === null || /^"[^"]+" IS NOT NULL$/.test(condition) ? null : { name, sqltext: condition },
  );
}

/** Foreign keys by table. */
export function readForeignKeys(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<readonly ReflectedForeignKeyConstraint[]>> {
  return ofType(session, filter, "R", (rows) => {
    const [{ name, referredOwner, referredTable, owner, deleteRule }] = rows;
    if (referredTable === null || referredOwner === null) return null;
    return {
      name,
      constrainedColumns: rows.map((row) => row.column),
      referredSchema:
        filter.schema === null && referredOwner === owner
          ? null
          : normalizeName(session.dialect.identifiers, referredOwner),
      referredTable,
      referredColumns: rows.map((row) => row.referredColumn as string),
      options: {
        ...(deleteRule === null || deleteRule === "NO ACTION" ? {} : { ondelete: deleteRule }),
        ...deferral(rows[0]),
      },
    };
  });
}

/** One part of an index. */
interface IndexPart {
  readonly index: string;
  readonly unique: boolean;
  readonly type: string;
  readonly prefixLength: number | null;
  readonly column: string;
  readonly expression: string | null;
  readonly desc: boolean;
}

const indexes = `SELECT i.table_name, i.index_name, i.uniqueness, i.index_type, CASE WHEN i.compression = 'ENABLED' THEN i.prefix_length END, \
c.column_name, x.column_expression, c.descend \
FROM all_indexes i JOIN all_ind_columns c ON c.index_owner = i.owner AND c.index_name = i.index_name \
LEFT JOIN all_ind_expressions x ON x.index_owner = c.index_owner AND x.index_name = c.index_name AND x.column_position = c.column_position \
WHERE i.index_type IN ('NORMAL', 'NORMAL/REV', 'BITMAP', 'FUNCTION-BASED NORMAL', 'FUNCTION-BASED BITMAP', 'IOT - TOP') AND`;

/** Indexes by table, without those of primary keys. Those of UNIQUE constraints say so. */
export function* readIndexes(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<readonly ReflectedIndex[]>> {
  const constraints = yield* constraintRows(session, filter);
  const parts = yield* perTable(
    session,
    filter,
    indexes,
    { owner: "i.table_owner", table: "i.table_name", order: "i.index_name, c.column_position" },
    (row): IndexPart => ({
      index: String(row[1]),
      unique: row[2] === "UNIQUE",
      type: String(row[3]),
      prefixLength: row[4] === null || row[4] === undefined ? null : Number(row[4]),
      column: normalizeName(session.dialect.identifiers, String(row[5])),
      expression: textOrNull(row[6]),
      desc: row[7] === "DESC",
    }),
  );
  return new Map(
    [...parts].map(([table, all]) => {
      const own = constraints.get(table) ?? [];
      const names = [...new Set(all.map((part) => part.index))].filter(
        (name) => !own.some((row) => row.type === "P" && row.index === name),
      );
      return [
        table,
        names.map((name) => {
          const made = own.find((row) => row.type === "U" && row.index === name);
          const rows = all.filter((part) => part.index === name) as [IndexPart, ...IndexPart[]];
          return indexOf(session, rows, made?.name);
        }),
      ];
    }),
  );
}

function indexOf(
  session: CatalogSession,
  parts: readonly [IndexPart, ...IndexPart[]],
  constraint: string | undefined,
): ReflectedIndex {
  const [{ index, unique, type, prefixLength }] = parts;
  // A column in falling order is kept as an expression of nothing but the column.
  const columns = parts.map(({ column, expression }) => {
    if (expression === null) return column;
    const [, alone] = /^"([^"]+)"$/.exec(expression.trim()) ?? [];
    return alone === undefined ? null : normalizeName(session.dialect.identifiers, alone);
  });
  const textOf = (place: number): string => columns[place] ?? (parts[place] as IndexPart).expression ?? "";
  const sorting = parts.flatMap((part, place) =>
    part.desc ? [[textOf(place), ["desc"] as ReflectedSorting[]] as const] : [],
  );
  return {
    name: normalizeName(session.dialect.identifiers, index),
    unique,
    columnNames: columns,
    ...(columns.includes(null) ? { expressions: parts.map((_part, place) => textOf(place)) } : {}),
    ...(sorting.length === 0 ? {} : { columnSorting: Object.fromEntries(sorting) }),
    ...(constraint === undefined ? {} : { duplicatesConstraint: constraint }),
    dialectOptions: {
      ...(type.includes("BITMAP") ? { oracleBitmap: true } : {}),
      ...(prefixLength === null ? {} : { oracleCompress: prefixLength }),
    },
  };
}
