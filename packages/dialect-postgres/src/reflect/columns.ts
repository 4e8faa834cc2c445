/** Columns: types, defaults, identity, computation, comments. */
import type { CatalogSession, ReflectedBy, ReflectedColumn, ReflectedIdentity, TableFilter } from "@athanor/core";
import type { DriverRow, Step } from "@athanor/driver";
import { allNamedTypes, type NamedTypes } from "./named-types.ts";
import { perRelation, relationNumbers } from "./relations.ts";
import { typeOfText } from "./types.ts";

const statement = `SELECT CAST(a.attrelid AS BIGINT)::TEXT, a.attname::TEXT, pg_catalog.format_type(a.atttypid, a.atttypmod), \
a.attnotnull, pg_catalog.pg_get_expr(d.adbin, d.adrelid, a.attgenerated != ''), a.attgenerated::TEXT, a.attidentity::TEXT, a.attndims::INTEGER, \
pg_catalog.col_description(a.attrelid, a.attnum), o.collname::TEXT, \
CASE WHEN pg_catalog.pg_collation_is_visible(o.oid) THEN NULL ELSE (SELECT n.nspname FROM pg_catalog.pg_namespace AS n WHERE n.oid = o.collnamespace) END::TEXT, \
s.seqstart::TEXT, s.seqincrement::TEXT, s.seqmin::TEXT, s.seqmax::TEXT, s.seqcycle, s.seqcache::TEXT, \
(SELECT json_build_object('same', a.attgenerated != '' OR (pg_catalog.pg_get_expr(e.adbin, e.adrelid) IS NOT DISTINCT FROM pg_catalog.pg_get_expr(d.adbin, d.adrelid) AND p.attnotnull = a.attnotnull), 'defaulted', e.oid IS NOT NULL) \
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_inherits AS h ON h.inhrelid = c.oid JOIN pg_catalog.pg_attribute AS p ON p.attrelid = h.inhparent AND p.attname = a.attname \
LEFT JOIN pg_catalog.pg_attrdef AS e ON e.adrelid = p.attrelid AND e.adnum = p.attnum WHERE c.oid = a.attrelid AND c.relispartition)::TEXT \
FROM pg_catalog.pg_attribute AS a \
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid \
LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
LEFT JOIN pg_catalog.pg_collation AS o ON o.oid = a.attcollation AND o.oid != t.typcollation \
LEFT JOIN pg_catalog.pg_depend AS i ON a.attidentity != '' AND i.refclassid = 'pg_catalog.pg_class'::REGCLASS AND i.refobjid = a.attrelid AND i.refobjsubid = a.attnum AND i.classid = 'pg_catalog.pg_class'::REGCLASS AND i.deptype = 'i' \
LEFT JOIN pg_catalog.pg_sequence AS s ON s.seqrelid = i.objid \
WHERE a.attrelid = ${relationNumbers} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attrelid, a.attnum`;

/** Columns by table. */
export function* readColumns(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<readonly ReflectedColumn[]>> {
  const named = yield* allNamedTypes(session);
  return yield* perRelation(session, filter, statement, (row) => columnOf(row, named, filter.schema));
}

function columnOf(row: DriverRow, named: NamedTypes, schema: string | null): ReflectedColumn {
  const [, name, typeText, notNull, expression, generated, identity, dimensions, comment, collation, collationSchema] =
    row as readonly [unknown, string, string, boolean, string | null, string, string, number, ...(string | null)[]];
  const type = typeOfText(typeText, named, {
    dimensions,
    collation: collation ?? null,
    collationSchema: collationSchema ?? null,
  });
  const isComputed = generated !== "";
  const parent = row[17] === null ? null : (JSON.parse(String(row[17])) as ParentColumn);
  const isNumbered = identity !== "" || (expression?.includes("nextval(") === true && type.affinity === "integer");
  return {
    name,
    type,
    nullable: !notNull,
    default: isComputed ? null : defaultOf(expression, parent, schema),
    autoincrement: isNumbered,
    comment: comment ?? null,
    ...(isComputed ? { computed: { sqltext: expression ?? "", persisted: generated === "s" } } : {}),
    ...(identity === "" ? {} : { identity: identityOf(row, identity) }),
    ...(parent?.same === true ? { dialectOptions: { postgresqlInherited: true } } : {}),
  };
}

/** The same column of the table that this one is a partition of. */
interface ParentColumn {
  /** Default and NOT NULL are the same. */
  readonly same: boolean;
  readonly defaulted: boolean;
}

/** A partition that took its parent's default away has one: NULL. */
function defaultOf(expression: string | null, parent: ParentColumn | null, schema: string | null): string | null {
  if (expression !== null) return inSchema(expression, schema);
  return parent?.defaulted === true ? "NULL" : null;
}

/** A sequence that is named without its schema is that of the table's. */
function inSchema(expression: string, schema: string | null): string {
  if (schema === null) return expression;
  return expression.replace(
    /(nextval\(')((?:[^'".]|"(?:[^"]|"")*")+)('::regclass)/,
    (_all, head: string, name: string, tail: string) => `${head}"${schema.replaceAll('"', '""')}".${name}${tail}`,
  );
}

function identityOf(row: DriverRow, identity: string): ReflectedIdentity {
  const [start, increment, minvalue, maxvalue] = row.slice(11, 15).map(integer);
  return {
    always: identity === "a",
    start: start as number,
    increment: increment as number,
    minvalue: minvalue as number,
    maxvalue: maxvalue as number,
    cycle: row[15] as boolean,
    cache: integer(row[16]),
  };
}

/** A number where it is exact, otherwise a bigint. */
function integer(text: unknown): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(String(text));
}
