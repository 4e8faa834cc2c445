/** The databases of this test worker, each in the modes that change how values are written. */
import { type AsyncEngine, createAsyncEngine } from "@athanor/async";
import { type Dialect, type EngineOptions, listen } from "@athanor/core";
import "@athanor/dialect-mysql";
import "@athanor/dialect-postgres";
import "@athanor/dialect-sqlite";
import type { DriverConnection } from "@athanor/driver";
import type fc from "fast-check";
import { afterAll } from "vitest";
import { mysqlUrl, pgUrl, withDriver } from "../setup/urls.ts";

/** One database in one mode. */
export interface Target {
  readonly name: string;
  readonly family: "sqlite" | "postgresql" | "mysql";
  readonly engine: AsyncEngine;
}

const engines: AsyncEngine[] = [];
afterAll(async () => {
  for (const engine of engines) await engine.dispose();
});

function engineOf(url: string, options: EngineOptions = {}): AsyncEngine {
  const engine = createAsyncEngine(url, options);
  engines.push(engine);
  return engine;
}

/** SQLite by both libraries; PostgreSQL and MySQL with and without backslashes in literals, where a server answers. */
export function targets(): Target[] {
  const list: Target[] = [
    { name: "sqlite", family: "sqlite", engine: engineOf("sqlite://") },
    { name: "sqlite+node", family: "sqlite", engine: engineOf("sqlite+node://") },
  ];
  const postgres = pgUrl();
  if (postgres !== null) {
    list.push({ name: "postgresql", family: "postgresql", engine: engineOf(postgres, { poolSize: 1 }) });
    const off = encodeURIComponent("-c standard_conforming_strings=off -c escape_string_warning=off");
    list.push({
      name: "postgresql+postgresjs",
      family: "postgresql",
      engine: engineOf(withDriver(postgres, "postgresjs"), { poolSize: 1 }),
    });
    list.push({
      name: "postgresql, standard_conforming_strings off",
      family: "postgresql",
      engine: engineOf(`${postgres}?options=${off}`, { poolSize: 1 }),
    });
  }
  const mysql = mysqlUrl();
  if (mysql !== null) {
    list.push({ name: "mysql", family: "mysql", engine: engineOf(mysql, { poolSize: 1 }) });
    list.push({
      name: "mysql+mariadb",
      family: "mysql",
      engine: engineOf(withDriver(mysql, "mariadb"), { poolSize: 1 }),
    });
    const engine = engineOf(mysql, { poolSize: 1 });
    listen(engine, "doConnect", async (dialect, _record, _args, parameters) => {
      const connection = (await (dialect as Dialect).driver?.connect(parameters)) as DriverConnection;
      await connection.execute("SET sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES')", []);
      return connection;
    });
    list.push({ name: "mysql, NO_BACKSLASH_ESCAPES", family: "mysql", engine });
  }
  return list;
}

/** The same run every time; `ATHANOR_FUZZ_SEED` and `ATHANOR_FUZZ_RUNS` look further. */
export function fuzz(runs: number): fc.Parameters<unknown> {
  const { ATHANOR_FUZZ_SEED, ATHANOR_FUZZ_RUNS } = process.env;
  return {
    numRuns: Number(ATHANOR_FUZZ_RUNS ?? runs),
    seed: Number(ATHANOR_FUZZ_SEED ?? 20_261_122),
  };
}
