/** Empties a worker's databases after a test file that used them (a vitest setup file). Next: ./urls.ts. */
import mysql from "mysql2/promise";
import pg from "pg";
import { afterAll } from "vitest";

const used = new Map<"postgres" | "mysql", string>();

/** Notes that this test file was given the database. */
export function markUsed(kind: "postgres" | "mysql", url: string): void {
  used.set(kind, url);
}

const userSchemas = `SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'`;
const endOthers = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`;

async function emptyPostgres(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ nspname: string }>(userSchemas);
    const drops = rows.map(({ nspname }) => `DROP SCHEMA ${client.escapeIdentifier(nspname)} CASCADE`);
    const sql = [
      "SET lock_timeout = '2s'",
      ...drops,
      "CREATE SCHEMA public",
      "GRANT USAGE ON SCHEMA public TO PUBLIC",
    ].join(";");
    try {
      await client.query(sql);
    } catch {
      // A connection that a test left open holds a lock.
      await client.query(endOthers);
      await client.query(sql);
    }
  } finally {
    await client.end();
  }
}

async function emptyMysql(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  const connection = await mysql.createConnection({ uri: url, rowsAsArray: true });
  const recreate = async (): Promise<void> => {
    await connection.query("SET lock_wait_timeout = 2");
    await connection.query(`DROP DATABASE IF EXISTS \`${name}\``);
    await connection.query(`CREATE DATABASE \`${name}\` CHARACTER SET utf8mb4`);
  };
  try {
    try {
      await recreate();
    } catch {
      const [rows] = await connection.query<mysql.RowDataPacket[][]>(
        "SELECT id FROM information_schema.processlist WHERE db = ? AND id <> connection_id()",
        [name],
      );
      for (const [id] of rows) await connection.query(`KILL ${Number(id)}`).catch(() => {});
      await recreate();
    }
  } finally {
    await connection.end();
  }
}

afterAll(async () => {
  const postgres = used.get("postgres");
  const maria = used.get("mysql");
  used.clear();
  if (postgres !== undefined) await emptyPostgres(postgres);
  if (maria !== undefined) await emptyMysql(maria);
});
