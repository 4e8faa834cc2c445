/**
 * vitest's global setup: finds or starts the servers, makes one database per worker on each, drops them at the end.
 * Tests ask ./urls.ts for theirs. `ATHANOR_TEST_PG_URL` and `ATHANOR_TEST_MYSQL_URL` name a server, or `none` to skip it.
 */
import mysql from "mysql2/promise";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { findMysql, findPostgres, type Server } from "./servers.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** URL of the worker databases up to the worker's number, or null when there is no server. */
    postgresBase: string | null;
    mysqlBase: string | null;
    /** The server of `mysqlBase` is MariaDB. */
    mysqlIsMariadb: boolean;
    workerCount: number;
  }
}

const prefix = "athanor_test_";
const staleAfter = 60 * 60 * 1000;

type Run = (sql: string) => Promise<unknown[]>;

async function withPostgres<T>(url: string, work: (run: Run) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(async (sql) => (await client.query({ text: sql, rowMode: "array" })).rows.flat());
  } finally {
    await client.end();
  }
}

async function withMysql<T>(url: string, work: (run: Run) => Promise<T>): Promise<T> {
  const connection = await mysql.createConnection({ uri: url, rowsAsArray: true });
  try {
    return await work(async (sql) => {
      const [rows] = await connection.query(sql);
      return Array.isArray(rows) ? rows.flat() : [];
    });
  } finally {
    await connection.end();
  }
}

/** Names of databases that runs which never ended left behind: their name starts with the time of their making. */
function stale(names: unknown[]): string[] {
  const oldest = Date.now() - staleAfter;
  return names.map(String).filter((name) => {
    const made = new RegExp(`^${prefix}([0-9a-z]+)_\\d+_\\d+$`).exec(name)?.[1];
    return made !== undefined && Number.parseInt(made, 36) < oldest;
  });
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stem = `${prefix}${Date.now().toString(36)}_${process.pid}_`;
  const workers = Math.max(1, Number(project.config.maxWorkers ?? project.vitest.config.maxWorkers) || 1);
  const names = Array.from({ length: workers }, (_, index) => `${stem}${index + 1}`);
  const servers: Server[] = [];
  const [postgres, maria] = await Promise.all([findPostgres(), findMysql()]);
  for (const server of [postgres, maria]) if (server) servers.push(server);

  if (postgres) {
    await withPostgres(postgres.url, async (run) => {
      const existing = await run("SELECT datname FROM pg_database");
      for (const name of stale(existing)) await run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      for (const name of names) await run(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
    });
  }
  let isMariadb = false;
  if (maria) {
    await withMysql(maria.url, async (run) => {
      isMariadb = /mariadb/i.test(String((await run("SELECT VERSION()"))[0]));
      for (const name of stale(await run("SHOW DATABASES"))) await run(`DROP DATABASE IF EXISTS ${name}`);
      for (const name of names) await run(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
    });
  }
  if (!postgres) console.error("*** NO POSTGRESQL: the tests that need it are SKIPPED ***");
  if (!maria) console.error("*** NO MARIADB (no server, no mariadbd found): the tests that need it are SKIPPED ***");

  project.provide("postgresBase", postgres ? withDatabase(postgres.url, stem) : null);
  project.provide("mysqlBase", maria ? withDatabase(maria.url, stem) : null);
  project.provide("mysqlIsMariadb", isMariadb);
  project.provide("workerCount", workers);

  return async () => {
    if (postgres) {
      await withPostgres(postgres.url, async (run) => {
        for (const name of names) await run(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      });
    }
    if (maria) {
      await withMysql(maria.url, async (run) => {
        for (const name of names) await run(`DROP DATABASE IF EXISTS ${name}`);
      });
    }
    for (const server of servers) await server.stop();
  };
}
