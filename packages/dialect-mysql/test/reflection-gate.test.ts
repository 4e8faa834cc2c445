/** The release gate of reflection: what is created is what is read, for every type, constraint and index; and once more from what was read. */
import {
  checkConstraint,
  column,
  computed,
  foreignKeyConstraint,
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
import * as my from "../src/index.ts";
import { engineOf, url } from "./connect.ts";

/** Further databases, of this worker alone. */
const own = url?.split("/").at(-1)?.split("?")[0] ?? "";
const other = `other place ${own}`;
const place = `${own}_again`;

/** What the server says of every table of the test. */
const inherent = { mysqlEngine: "InnoDB", mysqlDefaultCharset: "utf8mb4", mysqlCollate: "utf8mb4_general_ci" };

/** Every form that the server has, written as MariaDB keeps it. */
function everything(schema: string | null, isMariaDB: boolean): MetaData {
  const metadata = new MetaData();
  const there = (name: string): string => (schema === null ? name : `${schema}.${name}`);
  const options = { schema, ...inherent };
  table(
    "types",
    metadata,
    {
      id: column(my.INTEGER, { primaryKey: true, comment: "the 'key'" }),
      unsigned: column(my.INTEGER({ unsigned: true })),
      wide: column(my.INTEGER({ displayWidth: 5, zerofill: true, unsigned: true })),
      tiny: column(my.TINYINT),
      flag: column(my.TINYINT(1), { serverDefault: text("1") }),
      utiny: column(my.TINYINT({ unsigned: true })),
      small: column(my.SMALLINT),
      medium: column(my.MEDIUMINT),
      big: column(my.BIGINT({ unsigned: true }), { serverDefault: text("18446744073709551615") }),
      decimal: column(my.DECIMAL(10, 2), { serverDefault: text("-1.50") }),
      udecimal: column(my.DECIMAL(8, 0, { unsigned: true })),
      float: column(my.FLOAT),
      floats: column(my.FLOAT(7, 3)),
      double: column(my.DOUBLE),
      doubles: column(my.DOUBLE(10, 3, { unsigned: true })),
      bit: column(my.BIT(3), { serverDefault: text("b'101'") }),
      name: column(my.VARCHAR(50), { nullable: false, serverDefault: text("'it''s \\:ok \\: 100%'") }),
      empty: column(my.VARCHAR(5), { serverDefault: text("''") }),
      binary: column(my.VARCHAR(20, { charset: "utf8mb4", collation: "utf8mb4_bin" })),
      latin: column(my.CHAR(3, { charset: "latin1", collation: "latin1_german2_ci" })),
      text: column(my.TEXT),
      tinytext: column(my.TINYTEXT),
      mediumtext: column(my.MEDIUMTEXT({ charset: "latin1", collation: "latin1_bin" })),
      longtext: column(my.LONGTEXT),
      bytes: column(my.BINARY(8)),
      variable: column(my.VARBINARY(16)),
      tinyblob: column(my.TINYBLOB),
      blob: column(my.BLOB),
      mediumblob: column(my.MEDIUMBLOB),
      longblob: column(my.LONGBLOB),
      picked: column(my.ENUM("a", "it's", "b\\c,)", { charset: "latin1", collation: "latin1_bin" }), {
        serverDefault: text("'it''s'"),
      }),
      chosen: column(my.SET("x", "y z")),
      day: column(my.DATE, { serverDefault: text("curdate()") }),
      time: column(my.TIME),
      timeFraction: column(my.TIME({ fsp: 3 })),
      moment: column(my.DATETIME),
      momentFraction: column(my.DATETIME({ fsp: 6 }), { serverDefault: text("current_timestamp(6)") }),
      stamp: column(my.TIMESTAMP({ fsp: 2 }), {
        serverDefault: text("current_timestamp(2) ON UPDATE current_timestamp(2)"),
      }),
      stampNull: column(my.TIMESTAMP),
      stampNow: column(my.TIMESTAMP, { nullable: false, serverDefault: text("current_timestamp()") }),
      year: column(my.YEAR),
      doc: column(my.JSON),
      ...(isMariaDB ? { uuid: column(t.UUID), inet4: column(my.INET4), inet6: column(my.INET6) } : {}),
      sum: column(my.INTEGER, { serverDefault: text("(1 + 2)") }),
    },
    { ...options, comment: "it's\nall types" },
  );
  table(
    "parents",
    metadata,
    {
      a: column(my.INTEGER, { autoincrement: false }),
      b: column(my.INTEGER, { autoincrement: false }),
      code: column(my.VARCHAR(10)),
      amount: column(my.INTEGER, checkConstraint("`amount` > 0")),
      twice: column(my.INTEGER, computed("`amount` * 2", { persisted: true })),
      more: column(my.INTEGER, computed("`amount` + 1", { persisted: false })),
    },
    primaryKeyConstraint("b", "a"),
    checkConstraint("`code` <> 'x,)y' and `amount` < 1000", { name: "ck_mixed" }),
    options,
  );
  table(
    "Children of ñ",
    metadata,
    {
      id: column("Id", my.INTEGER, { primaryKey: true, autoincrement: false }),
      select: column("select", my.INTEGER),
      quoted: column("a `quoted` name", my.INTEGER),
      b: column(my.INTEGER),
    },
    foreignKeyConstraint(["quoted"], [there("Children of ñ.Id")], { name: "fk_self" }),
    foreignKeyConstraint(["select", "b"], [there("parents.b"), there("parents.a")], {
      name: "fk both",
      ondelete: "SET NULL",
      onupdate: "CASCADE",
    }),
    options,
  );
  const indexed = table(
    "indexed",
    metadata,
    {
      a: column(my.INTEGER),
      b: column(my.VARCHAR(20)),
      c: column(my.TEXT),
      d: column("the D", my.INTEGER),
    },
    options,
  );
  index("ix_plain", indexed.c.a, indexed.c.d);
  index("ix_unique", indexed.c.b, { unique: true });
  index("ix Quoted", indexed.c.d.desc(), indexed.c.a);
  index("ix_length", indexed.c.c, indexed.c.a, { mysqlLength: { c: 7 } });
  index("ix_text", indexed.c.c, { mysqlPrefix: "FULLTEXT" });
  table(
    "stored",
    metadata,
    { id: column(my.INTEGER) },
    { ...options, mysqlRowFormat: "COMPRESSED", mysqlKeyBlockSize: "4" },
  );
  table(
    "ranged",
    metadata,
    { id: column(my.INTEGER) },
    {
      ...options,
      mysqlPartitionBy:
        "RANGE (`id`) (PARTITION `low` VALUES LESS THAN (10), PARTITION `high` VALUES LESS THAN MAXVALUE)",
    },
  );
  table(
    "listed",
    metadata,
    { id: column(my.INTEGER), x: column(my.INTEGER) },
    {
      ...options,
      mysqlPartitionBy:
        "LIST (`id`) SUBPARTITION BY HASH (`x`) SUBPARTITIONS 2 (PARTITION `a` VALUES IN (1,2) COMMENT = 'it''s', PARTITION `b` VALUES IN (3))",
    },
  );
  table("hashed", metadata, { id: column(my.INTEGER) }, { ...options, mysqlPartitionBy: "HASH (`id`) PARTITIONS 3" });
  return metadata;
}

describe.skipIf(url === null)("create → reflect → compare is empty", () => {
  const engine = url === null ? (undefined as never) : engineOf();
  let isMariaDB = false;

  beforeAll(async () => {
    await using connection = await engine.connect();
    isMariaDB = (connection.dialect as my.MySQLDialect).isMariaDB;
    const database = String(await connection.scalar(text("SELECT DATABASE()")));
    for (const sql of [
      `ALTER DATABASE \`${database}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`,
      `DROP DATABASE IF EXISTS \`${other}\``,
      `CREATE DATABASE \`${other}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`,
      `DROP DATABASE IF EXISTS \`${place}\``,
      `CREATE DATABASE \`${place}\` CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`,
    ])
      await connection.execDriverSql(sql);
    return async () => {
      await using last = await engine.connect();
      await last.execDriverSql(`DROP DATABASE \`${other}\``);
      await last.execDriverSql(`DROP DATABASE \`${place}\``);
    };
  });

  test.each([
    ["the database of the connection", null],
    ["another database", other],
  ])("in %s", async (_place, schema) => {
    // The forms above are MariaDB's; MySQL writes expressions in another way and is tested by reading twice.
    const made = everything(schema, isMariaDB);
    await made.createAll(engine);
    const read = new MetaData();
    await read.reflect(engine, { schema });
    const found = describeSchema(read, engine.dialect, schema);
    if (isMariaDB) expect(found).toEqual(describeSchema(made, engine.dialect, schema));

    // What was read creates the same again elsewhere.
    const copy = new MetaData();
    for (const each of read.sortedTables) each.toMetadata(copy, { schema: place });
    await copy.createAll(engine);
    const again = new MetaData();
    await again.reflect(engine, { schema: place });
    expect(describeSchema(again, engine.dialect, place)).toEqual(found);
    await copy.dropAll(engine);
    await made.dropAll(engine);
  });

  test("a unique constraint is read as the unique index that it is", async () => {
    const made = new MetaData();
    table(
      "uniques",
      made,
      { a: column(my.INTEGER), b: column(my.INTEGER) },
      uniqueConstraint("a", "b", { name: "uq" }),
    );
    await made.createAll(engine);
    const read = new MetaData();
    await read.reflect(engine, { only: ["uniques"] });
    const indexes = [...(read.tables.get("uniques")?.indexes ?? [])];
    expect(indexes.map(({ name, unique, columns }) => [name, unique, columns.map((each) => each.name)])).toEqual([
      ["uq", true, ["a", "b"]],
    ]);
    await made.dropAll(engine);
  });
});
