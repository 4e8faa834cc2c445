import {
  type Column,
  case_,
  checkConstraint,
  column,
  computed,
  createIndex,
  createSequence,
  createTable,
  dropConstraint,
  foreignKeyConstraint,
  func,
  identity,
  index,
  MetaData,
  sequence,
  setColumnComment,
  setTableComment,
  t,
  table,
  text,
  uniqueConstraint,
} from "@athanor/core";
import { describe, expect, it } from "vitest";
import { expectSql, mariadb, mysql8, mysql57, sqlOf } from "../../test/sql.ts";
import { TIMESTAMP } from "../types/factories.ts";

const body = (columns: Readonly<Record<string, Column>>, dialect = mysql8): string =>
  sqlOf(createTable(table("t", new MetaData(), columns)), dialect).slice("CREATE TABLE t (".length, -1);

describe("DEFAULT", () => {
  it.each([
    [text("CURRENT_TIMESTAMP"), "CURRENT_TIMESTAMP"],
    [text("CURRENT_TIMESTAMP(6)"), "CURRENT_TIMESTAMP(6)"],
    [text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"), "CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"],
    [func.now(), "(now())"],
    [text("-5"), "(-5)"],
    [text("5"), "5"],
    [text("'x'"), "'x'"],
    [text("(uuid())"), "(uuid())"],
    [text("null"), "null"],
    ["it's", "'it''s'"],
  ])("%s is %s", (given, expected) => {
    expect(body({ a: column(t.integer, { serverDefault: given }) })).toBe(`a INTEGER DEFAULT ${expected}`);
  });

  it("has no parentheses where the server knows no expressions there", () => {
    expect(body({ a: column(t.dateTime, { serverDefault: func.now() }) }, mysql57)).toBe("a DATETIME DEFAULT now()");
  });
});

describe("columns", () => {
  it("TIMESTAMP says NULL", () => {
    expect(body({ a: column(t.TIMESTAMP), b: column(TIMESTAMP({ fsp: 3 }), { nullable: false }) })).toBe(
      "a TIMESTAMP NULL, b TIMESTAMP(3) NOT NULL",
    );
  });

  it("comments, generated columns, numbering", () => {
    expect(
      body({
        id: column(t.integer, identity({ start: 3 }), { primaryKey: true, comment: "k" }),
        v: column(t.integer, computed("1", { persisted: false }), { nullable: false, comment: "c" }),
      }),
    ).toBe(
      "id INTEGER NOT NULL COMMENT 'k' AUTO_INCREMENT, v INTEGER GENERATED ALWAYS AS (1) VIRTUAL NOT NULL COMMENT 'c', PRIMARY KEY (id)",
    );
    expect(body({ id: column(t.integer, { primaryKey: true, serverDefault: "5" }) })).toBe(
      "id INTEGER NOT NULL DEFAULT '5', PRIMARY KEY (id)",
    );
    expect(body({ id: column(t.integer, sequence("s"), { primaryKey: true }) })).toBe(
      "id INTEGER NOT NULL AUTO_INCREMENT, PRIMARY KEY (id)",
    );
    expect(body({ id: column(t.integer, sequence("s"), { primaryKey: true }) }, mariadb)).toBe(
      "id INTEGER NOT NULL, PRIMARY KEY (id)",
    );
  });
});

describe("table options", () => {
  const options = (given: Record<string, unknown>, dialect = mysql8) =>
    sqlOf(createTable(table("t", new MetaData(), { a: column(t.integer) }, given as never)), dialect).replace(
      "CREATE TABLE t (a INTEGER)",
      "",
    );

  it("stand behind the columns, a collation behind its character set, partitions last", () => {
    expect(
      options({
        mysqlPartitions: 4,
        mysqlPartitionBy: "HASH(a)",
        mysqlCollate: "utf8mb4_bin",
        mysqlEngine: "InnoDB",
        mysqlCharset: "utf8mb4",
        mysqlRowFormat: "DYNAMIC",
      }),
    ).toBe("ENGINE=InnoDB CHARSET=utf8mb4 ROW_FORMAT=DYNAMIC COLLATE utf8mb4_bin PARTITION BY HASH(a) PARTITIONS 4");
    expect(
      options({
        mysqlTablespace: "ts",
        mysqlPassword: "p",
        mysqlDataDirectory: "/x",
        mysqlDefaultCharset: "latin1",
        comment: "it's",
      }),
    ).toBe("TABLESPACE ts PASSWORD='p' DATA DIRECTORY=/x DEFAULT CHARSET=latin1 COMMENT='it''s'");
  });

  it("are those of the dialect's name", () => {
    expect(options({ mysqlEngine: "InnoDB", mariadbEngine: "Aria" }, mariadb)).toBe("ENGINE=Aria");
    expect(options({ mysqlEngine: "InnoDB" }, mariadb)).toBe("");
  });
});

describe("indexes", () => {
  const rows = table("t", new MetaData(), {
    id: column(t.integer, { primaryKey: true }),
    a: column(t.string(50)),
    b: column(t.text),
  });
  const { id, a, b } = rows.c;

  expectSql([
    [
      "lengths by column",
      () => createIndex(index("i", a.desc(), b, { mysqlLength: { a: 5, b: 7 } })),
      "CREATE INDEX i ON t (a(5) DESC, b(7))",
      "CREATE INDEX i ON t (a DESC, b)",
    ],
    [
      "one length",
      () => createIndex(index("i", a, b, { mysqlLength: 7 })),
      "CREATE INDEX i ON t (a(7), b(7))",
      "CREATE INDEX i ON t (a, b)",
    ],
    [
      "full text",
      () => createIndex(index("i", b, { mysqlPrefix: "FULLTEXT", mysqlWithParser: "ngram" })),
      "CREATE FULLTEXT INDEX i ON t (b) WITH PARSER ngram",
      "CREATE INDEX i ON t (b) WITH PARSER ngram",
    ],
    [
      "expressions in parentheses of their own",
      () => createIndex(index("i", func.lower(a).desc(), id.add(1), id.neg())),
      "CREATE INDEX i ON t ((lower(a)) DESC, (id + 1), (-id))",
    ],
    [
      "CASE",
      () => createIndex(index("i", case_([a.eq("x"), 1], { else: 2 }))),
      "CREATE INDEX i ON t ((CASE WHEN (a = 'x') THEN 1 ELSE 2 END))",
    ],
  ]);

  it("refuses words that are none", () => {
    expect(() => sqlOf(createIndex(index("i", a, { mysqlUsing: "btree) DROP TABLE x" })))).toThrow(/must be a word/);
  });
});

describe("ALTER TABLE", () => {
  const rows = table(
    "t",
    new MetaData(),
    { a: column(t.integer, { comment: "it's", nullable: false, serverDefault: "5" }) },
    { schema: "s", comment: "c\\" },
  );

  expectSql([
    [
      "dropping a UNIQUE",
      () => dropConstraint(uniqueConstraint(rows.c.a, { name: "u" })),
      "ALTER TABLE s.t DROP INDEX u",
    ],
    [
      "dropping a CHECK",
      () => dropConstraint(checkConstraint(rows.c.a.gt(1), { name: "c" })),
      "ALTER TABLE s.t DROP CHECK c",
      "ALTER TABLE s.t DROP CONSTRAINT c",
    ],
    [
      "dropping a foreign key",
      () => dropConstraint(foreignKeyConstraint([rows.c.a], [rows.c.a], { name: "f" })),
      "ALTER TABLE s.t DROP FOREIGN KEY f",
    ],
    ["a table's comment", () => setTableComment(rows), String.raw`ALTER TABLE s.t COMMENT 'c\\'`],
    [
      "a column's comment repeats the column",
      () => setColumnComment(rows.c.a),
      "ALTER TABLE s.t CHANGE a a INTEGER NOT NULL COMMENT 'it''s' DEFAULT '5'",
    ],
    [
      "a sequence",
      () => createSequence(sequence("q", { cycle: false, cache: 0, nominvalue: true })),
      "CREATE SEQUENCE q NO MINVALUE CACHE 0 NOCYCLE",
    ],
  ]);
});
