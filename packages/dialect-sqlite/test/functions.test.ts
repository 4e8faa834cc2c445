/** Functions and aggregates of the program's, and copies of databases in use: the same by both libraries. */
import { createEngine, OperationalError, text } from "@athanor/core";
import { describe, expect, test } from "vitest";
import { backup, type SQLiteAggregate, type SQLiteConnectOptions } from "../src/index.ts";
import { both, newFile } from "./both.ts";

const median: SQLiteAggregate = {
  start: () => [],
  step(values: number[], value: number) {
    values.push(value);
  },
  result: (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1],
};

const total: SQLiteAggregate = {
  start: 0,
  step: (sum: number, value: number) => sum + value,
  inverse: (sum: number, value: number) => sum - value,
};

describe.each(both)("functions over $scheme", ({ scheme, connect }) => {
  const one = (sql: string, options: Partial<SQLiteConnectOptions>): unknown =>
    connect("", options).execute(sql, []).rows[0];

  test("take and give values as columns do", () => {
    const given: unknown[] = [];
    const functions = { same: { call: (...values: unknown[]) => void given.push(...values), varargs: true } };
    expect(one("SELECT same(1, 1.5, 'x', x'00ff', NULL, 9007199254740993)", { functions })).toEqual([null]);
    expect(given).toEqual([1, 1.5, "x", Uint8Array.of(0, 255), null, 9007199254740993n]);
    expect((given[3] as object).constructor).toBe(Uint8Array);
    const results = { yes: () => true, half: () => 0.5, five: () => 5, big: () => 2n ** 60n, when: () => new Date(0) };
    expect(
      one("SELECT yes(), half(), 7 / five(), big(), when_()", { functions: { ...results, when_: results.when } }),
    ).toEqual([1, 0.5, 1, 2n ** 60n, "1970-01-01 00:00:00.000000"]);
    expect(() => one("SELECT bad()", { functions: { bad: () => ({}) } })).toThrow(/cannot be bound/);
    expect(() =>
      one("SELECT bad()", {
        functions: {
          bad: () => {
            throw new RangeError("mine");
          },
        },
      }),
    ).toThrow("mine");
  });

  test("have as many arguments as they declare", () => {
    const functions = { plus: (a: number, b: number) => a + b };
    expect(one("SELECT plus(1, 2)", { functions })).toEqual([3]);
    expect(() => one("SELECT plus(1)", { functions })).toThrow(/wrong number of arguments/);
    expect(() => connect("", { functions: { no: 5 as never } })).toThrow(/the SQLite function no is no function/);
  });

  test("that are deterministic may stand in indexes, others not", () => {
    let calls = 0;
    const functions = { pure: (value: number) => value * 2, random_: { call: () => ++calls, deterministic: false } };
    const connection = connect("", { functions });
    connection.execute("CREATE TABLE t (a INTEGER)", []);
    connection.execute("CREATE INDEX by_pure ON t (pure(a))", []);
    expect(() => connection.execute("CREATE INDEX by_random ON t (random_())", [])).toThrow(/non-deterministic/);
  });

  test("of many rows: states by value and in place, over groups, without rows, over windows", () => {
    const connection = connect("", { aggregates: { median, total } });
    connection.execute("CREATE TABLE t (g TEXT, a INTEGER)", []);
    connection.executeMany("INSERT INTO t VALUES (?, ?)", [
      ["x", 5],
      ["x", 1],
      ["x", 3],
      ["y", 7],
    ]);
    expect(connection.execute("SELECT g, median(a), total(a) FROM t GROUP BY g ORDER BY g", []).rows).toEqual([
      ["x", 3, 9],
      ["y", 7, 7],
    ]);
    expect(connection.execute("SELECT median(a), total(a) FROM t WHERE false", []).rows).toEqual([[null, 0]]);
    const sliding = "SELECT total(a) OVER (ORDER BY rowid ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t";
    expect(connection.execute(sliding, []).rows).toEqual([[5], [6], [4], [10]]);
    expect(() => connect("", { aggregates: { no: { start: 0 } as never } })).toThrow(
      /the SQLite aggregate no has no step/,
    );
  });

  test("are there on every connection of an engine", () => {
    const engine = createEngine(`${scheme}:///${newFile()}`, { connectArgs: { aggregates: { total } } });
    const [a, b] = [engine.connect(), engine.connect()];
    for (const connection of [a, b])
      expect(connection.scalar(text("SELECT total(value) FROM json_each('[1, 2, 3]')"))).toBe(6);
    engine.dispose();
  });
});

describe.each(both)("a backup over $scheme", ({ scheme }) => {
  test("copies a database in use, and tells how far it is", async () => {
    const engine = createEngine(`${scheme}:///${newFile()}`);
    engine.begin((connection) => {
      connection.execute(text("CREATE TABLE t (a TEXT)"));
      connection.execute(text("INSERT INTO t SELECT hex(zeroblob(500)) FROM json_each(:rows)"), {
        rows: JSON.stringify(Array.from({ length: 1000 }, () => 0)),
      });
    });
    const copy = newFile();
    const steps: number[] = [];
    using connection = engine.connect();
    await backup(connection, copy, { onProgress: (remaining, total) => void steps.push(total - remaining) });
    expect(steps.length).toBeGreaterThan(0);
    const copied = createEngine(`${scheme}:///${copy}?mode=ro`);
    using reading = copied.connect();
    expect(reading.scalar(text("SELECT count(*) FROM t"))).toBe(1000);
  });

  test("into a place that cannot be written is an error of the database", async () => {
    const engine = createEngine(`${scheme}://`);
    using connection = engine.connect();
    const nowhere = `${newFile()}/no/such/folder/copy.db`;
    await expect(backup(connection, nowhere)).rejects.toBeInstanceOf(OperationalError);
    expect(connection.scalar(text("SELECT 1"))).toBe(1);
  });
});
