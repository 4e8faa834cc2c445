/** Enumerations and domains, two queries for all of them. */
import type { CatalogSession, ReflectedDomain, ReflectedDomainConstraint, ReflectedEnum } from "@athanor/core";
import type { Step } from "@athanor/driver";
import { placeCondition } from "./relations.ts";

const everywhere = "*";

function place(schema: string | null, parameters: unknown[]): string {
  return schema === everywhere ? "TRUE" : placeCondition(schema, "pg_catalog.pg_type_is_visible(t.oid)", parameters);
}

/** The enumerations of a schema, or of all. */
export function* readEnums(session: CatalogSession, schema: string | null): Step<readonly ReflectedEnum[]> {
  const parameters: unknown[] = [];
  const { rows } = yield* session.query(
    `SELECT t.typname::TEXT, n.nspname::TEXT, pg_catalog.pg_type_is_visible(t.oid), (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum AS e WHERE e.enumtypid = t.oid)::TEXT FROM pg_catalog.pg_type AS t JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace WHERE t.typtype = 'e' AND ${place(schema, parameters)} ORDER BY 2, 1`,
    parameters,
  );
  return rows.map(([name, inSchema, visible, labels]) => ({
    name: String(name),
    schema: String(inSchema),
    visible: visible as boolean,
    labels: labels === null ? [] : (JSON.parse(String(labels)) as string[]),
  }));
}

/** The domains of a schema, or of all. */
export function* readDomains(session: CatalogSession, schema: string | null): Step<readonly ReflectedDomain[]> {
  const parameters: unknown[] = [];
  const { rows } = yield* session.query(
    `SELECT t.typname::TEXT, n.nspname::TEXT, pg_catalog.pg_type_is_visible(t.oid), pg_catalog.format_type(t.typbasetype, t.typtypmod), NOT t.typnotnull, t.typdefault, (SELECT json_agg(json_build_object('name', k.conname, 'check', pg_catalog.pg_get_expr(k.conbin, 0, TRUE)) ORDER BY k.conname) FROM pg_catalog.pg_constraint AS k WHERE k.contypid = t.oid AND k.contype = 'c')::TEXT, (SELECT o.collname FROM pg_catalog.pg_collation AS o JOIN pg_catalog.pg_type AS b ON b.oid = t.typbasetype WHERE o.oid = t.typcollation AND o.oid != b.typcollation)::TEXT FROM pg_catalog.pg_type AS t JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace WHERE t.typtype = 'd' AND ${place(schema, parameters)} ORDER BY 2, 1`,
    parameters,
  );
  return rows.map(([name, inSchema, visible, type, nullable, fallback, constraints, collation]) => ({
    name: String(name),
    schema: String(inSchema),
    visible: visible as boolean,
    type: String(type),
    nullable: nullable as boolean,
    default: fallback as string | null,
    constraints: constraints === null ? [] : (JSON.parse(String(constraints)) as ReflectedDomainConstraint[]),
    collation: collation as string | null,
  }));
}

/** Enumerations and domains by the name under which `format_type()` gives them. */
export interface NamedTypes {
  readonly enums: ReadonlyMap<string, ReflectedEnum>;
  readonly domains: ReadonlyMap<string, ReflectedDomain>;
}

/** All named types, for the columns of any table. */
export function allNamedTypes(session: CatalogSession): Step<NamedTypes> {
  return session.once("postgresql named types", function* () {
    const enums = yield* readEnums(session, everywhere);
    const domains = yield* readDomains(session, everywhere);
    return { enums: byName(enums), domains: byName(domains) };
  });
}

/** Types that are found without their schema stand under both names. */
function byName<T extends ReflectedEnum | ReflectedDomain>(types: readonly T[]): ReadonlyMap<string, T> {
  return new Map(
    types.flatMap((type): [string, T][] => [
      [JSON.stringify([type.schema, type.name]), type],
      ...(type.visible ? [[JSON.stringify([type.name]), type] as [string, T]] : []),
    ]),
  );
}
