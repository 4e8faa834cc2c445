/** The release gate of reflection on random schemas: what is created is what is read, and what was read creates the same again. */
import { type AsyncConnection, createAsyncEngine } from "@athanor/async";
import { MetaData, quoteIdentifier } from "@athanor/core";
import type { MySQLDialect } from "@athanor/dialect-mysql";
import "@athanor/dialect-postgres";
import "@athanor/dialect-sqlite";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { mysqlUrl, pgUrl } from "../setup/urls.ts";
import { fuzz } from "../values/targets.ts";
import { describeSchema } from "./describe.ts";
import { mysqlForms } from "./forms-mysql.ts";
import { postgresForms } from "./forms-postgres.ts";
import { sqliteForms, strictForms } from "./forms-sqlite.ts";
import { build, type Forms, type SchemaData, schemas } from "./random-schema.ts";

/** What differs is told table by table, and shrinking takes longer than a test may: only where it is asked for. */
const endOnFailure = process.env["ATHANOR_FUZZ_SHRINK"] === undefined;

async function roundTrip(
  connection: AsyncConnection,
  data: SchemaData,
  forms: Forms,
  from: string | null,
  to: string,
): Promise<void> {
  const { dialect } = connection;
  const made = build(data, forms, from);
  const expected = describeSchema(made, dialect, from);
  await made.createAll(connection);
  const read = new MetaData();
  await read.reflect(connection, { schema: from });
  const found = describeSchema(read, dialect, from);
  expect(found).toEqual(expected);
  const copy = new MetaData();
  for (const each of read.sortedTables) each.toMetadata(copy, { schema: to });
  await copy.createAll(connection);
  const again = new MetaData();
  await again.reflect(connection, { schema: to });
  expect(describeSchema(again, dialect, to)).toEqual(found);
}

describe("create → reflect → compare is empty: SQLite", () => {
  test.each([
    ["main", null, sqliteForms],
    ["an attached database", 'at "tached"', sqliteForms],
    ["strict tables", null, strictForms],
  ] as const)("%s", async (_title, schema, forms) => {
    await fc.assert(
      fc.asyncProperty(schemas, async (data) => {
        const engine = createAsyncEngine("sqlite://");
        await using connection = await engine.connect();
        await connection.execDriverSql(`ATTACH ':memory:' AS "at ""tached"""`);
        await connection.execDriverSql("ATTACH ':memory:' AS third");
        await roundTrip(connection, data, forms, schema, "third");
      }),
      { ...fuzz(60), endOnFailure },
    );
  });
});

const postgres = pgUrl();

describe.skipIf(postgres === null)("create → reflect → compare is empty: PostgreSQL", () => {
  const engine = postgres === null ? (undefined as never) : createAsyncEngine(postgres);
  afterAll(() => engine.dispose());

  test.each([
    ["the search path", null],
    ["a schema", 'The "Other", place'],
  ])("%s", async (_title, schema) => {
    await fc.assert(
      fc.asyncProperty(schemas, async (data) => {
        await using connection = await engine.connect();
        // Everything is rolled back.
        for (const name of ['The "Other", place', "third"])
          await connection.execDriverSql(`CREATE SCHEMA ${quoteIdentifier(name, engine.dialect.identifiers)}`);
        await roundTrip(connection, data, postgresForms(schema), schema, "third");
      }),
      { ...fuzz(40), endOnFailure },
    );
  });
});

const mysql = mysqlUrl();

describe.skipIf(mysql === null)("create → reflect → compare is empty: MySQL and MariaDB", () => {
  const engine = mysql === null ? (undefined as never) : createAsyncEngine(mysql);
  const own = mysql?.split("/").at(-1)?.split("?")[0] ?? "";
  const places = [`${own} gate`, `${own}_third`];
  afterAll(async () => {
    if (mysql === null) return;
    await using connection = await engine.connect();
    for (const place of places) await connection.execDriverSql(`DROP DATABASE IF EXISTS \`${place}\``);
    await engine.dispose();
  });

  test("another database", async () => {
    await fc.assert(
      fc.asyncProperty(schemas, async (data) => {
        await using connection = await engine.connect();
        const { isMariaDB } = connection.dialect as MySQLDialect;
        for (const place of places) {
          await connection.execDriverSql(`DROP DATABASE IF EXISTS \`${place}\``);
          await connection.execDriverSql(`CREATE DATABASE \`${place}\` CHARACTER SET utf8mb4`);
        }
        await roundTrip(connection, data, mysqlForms(isMariaDB), places[0] as string, places[1] as string);
      }),
      { ...fuzz(25), endOnFailure },
    );
    // MySQL writes every definition to its disk.
  }, 120_000);
});
