import {
  ArgumentError,
  CompileError,
  Compiler,
  cast,
  columnClause,
  onWarning,
  type TypeLike,
  t,
  toType,
} from "@athanor/core";
import { describe, expect, it } from "vitest";
import { mariadb, mysql8, mysql57, sqlOf } from "../../test/sql.ts";
import * as mysql from "../types/factories.ts";

const ddl = (type: TypeLike, dialect = mysql8): string => new Compiler(dialect).typeText(toType(type));

/** What CAST makes of it; undefined where there is no cast at all. */
function castTo(type: TypeLike, dialect = mysql8): string | undefined {
  const undo = onWarning(() => {});
  try {
    return /^CAST\(c AS (.*)\)$/.exec(sqlOf(cast(columnClause("c"), type), dialect))?.[1];
  } finally {
    undo();
  }
}

type Row = readonly [ddl: string, type: TypeLike, inCast?: string];

describe("types in DDL and CAST", () => {
  it.each([
    ["INTEGER", t.integer, "SIGNED INTEGER"],
    ["INTEGER(11)", mysql.INTEGER(11), "SIGNED INTEGER"],
    ["INTEGER(5) UNSIGNED ZEROFILL", mysql.INTEGER(5, { unsigned: true, zerofill: true }), "UNSIGNED INTEGER"],
    ["TINYINT(1)", mysql.TINYINT(1), "SIGNED INTEGER"],
    ["TINYINT", mysql.TINYINT, "SIGNED INTEGER"],
    ["SMALLINT", t.smallInteger, "SIGNED INTEGER"],
    ["SMALLINT(4) UNSIGNED", mysql.SMALLINT({ displayWidth: 4, unsigned: true }), "UNSIGNED INTEGER"],
    ["MEDIUMINT UNSIGNED", mysql.MEDIUMINT({ unsigned: true }), "UNSIGNED INTEGER"],
    ["BIGINT", t.bigInteger, "SIGNED INTEGER"],
    ["BIGINT UNSIGNED", mysql.BIGINT({ unsigned: true }), "UNSIGNED INTEGER"],
    ["NUMERIC", t.numeric, "DECIMAL"],
    [
      "NUMERIC(10, 2) UNSIGNED ZEROFILL",
      mysql.NUMERIC(10, 2, { unsigned: true, zerofill: true }),
      "DECIMAL(10, 2) UNSIGNED ZEROFILL",
    ],
    ["DECIMAL(10)", mysql.DECIMAL(10), "DECIMAL(10)"],
    ["FLOAT", t.float, "FLOAT"],
    ["FLOAT(24)", t.float(24), "FLOAT(24)"],
    ["FLOAT(5, 2)", mysql.FLOAT(5, 2), "FLOAT(5, 2)"],
    ["DOUBLE", t.double, "DOUBLE"],
    ["DOUBLE(5, 2)", mysql.DOUBLE(5, 2), "DOUBLE(5, 2)"],
    ["DOUBLE PRECISION", t.DOUBLE_PRECISION, "DOUBLE"],
    ["REAL(5, 2)", mysql.REAL(5, 2), "REAL(5, 2)"],
    ["REAL", t.REAL, "FLOAT"],
    ["BIT(4)", mysql.BIT(4)],
    ["YEAR(4)", mysql.YEAR(4)],
    ["DATE", t.date, "DATE"],
    ["DATETIME(3)", mysql.DATETIME({ fsp: 3 }), "DATETIME(3)"],
    ["DATETIME", t.dateTime({ timezone: true }), "DATETIME"],
    ["TIMESTAMP(3)", mysql.TIMESTAMP({ fsp: 3 }), "DATETIME"],
    ["TIME(2)", mysql.TIME({ fsp: 2 }), "TIME(2)"],
    ["DATETIME", t.interval, "DATETIME"],
    ["VARCHAR(5)", t.unicode(5), "CHAR(5)"],
    ["VARCHAR(5) COLLATE z", t.string(5, { collation: "z" }), "CHAR(5)"],
    [
      "VARCHAR(5) CHARACTER SET cs BINARY",
      mysql.VARCHAR(5, { charset: "cs", binary: true }),
      "CHAR(5) CHARACTER SET cs BINARY",
    ],
    ["VARCHAR(5) COLLATE c", mysql.VARCHAR(5, { collation: "c", binary: true }), "CHAR(5) COLLATE c"],
    ["NATIONAL VARCHAR(5)", mysql.VARCHAR(5, { national: true, charset: "x" }), "CHAR(5) CHARACTER SET x"],
    ["NATIONAL VARCHAR(10) COLLATE x", mysql.NVARCHAR(10, { collation: "x" }), "CHAR(10) COLLATE x"],
    ["NATIONAL CHAR(3)", mysql.NCHAR(3), "CHAR(3)"],
    ["CHAR", mysql.CHAR, "CHAR"],
    [
      "TEXT(5) CHARACTER SET x COLLATE y",
      mysql.TEXT(5, { charset: "x", collation: "y" }),
      "CHAR(5) CHARACTER SET x COLLATE y",
    ],
    ["LONGTEXT UNICODE", mysql.LONGTEXT({ unicode: true }), "CHAR UNICODE"],
    ["TINYTEXT ASCII", mysql.TINYTEXT({ ascii: true }), "CHAR ASCII"],
    ["MEDIUMTEXT", mysql.MEDIUMTEXT, "CHAR"],
    ["ENUM('x','y')", t.enum("x", "y")],
    ["VARCHAR(1)", t.enum("x", "y", { nativeEnum: false }), "CHAR(1)"],
    [
      "ENUM('a','b''c') CHARACTER SET latin1 COLLATE latin1_bin",
      mysql.ENUM("a", "b'c", { charset: "latin1", collation: "latin1_bin" }),
    ],
    ["SET('a','b') CHARACTER SET utf8", mysql.SET("a", "b", { charset: "utf8" })],
    ["BLOB", t.largeBinary, "BINARY"],
    ["TINYBLOB", mysql.TINYBLOB, "BINARY"],
    ["VARBINARY(3)", mysql.VARBINARY(3), "BINARY"],
    ["JSON", mysql.JSON, "JSON"],
    ["BOOL", t.boolean],
    ["CHAR(32)", t.uuid],
    ["INET4", mysql.INET4],
    ["INET6", mysql.INET6],
  ] as readonly Row[])("%s", (...row) => {
    const [text, type, inCast] = row as unknown as Row;
    expect(ddl(type)).toBe(text);
    expect(castTo(type)).toBe(inCast);
  });

  it("UUID is MariaDB's type", () => {
    expect(ddl(t.uuid, mariadb)).toBe("UUID");
    expect(ddl(t.uuid({ nativeUuid: false }), mariadb)).toBe("CHAR(32)");
  });

  it("floats are cast from 8.0.17 on", () => {
    expect(castTo(t.double, mysql57)).toBeUndefined();
    expect(castTo(t.float, mariadb)).toBeUndefined();
  });

  it("a cast that is skipped warns, and keeps parentheses where they matter", () => {
    const warnings: string[] = [];
    const undo = onWarning((message) => warnings.push(message));
    expect(sqlOf(cast(columnClause("a").add(columnClause("b")), t.boolean).mul(2))).toBe("(a + b) * ?");
    undo();
    expect(warnings).toEqual(["Datatype BOOL does not support CAST on MySQL/MariaDb; the CAST will be skipped."]);
  });

  it("refuses what MySQL would not take", () => {
    expect(() => ddl(t.string)).toThrow(new CompileError("VARCHAR requires a length on dialect mysql"));
    expect(() => ddl(t.NVARCHAR, mariadb)).toThrow("NVARCHAR requires a length on dialect mariadb");
    expect(() => mysql.DOUBLE(5)).toThrow(ArgumentError);
    expect(() => ddl(t.double(53))).toThrow(ArgumentError);
    expect(() => mysql.SET("a", "")).toThrow(/retrieveAsBitwise/);
  });
});
