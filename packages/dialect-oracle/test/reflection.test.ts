/** What Oracle's catalog comes to, from rows as its documentation describes them; the server itself was not at hand. */
import {
  createIndex,
  createTable,
  inspect,
  MetaData,
  NoSuchTableError,
  ObjectKind,
  ObjectScope,
  table,
} from "@athanor/core";
import { expect, test } from "vitest";
import { grammarErrors } from "../../../test/grammar/gate.ts";
import { type Answer, scriptedEngine } from "../../../test/reflection/scripted.ts";
import { OracleDialect } from "../src/index.ts";

interface ColumnFacts {
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly nullable?: boolean;
  readonly default?: string;
  readonly virtual?: boolean;
  readonly comment?: string;
  readonly generation?: string;
  readonly onNull?: boolean;
  readonly options?: string;
  readonly vector?: string;
}

const row = (name: string, type: string, facts: ColumnFacts = {}): unknown[] => [
  "PEOPLE",
  name,
  type,
  facts.length ?? null,
  facts.precision ?? null,
  facts.scale ?? null,
  facts.nullable === false ? "N" : "Y",
  facts.default ?? null,
  facts.virtual === true ? "YES" : "NO",
  facts.comment ?? null,
  facts.onNull === true ? "YES" : "NO",
  facts.generation ?? null,
  facts.options ?? null,
  facts.vector ?? null,
];

const columns = [
  row("ID", "NUMBER", {
    scale: 0,
    nullable: false,
    default: '"SCOTT"."ISEQ$$_1".nextval',
    generation: "BY DEFAULT",
    onNull: true,
    options:
      "START WITH: 5, INCREMENT BY: 2, MAX_VALUE: 9999999999999999999999999999, MIN_VALUE: 1, CYCLE_FLAG: N, CACHE_SIZE: 20, ORDER_FLAG: Y",
    comment: "the key",
  }),
  row("NAME", "VARCHAR2", { length: 50, nullable: false, default: "'it''s' " }),
  row("MixedCase", "NVARCHAR2", { length: 20 }),
  row("SELECT", "CHAR", { length: 3 }),
  row("AMOUNT", "NUMBER", { precision: 10, scale: 2 }),
  row("FREE", "NUMBER"),
  row("RATIO", "FLOAT", { precision: 126 }),
  row("BITS", "FLOAT", { precision: 16 }),
  row("DAY", "DATE"),
  row("MOMENT", "TIMESTAMP(6)", { scale: 6 }),
  row("ZONED", "TIMESTAMP(6) WITH TIME ZONE", { scale: 6 }),
  row("LOCALLY", "TIMESTAMP(6) WITH LOCAL TIME ZONE", { scale: 6 }),
  row("SPAN", "INTERVAL DAY(3) TO SECOND(6)", { precision: 3, scale: 6 }),
  row("BODY", "CLOB"),
  row("BYTES", "RAW", { length: 16 }),
  row("DOC", "JSON"),
  row("NEAR", "VECTOR", { vector: "VECTOR(3,FLOAT32)" }),
  row("PARENT", "NUMBER", { scale: 0 }),
  row("TWICE", "NUMBER", { virtual: true, default: '"AMOUNT"*2' }),
];

const constraint = (type: string, name: string, column: string, more: readonly unknown[] = []): unknown[] => {
  const [owner, referred, referredColumn, condition, rule, deferrable, deferred, index] = more;
  return [
    "PEOPLE",
    type,
    name,
    column,
    owner ?? null,
    referred ?? null,
    referredColumn ?? null,
    condition ?? null,
    rule ?? null,
    deferrable ?? "NOT DEFERRABLE",
    deferred ?? "IMMEDIATE",
    index ?? null,
    "SCOTT",
  ];
};

const none = [null, null, null, null, null, null, null] as const;
const constraints = [
  constraint("C", "CK_AMOUNT", "AMOUNT", [null, null, null, "amount > 0 AND name <> 'x'"]),
  constraint("C", "CK_AMOUNT", "NAME", [null, null, null, "amount > 0 AND name <> 'x'"]),
  constraint("R", "FK_PARENT", "PARENT", ["SCOTT", "PEOPLE", "ID", null, "SET NULL", "DEFERRABLE", "DEFERRED"]),
  constraint("P", "PK_PEOPLE", "ID", [...none, "PK_PEOPLE"]),
  constraint("C", "SYS_C001", "NAME", [null, null, null, '"NAME" IS NOT NULL']),
  constraint("U", "UQ_NAME", "NAME", [...none, "UQ_NAME"]),
];

const part = (index: string, type: string, column: string, more: readonly unknown[] = []): unknown[] => {
  const [expression = null, descend = "ASC", unique = "NONUNIQUE", prefix = null] = more;
  return ["PEOPLE", index, unique, type, prefix, column, expression, descend];
};

const answers: readonly Answer[] = [
  [
    /FROM all_objects o .*ORDER BY/s,
    [
      ["PEOPLE", 1, "N"],
      ["SCRATCH", 1, "Y"],
      ["Some View", 2, "N"],
      ["FROZEN", 4, "N"],
    ],
  ],
  [/FROM all_tab_cols c/, columns],
  [/FROM all_constraints k/, constraints],
  [
    /FROM all_indexes i/,
    [
      part("IX_DESC", "FUNCTION-BASED NORMAL", "SYS_NC00020$", ['"NAME"', "DESC"]),
      part("IX_DESC", "FUNCTION-BASED NORMAL", "AMOUNT"),
      part("IX_LOWER", "FUNCTION-BASED NORMAL", "SYS_NC00021$", ['LOWER("NAME")', "ASC", "UNIQUE"]),
      part("IX_BITS", "BITMAP", "PARENT"),
      part("IX_SMALL", "NORMAL", "PARENT", [null, "ASC", "NONUNIQUE", 1]),
      part("PK_PEOPLE", "NORMAL", "ID", [null, "ASC", "UNIQUE"]),
      part("UQ_NAME", "NORMAL", "NAME", [null, "ASC", "UNIQUE"]),
    ],
  ],
  [/FROM all_tab_comments/, [["PEOPLE", "all people"]]],
  [/FROM all_mview_comments/, []],
  [/FROM all_tables o/, [["PEOPLE", "ENABLED", "BASIC", "USERS", null]]],
  [/FROM all_users/, [["SCOTT"], ["Other"]]],
  [/FROM all_sequences/, [["COUNTER"]]],
  [/FROM all_views/, []],
  [/FROM all_mviews/, [["SELECT 1 AS x FROM dual"]]],
  [/./, []],
];

const open = (serverVersion: readonly number[] = [23, 4]) =>
  scriptedEngine((driver) => new OracleDialect({ driver, serverVersion }), answers, {
    oracleServerVersionString: serverVersion.join("."),
  });

test("a table is written as it was, its names in lower case where they are ordinary ones", () => {
  const { engine } = open();
  const people = table("people", new MetaData(), { autoloadWith: engine });
  const text = (element: object): string =>
    String((element as { compile(options: object): unknown }).compile({ dialect: engine.dialect }))
      .replaceAll(/\s+/g, " ")
      .trim();
  expect(text(createTable(people))).toBe(
    [
      "CREATE TABLE people (",
      "id INTEGER GENERATED BY DEFAULT ON NULL AS IDENTITY (INCREMENT BY 2 START WITH 5 MINVALUE 1 MAXVALUE 9999999999999999999999999999 CACHE 20 NOCYCLE ORDER),",
      "name VARCHAR2(50 CHAR) DEFAULT 'it''s' NOT NULL,",
      '"MixedCase" NVARCHAR2(20),',
      '"SELECT" CHAR(3),',
      "amount NUMBER(10, 2),",
      "free NUMBER,",
      "ratio FLOAT,",
      "bits FLOAT(16),",
      "day DATE,",
      "moment TIMESTAMP,",
      "zoned TIMESTAMP WITH TIME ZONE,",
      "locally TIMESTAMP WITH LOCAL TIME ZONE,",
      "span INTERVAL DAY(3) TO SECOND,",
      "body CLOB,",
      "bytes RAW(16),",
      "doc JSON,",
      "near VECTOR(3,FLOAT32,*),",
      "parent INTEGER,",
      'twice NUMBER GENERATED ALWAYS AS ("AMOUNT"*2),',
      "CONSTRAINT pk_people PRIMARY KEY (id),",
      "CONSTRAINT uq_name UNIQUE (name),",
      "CONSTRAINT ck_amount CHECK (amount > 0 AND name <> 'x'),",
      "CONSTRAINT fk_parent FOREIGN KEY(parent) REFERENCES people (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED )",
      "COMPRESS FOR BASIC TABLESPACE users",
    ].join(" "),
  );
  expect([...people.indexes].map((index) => text(createIndex(index)))).toEqual([
    "CREATE INDEX ix_desc ON people (name DESC, amount)",
    'CREATE UNIQUE INDEX ix_lower ON people (LOWER("NAME"))',
    "CREATE BITMAP INDEX ix_bits ON people (parent)",
    "CREATE INDEX ix_small ON people (parent) COMPRESS 1",
  ]);
  expect(people.comment).toBe("all people");
});

test("an inspector tells what the catalog has", () => {
  const { engine, asked } = open();
  const inspector = inspect(engine);
  expect(inspector.getSchemaNames()).toEqual(["scott", "Other"]);
  expect(inspector.getTableNames()).toEqual(["people"]);
  expect(inspector.getTempTableNames()).toEqual(["scratch"]);
  expect(inspector.getViewNames()).toEqual(["Some View"]);
  expect(inspector.getMaterializedViewNames({ schema: "scott" })).toEqual(["frozen"]);
  expect(asked.at(-1)?.parameters).toEqual({ owner: "SCOTT" });
  expect(inspector.getViewDefinition("frozen")).toBe("SELECT 1 AS x FROM dual");
  expect(asked.at(-1)?.parameters).toEqual({ name: "FROZEN" });
  expect(inspector.getSequenceNames()).toEqual(["counter"]);
  expect(inspector.getPkConstraint("people")).toEqual({ constrainedColumns: ["id"], name: "pk_people" });
  expect(inspector.getCheckConstraints("people")).toEqual([
    { name: "ck_amount", sqltext: "amount > 0 AND name <> 'x'" },
  ]);
  expect(inspector.getIndexes("people").at(-1)).toMatchObject({ name: "uq_name", duplicatesConstraint: "uq_name" });
  expect(inspector.getForeignKeys("people", "scott")[0]?.referredSchema).toBe("scott");
  expect(inspector.hasTable("PEOPLE")).toBe(true);
  expect(() => inspector.getColumns("nothing")).toThrow(NoSuchTableError);
  expect([...inspector.getMultiColumns({ kind: ObjectKind.ANY, scope: ObjectScope.ANY }).keys()]).toEqual([
    "people",
    "scratch",
    "Some View",
    "frozen",
  ]);
});

test("older servers are not asked for what they do not have", () => {
  const { engine, asked } = open([11, 2]);
  inspect(engine).getColumns("people");
  const [sql = ""] = asked.map((each) => each.sql).filter((text) => text.includes("all_tab_cols"));
  expect(sql).not.toMatch(/all_tab_identity_cols|default_on_null|vector_info/);
});

test.each([[[23, 4]], [[11, 2]]])(
  "what it asks is Oracle's SQL: version %s",
  (version) => {
    const { engine, asked } = open(version);
    const inspector = inspect(engine);
    inspector.getSchemaNames();
    inspector.getSequenceNames("other");
    inspector.getViewDefinition("frozen", "other");
    new MetaData().reflect(engine, { schema: "app", views: true });
    new MetaData().reflect(engine, { only: ["people"] });
    expect(asked.length).toBeGreaterThan(15);
    for (const { sql } of asked) expect([sql, grammarErrors("oracle", sql)]).toEqual([sql, []]);
  },
  120_000,
);
