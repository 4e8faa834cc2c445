/** Databases on servers for the scenarios: one per server, its tables made once per model set and emptied before each scenario. */
import * as core from "@athanor/core";
import { findMysql, findPostgres, type Server } from "../test/setup/servers.ts";
import { type BlockingDriver, blockingDriver } from "./blocking/driver.ts";
import type { OrmTarget } from "./orm.ts";
import type { ModelSet } from "./orm-models.ts";

interface Kind {
  readonly find: () => Promise<Server | null>;
  /** The URL's name of the dialect. */
  readonly backend: string;
  readonly module: string;
  readonly drop: (database: string) => string;
  /** Options of the URL. */
  readonly query: string;
  /** Statements that empty the tables and set their counters back. */
  readonly empty: (tables: readonly core.Table[]) => readonly string[];
}

const kinds = {
  postgresql: {
    find: findPostgres,
    backend: "postgresql",
    module: "pg",
    drop: (database) => `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`,
    query: "?options=-c%20synchronous_commit%3Doff",
    empty: (tables) => [
      "SET session_replication_role = replica",
      ...tables.map((table) => `DELETE FROM ${table.name}`),
      "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'",
      "SET session_replication_role = origin",
    ],
  },
  mariadb: {
    find: findMysql,
    backend: "mariadb",
    module: "mysql",
    drop: (database) => `DROP DATABASE IF EXISTS ${database}`,
    query: "",
    empty: (tables) => [
      "SET foreign_key_checks = 0",
      ...tables.map((table) => `TRUNCATE TABLE ${table.name}`),
      "SET foreign_key_checks = 1",
    ],
  },
} satisfies Record<string, Kind>;

/** A server's database for scenarios. */
export interface ServerTarget extends OrmTarget {
  close(): Promise<void>;
}

/** Names of the servers that scenarios run on. */
export const serverNames = Object.keys(kinds) as readonly (keyof typeof kinds)[];

/** Makes a database on a server that was found, or started; null where there is none. */
export async function serverTarget(name: keyof typeof kinds): Promise<ServerTarget | null> {
  const kind: Kind = kinds[name];
  const server = await kind.find();
  if (server === null) return null;
  const url = new URL(server.url.replace(/^\w+:/, `${kind.backend}:`));
  const driver = blockingDriver(url.href);
  const database = `athanor_scenarios_${process.pid}`;
  const run = (sql: string): void => {
    const engine = core.createEngine(url.href, { driver, isolationLevel: "AUTOCOMMIT" });
    engine.begin((connection) => connection.execDriverSql(sql));
    engine.dispose();
  };
  run(kind.drop(database));
  run(`CREATE DATABASE ${database}`);
  const own = new URL(url);
  own.pathname = `/${database}`;
  return {
    ...target(`${own.href}${kind.query}`, driver, kind),
    async close() {
      run(kind.drop(database));
      await driver.end();
      await server.stop();
    },
  };
}

function target(url: string, driver: BlockingDriver, kind: Kind): OrmTarget {
  let present: { readonly set: string; readonly metadata: core.MetaData } | null = null;
  const engineFor = (): core.Engine => core.createEngine(url, { driver });
  const makeTables = (engine: core.Engine, models: ModelSet, set: string): void => {
    // Sets have tables of the same name.
    present?.metadata.dropAll(engine);
    models.metadata.createAll(engine);
    present = { set, metadata: models.metadata };
  };
  return {
    comparesStatements: false,
    module: kind.module,
    prepare(models, set) {
      const engine = engineFor();
      if (present?.set !== set) makeTables(engine, models, set);
      else
        engine.begin((connection) => {
          for (const sql of kind.empty(models.metadata.sortedTables)) connection.execDriverSql(sql);
        });
      return engine;
    },
  };
}
