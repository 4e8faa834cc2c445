/** One prepared statement with values of one type after the other: MySQL casts later values to the types of earlier ones. */
import { literal, select } from "@athanor/core";
import { describe, expect, it } from "vitest";
import { drivers, url } from "./connect.ts";

const values = [
  "abc",
  1,
  "abc",
  2n ** 40n,
  -3,
  2n ** 63n - 1n,
  2n ** 64n - 1n,
  7,
  1.5,
  "x",
  12345678901234567890n,
  null,
  "y",
  true,
  "z",
  new Date("2020-02-03T04:05:06.789Z"),
  5,
  "é漢🜁",
  new Uint8Array([1, 2, 3]),
  0.1,
  "w",
];

describe.skipIf(url === null).each(drivers)("parameters of changing types by $name", ({ connect, engineOf }) => {
  it("come back as they were given, one after the other on one connection", async () => {
    await using connection = await engineOf().connect();
    for (let round = 0; round < 2; round += 1)
      for (const value of values) expect(await connection.scalar(select(literal(value as string)))).toEqual(value);
  });

  it("are compared as the columns are that a table has by now", async () => {
    const connection = await connect();
    try {
      for (const [type, value] of [
        ["DATETIME", "2020-02-03 04:05:06"],
        ["TIME", "00:00:00"],
        ["VARCHAR(20)", "00:00:00.000"],
        ["DECIMAL(5, 2)", 1],
      ] as const) {
        await connection.execute("DROP TABLE IF EXISTS retyped", [], { returnsRows: false });
        await connection.execute(`CREATE TABLE retyped (value ${type})`, [], { returnsRows: false });
        await connection.execute("INSERT INTO retyped VALUES (?)", [value]);
        const { rows } = await connection.execute("SELECT COUNT(*) FROM retyped WHERE value = ?", [value]);
        expect([type, Number(rows[0]?.[0])]).toEqual([type, 1]);
      }
    } finally {
      await connection.execute("DROP TABLE IF EXISTS retyped", [], { returnsRows: false });
    }
  });

  it("are read as they are in conditions and in streams", async () => {
    const connection = await connect();
    for (const value of [1, "1abc", 1.5, "abc", 2]) {
      const { rows } = await connection.execute("SELECT CONCAT('<', ?, '>')", [value]);
      expect(rows).toEqual([[`<${value}>`]]);
      const cursor = await connection.stream("SELECT CONCAT('[', ?, ']')", [value]);
      expect(await cursor.fetchMany(10)).toEqual([[`[${value}]`]]);
      await cursor.close();
    }
  });
});
