/** What SQL Server's catalog comes to, from rows as its documentation describes them; the server itself was not at hand. */
import { createIndex, createTable, inspect, MetaData, NoSuchTableError, ObjectKind, table } from "@athanor/core";
import { expect, test } from "vitest";
import { grammarErrors } from "../../../test/grammar/gate.ts";
import { type Answer, scriptedEngine } from "../../../test/reflection/scripted.ts";
import { MSSQLDialect } from "../src/index.ts";

const row = (
  name: string,
  type: string,
  facts: {
    length?: number;
    precision?: number;
    scale?: number;
    collation?: string;
    nullable?: boolean;
    default?: string;
    computed?: string;
    persisted?: boolean;
    seed?: string;
    increment?: string;
    comment?: string;
  } = {},
): unknown[] => [
  1,
  name,
  type,
  facts.length ?? 0,
  facts.precision ?? 0,
  facts.scale ?? 0,
  facts.collation ?? null,
  facts.nullable ?? true,
  facts.default ?? null,
  facts.computed ?? null,
  facts.persisted ?? null,
  facts.seed !== undefined,
  facts.seed ?? null,
  facts.increment ?? null,
  facts.comment ?? null,
];

const columns = [
  row("id", "int", { nullable: false, seed: "10", increment: "5", comment: "the key" }),
  row("big", "bigint", { default: "((0))" }),
  row("name", "nvarchar", { length: 100, nullable: false, default: "(N'it''s')" }),
  row("long", "nvarchar", { length: -1 }),
  row("code", "varchar", { length: 10, collation: "Latin1_General_BIN2" }),
  row("fixed", "nchar", { length: 8 }),
  row("amount", "decimal", { precision: 10, scale: 2 }),
  row("ratio", "float", { precision: 53 }),
  row("moment", "datetime2", { scale: 7 }),
  row("precisely", "datetime2", { scale: 3 }),
  row("zoned", "datetimeoffset", { scale: 0 }),
  row("hour", "time", { scale: 7 }),
  row("flag", "bit"),
  row("guid", "uniqueidentifier"),
  row("bytes", "varbinary", { length: -1 }),
  row("few", "binary", { length: 8 }),
  row("version", "timestamp", { nullable: false }),
  row("money", "money"),
  row("parent", "int"),
  row("twice", "int", { computed: "([big]*(2))", persisted: true }),
];

const part = (index: string, type: number, kind: "p" | "u" | "i", column: string, more: object = {}): unknown[] => {
  const facts = { unique: kind !== "i", where: null, included: false, desc: false, ...more };
  return [1, index, type, facts.unique, kind === "p", kind === "u", facts.where, column, facts.included, facts.desc];
};

const answers: readonly Answer[] = [
  [/^SELECT t\.object_id, t\.name/, [[1, "people"]]],
  [/FROM sys\.columns c JOIN sys\.types/, columns],
  [
    /FROM sys\.indexes i/,
    [
      part("PK_people", 2, "p", "id"),
      part("UQ_code", 1, "u", "code"),
      part("ix_mixed", 2, "i", "name", { desc: true }),
      part("ix_mixed", 2, "i", "big"),
      part("ix_mixed", 2, "i", "amount", { included: true }),
      part("ix_some", 2, "i", "code", { unique: true, where: "([code] IS NOT NULL)" }),
      part("ix_columns", 6, "i", "big", { included: true }),
    ],
  ],
  [/FROM sys\.check_constraints/, [[1, "ck_amount", "([amount]>(0) AND [code]<>')')"]]],
  [/FROM sys\.foreign_keys k/, [[1, "fk_parent", "parent", "dbo", "people", "id", "NO_ACTION", "SET_NULL", "dbo"]]],
  [/p\.minor_id = 0/, [[1, "all people"]]],
  [/FROM sys\.schemas ORDER/, [["app"], ["dbo"]]],
  [/FROM sys\.sequences/, [["counter"]]],
  [/FROM sys\.sql_modules/, [["CREATE VIEW v AS SELECT 1 AS x"]]],
];

const open = (script: readonly Answer[] = answers) =>
  scriptedEngine((driver) => new MSSQLDialect({ driver }), [[/SERVERPROPERTY/, [["16.0.1000.6", "dbo"]]], ...script]);

test("a table is written as it was", () => {
  const { engine } = open();
  const people = table("people", new MetaData(), { autoloadWith: engine });
  const text = (element: Parameters<typeof createIndex>[0] | unknown): string =>
    String((element as { compile(options: object): unknown }).compile({ dialect: engine.dialect }))
      .replaceAll(/\s+/g, " ")
      .trim();
  expect(text(createTable(people))).toBe(
    [
      "CREATE TABLE people (",
      "id INTEGER NOT NULL IDENTITY(10,5),",
      "big BIGINT NULL DEFAULT ((0)),",
      "name NVARCHAR(50) NOT NULL DEFAULT (N'it''s'),",
      "long NVARCHAR(max) NULL,",
      "code VARCHAR(10) COLLATE Latin1_General_BIN2 NULL,",
      "fixed NCHAR(4) NULL,",
      "amount DECIMAL(10, 2) NULL,",
      "ratio FLOAT NULL,",
      "moment DATETIME2 NULL,",
      "precisely DATETIME2(3) NULL,",
      "zoned DATETIMEOFFSET(0) NULL,",
      "hour TIME NULL,",
      "flag BIT NULL,",
      "guid UNIQUEIDENTIFIER NULL,",
      "bytes VARBINARY(max) NULL,",
      "few BINARY(8) NULL,",
      "version ROWVERSION NOT NULL,",
      "money MONEY NULL,",
      "parent INTEGER NULL,",
      "twice AS ([big]*(2)) PERSISTED,",
      "CONSTRAINT [PK_people] PRIMARY KEY NONCLUSTERED (id),",
      "CONSTRAINT [UQ_code] UNIQUE CLUSTERED (code),",
      "CONSTRAINT ck_amount CHECK ([amount]>(0) AND [code]<>')'),",
      "CONSTRAINT fk_parent FOREIGN KEY(parent) REFERENCES people (id) ON DELETE SET NULL )",
    ].join(" "),
  );
  expect([...people.indexes].map((index) => text(createIndex(index)))).toEqual([
    "CREATE INDEX ix_mixed ON people (name DESC, big) INCLUDE (amount)",
    "CREATE UNIQUE INDEX ix_some ON people (code) WHERE ([code] IS NOT NULL)",
    "CREATE COLUMNSTORE INDEX ix_columns ON people (big)",
  ]);
  expect(people.comment).toBe("all people");
  expect(people.columnList[0]?.comment).toBe("the key");
});

test("an inspector tells what the catalog has", () => {
  const { engine, asked } = open();
  const inspector = inspect(engine);
  expect(inspector.getSchemaNames()).toEqual(["app", "dbo"]);
  expect(inspector.getSequenceNames()).toEqual(["counter"]);
  expect(inspector.getViewDefinition("v", "app")).toBe("CREATE VIEW v AS SELECT 1 AS x");
  expect(asked.at(-1)?.parameters).toEqual({ owner: "app", n0: "v" });
  expect(inspector.getPkConstraint("people")).toEqual({
    constrainedColumns: ["id"],
    name: "PK_people",
    dialectOptions: { mssqlClustered: false },
  });
  expect(inspector.getUniqueConstraints("people")).toMatchObject([{ name: "UQ_code", columnNames: ["code"] }]);
  expect(inspector.getIndexes("people")).toMatchObject([
    { name: "UQ_code", duplicatesConstraint: "UQ_code", unique: true },
    { name: "ix_mixed", includeColumns: ["amount"], columnSorting: { name: ["desc"] } },
    { name: "ix_some", unique: true },
    { name: "ix_columns", dialectOptions: { mssqlColumnstore: true } },
  ]);
  expect(inspector.getColumns("people")[0]).toMatchObject({
    autoincrement: true,
    identity: { always: false, start: 10, increment: 5 },
  });
  expect(inspector.getForeignKeys("people", { schema: "dbo" })[0]?.referredSchema).toBe("dbo");
  expect(inspector.getForeignKeys("people")[0]?.referredSchema).toBeNull();
});

test("other databases and temporary tables are asked where they are", () => {
  const { engine, asked } = open([
    [/^SELECT t\.object_id, t\.name FROM \[other\]\.sys/, [[1, "people"]]],
    [/FROM \[other\]\.sys\.foreign_keys/, answers[4]?.[1] ?? []],
    [/^SELECT t\.object_id, t\.name FROM tempdb\.sys/, [[1, `#scratch${"_".repeat(107)}00000000A1F2`]]],
    [/FROM tempdb\.sys\.columns/, columns],
    [/./, []],
  ]);
  const inspector = inspect(engine);
  expect(inspector.getForeignKeys("people", "other.dbo")[0]?.referredSchema).toBe("other.dbo");
  expect(inspector.getColumns("#scratch").map((each) => each.name)).toContain("money");
  expect(asked.at(-1)?.parameters).toEqual({ n0: "tempdb..[#scratch]" });
  expect(() => inspector.getColumns("nothing")).toThrow(NoSuchTableError);
});

test("one question for each aspect of many tables", () => {
  const { engine, asked } = open();
  const before = asked.length;
  inspect(engine).getMultiColumns({ kind: ObjectKind.ANY, filterNames: ["people", "others"] });
  expect(asked.slice(before).filter(({ sql }) => sql.includes("sys.")).length).toBeLessThanOrEqual(3);
});

test("what it asks is Transact-SQL", () => {
  const { engine, asked } = open([
    [/^SELECT t\.object_id, t\.name/, [[1, "people"]]],
    [/./, []],
  ]);
  const inspector = inspect(engine);
  inspector.getSchemaNames();
  inspector.getSequenceNames("other.dbo");
  expect(() => inspector.getViewDefinition("v")).toThrow(NoSuchTableError);
  new MetaData().reflect(engine, { schema: "app", views: true });
  new MetaData().reflect(engine, { only: ["people"] });
  expect(asked.length).toBeGreaterThan(15);
  for (const { sql } of asked) expect([sql, grammarErrors("mssql", sql)]).toEqual([sql, []]);
}, 120_000);
