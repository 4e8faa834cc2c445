/** The release gate of reflection: what is created is what is read, for every type, constraint and index; and once more from what was read. */
import {
  checkConstraint,
  column,
  computed,
  createEngine,
  foreignKey,
  foreignKeyConstraint,
  func,
  index,
  MetaData,
  primaryKeyConstraint,
  t,
  table,
  text,
  uniqueConstraint,
} from "@athanor/core";
import { expect, test } from "vitest";
import { describeSchema } from "../../../test/reflection/describe.ts";
import * as sqlite from "../src/index.ts";

/** Every form that SQLite has, as the database keeps it. */
function everything(schema: string | null): MetaData {
  const metadata = new MetaData();
  const there = (name: string): string => (schema === null ? name : `${schema}.${name}`);
  table(
    "types",
    metadata,
    {
      id: column(t.INTEGER, { primaryKey: true }),
      small: column(t.SMALLINT),
      big: column(t.BIGINT, { serverDefault: text("0") }),
      exact: column(t.NUMERIC(10, 2), { serverDefault: text("-1.5") }),
      plainExact: column("plain exact", t.NUMERIC),
      dec: column(t.DECIMAL(8)),
      float: column(t.FLOAT),
      real: column(t.REAL),
      double: column(t.DOUBLE),
      double2: column(t.DOUBLE_PRECISION),
      name: column(t.VARCHAR(50), { nullable: false, serverDefault: "it's ok: 100%" }),
      free: column(t.VARCHAR),
      nocase: column(t.VARCHAR(10, { collation: "NOCASE" })),
      fixed: column(t.CHAR(3)),
      national: column(t.NVARCHAR(20)),
      nationalFixed: column(t.NCHAR(4)),
      body: column(t.TEXT, { serverDefault: "" }),
      clob: column(t.CLOB),
      flag: column(t.BOOLEAN, { serverDefault: text("1") }),
      day: column(t.DATE, { serverDefault: text("CURRENT_DATE") }),
      hour: column(t.TIME),
      moment: column(t.DATETIME, { serverDefault: text("(datetime('now', 'utc'))") }),
      stamp: column(t.TIMESTAMP, { serverDefault: text("CURRENT_TIMESTAMP") }),
      bytes: column(t.BLOB),
      raw: column(t.BINARY(8)),
      variable: column(t.VARBINARY(16)),
      doc: column(t.JSON),
      docb: column(sqlite.JSONB),
      code: column(t.UUID),
      picked: column(t.enum("a", "b", { name: "ck_picked", createConstraint: true })),
    },
    { schema },
  );
  table(
    "parents",
    metadata,
    {
      a: column(t.INTEGER),
      b: column(t.INTEGER),
      code: column(t.VARCHAR(10)),
      amount: column(t.INTEGER, checkConstraint("amount > 0", { name: "ck_amount" })),
    },
    primaryKeyConstraint("b", "a", { name: "pk_parents" }),
    uniqueConstraint("code", { name: "uq_parents_code" }),
    uniqueConstraint("code", "amount"),
    checkConstraint("code <> 'x,)y' AND (amount < 1000 OR a IN (1, 2))"),
    { schema },
  );
  table(
    "Children of ñ",
    metadata,
    {
      id: column("Id", t.INTEGER, { primaryKey: true }),
      select: column("select", t.INTEGER),
      quoted: column('a "quoted" name', t.INTEGER, foreignKey(there("Children of ñ.Id"))),
      b: column(t.INTEGER),
      cascaded: column(t.VARCHAR(10)),
      twice: column(t.INTEGER, computed("b * 2", { persisted: true })),
      more: column(t.INTEGER, computed("b + 1", { persisted: false })),
    },
    foreignKeyConstraint(["select", "b"], [there("parents.a"), there("parents.b")], {
      name: "fk_both",
      ondelete: "CASCADE",
      onupdate: "SET NULL",
      deferrable: true,
      initially: "DEFERRED",
    }),
    foreignKeyConstraint(["cascaded"], [there("parents.code")], { match: "FULL", ondelete: "RESTRICT" }),
    { schema },
  );
  const indexed = table(
    "indexed",
    metadata,
    { a: column(t.INTEGER), b: column(t.VARCHAR(20)), c: column(t.VARCHAR(20)), d: column("the D", t.INTEGER) },
    { schema },
  );
  index("ix_plain", indexed.c.a, indexed.c.d);
  index("ix_unique", indexed.c.b, { unique: true });
  index("ix Quoted", indexed.c.d.desc(), indexed.c.a);
  index("ix_expression", func.lower(indexed.c.b), indexed.c.c);
  index("ix_partial", indexed.c.a, { sqliteWhere: text("b = '\\:name' AND a > 3") });
  index("ix_text", text("a + 1"), text("c COLLATE NOCASE DESC"));
  table(
    "strict",
    metadata,
    { id: column(t.INTEGER, { primaryKey: true }), any: column(sqlite.ANY), x: column(t.TEXT) },
    { schema, sqliteStrict: true, sqliteWithRowid: false },
  );
  table("numbered", metadata, { id: column(t.INTEGER, { primaryKey: true }) }, { schema, sqliteAutoincrement: true });
  table(
    "conflicts",
    metadata,
    {
      a: column(t.INTEGER, { nullable: false, sqliteOnConflictNotNull: "FAIL" }),
      b: column(t.INTEGER),
    },
    primaryKeyConstraint("a", { sqliteOnConflict: "REPLACE" }),
    uniqueConstraint("b", { name: "uq_b", sqliteOnConflict: "IGNORE" }),
    checkConstraint("b > 0"),
    { schema },
  );
  return metadata;
}

test.each([
  ["main", null],
  ["an attached database", "other place"],
])("create → reflect → compare is empty: %s", (_place, schema) => {
  using engine = createEngine("sqlite://");
  using connection = engine.connect();
  connection.execDriverSql("ATTACH ':memory:' AS \"other place\"");
  connection.execDriverSql("ATTACH ':memory:' AS third");
  const made = everything(schema);
  made.createAll(connection);
  const read = new MetaData();
  read.reflect(connection, { schema });
  const expected = describeSchema(made, engine.dialect, schema);
  const found = describeSchema(read, engine.dialect, schema);
  expect(found).toEqual(expected);

  // What was read creates the same again elsewhere.
  const copy = new MetaData();
  for (const each of read.sortedTables) each.toMetadata(copy, { schema: "third" });
  copy.createAll(connection);
  const again = new MetaData();
  again.reflect(connection, { schema: "third" });
  expect(describeSchema(again, engine.dialect, "third")).toEqual(expected);
});
