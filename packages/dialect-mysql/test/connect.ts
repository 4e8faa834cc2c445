/** Connections and engines to the database of this test worker. */
import { type AsyncEngine, createAsyncEngine } from "@athanor/async";
import { type EngineOptions, makeUrl } from "@athanor/core";
import type { Driver } from "@athanor/driver";
import mariadb from "mariadb";
import mysql2 from "mysql2";
import { afterAll } from "vitest";
import { mysqlUrl, withDriver } from "../../../test/setup/urls.ts";
import { connectOptions, type MySQLConnectOptions } from "../src/connect-options.ts";
import type { MySQLConnection } from "../src/drivers/connection.ts";
import { mariadbDriver, mysql2Driver } from "../src/index.ts";

/** Null where there is no server. */
export const url: string | null = mysqlUrl();

const open: { close(): unknown }[] = [];
const engines: AsyncEngine[] = [];

afterAll(async () => {
  for (const connection of open) await connection.close();
  for (const engine of engines) await engine.dispose();
});

/** The database by one of its drivers. */
export interface DriverUnderTest {
  readonly name: string;
  readonly driver: Driver<MySQLConnectOptions>;
  /** A driver connection that is closed after the file. */
  connect(options?: MySQLConnectOptions): Promise<MySQLConnection>;
  /** An engine that is disposed of after the file. */
  engineOf(options?: EngineOptions): AsyncEngine;
}

function underTest(driver: Driver<MySQLConnectOptions>): DriverUnderTest {
  return {
    name: driver.name,
    driver,
    async connect(options = {}) {
      const connection = (await driver.connect({
        ...connectOptions(makeUrl(url as string)),
        ...options,
      })) as MySQLConnection;
      open.push(connection);
      return connection;
    },
    engineOf: (options) => engineOf(options, url === null ? "mysql://none" : withDriver(url, driver.name)),
  };
}

/** Both drivers: `describe.skipIf(url === null).each(drivers)("… by $name", …)`. */
export const drivers: readonly DriverUnderTest[] = [underTest(mysql2Driver(mysql2)), underTest(mariadbDriver(mariadb))];

/** An engine that is disposed of after the file. */
export function engineOf(options: EngineOptions = {}, base: string = url ?? "mysql://none"): AsyncEngine {
  const engine = createAsyncEngine(base, options);
  engines.push(engine);
  return engine;
}
