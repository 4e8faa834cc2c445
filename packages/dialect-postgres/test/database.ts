/** The database of this test worker, for tests of this package. */
import { type AsyncEngine, createAsyncEngine } from "@athanor/async";
import { type EngineOptions, makeUrl } from "@athanor/core";
import pgModule from "pg";
import { afterAll } from "vitest";
import { pgUrl } from "../../../test/setup/urls.ts";
import { optionsFromUrl } from "../src/connect-options.ts";
import { type PgConnection, PgDriver, type PostgresConnectOptions } from "../src/index.ts";

/** Null where there is no server: write `describe.skipIf(url === null)`. */
export const url: string | null = pgUrl();

const open: (AsyncEngine | PgConnection)[] = [];

afterAll(async () => {
  for (const each of open.splice(0)) await ("dispose" in each ? each.dispose() : each.close());
});

/** An engine that is disposed after the tests of the file. */
export function engineOf(options: EngineOptions = {}, query = ""): AsyncEngine {
  const engine = createAsyncEngine(`${url}${query}`, options);
  open.push(engine);
  return engine;
}

/** A driver connection that is closed after the tests of the file. */
export async function connectionOf(options: Partial<PostgresConnectOptions> = {}): Promise<PgConnection> {
  const connection = await new PgDriver(pgModule).connect({ ...optionsFromUrl(makeUrl(url as string)), ...options });
  open.push(connection);
  return connection;
}
