/** Connections of the real oracledb over the fake implementation: always available. */
import { type AsyncEngine, createAsyncEngine } from "@athanor/async";
import { type EngineOptions, makeUrl } from "@athanor/core";
import { afterAll, afterEach, beforeEach } from "vitest";
import { connectOptions } from "../src/connect-options.ts";
import type { OracleConnection } from "../src/drivers/connection.ts";
import { oracledbDriver } from "../src/drivers/oracledb.ts";
import { type FakeBackend, Scripted } from "./fake/backend.ts";
import { fake, oracledb } from "./fake/install.ts";
import "../src/index.ts";

export const url = "oracle://scott:tiger@localhost/?service_name=FREEPDB1";

/** What a file's tests share. */
export interface Scene {
  readonly server: Scripted;
  /** A driver connection, closed after the test. */
  connect(): Promise<OracleConnection>;
  /** An engine, disposed of after the test. */
  engine(options?: EngineOptions): AsyncEngine;
}

/** @param makeBackend what executes statements that no script answers. */
export function scene(makeBackend: (() => FakeBackend) | null = null, version = "19.3.0.0.0"): Scene {
  const server = new Scripted();
  const driver = oracledbDriver(oracledb);
  const open: (() => Promise<unknown>)[] = [];
  beforeEach(() => {
    fake.backend = () => server.session(makeBackend?.() ?? null);
    fake.version = version;
    fake.login = null;
  });
  afterEach(async () => {
    for (const close of open.splice(0)) await close();
    server.clear();
    fake.connections.length = 0;
  });
  afterAll(() => {
    fake.backend = null;
  });
  return {
    server,
    async connect() {
      const connection = (await driver.connect(connectOptions(makeUrl(url)))) as OracleConnection;
      open.push(() => connection.close());
      server.clear();
      return connection;
    },
    engine(options = {}) {
      const engine = createAsyncEngine(url, { module: oracledb, ...options });
      open.push(() => engine.dispose());
      return engine;
    },
  };
}
