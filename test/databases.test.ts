/** The test databases themselves: each worker has one of its own that answers. */
import mysql from "mysql2/promise";
import pg from "pg";
import { describe, expect, test } from "vitest";
import { mysqlUrl, pgUrl } from "./setup/urls.ts";

describe.skipIf(pgUrl() === null)("PostgreSQL", () => {
  test("gives this worker a database of its own", async () => {
    const client = new pg.Client({ connectionString: pgUrl() ?? "" });
    await client.connect();
    await client.query("CREATE TABLE left_behind (id integer)");
    const { rows } = await client.query("SELECT current_database() AS name");
    await client.end();
    expect(rows[0].name).toMatch(/^athanor_test_/);
  });
});

describe.skipIf(mysqlUrl() === null)("MySQL or MariaDB", () => {
  test("gives this worker a database of its own", async () => {
    const connection = await mysql.createConnection({ uri: mysqlUrl() ?? "" });
    await connection.query("CREATE TABLE left_behind (id integer)");
    const [rows] = await connection.query<mysql.RowDataPacket[]>("SELECT database() AS name");
    await connection.end();
    expect(rows[0]?.name).toMatch(/^athanor_test_/);
  });
});
