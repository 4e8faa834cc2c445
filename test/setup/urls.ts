/**
 * The databases of this test worker. Each worker has its own, emptied after every test file that asked for it,
 * so files cannot meet. Null when there is no server: write `describe.skipIf(pgUrl() === null)`.
 */
import { inject } from "vitest";
import { markUsed } from "./emptying.ts";

function ownUrl(kind: "postgres" | "mysql", base: string | null): string | null {
  if (base === null) return null;
  const worker = Number(process.env.VITEST_POOL_ID ?? "1");
  const count = inject("workerCount");
  if (!(worker >= 1 && worker <= count)) throw new Error(`worker ${worker} of ${count} has no database`);
  const url = `${base}${worker}`;
  markUsed(kind, url);
  return url;
}

/** `postgresql://postgres@127.0.0.1:5432/<database of this worker>`, or null. */
export function pgUrl(): string | null {
  return ownUrl("postgres", inject("postgresBase"));
}

/** `mysql://root@127.0.0.1:3306/<database of this worker>`, or null. The server may be MariaDB. */
export function mysqlUrl(): string | null {
  return ownUrl("mysql", inject("mysqlBase"));
}
