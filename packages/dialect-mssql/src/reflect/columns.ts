/** Columns, from `sys.columns`. */
import type { CatalogSession, ReflectedBy, ReflectedColumn, TableFilter } from "@athanor/core";
import type { DriverRow, Step } from "@athanor/driver";
import { flag, type Place, perTable, textOrNull } from "./catalog.ts";
import { typeOf } from "./types.ts";

// A type that was made by CREATE TYPE counts as the one below it.
const statement = ({ sys, objects }: Place): string =>
  `SELECT c.object_id, c.name, COALESCE(b.name, t.name), c.max_length, c.precision, c.scale, \
NULLIF(c.collation_name, CAST(DATABASEPROPERTYEX(DB_NAME(), 'Collation') AS NVARCHAR(128))), c.is_nullable, \
d.definition, k.definition, k.is_persisted, c.is_identity, CAST(i.seed_value AS NVARCHAR(40)), \
CAST(i.increment_value AS NVARCHAR(40)), CAST(p.value AS NVARCHAR(MAX)) \
FROM ${sys}.columns c JOIN ${sys}.types t ON t.user_type_id = c.user_type_id \
LEFT JOIN ${sys}.types b ON b.user_type_id = c.system_type_id AND t.is_user_defined = 1 \
LEFT JOIN ${sys}.default_constraints d ON d.object_id = c.default_object_id \
LEFT JOIN ${sys}.computed_columns k ON k.object_id = c.object_id AND k.column_id = c.column_id \
LEFT JOIN ${sys}.identity_columns i ON i.object_id = c.object_id AND i.column_id = c.column_id \
LEFT JOIN ${sys}.extended_properties p ON p.class = 1 AND p.major_id = c.object_id AND p.minor_id = c.column_id AND p.name = 'MS_Description' \
WHERE c.object_id IN (${objects}) ORDER BY c.object_id, c.column_id`;

/** Columns by table. */
export function readColumns(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<readonly ReflectedColumn[]>> {
  return perTable(session, filter, statement, columnOf);
}

function columnOf(row: DriverRow): ReflectedColumn {
  const name = String(row[1]);
  const type = typeOf(
    {
      name: String(row[2]),
      maxLength: Number(row[3]),
      precision: Number(row[4]),
      scale: Number(row[5]),
      collation: textOrNull(row[6]),
    },
    name,
  );
  const computation = textOrNull(row[9]);
  const isNumbered = flag(row[11]);
  return {
    name,
    type,
    nullable: flag(row[7]),
    default: textOrNull(row[8]),
    autoincrement: isNumbered,
    comment: textOrNull(row[14]),
    ...(computation === null
      ? {}
      : { computed: { sqltext: withoutParentheses(computation), persisted: flag(row[10]) } }),
    ...(isNumbered ? { identity: { always: false, start: integer(row[12]), increment: integer(row[13]) } } : {}),
  };
}

function integer(value: unknown): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt(String(value));
}

/** The catalog keeps conditions and expressions in a pair of parentheses. */
export function withoutParentheses(text: string): string {
  if (!text.startsWith("(")) return text;
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/'(?:[^']|'')*'|\[(?:[^\]]|\]\])*\]|"(?:[^"]|"")*"|[()]/g)) {
    if (token === "(") depth++;
    else if (token === ")" && --depth === 0) return index === text.length - 1 ? text.slice(1, -1) : text;
  }
  return text;
}
