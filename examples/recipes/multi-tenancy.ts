/** Multi-tenancy: one schema for each tenant, the same classes for all. Text: docs/recipes/multi-tenancy.md */
import type { Engine, MetaData } from "@athanor/core";
import { Session, type SessionOptions } from "@athanor/orm";

/** The schema of a tenant. Tenants are names, never text that somebody typed. */
export function schemaOf(tenant: string): string {
  if (!/^[a-z][a-z0-9_]{0,30}$/.test(tenant)) throw new TypeError(`${JSON.stringify(tenant)} is no tenant`);
  return `tenant_${tenant}`;
}

/** The engine as one tenant sees it: tables without a schema are those of the tenant's. */
export function engineOf(engine: Engine, tenant: string): Engine {
  return engine.executionOptions({ schemaTranslateMap: { "": schemaOf(tenant) } });
}

/** Makes the tables of a tenant whose schema is there. */
export function createTenant(engine: Engine, metadata: MetaData, tenant: string): void {
  metadata.createAll(engineOf(engine, tenant));
}

/** A session that sees one tenant's rows, and nobody else's. */
export function sessionOf(engine: Engine, tenant: string, options: SessionOptions = {}): Session {
  return new Session(engineOf(engine, tenant), options);
}
