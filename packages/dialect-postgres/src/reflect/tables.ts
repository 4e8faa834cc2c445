/** What is said of tables as a whole: comments, storage, partitions, inheritance. */
import {
  type CatalogSession,
  type ReflectedBy,
  type ReflectedTableComment,
  type ReflectedTableOptions,
  type TableFilter,
  tableClause,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import { storageOptions } from "./indexes.ts";
import { perRelation, relationNumbers } from "./relations.ts";

/** The only row of each table. */
function first<T>(found: ReadonlyMap<string, readonly T[]>): ReflectedBy<T> {
  return new Map([...found].map(([name, rows]) => [name, rows[0] as T]));
}

/** Comments by table. */
export function* readTableComments(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<ReflectedTableComment>> {
  const sql = `SELECT CAST(c.oid AS BIGINT)::TEXT, pg_catalog.obj_description(c.oid, 'pg_class') FROM pg_catalog.pg_class AS c WHERE c.oid = ${relationNumbers}`;
  return first(yield* perRelation(session, filter, sql, ([, text]) => ({ text: text as string | null })));
}

/** A parent of a table, as the catalog tells it. */
interface Parent {
  readonly name: string;
  readonly schema: string;
  readonly visible: boolean;
}

const options = `SELECT CAST(c.oid AS BIGINT)::TEXT, array_to_json(c.reloptions)::TEXT, pg_catalog.pg_get_partkeydef(c.oid), s.spcname::TEXT, \
CASE WHEN m.amname = 'heap' THEN NULL ELSE m.amname END::TEXT, \
(SELECT json_agg(json_build_object('name', p.relname, 'schema', n.nspname, 'visible', pg_catalog.pg_table_is_visible(p.oid)) ORDER BY i.inhseqno) FROM pg_catalog.pg_inherits AS i JOIN pg_catalog.pg_class AS p ON p.oid = i.inhparent JOIN pg_catalog.pg_namespace AS n ON n.oid = p.relnamespace WHERE i.inhrelid = c.oid)::TEXT, pg_catalog.pg_get_expr(c.relpartbound, c.oid), c.relpersistence = 'u' \
FROM pg_catalog.pg_class AS c LEFT JOIN pg_catalog.pg_tablespace AS s ON s.oid = c.reltablespace LEFT JOIN pg_catalog.pg_am AS m ON m.oid = c.relam AND c.relkind IN ('r', 'p') \
WHERE c.oid = ${relationNumbers}`;

/** Options by table: `postgresqlWith`, `postgresqlPartitionBy`, `postgresqlInherits`, …, and `prefixes` of UNLOGGED tables. */
export function* readTableOptions(
  session: CatalogSession,
  filter: TableFilter,
): Step<ReflectedBy<ReflectedTableOptions>> {
  const found = yield* perRelation(session, filter, options, (row) => {
    const [, storage, partition, tablespace, using, parents, bound, unlogged] = row;
    return {
      ...(unlogged === true ? { prefixes: ["UNLOGGED"] } : {}),
      ...(parents === null ? {} : parentage(JSON.parse(String(parents)) as Parent[], bound as string | null, filter)),
      ...(partition === null ? {} : { postgresqlPartitionBy: partition }),
      ...(using === null ? {} : { postgresqlUsing: using }),
      ...(storage === null ? {} : { postgresqlWith: storageOptions(String(storage)) }),
      ...(tablespace === null ? {} : { postgresqlTablespace: tablespace }),
    };
  });
  return first(found);
}

/** What a table inherits from, or is a partition of. */
function parentage(parents: readonly Parent[], bound: string | null, filter: TableFilter): ReflectedTableOptions {
  if (bound === null) return { postgresqlInherits: parents.map((parent) => parentOf(parent, filter)) };
  const [{ name, schema, visible }] = parents as [Parent];
  const isBeside = schema === filter.schema || (filter.schema === null && visible);
  return {
    postgresqlPartitionOf: isBeside ? name : tableClause(name, { schema }),
    postgresqlPartitionBound: bound,
  };
}

function parentOf({ name, schema, visible }: Parent, filter: TableFilter): unknown {
  return visible && schema !== filter.schema ? name : tableClause(name, { schema });
}
