/** How values travel: TDS types of parameters, JavaScript values of every type of column. */
import { column, func, insert, literal, literalColumn, MetaData, select, t, table, text } from "@athanor/core";
import { describe, expect, it } from "vitest";
import * as mssql from "../src/index.ts";
import { scene } from "./connect.ts";
import type { TdsColumn } from "./tds/column.ts";

const { server, connect, engine } = scene();

const metadata = new MetaData();
const everything = table("everything", metadata, {
  id: column(t.integer, { primaryKey: true, autoincrement: false }),
  big: column(t.bigInteger),
  flag: column(t.boolean),
  price: column(t.numeric(12, 4)),
  loose: column(t.numeric),
  ratio: column(t.double),
  name: column(t.string(20)),
  label: column(t.unicode(20)),
  body: column(t.text),
  at: column(t.dateTime),
  exact: column(mssql.DATETIME2(7)),
  zoned: column(t.dateTime({ timezone: true })),
  day: column(t.date),
  clock: column(t.time),
  span: column(t.interval),
  data: column(t.largeBinary),
  key: column(t.uuid),
  document: column(t.json),
});

/** Types and values of the last statement's parameters, by name. */
function sent(): Record<string, [string, unknown]> {
  const statement = server.statements(/^INSERT|^SELECT @|^UPDATE/).at(-1);
  return Object.fromEntries(statement?.parameters.map((one) => [one.name, [one.type, one.value]]) ?? []);
}

const values = {
  id: 1,
  big: 9_007_199_254_740_993n,
  flag: true,
  price: "12345678.1234",
  loose: "12345678901234567890123456789012345.678",
  ratio: 1.5,
  name: "plain",
  label: "żółw",
  body: "text",
  at: new Date("2024-02-29T03:04:05.678Z"),
  exact: new Date("2024-02-29T03:04:05.678Z"),
  zoned: new Date("2024-02-29T03:04:05.678Z"),
  day: "2024-02-29",
  clock: "08:09:10.123456",
  span: "PT1H",
  data: Uint8Array.of(1, 2, 255),
  key: "0E984725-c51c-4bf4-9960-e1c80e27aba0",
  document: { a: [1] },
};

describe("parameters", () => {
  it("go as the column's type", async () => {
    await engine().begin((conn) => conn.execute(insert(everything).values(values)));
    expect(sent()).toEqual({
      id: ["int", 1],
      big: ["bigint", 9_007_199_254_740_993n],
      flag: ["bit", true],
      price: ["decimal(12, 4)", "12345678.1234"],
      loose: ["decimal(38, 3)", "12345678901234567890123456789012345.678"],
      ratio: ["float", 1.5],
      name: ["varchar", "plain"],
      label: ["nvarchar", "żółw"],
      body: ["nvarchar", "text"].with(0, "varchar"),
      at: ["datetime", "2024-02-29 03:04:05.677"],
      exact: ["datetime2", "2024-02-29 03:04:05.6780000"],
      zoned: ["datetimeoffset", "2024-02-29 03:04:05.6780000 0"],
      day: ["date", "2024-02-29"],
      clock: ["time", "08:09:10.1234560"],
      span: ["datetime", "1970-01-01 01:00:00.000"],
      data: ["varbinary", Buffer.of(1, 2, 255)],
      key: ["uniqueidentifier", "0e984725-c51c-4bf4-9960-e1c80e27aba0"],
      document: ["nvarchar", '{"a":[1]}'],
    });
  });

  it("say their type where they are NULL", async () => {
    const nulls = Object.fromEntries(Object.keys(values).map((name) => [name, name === "id" ? 1 : null]));
    await engine().begin((conn) => conn.execute(insert(everything), nulls));
    const types = Object.fromEntries(
      Object.entries(sent()).map(([name, [type, value]]) => [name, value === null ? type : value]),
    );
    expect(types).toEqual({
      id: 1,
      big: "bigint",
      flag: "bit",
      price: "decimal(12, 4)",
      loose: "decimal(38, 0)",
      ratio: "float",
      name: "varchar",
      label: "nvarchar",
      body: "varchar",
      at: "datetime",
      exact: "datetime2",
      zoned: "datetimeoffset",
      day: "date",
      clock: "time",
      span: "datetime",
      data: "varbinary",
      key: "uniqueidentifier",
      document: "null",
    });
  });

  it("are typed in lists, in batches, and without a type of their own", async () => {
    await engine().begin(async (conn) => {
      await conn.execute(select(everything.c.id).where(everything.c.name.in(["a", "ż"])));
      expect(server.statements(/IN \(/)[0]?.parameters.map((one) => one.type)).toEqual(["varchar", "nvarchar"]);
      await conn.execute(insert(everything), [
        { id: 1, data: null },
        { id: 2, data: Uint8Array.of(1) },
      ]);
      expect(server.statements(/^INSERT/)[0]?.parameters.map((one) => `${one.name} ${one.type}`)).toEqual([
        "id__0 int",
        "data__0 varbinary",
        "id__1 int",
        "data__1 varbinary",
      ]);
      await conn.execDriverSql("SELECT @p1, @p2, @p3, @p4, @p5, @p6, @p7", [
        1,
        2 ** 40,
        1.5,
        "x",
        null,
        2n ** 70n,
        { a: 1 },
      ]);
      expect(server.statements(/@p1/)[0]?.parameters.map((one) => [one.type, one.value])).toEqual([
        ["int", 1],
        ["bigint", 2n ** 40n],
        ["float", 1.5],
        ["nvarchar", "x"],
        ["nvarchar", null],
        ["decimal(22, 0)", String(2n ** 70n)],
        ["nvarchar", '{"a":1}'],
      ]);
    });
  });

  it("keep long text and bytes whole", async () => {
    const long = "ż".repeat(5000);
    await engine().begin((conn) =>
      conn.execute(
        insert(everything).values({ id: 1, label: long, body: "b".repeat(9000), data: new Uint8Array(9000) }),
      ),
    );
    expect(sent()).toMatchObject({ label: ["nvarchar", long], body: ["varchar", "b".repeat(9000)] });
    expect(server.statements(/^INSERT/)[0]?.declarations).toMatch(
      /@label nvarchar\(max\), @body varchar\(max\), @data varbinary\(max\)/,
    );
  });

  it("declare one length for all short texts", async () => {
    await engine().begin((conn) => conn.execute(insert(everything).values({ id: 1, label: "a", name: "b" })));
    expect(server.statements(/^INSERT/)[0]?.declarations).toBe("@id int, @name varchar(8000), @label nvarchar(4000)");
  });

  it("refuse decimals of more than 38 digits", async () => {
    const source = engine();
    await expect(
      source.begin((conn) => conn.execute(insert(everything).values({ id: 1, loose: "1".repeat(39) }))),
    ).rejects.toThrow(/38 digits/);
  });

  it("send microseconds and the years before DATETIME begins", async () => {
    await engine().begin(async (conn) => {
      await conn.execute(insert(everything).values({ id: 1, exact: "2024-01-02T03:04:05.123456" as never }));
      expect(sent()).toMatchObject({ exact: ["datetime2", "2024-01-02 03:04:05.1234560"] });
      await conn.execute(insert(everything).values({ id: 1, at: new Date("1600-01-01T00:00:00Z") }));
      expect(sent()).toMatchObject({ at: ["datetime2", "1600-01-01 00:00:00.0000000"] });
    });
  });
});

const columns: readonly (readonly [TdsColumn, unknown, unknown])[] = [
  [{ name: "tiny", type: "tinyint" }, 255, 255],
  [{ name: "small", type: "smallint" }, -32_768, -32_768],
  [{ name: "int", type: "int" }, -5, -5],
  [{ name: "big", type: "bigint" }, "9223372036854775807", 9_223_372_036_854_775_807n],
  [{ name: "bit", type: "bit" }, true, true],
  [{ name: "real", type: "real" }, 0.1, 0.1],
  [{ name: "float", type: "float" }, 0.1, 0.1],
  [{ name: "cents", type: "decimal", precision: 9, scale: 2 }, "-0.05", "-0.05"],
  [{ name: "long", type: "decimal", precision: 19, scale: 0 }, "9999999999999999999", "9999999999999999999"],
  [
    { name: "longer", type: "decimal", precision: 28, scale: 9 },
    "1234567890123456789.987654321",
    "1234567890123456789.987654321",
  ],
  [
    { name: "longest", type: "decimal", precision: 38, scale: 20 },
    "-123456789012345678.12345678901234567890",
    "-123456789012345678.12345678901234567890",
  ],
  [{ name: "zero", type: "decimal", precision: 5, scale: 3 }, "0", "0.000"],
  [{ name: "money", type: "money" }, "-922337203685477.5808", "-922337203685477.5808"],
  [{ name: "less", type: "smallmoney" }, "214748.3647", "214748.3647"],
  [{ name: "varchar", type: "varchar" }, "é", "é"],
  [{ name: "nvarchar", type: "nvarchar" }, "żółw", "żółw"],
  [{ name: "endless", type: "nvarchar(max)" }, "x".repeat(20_000), "x".repeat(20_000)],
  [{ name: "xml", type: "xml" }, "<a>1</a>", "<a>1</a>"],
  [{ name: "bytes", type: "varbinary(max)" }, Uint8Array.of(1, 2), Uint8Array.of(1, 2)],
  [
    { name: "version", type: "binary" },
    Uint8Array.of(0, 0, 0, 0, 0, 0, 7, 209),
    Uint8Array.of(0, 0, 0, 0, 0, 0, 7, 209),
  ],
  [{ name: "day", type: "date" }, "0001-01-01", "0001-01-01"],
  [{ name: "clock", type: "time" }, "23:59:59.9999999", "23:59:59.9999999"],
  [{ name: "noon", type: "time", scale: 0 }, "12:00:00", "12:00:00"],
  [{ name: "old", type: "datetime" }, "1753-01-01 00:00:00.003", new Date("1753-01-01T00:00:00.003Z")],
  [{ name: "minute", type: "smalldatetime" }, "2024-02-29 12:34", new Date("2024-02-29T12:34:00Z")],
  [{ name: "moment", type: "datetime2" }, "9999-12-31 23:59:59.1234567", new Date("9999-12-31T23:59:59.123Z")],
  [{ name: "zoned", type: "datetimeoffset" }, "2024-02-29 01:02:03.5", new Date("2024-02-29T01:02:03.500Z")],
  [
    { name: "guid", type: "uniqueidentifier" },
    "0E984725-C51C-4BF4-9960-E1C80E27ABA0",
    "0e984725-c51c-4bf4-9960-e1c80e27aba0",
  ],
  [{ name: "number", type: "variant" }, 42, 42],
  [{ name: "exact", type: "variant" }, { decimal: "12345678901234567890.5" }, "12345678901234567890.5"],
  [{ name: "text", type: "variant" }, "abc", "abc"],
];

describe("results", () => {
  const result = {
    columns: columns.map(([one]) => one),
    rows: [columns.map(([, value]) => value), columns.map(() => null)],
  };

  it.each([
    ["batch", "SELECT all", []],
    ["call", "SELECT all, @p1", [1]],
  ] as const)("are exact values by type (%s)", async (_, sql, parameters) => {
    server.script(/SELECT all/, { results: [result] });
    const { rows } = await (await connect()).execute(sql, parameters);
    const [first, nulls] = rows;
    const named = (row: readonly unknown[] | undefined): Record<string, unknown> =>
      Object.fromEntries(columns.map(([one], index) => [one.name, row?.[index]]));
    expect(named(first)).toEqual(Object.fromEntries(columns.map(([one, , value]) => [one.name, value])));
    expect(nulls?.every((value) => value === null)).toBe(true);
    expect(named(first).bytes).not.toBeInstanceOf(Buffer);
  });

  it("leave what other users of tedious read alone", async () => {
    server.script(/SELECT all/, { results: [result] });
    const { native } = await connect();
    const { Request } = (await import("tedious")).default;
    const read: unknown[] = [];
    await new Promise<void>((resolve, reject) => {
      const request = new Request("SELECT all", (error) => (error ? reject(error) : resolve()));
      request.on("row", (row: { value: unknown }[]) => read.push(row[7]?.value));
      (native as unknown as { execSqlBatch(given: unknown): void }).execSqlBatch(request);
    });
    expect(read).toEqual([-0.05, null]);
  });

  it("reach Temporal with their microseconds", async () => {
    server.script(/AS at/, {
      results: [{ columns: [{ name: "at", type: "datetime2" }], rows: [["2024-01-02 03:04:05.1234567"]] }],
    });
    const seen: unknown[] = [];
    class Moment extends mssql.DateTime2 {
      override get readsText(): boolean {
        return true;
      }
      override resultProcessor() {
        return (value: unknown) => {
          seen.push(value);
          return value as Date;
        };
      }
    }
    await engine().begin((conn) => conn.execute(select(literalColumn("GETDATE()", new Moment()).label("at"))));
    await engine().begin(async (conn) =>
      (await conn.execute(select(literalColumn("GETDATE()", new Moment()).label("at")))).all(),
    );
    expect(seen).toContain("2024-01-02 03:04:05.123456");
  });

  it("are numbers where an INTEGER was asked for", async () => {
    server.script(/count/, { results: [{ columns: [{ name: "n", type: "bigint" }], rows: [["7"]] }] });
    await engine().begin(async (conn) => {
      expect((await conn.execute(select(func.count(literal(1)).label("n")))).scalar()).toBe(7);
      expect((await conn.execute(text("SELECT count_big(*)"))).scalar()).toBe(7n);
    });
  });
});
