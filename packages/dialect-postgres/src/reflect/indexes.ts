/** Indexes: methods, expressions, operator classes, order, INCLUDE, predicates, storage. */
import {
  type CatalogSession,
  type ReflectedBy,
  type ReflectedIndex,
  type ReflectedSorting,
  type TableFilter,
  verbatim,
} from "@athanor/core";
import type { DriverRow, Step } from "@athanor/driver";
import { perRelation, relationNumbers } from "./relations.ts";

/** One part of an index. */
export interface IndexPart {
  /** Null for expressions. */
  readonly column: string | null;
  readonly text: string;
  /** The operator class, where it is not the usual one. */
  readonly ops: string | null;
  /** The collation as SQL, where it is not the column's. */
  readonly collation: string | null;
  /** 1: descending, 2: NULLs first. */
  readonly flags: number;
  /** No part of the key: INCLUDE. */
  readonly included: boolean;
}

/** The parts of the index `i`. */
export const indexParts = `(SELECT json_agg(json_build_object('column', a.attname, 'text', pg_catalog.pg_get_indexdef(i.indexrelid, CAST(u.place AS INTEGER), TRUE), \
'ops', CASE WHEN c.opcdefault THEN NULL ELSE c.opcname END, \
'flags', COALESCE(u.flags, 0), 'included', u.place > i.indnkeyatts) ORDER BY u.place) \
FROM unnest(CAST(i.indkey AS SMALLINT[]), CAST(i.indoption AS SMALLINT[]), CAST(i.indclass AS OID[])) WITH ORDINALITY AS u(number, flags, class, place) \
LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = u.number AND u.number != 0 \
LEFT JOIN pg_catalog.pg_opclass AS c ON c.oid = u.class)::TEXT`;

const statement = `SELECT CAST(i.indrelid AS BIGINT)::TEXT, x.relname::TEXT, i.indisunique, m.amname::TEXT, ${indexParts}, \
pg_catalog.pg_get_expr(i.indpred, i.indrelid, TRUE), array_to_json(x.reloptions)::TEXT, \
COALESCE((to_jsonb(i) ->> 'indnullsnotdistinct')::BOOLEAN, FALSE), k.conname::TEXT, \
pg_catalog.obj_description(x.oid, 'pg_class'), s.spcname::TEXT, pg_catalog.pg_get_indexdef(i.indexrelid, 0, TRUE), x.relispartition \
FROM pg_catalog.pg_index AS i \
JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid \
JOIN pg_catalog.pg_am AS m ON m.oid = x.relam \
LEFT JOIN pg_catalog.pg_tablespace AS s ON s.oid = x.reltablespace \
LEFT JOIN pg_catalog.pg_constraint AS k ON k.conrelid = i.indrelid AND k.conindid = i.indexrelid AND k.contype IN ('u', 'x') \
WHERE i.indrelid = ${relationNumbers} AND NOT i.indisprimary ORDER BY i.indrelid, x.relname`;

/** Indexes by table. Those of UNIQUE and EXCLUDE constraints are among them, and say so. */
export function readIndexes(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<readonly ReflectedIndex[]>> {
  return perRelation(session, filter, statement, indexOf);
}

function indexOf(row: DriverRow): ReflectedIndex {
  const all = partsOf(String(row[4]), String(row[11]));
  const keys = all.filter((part) => !part.included);
  const included = all.filter((part) => part.included).map((part) => part.column ?? part.text);
  const names = keys.map((part) => (part.collation === null ? part.column : null));
  const sorting = Object.fromEntries(
    keys.filter(({ flags }) => flags !== 0).map((part) => [textOf(part), sortingOf(part.flags)]),
  );
  const ops = Object.fromEntries(keys.filter((part) => part.ops !== null).map((part) => [textOf(part), part.ops]));
  const constraint = row[8] as string | null;
  const comment = row[9] as string | null;
  return {
    name: row[1] as string,
    unique: row[2] as boolean,
    columnNames: names,
    ...(names.includes(null) ? { expressions: keys.map(textOf) } : {}),
    ...(Object.keys(sorting).length === 0 ? {} : { columnSorting: sorting }),
    includeColumns: included,
    ...(constraint === null ? {} : { duplicatesConstraint: constraint }),
    ...(row[12] === true ? { inherited: true as const } : {}),
    ...(comment === null ? {} : { comment }),
    dialectOptions: {
      postgresqlInclude: included,
      ...(row[3] === "btree" ? {} : { postgresqlUsing: row[3] }),
      ...(Object.keys(ops).length === 0 ? {} : { postgresqlOps: ops }),
      ...(row[5] === null ? {} : { postgresqlWhere: verbatim(String(row[5])) }),
      ...(row[6] === null ? {} : { postgresqlWith: storageOptions(String(row[6])) }),
      ...(row[7] === true ? { postgresqlNullsNotDistinct: true } : {}),
      ...(row[10] === null ? {} : { postgresqlTablespace: row[10] }),
    },
  };
}

/** The parts of an index; only its whole definition tells their collations. */
export function partsOf(json: string, definition: string): IndexPart[] {
  const texts = definitionParts(definition);
  return (JSON.parse(json) as Omit<IndexPart, "collation">[]).map((part, place) => {
    const [, collation = null] =
      /^ COLLATE ((?:"(?:[^"]|"")*"|[^\s."]+)(?:\.(?:"(?:[^"]|"")*"|[^\s."]+))?)/.exec(
        texts[place]?.slice(part.text.length) ?? "",
      ) ?? [];
    return { ...part, collation: part.included ? null : collation };
  });
}

/** What stands between the parentheses behind USING, cut at its commas. */
function definitionParts(definition: string): string[] {
  const start = definition.indexOf(" USING ");
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (const { 0: token, index } of definition.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[(),]/g)) {
    if (index < start) continue;
    if (token === "(" && ++depth === 1) from = index + 1;
    else if ((token === "," && depth === 1) || (token === ")" && --depth === 0)) {
      parts.push(definition.slice(from, index).trim());
      if (depth === 0) break;
      from = index + 1;
    }
  }
  return parts;
}

/** A part as columns are named and expressions written. */
export function textOf(part: IndexPart): string {
  return part.collation === null ? (part.column ?? part.text) : `${part.text} COLLATE ${part.collation}`;
}

/** NULLs come last where the order rises, first where it falls, unless something else was said. */
function sortingOf(flags: number): readonly ReflectedSorting[] {
  const first = (flags & 2) !== 0;
  if ((flags & 1) !== 0) return first ? ["desc"] : ["desc", "nulls_last"];
  return first ? ["nulls_first"] : [];
}

/** `["fillfactor=50"]` as an object. */
export function storageOptions(json: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (JSON.parse(json) as string[]).map((option) => {
      const at = option.indexOf("=");
      return [option.slice(0, at), option.slice(at + 1)];
    }),
  );
}
