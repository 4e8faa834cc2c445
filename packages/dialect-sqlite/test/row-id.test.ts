/** INSERT … RETURNING of a row's id: what comes back is the same whether the driver spares the RETURNING or not. */
import { createEngine, type Engine, text } from "@athanor/core";
import { beforeEach, describe, expect, test } from "vitest";
import type { NativeDatabase, NativeStatement } from "../src/drivers/native.ts";
import { withoutReturning } from "../src/drivers/row-id.ts";
import "../src/index.ts";
import { both } from "./both.ts";

const tables = [
  "CREATE TABLE plain (id INTEGER PRIMARY KEY, name TEXT)",
  'CREATE TABLE "odd ""name" ("Id" integer primary key autoincrement, name TEXT)',
  "CREATE TABLE descending (id INTEGER PRIMARY KEY DESC, name TEXT)",
  "CREATE TABLE short (id INT PRIMARY KEY, name TEXT)",
  "CREATE TABLE rowless (id INTEGER PRIMARY KEY, name TEXT) WITHOUT ROWID",
  "CREATE TABLE paired (id INTEGER, name TEXT, PRIMARY KEY (id, name))",
  "CREATE TABLE keyless (id INTEGER, name TEXT)",
  "CREATE VIEW seen AS SELECT id, name FROM plain",
  "CREATE TABLE log (id INTEGER PRIMARY KEY, name TEXT)",
];

describe.each(both)("$scheme", ({ scheme }) => {
  let engine: Engine;
  beforeEach(() => {
    engine = createEngine(`${scheme}://`);
    engine.begin((connection) => {
      for (const sql of tables) connection.execDriverSql(sql);
    });
  });

  const returned = (sql: string, times: number): unknown[] =>
    engine.begin((connection) =>
      Array.from({ length: times }, (_, index) =>
        connection
          .execDriverSql(sql, [`n${index}`])
          .scalars()
          .all(),
      ),
    );

  test("a row's id comes back each time", () => {
    const ids = returned("INSERT INTO plain (name) VALUES (?) RETURNING id", 12);
    expect(ids.flat()).toEqual([...new Array(12).keys()].map((index) => index + 1));
    expect(returned('INSERT INTO "odd ""name" (name) VALUES (?) RETURNING "Id"', 8).flat()).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8,
    ]);
  });

  test("keys that are no row ids come from the database", () => {
    for (const table of ["descending", "short", "keyless"])
      expect(returned(`INSERT INTO ${table} (name) VALUES (?) RETURNING id`, 7).flat()).toEqual(
        new Array(7).fill(null),
      );
    engine.begin((connection) => {
      const sql = "INSERT INTO rowless (id, name) VALUES (?, ?) RETURNING id";
      const ids = [50, 40, 30, 20, 10, 5, 1];
      expect(ids.map((id) => connection.execDriverSql(sql, [id, "x"]).scalar())).toEqual(ids);
    });
  });

  test("given keys, large ones too", () => {
    engine.begin((connection) => {
      const sql = "INSERT INTO plain (id, name) VALUES (?, ?) RETURNING id";
      const ids = [1, 2, 3, 4, 5, 70, 2n ** 60n + 1n];
      expect(ids.map((id) => connection.execDriverSql(sql, [id, "x"]).scalar())).toEqual(ids);
    });
  });

  test("triggers: what they insert does not count, what they drop does not come back", () => {
    engine.begin((connection) => {
      connection.execDriverSql("INSERT INTO log (id, name) VALUES (1000, 'first')");
      connection.execDriverSql(
        "CREATE TRIGGER noted AFTER INSERT ON plain BEGIN INSERT INTO log (name) VALUES (new.name); END",
      );
      connection.execDriverSql(
        "CREATE TRIGGER refused BEFORE INSERT ON plain WHEN new.name = 'n9' BEGIN INSERT INTO log (name) VALUES ('no'); SELECT RAISE(IGNORE); END",
      );
    });
    const ids = returned("INSERT INTO plain (name) VALUES (?) RETURNING id", 11);
    expect(ids).toEqual([[1], [2], [3], [4], [5], [6], [7], [8], [9], [], [10]]);
  });

  test("a table that is made anew is looked at anew", () => {
    const sql = "INSERT INTO plain (name) VALUES (?) RETURNING id";
    expect(returned(sql, 8).flat()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    engine.begin((connection) => {
      connection.execDriverSql("DROP VIEW seen");
      connection.execDriverSql("DROP TABLE plain");
      connection.execDriverSql("CREATE TABLE plain (id INTEGER PRIMARY KEY DESC, name TEXT)");
    });
    expect(returned(sql, 8).flat()).toEqual(new Array(8).fill(null));
  });

  test("errors name the statement that was given", () => {
    engine.begin((connection) => connection.execDriverSql("CREATE UNIQUE INDEX names ON plain (name)"));
    expect(() =>
      engine.begin((connection) => {
        for (let index = 0; index < 12; index++)
          connection.execDriverSql("INSERT INTO plain (name) VALUES (?) RETURNING id", [`n${index % 9}`]);
      }),
    ).toThrow(/RETURNING id/);
    expect(engine.connect().scalar(text("SELECT count(*) FROM plain"))).toBe(0);
  });
});

describe("statements that keep their RETURNING", () => {
  const database: NativeDatabase = {
    prepare: (): NativeStatement => ({ all: () => [["id"]] }) as unknown as NativeStatement,
  } as unknown as NativeDatabase;
  test.each([
    "INSERT INTO t (a) VALUES (?) RETURNING id, a",
    "INSERT INTO t (a) VALUES (?) RETURNING id AS x",
    "INSERT INTO t (a) VALUES (?) RETURNING other",
    "INSERT INTO t (a) VALUES (?), (?) RETURNING id",
    "INSERT INTO t (a) VALUES (lower(?)) RETURNING id",
    "INSERT OR IGNORE INTO t (a) VALUES (?) RETURNING id",
    "INSERT INTO t (a) VALUES (?) ON CONFLICT DO NOTHING RETURNING id",
    "INSERT INTO temp.t (a) VALUES (?) RETURNING id",
    "INSERT INTO t DEFAULT VALUES RETURNING id",
    "WITH x AS (SELECT 1) INSERT INTO t (a) VALUES (?) RETURNING id",
    "UPDATE t SET a = ? RETURNING id",
  ])("%s", (sql) => {
    expect(withoutReturning(sql, database)).toBeNull();
  });
  test("others do not", () => {
    expect(withoutReturning('INSERT INTO t (a, "b c") VALUES (?, ?) RETURNING id', database)).toBe(
      'INSERT INTO t (a, "b c") VALUES (?, ?)',
    );
  });
});
