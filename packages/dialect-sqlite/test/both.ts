/** Both drivers, for tests that run over each; and temporary files. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as nodeSqlite from "node:sqlite";
import { makeUrl } from "@athanor/core";
import type { Driver, DriverConnection, DriverResult } from "@athanor/driver";
import betterSqlite3 from "better-sqlite3";
import { afterAll } from "vitest";
import { connectOptions, type SQLiteConnectOptions } from "../src/connect-options.ts";
import { betterSqlite3Driver, nodeSqliteDriver } from "../src/index.ts";

/** A driver whose calls are known to be blocking. */
export interface BlockingConnection extends DriverConnection {
  execute(...args: Parameters<DriverConnection["execute"]>): DriverResult;
  executeMany(...args: Parameters<DriverConnection["executeMany"]>): DriverResult;
}

interface Both {
  /** As in `createEngine("<scheme>:///file.db")`. */
  readonly scheme: string;
  readonly driver: Driver<SQLiteConnectOptions>;
  /** Opens a connection of a URL's rest, in memory by default. */
  connect(rest?: string, options?: Partial<SQLiteConnectOptions>): BlockingConnection;
}

function driverTests(scheme: string, driver: Driver<SQLiteConnectOptions>): Both {
  return {
    scheme,
    driver,
    connect: (rest = "", options = {}) =>
      driver.connect({ ...connectOptions(makeUrl(`${scheme}://${rest}`)), ...options }) as BlockingConnection,
  };
}

/** `describe.each(both)("… $scheme", ({ connect }) => …)` */
export const both: readonly Both[] = [
  driverTests("sqlite", betterSqlite3Driver(betterSqlite3)),
  driverTests("sqlite+node", nodeSqliteDriver(nodeSqlite)),
];

let folder: string | undefined;
let files = 0;

/** The path of a file that does not exist yet and is removed after the tests. */
export function newFile(): string {
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), "athanor-sqlite-"));
    folder = made;
    afterAll(() => rmSync(made, { recursive: true, force: true }));
  }
  return join(folder, `test-${++files}.db`);
}
