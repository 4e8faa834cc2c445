/** Constraints of all kinds, in one query that every aspect shares. */
import {
  type CatalogSession,
  type GivenDialectOptions,
  LiteralColumn,
  type ReflectedBy,
  type ReflectedCheckConstraint,
  type ReflectedConstraintMaker,
  type ReflectedForeignKeyConstraint,
  type ReflectedForeignKeyOptions,
  type ReflectedPrimaryKeyConstraint,
  type ReflectedUniqueConstraint,
  type TableFilter,
  verbatim,
} from "@athanor/core";
import type { DriverRow, Step } from "@athanor/driver";
import { ExcludeConstraint } from "../expressions/exclude-constraint.ts";
import { type IndexPart, indexParts, partsOf, textOf } from "./indexes.ts";
import { perRelation, relationNumbers } from "./relations.ts";

/** A row of `pg_constraint`, with what belongs to it. */
interface ConstraintRow {
  readonly name: string;
  readonly type: "p" | "u" | "c" | "f" | "x";
  readonly columns: readonly string[];
  /** INCLUDE */
  readonly included: readonly string[];
  /** The condition of a CHECK. */
  readonly expression: string | null;
  /** `pg_get_constraintdef()` */
  readonly definition: string;
  readonly comment: string | null;
  readonly deferrable: boolean;
  readonly deferred: boolean;
  readonly validated: boolean;
  /** A CHECK that tables which inherit from this one do not get. */
  readonly noInherit: boolean;
  readonly nullsNotDistinct: boolean;
  readonly referredSchema: string | null;
  readonly referredVisible: boolean;
  readonly referredTable: string | null;
  readonly referredColumns: readonly string[];
  readonly onDelete: string;
  readonly onUpdate: string;
  readonly match: string;
  /** EXCLUDE: the index, and the operators of its parts. */
  readonly parts: readonly IndexPart[];
  readonly operators: readonly string[];
  readonly method: string;
  readonly where: string | null;
  /** The table is a partition, and has it from its parent. */
  readonly inherited: boolean;
}

/** Names of columns by their numbers, in order. */
const names = (numbers: string, relation: string): string =>
  `(SELECT json_agg(a.attname ORDER BY u.place) FROM unnest(${numbers}) WITH ORDINALITY AS u(number, place) JOIN pg_catalog.pg_attribute AS a ON a.attrelid = ${relation} AND a.attnum = u.number)::TEXT`;

/** A key that refers to a partitioned table has a twin for each of its partitions, which nobody wrote. */
const notOfPartitions =
  "AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint AS o WHERE o.oid = k.conparentid AND o.conrelid = k.conrelid)";

// Columns that older servers do not have are read from the row as JSON.
const statement = `SELECT CAST(k.conrelid AS BIGINT)::TEXT, k.conname::TEXT, k.contype::TEXT, ${names("k.conkey", "k.conrelid")}, \
${names("(CAST(i.indkey AS SMALLINT[]))[i.indnkeyatts:]", "k.conrelid")}, \
pg_catalog.pg_get_expr(k.conbin, k.conrelid, TRUE), pg_catalog.pg_get_constraintdef(k.oid, TRUE), \
pg_catalog.obj_description(k.oid, 'pg_constraint'), k.condeferrable, k.condeferred, k.convalidated, \
COALESCE((to_jsonb(i) ->> 'indnullsnotdistinct')::BOOLEAN, FALSE), \
n.nspname::TEXT, pg_catalog.pg_table_is_visible(r.oid), r.relname::TEXT, ${names("k.confkey", "k.confrelid")}, \
k.confdeltype::TEXT, k.confupdtype::TEXT, k.confmatchtype::TEXT, \
CASE WHEN k.contype = 'x' THEN ${indexParts} END, \
(SELECT json_agg(e.oprname ORDER BY u.place) FROM unnest(k.conexclop) WITH ORDINALITY AS u(oid, place) JOIN pg_catalog.pg_operator AS e ON e.oid = u.oid)::TEXT, \
m.amname::TEXT, pg_catalog.pg_get_expr(i.indpred, i.indrelid, TRUE), pg_catalog.pg_get_indexdef(i.indexrelid, 0, TRUE), \
t.relispartition AND (k.conparentid != 0 OR NOT k.conislocal), k.connoinherit \
FROM pg_catalog.pg_constraint AS k JOIN pg_catalog.pg_class AS t ON t.oid = k.conrelid \
LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x') \
LEFT JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid \
LEFT JOIN pg_catalog.pg_am AS m ON m.oid = x.relam \
LEFT JOIN pg_catalog.pg_class AS r ON r.oid = k.confrelid AND k.contype = 'f' \
LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = r.relnamespace \
WHERE k.conrelid = ${relationNumbers} AND k.contype IN ('p', 'u', 'c', 'f', 'x') ${notOfPartitions} ORDER BY k.conrelid, k.conname`;

const list = (json: unknown): readonly string[] => (json === null ? [] : (JSON.parse(String(json)) as string[]));

function rowOf(row: DriverRow): ConstraintRow {
  return {
    name: row[1] as string,
    type: row[2] as ConstraintRow["type"],
    columns: list(row[3]),
    included: list(row[4]),
    expression: row[5] as string | null,
    definition: row[6] as string,
    comment: row[7] as string | null,
    deferrable: row[8] as boolean,
    deferred: row[9] as boolean,
    validated: row[10] as boolean,
    nullsNotDistinct: row[11] as boolean,
    referredSchema: row[12] as string | null,
    referredVisible: row[13] as boolean,
    referredTable: row[14] as string | null,
    referredColumns: list(row[15]),
    onDelete: String(row[16]),
    onUpdate: String(row[17]),
    match: String(row[18]),
    parts: row[19] === null ? [] : partsOf(String(row[19]), String(row[23])),
    operators: list(row[20]),
    method: String(row[21]),
    where: row[22] as string | null,
    inherited: row[24] as boolean,
    noInherit: row[25] as boolean,
  };
}

function constraintRows(session: CatalogSession, filter: TableFilter): Step<Map<string, ConstraintRow[]>> {
  return session.once(`postgresql constraints ${JSON.stringify(filter)}`, () =>
    perRelation(session, filter, statement, rowOf),
  );
}

/** The constraints of one type, by table. */
function* ofType<T>(
  session: CatalogSession,
  filter: TableFilter,
  type: ConstraintRow["type"],
  read: (row: ConstraintRow) => T,
): Step<ReflectedBy<T[]>> {
  const found = new Map<string, T[]>();
  for (const [table, rows] of yield* constraintRows(session, filter))
    found.set(table, rows.filter((row) => row.type === type).map(read));
  return found;
}

const inheritedOption = ({ inherited }: ConstraintRow): { postgresqlInherited?: true } =>
  inherited ? { postgresqlInherited: true } : {};

const includeOption = ({ included }: ConstraintRow): Record<string, unknown> =>
  included.length === 0 ? {} : { postgresqlInclude: included };

/** Primary keys by table. */
export function* readPrimaryKeys(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<ReflectedPrimaryKeyConstraint>> {
  const keys = yield* ofType(session, filter, "p", (row) => ({
    constrainedColumns: row.columns,
    name: row.name,
    comment: row.comment,
    ...deferral(row),
    dialectOptions: includeOption(row),
  }));
  return new Map([...keys].flatMap(([table, [key]]) => (key === undefined ? [] : [[table, key]])));
}

/** When a constraint is checked, where that is not at once. */
function deferral({ deferrable, deferred }: ConstraintRow): { deferrable?: boolean; initially?: string } {
  return { ...(deferrable ? { deferrable: true } : {}), ...(deferred ? { initially: "DEFERRED" } : {}) };
}

/** UNIQUE constraints by table. */
export function readUniqueConstraints(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<readonly ReflectedUniqueConstraint[]>> {
  return ofType(session, filter, "u", (row) => ({
    columnNames: row.columns,
    name: row.name,
    comment: row.comment,
    ...deferral(row),
    dialectOptions: {
      ...includeOption(row),
      ...(row.nullsNotDistinct ? { postgresqlNullsNotDistinct: true } : {}),
      ...inheritedOption(row),
    },
  }));
}

/** CHECK constraints by table. */
export function readCheckConstraints(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<readonly ReflectedCheckConstraint[]>> {
  return ofType(session, filter, "c", (row) => ({
    name: row.name,
    sqltext: row.expression ?? "",
    comment: row.comment,
    ...checkOptions(row),
  }));
}

function checkOptions(row: ConstraintRow): { dialectOptions?: GivenDialectOptions } {
  const { validated, noInherit, inherited } = row;
  if (validated && !noInherit && !inherited) return {};
  const options = {
    ...(validated ? {} : { postgresqlNotValid: true }),
    ...(noInherit ? { postgresqlNoInherit: true } : {}),
    ...inheritedOption(row),
  };
  return { dialectOptions: options };
}

const actions: Readonly<Record<string, string>> = { r: "RESTRICT", c: "CASCADE", n: "SET NULL", d: "SET DEFAULT" };

/** EXCLUDE constraints by table. */
export function readExcludeConstraints(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<readonly ReflectedConstraintMaker[]>> {
  return ofType(session, filter, "x", (row) => (hasColumn) => {
    if (!row.parts.every(({ column }) => column === null || hasColumn(column))) return null;
    return new ExcludeConstraint(
      row.parts.map((part, place) => [
        part.column !== null && part.collation === null ? part.column : new LiteralColumn(textOf(part)),
        row.operators[place] as string,
      ]),
      {
        name: row.name,
        comment: row.comment,
        using: row.method,
        ...deferral(row),
        ...(row.where === null ? {} : { where: verbatim(row.where) }),
        ops: Object.fromEntries(
          row.parts.filter((part) => part.ops !== null).map((part) => [textOf(part), part.ops as string]),
        ),
      },
    );
  });
}

/** Foreign keys by table. */
export function readForeignKeys(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<readonly ReflectedForeignKeyConstraint[]>> {
  return ofType(session, filter, "f", (row) => ({
    name: row.name,
    constrainedColumns: row.columns,
    // Along the search path the schema is left out, as it would be by whoever writes the table down.
    referredSchema:
      !row.referredVisible || row.referredSchema === filter.schema ? (row.referredSchema as string) : null,
    referredTable: row.referredTable as string,
    referredColumns: row.referredColumns,
    options: keyOptions(row),
    comment: row.comment,
  }));
}

function keyOptions(row: ConstraintRow): ReflectedForeignKeyOptions {
  const columns = /ON DELETE SET (?:NULL|DEFAULT)( \([^)]*\))/.exec(row.definition)?.[1] ?? "";
  const ondelete = actions[row.onDelete];
  const onupdate = actions[row.onUpdate];
  return {
    ...(onupdate === undefined ? {} : { onupdate }),
    ...(ondelete === undefined ? {} : { ondelete: `${ondelete}${columns}` }),
    ...deferral(row),
    ...(row.match === "f" ? { match: "FULL" } : {}),
    ...(row.validated ? {} : { postgresqlNotValid: true }),
    ...inheritedOption(row),
  };
}
