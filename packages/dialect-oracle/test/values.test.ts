/** How values travel: types of parameters, JavaScript values of every type of column. */
import { column, func, insert, literal, MetaData, select, t, table } from "@athanor/core";
import { beforeEach, describe, expect, it } from "vitest";
import * as oracle from "../src/index.ts";
import { scene } from "./connect.ts";
import type { FakeColumn, FakeStatement } from "./fake/backend.ts";
import { fake, oracledb } from "./fake/install.ts";

const { server, connect, engine } = scene();

const everything = table("everything", new MetaData(), {
  id: column(t.integer, { primaryKey: true, autoincrement: false }),
  big: column(t.bigInteger),
  flag: column(t.boolean),
  price: column(t.numeric(12, 4)),
  loose: column(t.numeric),
  ratio: column(t.float),
  exact: column(oracle.BINARY_DOUBLE),
  name: column(t.string(20)),
  label: column(oracle.NVARCHAR2(20)),
  body: column(t.text),
  day: column(t.date),
  at: column(t.dateTime),
  stamp: column(oracle.TIMESTAMP()),
  zoned: column(oracle.TIMESTAMP({ timezone: true })),
  span: column(t.interval),
  data: column(t.largeBinary),
  raw: column(oracle.RAW(16)),
  key: column(t.uuid),
  document: column(t.json),
  vector: column(oracle.VECTOR({ dim: 2, storageFormat: "FLOAT32" })),
});

const moment = new Date("2024-02-29T03:04:05.678Z");
const values = {
  id: 1,
  big: 9_007_199_254_740_993n,
  flag: true,
  price: "12345678.1234",
  loose: "12345678901234567890.123456789",
  ratio: 1.5,
  exact: 0.1,
  name: "plain",
  label: "żółw",
  body: "text",
  day: "2024-02-29",
  at: moment,
  stamp: moment,
  zoned: moment,
  span: "P1DT2H3M4.5S",
  data: Uint8Array.of(1, 2, 255),
  raw: Uint8Array.of(7),
  key: "0e984725-c51c-4bf4-9960-e1c80e27aba0",
  document: { a: [1] },
  vector: [1, 2],
};

/** Types and values of a statement's parameters, by name. */
function sent(statement: FakeStatement | undefined): Record<string, [string, unknown]> {
  return Object.fromEntries(
    statement?.binds.map((bind) => [bind.name.toLowerCase(), [bind.type, bind.values[0]]]) ?? [],
  );
}
const clock = (date: unknown): string => {
  const at = date as Date;
  return [at.getFullYear(), at.getMonth() + 1, at.getDate(), at.getHours(), at.getMinutes(), at.getSeconds()].join(" ");
};

describe("parameters", () => {
  it("go as the column's type (19c)", async () => {
    await engine().begin((conn) => conn.execute(insert(everything).values(values)));
    const found = sent(server.last(/^INSERT/));
    expect(found).toMatchObject({
      id: ["NUMBER", 1],
      big: ["NUMBER", 9_007_199_254_740_993n],
      flag: ["NUMBER", 1],
      price: ["NUMBER", 12_345_678.1234],
      loose: ["VARCHAR", "12345678901234567890.123456789"],
      ratio: ["NUMBER", 1.5],
      exact: ["BINARY_DOUBLE", 0.1],
      name: ["VARCHAR", "plain"],
      label: ["NVARCHAR", "żółw"],
      body: ["VARCHAR", "text"],
      span: ["INTERVAL_DS", { days: 1, hours: 2, minutes: 3, seconds: 4, fseconds: 500_000_000 }],
      data: ["RAW", Buffer.of(1, 2, 255)],
      raw: ["RAW", Buffer.of(7)],
      key: ["VARCHAR", "0e984725c51c4bf49960e1c80e27aba0"],
      document: ["RAW", Buffer.from('{"a":[1]}')],
      vector: ["VECTOR", Float32Array.of(1, 2)],
    });
    expect([found["day"]?.[0], clock(found["day"]?.[1])]).toEqual(["DATE", "2024 2 29 0 0 0"]);
    expect([found["at"]?.[0], clock(found["at"]?.[1])]).toEqual(["DATE", "2024 2 29 3 4 5"]);
    expect([found["stamp"]?.[0], clock(found["stamp"]?.[1])]).toEqual(["TIMESTAMP", "2024 2 29 3 4 5"]);
    expect([found["zoned"]?.[0], Number(found["zoned"]?.[1])]).toEqual(["TIMESTAMP_TZ", moment.getTime()]);
  });

  it("use the BOOLEAN and JSON of 23ai", async () => {
    fake.version = "23.5.0.24.7";
    await engine().begin((conn) => conn.execute(insert(everything).values({ id: 1, flag: true, document: { a: 1 } })));
    expect(sent(server.last(/^INSERT/))).toMatchObject({ flag: ["BOOLEAN", true], document: ["VARCHAR", '{"a":1}'] });
  });

  it("say their type where they are NULL", async () => {
    const nulls = Object.fromEntries(Object.keys(values).map((name) => [name, name === "id" ? 1 : null]));
    await engine().begin((conn) => conn.execute(insert(everything), nulls));
    const types = Object.fromEntries(
      Object.entries(sent(server.last(/^INSERT/))).map(([name, [type]]) => [name, type]),
    );
    expect(types).toMatchObject({
      big: "NUMBER",
      name: "VARCHAR",
      label: "NVARCHAR",
      body: "CLOB",
      at: "DATE",
      stamp: "TIMESTAMP",
      zoned: "TIMESTAMP_TZ",
      span: "INTERVAL_DS",
      data: "BLOB",
      raw: "RAW",
      exact: "BINARY_DOUBLE",
      vector: "VECTOR",
    });
  });

  it("are defined once for all sets of an executemany", async () => {
    await engine().begin((conn) =>
      conn.execute(insert(everything), [
        { id: 1, loose: "1.5", name: "a", data: null, at: null },
        { id: 2, loose: "12345678901234567890.5", name: "żółw", data: Uint8Array.of(1), at: moment },
        { id: 3, loose: null, name: null, data: new Uint8Array(3000), at: null },
      ]),
    );
    const binds = server
      .last(/^INSERT/)
      ?.binds.map(({ name, type, maxSize, values: all }) => [name, type, maxSize, all.length]);
    expect(binds).toEqual([
      ["ID", "NUMBER", undefined, 3],
      ["LOOSE", "VARCHAR", 22, 3],
      ["NAME", "VARCHAR", 7, 3],
      ["AT", "DATE", undefined, 3],
      ["DATA", "BLOB", undefined, 3],
    ]);
    expect(server.last(/^INSERT/)?.binds[1]?.values).toEqual(["1.5", "12345678901234567890.5", undefined]);
  });

  it("go as LOBs where they are long", async () => {
    const long = "ż".repeat(3000);
    await engine().begin((conn) =>
      conn.execute(insert(everything).values({ id: 1, body: long, data: new Uint8Array(5000) })),
    );
    expect(sent(server.last(/^INSERT/))).toMatchObject({ body: ["CLOB", long], data: ["BLOB", expect.any(Buffer)] });
  });

  it("keep the microseconds of TIMESTAMP", async () => {
    await engine().begin((conn) =>
      conn.execute(insert(everything).values({ id: 1, stamp: "2024-01-02T03:04:05.123456" as never })),
    );
    const date = sent(server.last(/^INSERT/))["stamp"]?.[1] as Date;
    expect(Math.trunc(date.getUTCMilliseconds() * 1_000_000)).toBeGreaterThanOrEqual(123_456_000);
    expect(Math.trunc(date.getUTCMilliseconds() * 1_000_000)).toBeLessThan(123_457_000);
  });

  it("refuse durations of months", async () => {
    await expect(
      engine().begin((conn) => conn.execute(insert(everything).values({ id: 1, span: "P1M" }))),
    ).rejects.toThrow(/duration of days/);
  });

  it("go by what they are without a type", async () => {
    const connection = await connect();
    await connection.execute("SELECT 1 FROM DUAL WHERE :a = :b", { a: true, b: null });
    expect(sent(server.last(/DUAL/))).toEqual({ a: ["NUMBER", 1], b: ["VARCHAR", undefined] });
    await connection.execute("SELECT 1 FROM DUAL WHERE :1 = :2", ["x", { a: 1 }]);
    expect(server.last(/:1/)?.binds.map(({ type, values: all }) => [type, all[0]])).toEqual([
      ["VARCHAR", "x"],
      ["VARCHAR", '{"a":1}'],
    ]);
  });
});

const columns: readonly (readonly [FakeColumn, unknown, unknown])[] = [
  [{ name: "SMALL", type: "NUMBER", precision: 5, scale: 0 }, "-123", -123],
  [{ name: "INTEGER_", type: "NUMBER", precision: 38, scale: 0 }, "42", 42],
  [
    { name: "HUGE", type: "NUMBER", precision: 38, scale: 0 },
    "12345678901234567890123456789012345678",
    12345678901234567890123456789012345678n,
  ],
  [{ name: "BIG", type: "NUMBER", precision: 19, scale: 0 }, "7", 7n],
  [{ name: "CENTS", type: "NUMBER", precision: 10, scale: 2 }, "-.5", "-0.50"],
  [{ name: "WHOLE", type: "NUMBER", precision: 10, scale: 2 }, "3", "3.00"],
  [{ name: "RATIO", type: "NUMBER", precision: 126, scale: -127 }, "1.25", 1.25],
  [{ name: "COUNTED", type: "NUMBER" }, "5", 5],
  [
    { name: "AVERAGE", type: "NUMBER" },
    ".3333333333333333333333333333333333333333",
    "0.3333333333333333333333333333333333333333",
  ],
  [{ name: "DOUBLE", type: "BINARY_DOUBLE" }, 0.1, 0.1],
  [{ name: "SINGLE", type: "BINARY_FLOAT" }, Math.fround(0.1), 0.1],
  [{ name: "TEXT", type: "VARCHAR" }, "é", "é"],
  [{ name: "FIXED", type: "CHAR" }, "a ", "a "],
  [{ name: "NATIONAL", type: "NVARCHAR" }, "żółw", "żółw"],
  [{ name: "LONG_TEXT", type: "CLOB" }, "x".repeat(9000), "x".repeat(9000)],
  [{ name: "NLONG", type: "NCLOB" }, "ż", "ż"],
  [{ name: "BYTES", type: "RAW" }, Buffer.of(1, 2), Uint8Array.of(1, 2)],
  [{ name: "BLOB_", type: "BLOB" }, Buffer.of(3), Uint8Array.of(3)],
  [{ name: "DAY", type: "DATE" }, new Date("2024-03-10T02:30:00Z"), new Date("2024-03-10T02:30:00Z")],
  [{ name: "STAMP", type: "TIMESTAMP" }, moment, moment],
  [{ name: "ZONED", type: "TIMESTAMP_TZ" }, moment, moment],
  [{ name: "LOCAL", type: "TIMESTAMP_LTZ" }, moment, moment],
  [
    { name: "SPAN", type: "INTERVAL_DS" },
    new oracledb.IntervalDS({ days: 1, hours: 2, seconds: 4, fseconds: 500_000_000 }),
    "P1DT2H4.5S",
  ],
  [{ name: "BACK", type: "INTERVAL_DS" }, new oracledb.IntervalDS({ hours: -2, minutes: -30 }), "-PT2H30M"],
  [{ name: "FLAG", type: "BOOLEAN" }, true, true],
  [{ name: "DOCUMENT", type: "JSON" }, { a: [1, "x"] }, { a: [1, "x"] }],
  [{ name: "VECTOR_", type: "VECTOR" }, Float32Array.of(1, 2), [1, 2]],
  [{ name: "ADDRESS", type: "ROWID" }, "AAAR3sAAEAAAACXAAA", "AAAR3sAAEAAAACXAAA"],
];

describe("results", () => {
  beforeEach(() => {
    server.clear();
  });

  it.each(["UTC", "America/New_York"])("are exact values by type (%s)", async (zone) => {
    const before = process.env["TZ"];
    process.env["TZ"] = zone;
    try {
      const connection = await connect();
      const answer = {
        columns: columns.map(([one]) => one),
        rows: [columns.map(([, value]) => value), columns.map(() => null)],
      };
      server.script(/SELECT all/, answer);
      const { rows, columns: described } = await connection.execute("SELECT all", []);
      const named = (row: readonly unknown[] | undefined): Record<string, unknown> =>
        Object.fromEntries(columns.map(([one], index) => [one.name, row?.[index]]));
      expect(named(rows[0])).toEqual(Object.fromEntries(columns.map(([one, , value]) => [one.name, value])));
      expect(rows[1]?.every((value) => value === null)).toBe(true);
      expect(described?.map(({ name }) => name)).toEqual(columns.map(([one]) => one.name));
      expect(named(rows[0])["BYTES"]).not.toBeInstanceOf(Buffer);
    } finally {
      if (before === undefined) delete process.env["TZ"];
      else process.env["TZ"] = before;
    }
  });

  it("are what the statement's types ask for", async () => {
    server.script(/count/, { columns: [{ name: "N", type: "NUMBER" }], rows: [["7"]] });
    server.script(/loose/, {
      columns: [
        { name: "L", type: "NUMBER" },
        { name: "P", type: "NUMBER" },
      ],
      rows: [["5", "2"]],
    });
    server.script(/document/, { columns: [{ name: "D", type: "BLOB" }], rows: [[Buffer.from('{"a":1}')]] });
    server.script(/everything\.big/, { columns: [{ name: "B", type: "NUMBER" }], rows: [["5"]] });
    await engine().begin(async (conn) => {
      expect((await conn.execute(select(func.count(literal(1)).label("n")))).scalar()).toBe(7);
      expect([...(await conn.execute(select(everything.c.loose, everything.c.price))).one()]).toEqual(["5", "2.0000"]);
      expect((await conn.execute(select(everything.c.document))).scalar()).toEqual({ a: 1 });
      expect((await conn.execute(select(everything.c.big))).scalar()).toBe(5n);
    });
  });

  it("read LOBs that RETURNING brings", async () => {
    const lob = { getData: async () => "long text" };
    const connection = await connect();
    server.script(/RETURNING/, { affected: 1, out: [[[lob]]] });
    const result = await connection.execute(
      "INSERT INTO t (body) VALUES ('x') RETURNING body INTO :ret_0",
      { ret_0: null },
      { parameterTypes: { ret_0: { name: "clob", isOut: true } } },
    );
    expect(result).toMatchObject({ rows: [["long text"]], rowCount: 1 });
    expect(server.last(/RETURNING/)?.binds[0]).toMatchObject({ type: "CLOB", isOut: true });
  });
});
