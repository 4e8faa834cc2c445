/** Connections and engines to the database of this test worker. */
import { type AsyncEngine, createAsyncEngine } from "@athanor/async";
import { type EngineOptions, makeUrl } from "@athanor/core";
import type { Driver } from "@athanor/driver";
import mysql2 from "mysql2";
import { afterAll } from "vitest";
import { mysqlUrl } from "../../../test/setup/urls.ts";
import { connectOptions, type MySQLConnectOptions } from "../src/connect-options.ts";
import type { Mysql2Connection } from "../src/drivers/connection.ts";
import { mysql2Driver } from "../src/drivers/mysql2.ts";
import "../src/index.ts";

/** Null where there is no server. */
export const url: string | null = mysqlUrl();
export const driver: Driver<MySQLConnectOptions> = mysql2Driver(mysql2);

const open: { close(): unknown }[] = [];
const engines: AsyncEngine[] = [];

afterAll(async () => {
  for (const connection of open) await connection.close();
  for (const engine of engines) await engine.dispose();
});

/** A driver connection that is closed after the file. */
export async function connect(options: MySQLConnectOptions = {}): Promise<Mysql2Connection> {
  const connection = (await driver.connect({
    ...connectOptions(makeUrl(url as string)),
    ...options,
  })) as Mysql2Connection;
  open.push(connection);
  return connection;
}

/** An engine that is disposed of after the file. */
export function engineOf(options: EngineOptions = {}): AsyncEngine {
  const engine = createAsyncEngine(url as string, options);
  engines.push(engine);
  return engine;
}
