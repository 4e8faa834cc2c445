/** What the log says about a statement's SQL and about its rows. */
import type { DriverResult } from "@athanor/driver";
import type { PreparedStatement } from "../compiled-cache.ts";
import type { ConnectionCore } from "../connection-core.ts";

/** With `echo: "debug"`, what came back. */
export function logRows(connection: ConnectionCore, result: DriverResult): void {
  const { log } = connection;
  if (log === null || !log.isDebug || result.columns === null) return;
  log.debug(`Col ${JSON.stringify(result.columns.map((column) => column.name))}`);
  for (const row of result.rows)
    log.debug(`Row ${JSON.stringify(row, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value))}`);
}

/** Where a statement's SQL comes from, as the log says it. */
export function originText({ origin, prepared }: PreparedStatement): string {
  if (origin === "miss") return `generated in ${(prepared.compileTime / 1000).toFixed(5)}s`;
  if (origin === "hit") return `cached since ${((performance.now() - prepared.createdAt) / 1000).toPrecision(4)}s ago`;
  return `${origin === "disabled" ? "caching disabled" : "no key"} ${(prepared.compileTime / 1000).toFixed(5)}s`;
}
