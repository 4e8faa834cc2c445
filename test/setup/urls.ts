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

/** The same URL for a driver of that name: `postgresql+postgresjs://…`. */
export function withDriver(url: string, driver: string): string {
  return url.replace(/^(\w+)(?:\+\w+)?:/, `$1+${driver}:`);
}

/** As the environment asks for it, or the dialect's default driver. */
function chosen(url: string | null, variable: string): string | null {
  const driver = process.env[variable];
  return url === null || driver === undefined ? url : withDriver(url, driver);
}

/**
 * `postgresql://postgres@127.0.0.1:5432/<database of this worker>`, or null. `ATHANOR_TEST_PG_DRIVER=postgresjs` runs the tests
 * by another driver.
 */
export function pgUrl(): string | null {
  return chosen(ownUrl("postgres", inject("postgresBase")), "ATHANOR_TEST_PG_DRIVER");
}

/**
 * `mysql://root@127.0.0.1:3306/<database of this worker>`, or null. The server may be MariaDB.
 * `ATHANOR_TEST_MYSQL_DRIVER=mariadb` runs the tests by another driver.
 */
export function mysqlUrl(): string | null {
  return chosen(ownUrl("mysql", inject("mysqlBase")), "ATHANOR_TEST_MYSQL_DRIVER");
}

/** The server of {@link mysqlUrl} is MariaDB, not MySQL. */
export function isMariadb(): boolean {
  return inject("mysqlIsMariadb");
}

/** A database by one of the drivers of its dialect. */
export interface DriverUrl {
  readonly name: string;
  readonly url: string | null;
}

function byDrivers(name: string, url: string | null, driver: string): readonly DriverUrl[] {
  return [
    { name, url },
    { name: `${name} by ${driver}`, url: url === null ? null : withDriver(url, driver) },
  ];
}

/** The MySQL or MariaDB of this worker by each driver. */
export function mysqlUrls(): readonly DriverUrl[] {
  return byDrivers("MySQL or MariaDB", mysqlUrl(), "mariadb");
}

/** The PostgreSQL of this worker by each driver that speaks to a server. */
export function pgUrls(): readonly DriverUrl[] {
  return byDrivers("PostgreSQL", pgUrl(), "postgresjs");
}
