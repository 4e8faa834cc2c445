/** Names of types. */
import {
  ansiTypeVisitors,
  type Compiler,
  type EnumType,
  type LargeBinary,
  type SqlType,
  type StringType,
  type TypeVisitors,
} from "@athanor/core";
import type { DateTime2, DateTimeOffset, MSTime, NVarChar, VarBinary, VarChar } from "../types/types.ts";

const collated = (
  compiler: Compiler,
  text: string,
  type: { readonly collation?: string | null | undefined },
): string =>
  type.collation
    ? `${text} COLLATE ${compiler.visit({ kind: "collation", collation: type.collation } as never)}`
    : text;

/** A length of 0 is no length. */
const lengthOf = (type: { readonly size?: unknown; readonly length?: number | null | undefined }): unknown =>
  type.size || type.length || "max";
const sized = (name: string) => (compiler: Compiler, type: StringType) =>
  collated(compiler, `${name}(${lengthOf(type)})`, type);
/** The types of any length had names of their own before SQL Server 2012. */
const large =
  (name: string, before2012: string) =>
  (compiler: Compiler, type: StringType): string =>
    (compiler.dialect.serverVersion[0] ?? 16) < 11
      ? collated(compiler, before2012, type)
      : collated(compiler, `${name}(${lengthOf(type)})`, type);
const fixed = (name: string) => (compiler: Compiler, type: StringType) =>
  collated(compiler, type.length ? `${name}(${type.length})` : name, type);
const plain = (name: string) => () => name;
const precise = (name: string) => (_compiler: Compiler, type: { readonly precision?: number | null }) =>
  type.precision === null || type.precision === undefined ? name : `${name}(${type.precision})`;
const named = (...names: readonly string[]): TypeVisitors =>
  Object.fromEntries(names.map((name) => [name, plain(name)]));

/** SQL Server's names of types. */
export const typeVisitors: TypeVisitors = {
  ...ansiTypeVisitors,
  ...named(
    "TINYINT",
    "BIT",
    "MONEY",
    "SMALLMONEY",
    "SMALLDATETIME",
    "UNIQUEIDENTIFIER",
    "SQL_VARIANT",
    "IMAGE",
    "ROWVERSION",
    "TIMESTAMP",
    "XML",
    "DATE",
    "DATETIME",
  ),
  boolean: plain("BIT"),
  string: sized("VARCHAR"),
  VARCHAR: sized("VARCHAR") as (compiler: Compiler, type: VarChar) => string,
  CHAR: fixed("CHAR"),
  NCHAR: fixed("NCHAR"),
  TEXT: fixed("TEXT"),
  NTEXT: fixed("NTEXT"),
  text: large("VARCHAR", "TEXT"),
  unicode: sized("NVARCHAR"),
  NVARCHAR: sized("NVARCHAR") as (compiler: Compiler, type: NVarChar) => string,
  unicodeText: large("NVARCHAR", "NTEXT"),
  enum: (_compiler: Compiler, type: EnumType) => `VARCHAR(${lengthOf(type)})`,
  date: (compiler: Compiler) => ((compiler.dialect.serverVersion[0] ?? 16) < 10 ? "DATETIME" : "DATE"),
  time: plain("TIME"),
  TIME: precise("TIME") as (compiler: Compiler, type: MSTime) => string,
  dateTime: (_compiler: Compiler, type: { readonly timezone?: boolean }) =>
    type.timezone ? "DATETIMEOFFSET" : "DATETIME",
  interval: plain("DATETIME"),
  DATETIME2: precise("DATETIME2") as (compiler: Compiler, type: DateTime2) => string,
  DATETIMEOFFSET: precise("DATETIMEOFFSET") as (compiler: Compiler, type: DateTimeOffset) => string,
  largeBinary: (compiler: Compiler, type: LargeBinary) =>
    (compiler.dialect.serverVersion[0] ?? 16) < 11 ? "IMAGE" : `VARBINARY(${lengthOf(type)})`,
  VARBINARY: (_compiler: Compiler, type: VarBinary) =>
    `VARBINARY(${lengthOf(type)})${type.filestream ? " FILESTREAM" : ""}`,
  json: plain("NVARCHAR(max)"),
  JSON: plain("NVARCHAR(max)"),
  float: precise("FLOAT"),
  FLOAT: precise("FLOAT"),
  double: plain("DOUBLE PRECISION"),
  uuid: (_compiler: Compiler, type: SqlType & { readonly nativeUuid?: boolean }) =>
    type.nativeUuid === false ? "CHAR(32)" : "UNIQUEIDENTIFIER",
};
