/** Names of types. */
import {
  ArgumentError,
  ansiTypeVisitors,
  type Compiler,
  type Float,
  type Interval,
  type Numeric,
  type StringType,
  type TypeVisitors,
} from "@athanor/core";
import type { OracleFloat, OracleJson, OracleTimestamp, Raw } from "../types/types.ts";
import type { Vector } from "../types/vector.ts";

const plain = (name: string) => () => name;
const hasJson = (compiler: Compiler): boolean => (compiler.dialect.serverVersion[0] ?? 23) >= 21;
const isNew = (compiler: Compiler): boolean => (compiler.dialect.serverVersion[0] ?? 23) >= 23;

/** `VARCHAR2(n CHAR)`; CAST without a length takes the longest. */
const varchar =
  (name: string) =>
  (compiler: Compiler, type: StringType): string => {
    // Lengths in characters came with version 9; before, they are bytes.
    const unit = (compiler.dialect.serverVersion[0] ?? 23) >= 9 ? " CHAR" : "";
    if (type.length) return `${name}(${type.length}${unit})`;
    return compiler.isDdl ? name : `${name}(4000${unit})`;
  };
const varchar2 = varchar("VARCHAR2");

type StringVisitor = (compiler: Compiler, type: StringType) => string;

/** The standard's types of text; CAST takes Oracle's own. */
const inCast =
  (inDdl: StringVisitor): StringVisitor =>
  (compiler, type) =>
    compiler.isDdl ? inDdl(compiler, type) : varchar2(compiler, type);

const nvarchar2 = (_compiler: Compiler, type: StringType): string =>
  type.length === undefined || type.length === null ? "NVARCHAR2" : `NVARCHAR2(${type.length})`;

const number = (_compiler: Compiler, type: Pick<Numeric, "precision" | "scale">): string => {
  const { precision, scale } = type;
  if (precision === undefined || precision === null) return "NUMBER";
  return scale === undefined || scale === null ? `NUMBER(${precision})` : `NUMBER(${precision}, ${scale})`;
};

const interval = (_compiler: Compiler, type: Interval): string => {
  const { dayPrecision: day, secondPrecision: second } = type as {
    dayPrecision?: number | null;
    secondPrecision?: number | null;
  };
  return `INTERVAL DAY${day === undefined || day === null ? "" : `(${day})`} TO SECOND${second === undefined || second === null ? "" : `(${second})`}`;
};

const float = (_compiler: Compiler, type: Float): string => {
  if (type.precision !== undefined && type.precision !== null) {
    throw new ArgumentError(
      "Oracle Database FLOAT types use 'binary precision', which does not convert cleanly from decimal 'precision'",
      {
        fix: `use a variant: t.float(${type.precision}).withVariant(oracle.FLOAT({ binaryPrecision: ${Math.round(type.precision / 0.30103)} }), "oracle")`,
      },
    );
  }
  return "FLOAT";
};

/** Oracle's names of types. */
export const typeVisitors: TypeVisitors = {
  ...ansiTypeVisitors,
  bigInteger: plain("NUMBER(19)"),
  string: varchar2,
  VARCHAR: inCast(varchar("VARCHAR")),
  CHAR: inCast(ansiTypeVisitors.CHAR as StringVisitor),
  NCHAR: inCast(ansiTypeVisitors.NCHAR as StringVisitor),
  VARCHAR2: varchar2,
  unicode: varchar2,
  NVARCHAR: inCast(nvarchar2),
  NVARCHAR2: inCast(nvarchar2),
  enum: (compiler: Compiler, type: StringType) => varchar(compiler.isDdl ? "VARCHAR" : "VARCHAR2")(compiler, type),
  text: plain("CLOB"),
  unicodeText: plain("CLOB"),
  NCLOB: plain("NCLOB"),
  LONG: plain("LONG"),
  boolean: (compiler: Compiler) => (isNew(compiler) ? "BOOLEAN" : "SMALLINT"),
  dateTime: plain("DATE"),
  TIMESTAMP: (_compiler: Compiler, type: { readonly timezone?: boolean }) =>
    type.timezone ? "TIMESTAMP WITH TIME ZONE" : "TIMESTAMP",
  ORACLE_TIMESTAMP: (_compiler: Compiler, type: OracleTimestamp) =>
    type.localTimezone ? "TIMESTAMP WITH LOCAL TIME ZONE" : type.timezone ? "TIMESTAMP WITH TIME ZONE" : "TIMESTAMP",
  interval: (compiler: Compiler, type: Interval) =>
    (type as { native?: boolean }).native === false ? "DATE" : interval(compiler, type),
  ORACLE_INTERVAL: interval,
  JSON: plain("JSON"),
  float,
  FLOAT: float,
  ORACLE_FLOAT: (_compiler: Compiler, type: OracleFloat) =>
    type.binaryPrecision === null ? "FLOAT" : `FLOAT(${type.binaryPrecision})`,
  double: plain("DOUBLE PRECISION"),
  BINARY_DOUBLE: plain("BINARY_DOUBLE"),
  BINARY_FLOAT: plain("BINARY_FLOAT"),
  NUMBER: number,
  largeBinary: plain("BLOB"),
  RAW: (_compiler: Compiler, type: Raw) =>
    type.length === undefined || type.length === null ? "RAW" : `RAW(${type.length})`,
  BFILE: plain("BFILE"),
  ROWID: plain("ROWID"),
  json: (compiler: Compiler) => (hasJson(compiler) ? "JSON" : "BLOB"),
  ORACLE_JSON: (compiler: Compiler, type: OracleJson) => ((type.useBlob ?? !hasJson(compiler)) ? "BLOB" : "JSON"),
  VECTOR(_compiler: Compiler, type: Vector) {
    return `VECTOR(${type.dim ?? "*"},${type.storageFormat ?? "*"},${type.storageType ?? "*"})`;
  },
};
