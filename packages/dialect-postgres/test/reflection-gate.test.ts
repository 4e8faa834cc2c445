/** The release gate of reflection: what is created is what is read, for every type, constraint and index; and once more from what was read. */
import {
  checkConstraint,
  column,
  computed,
  type Dialect,
  foreignKeyConstraint,
  func,
  identity,
  index,
  MetaData,
  primaryKeyConstraint,
  t,
  table,
  text,
  uniqueConstraint,
} from "@athanor/core";
import { beforeAll, describe, expect, test } from "vitest";
import { describeSchema } from "../../../test/reflection/describe.ts";
import * as pg from "../src/index.ts";
import { engineOf, url } from "./database.ts";

const tall = t.VARCHAR(10, { collation: "C" });

/** Every form that PostgreSQL has, written as the database writes it. */
function everything(schema: string | null): MetaData {
  const metadata = new MetaData();
  const there = (name: string): string => (schema === null ? name : `${schema}.${name}`);
  const mood = pg.ENUM("sad", "it's ok", "happy", { name: "mood", ...(schema === null ? {} : { schema }) });
  const positive = pg.DOMAIN("positive", t.INTEGER, {
    check: "VALUE > 0",
    constraintName: "ck_positive",
    default: text("1"),
    notNull: true,
    ...(schema === null ? {} : { schema }),
  });
  table(
    "types",
    metadata,
    {
      id: column(t.INTEGER, { primaryKey: true, comment: "the key" }),
      small: column(t.SMALLINT),
      big: column(t.BIGINT, { serverDefault: text("'9223372036854775807'::bigint") }),
      exact: column(t.NUMERIC(10, 2), { serverDefault: text("'-1.5'::numeric") }),
      plainExact: column("plain exact", t.NUMERIC),
      precise: column(t.NUMERIC(8, 0)),
      real: column(t.REAL),
      double: column(t.DOUBLE_PRECISION),
      name: column(t.VARCHAR(50), {
        nullable: false,
        serverDefault: text("'it''s \\:ok \\: 100%'::character varying"),
      }),
      free: column(t.VARCHAR),
      collated: column(tall),
      fixed: column(t.CHAR(3)),
      body: column(t.TEXT),
      flag: column(t.BOOLEAN, { serverDefault: text("true") }),
      day: column(t.DATE, { serverDefault: text("CURRENT_DATE") }),
      time: column(pg.TIME),
      timeZone: column(pg.TIME({ timezone: true, precision: 3 })),
      moment: column(pg.TIMESTAMP, { serverDefault: text("now()") }),
      precisely: column(pg.TIMESTAMP({ precision: 0 })),
      momentZone: column(pg.TIMESTAMP({ timezone: true })),
      preciselyZone: column(pg.TIMESTAMP({ timezone: true, precision: 4 })),
      interval: column(pg.INTERVAL),
      intervalFields: column(pg.INTERVAL({ fields: "DAY TO MINUTE" })),
      intervalYears: column(pg.INTERVAL({ fields: "YEAR" })),
      intervalPrecise: column(pg.INTERVAL({ precision: 3 })),
      intervalSeconds: column(pg.INTERVAL({ fields: "DAY TO SECOND", precision: 2 })),
      bytes: column(pg.BYTEA),
      doc: column(pg.JSON),
      docb: column(pg.JSONB, { serverDefault: text("'{\"a\"\\: 1}'::jsonb") }),
      path: column(pg.JSONPATH),
      code: column(t.UUID, { serverDefault: text("gen_random_uuid()") }),
      inet: column(pg.INET),
      cidr: column(pg.CIDR),
      mac: column(pg.MACADDR),
      mac8: column(pg.MACADDR8),
      money: column(pg.MONEY),
      oid: column(pg.OID),
      regclass: column(pg.REGCLASS),
      regconfig: column(pg.REGCONFIG),
      document: column(pg.TSVECTOR),
      query: column(pg.TSQUERY),
      bit: column(pg.BIT(3)),
      oneBit: column(pg.BIT),
      bits: column(pg.BIT({ varying: true })),
      fewBits: column(pg.BIT(5, { varying: true })),
      mood: column(mood, { serverDefault: text(`'happy'::${schema === null ? "" : `"${schema}".`}mood`) }),
      moods: column(pg.ARRAY(mood)),
      positive: column(positive),
      list: column(pg.ARRAY(t.INTEGER)),
      grid: column(pg.ARRAY(t.NUMERIC(5, 1), { dimensions: 2 })),
      texts: column(pg.ARRAY(t.VARCHAR(7)), { serverDefault: text("'{}'::character varying[]") }),
      moments: column(pg.ARRAY(pg.TIMESTAMP({ timezone: true, precision: 2 }))),
      int4range: column(pg.INT4RANGE),
      int8range: column(pg.INT8RANGE),
      numrange: column(pg.NUMRANGE),
      daterange: column(pg.DATERANGE),
      tsrange: column(pg.TSRANGE),
      tstzrange: column(pg.TSTZRANGE),
      int4multirange: column(pg.INT4MULTIRANGE),
      int8multirange: column(pg.INT8MULTIRANGE),
      nummultirange: column(pg.NUMMULTIRANGE),
      datemultirange: column(pg.DATEMULTIRANGE),
      tsmultirange: column(pg.TSMULTIRANGE),
      tstzmultirange: column(pg.TSTZMULTIRANGE),
      xml: column(new pg.PgVerbatimType("xml")),
    },
    primaryKeyConstraint("id", { name: "types_pkey" }),
    { schema, comment: "all types" },
  );
  table(
    "numbered",
    metadata,
    {
      a: column(
        t.INTEGER,
        identity({ always: true, start: 5, increment: 2, minvalue: 1, maxvalue: 100, cycle: true, cache: 3 }),
      ),
      b: column(t.INTEGER),
      twice: column(t.INTEGER, computed("b * 2", { persisted: true })),
    },
    { schema },
  );
  table(
    "serial",
    metadata,
    { id: column(t.BIGINT, { primaryKey: true }) },
    primaryKeyConstraint("id", { name: "serial_pkey" }),
    { schema },
  );
  table(
    "parents",
    metadata,
    { a: column(t.INTEGER), b: column(t.INTEGER), code: column(t.VARCHAR(10)), amount: column(t.INTEGER) },
    primaryKeyConstraint("b", "a", { name: "pk_parents", postgresqlInclude: ["amount"] }),
    uniqueConstraint("code", { name: "uq_parents_code", deferrable: true, initially: "DEFERRED", comment: "codes" }),
    uniqueConstraint("code", "amount", {
      name: "uq_nulls",
      postgresqlNullsNotDistinct: true,
      postgresqlInclude: ["b"],
    }),
    checkConstraint("amount > 0", { name: "ck_amount", comment: "some" }),
    checkConstraint("code\\:\\:text <> 'x,)y'\\:\\:text AND (amount < 1000 OR (a = ANY (ARRAY[1, 2])))", {
      name: "ck_mixed",
    }),
    { schema },
  );
  table(
    "Children of ñ",
    metadata,
    {
      id: column("Id", t.INTEGER, { primaryKey: true, autoincrement: false }),
      select: column("select", t.INTEGER),
      quoted: column('a "quoted" name', t.INTEGER),
      b: column(t.INTEGER),
      cascaded: column(t.VARCHAR(10)),
    },
    primaryKeyConstraint("id", { name: "pk ñ" }),
    foreignKeyConstraint(["quoted"], [there("Children of ñ.Id")], { name: "fk_self" }),
    foreignKeyConstraint(["select", "b"], [there("parents.b"), there("parents.a")], {
      name: "fk_both",
      ondelete: "SET NULL (b)",
      onupdate: "CASCADE",
      match: "FULL",
      deferrable: true,
      initially: "DEFERRED",
      comment: "both",
    }),
    { schema, comment: "it's\nquoted" },
  );
  const indexed = table(
    "indexed",
    metadata,
    {
      a: column(t.INTEGER),
      b: column(t.VARCHAR(20)),
      c: column(t.TEXT),
      d: column("the D", t.INTEGER),
      doc: column(pg.JSONB),
      during: column(pg.TSRANGE),
      room: column(t.INTEGER),
    },
    pg.excludeConstraint(["room", "="], ["during", "&&"], { name: "ex_room", using: "gist", where: "room > 3" }),
    pg.excludeConstraint(["a", "="], { name: "ex_deferred", using: "btree", deferrable: true, initially: "DEFERRED" }),
    { schema },
  );
  index("ix_plain", indexed.c.a, indexed.c.d);
  index("ix_unique", indexed.c.b, {
    unique: true,
    postgresqlNullsNotDistinct: true,
    postgresqlInclude: ["a", "the D"],
  });
  index("ix Quoted", indexed.c.d.desc(), indexed.c.a.nullsFirst(), indexed.c.room.desc().nullsLast());
  index("ix_expression", func.lower(indexed.c.c), indexed.c.a);
  index("ix_sum", text("(a + 1) DESC"), text('lower(c) COLLATE "C" text_pattern_ops'));
  index("ix_partial", indexed.c.a, { postgresqlWhere: text("c = '\\:name'::text AND a > 3") });
  index("ix_gin", indexed.c.doc, { postgresqlUsing: "gin", postgresqlOps: { doc: "jsonb_path_ops" } });
  index("ix_ops", indexed.c.c.desc(), { postgresqlOps: { c: "text_pattern_ops" } });
  index("ix_hash", indexed.c.a, { postgresqlUsing: "hash", postgresqlWith: { fillfactor: 50 } });
  table(
    "stored",
    metadata,
    { id: column(t.INTEGER) },
    { schema, postgresqlWith: { fillfactor: 70, autovacuum_enabled: false } },
  );
  table(
    "unlogged",
    metadata,
    { id: column(t.INTEGER), note: column(t.TEXT) },
    checkConstraint("id > 3", { name: "ck_mine", postgresqlNoInherit: true }),
    { schema, prefixes: ["UNLOGGED"] },
  );
  table(
    "partitioned",
    metadata,
    { id: column(t.INTEGER), day: column(t.DATE) },
    { schema, postgresqlPartitionBy: "RANGE (day)" },
  );
  return metadata;
}

describe.skipIf(url === null)("create → reflect → compare is empty", () => {
  const engine = url === null ? (undefined as never) : engineOf();
  const dialect = (): Dialect => engine.dialect;

  beforeAll(async () => {
    await engine.begin(async (connection) => {
      for (const sql of [
        "CREATE EXTENSION IF NOT EXISTS btree_gist",
        'CREATE SCHEMA "Other Place"',
        "CREATE SCHEMA third",
      ])
        await connection.execDriverSql(sql);
    });
  });

  test.each([
    ["the search path", null],
    ["a schema", "Other Place"],
  ])("in %s", async (_place, schema) => {
    const made = everything(schema);
    await made.createAll(engine);
    const read = new MetaData();
    await read.reflect(engine, { schema });
    const expected = describeSchema(made, dialect(), schema);
    expect(describeSchema(read, dialect(), schema)).toEqual(expected);

    // What was read creates the same again elsewhere.
    const copy = new MetaData();
    for (const each of read.sortedTables) each.toMetadata(copy, { schema: "third" });
    // A default that names its type names the old schema's; nobody can rewrite that.
    const defaulted = copy.tables.get("third.types")?.columnList.find(({ name }) => name === "mood");
    if (defaulted !== undefined) defaulted.serverDefault = null;
    await copy.createAll(engine);
    const again = new MetaData();
    await again.reflect(engine, { schema: "third" });
    expect(describeSchema(again, dialect(), "third")).toEqual(describeSchema(copy, dialect(), "third"));
    await copy.dropAll(engine);
    await made.dropAll(engine);
  });
});
