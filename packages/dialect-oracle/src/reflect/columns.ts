/** Columns: types, defaults, identity, computation, comments. */
import type { CatalogSession, ReflectedBy, ReflectedColumn, ReflectedIdentity, TableFilter } from "@athanor/core";
import type { DriverRow, Step } from "@athanor/driver";
import { isVersion, perTable, textOrNull } from "./catalog.ts";
import { normalizeName } from "./names.ts";
import { typeOf } from "./types.ts";

/** The columns of a version: identity came with 12.1, vectors with 23. */
function statement(session: CatalogSession): string {
  const identity = isVersion(session, 12);
  return `SELECT c.table_name, c.column_name, c.data_type, CASE WHEN c.data_type = 'RAW' THEN c.data_length ELSE NULLIF(c.char_length, 0) END, \
c.data_precision, c.data_scale, c.nullable, c.data_default, c.virtual_column, m.comments, \
${identity ? "c.default_on_null, i.generation_type, i.identity_options" : "'NO', NULL, NULL"}, ${isVersion(session, 23) ? "c.vector_info" : "NULL"} \
FROM all_tab_cols c LEFT JOIN all_col_comments m ON m.owner = c.owner AND m.table_name = c.table_name AND m.column_name = c.column_name \
${identity ? "LEFT JOIN all_tab_identity_cols i ON i.owner = c.owner AND i.table_name = c.table_name AND i.column_name = c.column_name " : ""}\
WHERE c.hidden_column = 'NO' AND`;
}

/** Columns by table. */
export function readColumns(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<readonly ReflectedColumn[]>> {
  return perTable(
    session,
    filter,
    statement(session),
    { owner: "c.owner", table: "c.table_name", order: "c.column_id" },
    (row) => columnOf(session, row),
  );
}

const numberOrNull = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value));

function columnOf(session: CatalogSession, row: DriverRow): ReflectedColumn {
  const name = normalizeName(session.dialect.identifiers, String(row[1]));
  const type = typeOf(
    {
      name: String(row[2]),
      length: numberOrNull(row[3]),
      precision: numberOrNull(row[4]),
      scale: numberOrNull(row[5]),
      vector: textOrNull(row[13]),
    },
    name,
  );
  const text = textOrNull(row[7])?.trim() ?? null;
  const isComputed = row[8] === "YES";
  const isNumbered = row[11] !== null && row[11] !== undefined;
  return {
    name,
    type,
    nullable: row[6] === "Y",
    default: isComputed || isNumbered || text === "NULL" || text === "" ? null : text,
    comment: textOrNull(row[9]),
    ...(isComputed ? { computed: { sqltext: text ?? "" } } : {}),
    ...(isNumbered ? { identity: identityOf(String(row[11]), row[10] === "YES", String(row[12] ?? "")) } : {}),
  };
}

/** `START WITH: 1, INCREMENT BY: 1, MAX_VALUE: 99, MIN_VALUE: 1, CYCLE_FLAG: N, CACHE_SIZE: 20, ORDER_FLAG: N` */
function identityOf(generation: string, onNull: boolean, options: string): ReflectedIdentity {
  const found: Record<string, unknown> = { always: generation === "ALWAYS" };
  if (onNull) found["oracleOnNull"] = true;
  for (const [, name = "", value = ""] of options.matchAll(/([A-Z_ ]+?)\s*:\s*([^,]+)/g)) {
    const key = name.trim();
    if (key === "START WITH") found["start"] = integer(value);
    else if (key === "INCREMENT BY") found["increment"] = integer(value);
    else if (key === "MAX_VALUE") found["maxvalue"] = integer(value);
    else if (key === "MIN_VALUE") found["minvalue"] = integer(value);
    else if (key === "CYCLE_FLAG") found["cycle"] = value.trim() === "Y";
    else if (key === "CACHE_SIZE") found["cache"] = integer(value);
    else if (key === "ORDER_FLAG") found["oracleOrder"] = value.trim() === "Y";
  }
  return found as unknown as ReflectedIdentity;
}

function integer(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text.trim());
}
