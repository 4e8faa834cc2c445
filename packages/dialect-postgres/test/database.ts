/** The database of this test worker, for tests of this package. */
import { type AsyncEngine, createAsyncEngine } from "@athanor/async";
import { type EngineOptions, makeUrl } from "@athanor/core";
import pgModule from "pg";
import postgresModule from "postgres";
import { afterAll } from "vitest";
import { pgUrl, withDriver } from "../../../test/setup/urls.ts";
import { optionsFromUrl } from "../src/connect-options.ts";
import { PgDriver, type PostgresConnection, type PostgresConnectOptions, PostgresjsDriver } from "../src/index.ts";

/** Null where there is no server: write `describe.skipIf(url === null)`. */
export const url: string | null = pgUrl();

const open: (AsyncEngine | PostgresConnection)[] = [];

afterAll(async () => {
  for (const each of open.splice(0)) await ("dispose" in each ? each.dispose() : each.close());
});

/** An engine that is disposed after the tests of the file. */
export function engineOf(options: EngineOptions = {}, query = "", base: string | null = url): AsyncEngine {
  const engine = createAsyncEngine(`${base}${query}`, options);
  open.push(engine);
  return engine;
}

/** The database by one of its drivers. */
export interface DriverUnderTest {
  readonly name: "pg" | "postgresjs";
  readonly url: string;
  readonly driver: PgDriver | PostgresjsDriver;
  engineOf(options?: EngineOptions, query?: string): AsyncEngine;
  /** A driver connection that is closed after the tests of the file. */
  connectionOf(options?: Partial<PostgresConnectOptions>): Promise<PostgresConnection>;
  /** The server's process of a connection. */
  processOf(connection: PostgresConnection): Promise<unknown>;
}

function underTest(name: DriverUnderTest["name"], driver: DriverUnderTest["driver"]): DriverUnderTest {
  const own = url === null ? `postgresql+${name}://` : withDriver(url, name);
  return {
    name,
    url: own,
    driver,
    engineOf: (options, query) => engineOf(options, query, own),
    async connectionOf(options = {}) {
      const connection = await driver.connect({ ...optionsFromUrl(makeUrl(url as string)), ...options });
      open.push(connection);
      return connection;
    },
    async processOf(connection) {
      const { rows } = await connection.execute("SELECT pg_backend_pid()", [], { prepare: false });
      return rows[0]?.[0];
    },
  };
}

/** Both drivers that speak to a server: `describe.skipIf(url === null).each(drivers)("… over $name", …)`. */
export const drivers: readonly DriverUnderTest[] = [
  underTest("pg", new PgDriver(pgModule)),
  underTest("postgresjs", new PostgresjsDriver(postgresModule)),
];
