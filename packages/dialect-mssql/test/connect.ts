/** A server for the tests of the driver: the scripted one, always. */
import { type AsyncEngine, createAsyncEngine } from "@athanor/async";
import { type EngineOptions, makeUrl } from "@athanor/core";
import tedious from "tedious";
import { afterAll, afterEach, beforeAll } from "vitest";
import { connectOptions } from "../src/connect-options.ts";
import type { TediousConnection } from "../src/drivers/connection.ts";
import { tediousDriver } from "../src/drivers/tedious.ts";
import { TdsServer, type TdsSession } from "./tds/server.ts";
import "../src/index.ts";

/** What a file's tests share. */
export interface Scene {
  readonly server: TdsServer;
  /** A driver connection, closed after the test. */
  connect(query?: string): Promise<TediousConnection>;
  /** An engine, disposed of after the test. */
  engine(options?: EngineOptions): AsyncEngine;
}

/** Starts a server for a file. */
export function scene(makeSession: (() => TdsSession) | null = null): Scene {
  const server = new TdsServer(makeSession);
  const driver = tediousDriver(tedious);
  const open: (() => Promise<unknown>)[] = [];
  beforeAll(() => server.listen());
  afterAll(() => server.close());
  afterEach(async () => {
    for (const close of open.splice(0)) await close();
    server.clear();
  });
  return {
    server,
    async connect(query = "") {
      const connection = (await driver.connect(connectOptions(makeUrl(server.url(query))))) as TediousConnection;
      open.push(() => connection.close());
      return connection;
    },
    engine(options = {}) {
      const engine = createAsyncEngine(server.url(), options);
      open.push(() => engine.dispose());
      return engine;
    },
  };
}
