/** Names of types in CREATE TABLE. What CAST accepts is in ./cast.ts. */
import {
  ArgumentError,
  ansiTypeVisitors,
  CompileError,
  type Compiler,
  type EnumType,
  quoteString,
  type SqlType,
  type TypeDialect,
  type TypeVisitors,
  t,
} from "@athanor/core";
import type { CharacterOptions } from "../types/text.ts";

/** What a type may have beside its class: those of core and MySQL's own. */
interface Attributes extends CharacterOptions {
  readonly length?: number | undefined;
  readonly precision?: number | undefined;
  readonly scale?: number | undefined;
  readonly displayWidth?: number | undefined;
  readonly unsigned?: boolean | undefined;
  readonly zerofill?: boolean | undefined;
  readonly fsp?: number | undefined;
  readonly collation?: string | undefined;
}

type Render = (compiler: Compiler, type: SqlType & Attributes) => string;

const signs = ({ unsigned, zerofill }: Attributes): string =>
  `${unsigned ? " UNSIGNED" : ""}${zerofill ? " ZEROFILL" : ""}`;
const sized = (name: string, size: number | undefined): string => (size === undefined ? name : `${name}(${size})`);

const integer =
  (name: string): Render =>
  (_compiler, type) =>
    sized(name, type.displayWidth) + signs(type);

/** Precision and scale, as far as they are there. */
export function decimalText(name: string, { precision, scale }: Attributes): string {
  if (precision === undefined) return name;
  return scale === undefined ? `${name}(${precision})` : `${name}(${precision}, ${scale})`;
}

const exact =
  (name: string): Render =>
  (_compiler, type) =>
    decimalText(name, type) + signs(type);

const approximate =
  (name: string): Render =>
  (_compiler, type) => {
    if ((type.precision === undefined) !== (type.scale === undefined))
      throw new ArgumentError("You must specify both precision and scale or omit both altogether.");
    return decimalText(name, type) + signs(type);
  };

const float: Render = (_compiler, type) => decimalText("FLOAT", type) + signs(type);

const fraction =
  (name: string): Render =>
  (_compiler, type) =>
    // 0 is what the server takes without a number.
    sized(name, type.fsp || undefined);

/** A text type with its character set and collation. */
export function characterText(spec: string, type: Attributes): string {
  const charset =
    type.charset !== undefined
      ? `CHARACTER SET ${type.charset}`
      : type.ascii
        ? "ASCII"
        : type.unicode
          ? "UNICODE"
          : undefined;
  const collation = type.collation !== undefined ? `COLLATE ${type.collation}` : type.binary ? "BINARY" : undefined;
  const parts = type.national ? ["NATIONAL", spec, collation] : [spec, charset, collation];
  return parts.filter((part) => part !== undefined).join(" ");
}

const characters =
  (name: string, national = false): Render =>
  (compiler, type) => {
    if (type.length === undefined && name === "VARCHAR")
      throw new CompileError(
        `${national ? "NVARCHAR" : "VARCHAR"} requires a length on dialect ${compiler.dialect.name}`,
      );
    return characterText(sized(name, type.length), national ? { ...attributesOf(type), national: true } : type);
  };

const attributesOf = ({ collation, binary }: Attributes): Attributes => ({ collation, binary });

const longText =
  (name: string, withLength = false): Render =>
  (_compiler, type) =>
    characterText(withLength ? sized(name, type.length) : name, type);

const bytes =
  (name: string): Render =>
  (compiler, type) => {
    if (type.length === undefined && name === "VARBINARY")
      throw new CompileError(`VARBINARY requires a length on dialect ${compiler.dialect.name}`);
    return sized(name, type.length);
  };

/** The values of ENUM and SET. */
function listText(compiler: Compiler, name: string, values: readonly string[], type: Attributes): string {
  const list = values.map((value) => quoteString(value, compiler.dialect as TypeDialect)).join(",");
  return characterText(`${name}(${list})`, type);
}

const enumeration: Render = (compiler, type) => {
  const { enums, nativeEnum } = type as unknown as EnumType;
  return nativeEnum ? listText(compiler, "ENUM", enums, type) : compiler.typeText(t.VARCHAR(type.length));
};

const fixed =
  (name: string): Render =>
  () =>
    name;

/** The types of MySQL and MariaDB. */
export const typeVisitors: TypeVisitors = Object.freeze({
  ...ansiTypeVisitors,
  integer: integer("INTEGER"),
  smallInteger: integer("SMALLINT"),
  bigInteger: integer("BIGINT"),
  INTEGER: integer("INTEGER"),
  TINYINT: integer("TINYINT"),
  SMALLINT: integer("SMALLINT"),
  MEDIUMINT: integer("MEDIUMINT"),
  BIGINT: integer("BIGINT"),
  numeric: exact("NUMERIC"),
  NUMERIC: exact("NUMERIC"),
  DECIMAL: exact("DECIMAL"),
  float,
  FLOAT: float,
  double: approximate("DOUBLE"),
  DOUBLE: approximate("DOUBLE"),
  DOUBLE_PRECISION: fixed("DOUBLE PRECISION"),
  REAL: approximate("REAL"),
  BIT: (_compiler: Compiler, type: SqlType & Attributes) => sized("BIT", type.length),
  string: characters("VARCHAR"),
  unicode: characters("VARCHAR"),
  text: longText("TEXT", true),
  unicodeText: longText("TEXT", true),
  CHAR: characters("CHAR"),
  VARCHAR: characters("VARCHAR"),
  NCHAR: characters("CHAR", true),
  NVARCHAR: characters("VARCHAR", true),
  TEXT: longText("TEXT", true),
  TINYTEXT: longText("TINYTEXT"),
  MEDIUMTEXT: longText("MEDIUMTEXT"),
  LONGTEXT: longText("LONGTEXT"),
  CLOB: fixed("CLOB"),
  enum: enumeration,
  ENUM: enumeration,
  SET: (compiler: Compiler, type: SqlType & Attributes & { readonly values: readonly string[] }) =>
    listText(compiler, "SET", type.values, type),
  largeBinary: bytes("BLOB"),
  BINARY: bytes("BINARY"),
  VARBINARY: bytes("VARBINARY"),
  BLOB: bytes("BLOB"),
  TINYBLOB: fixed("TINYBLOB"),
  MEDIUMBLOB: fixed("MEDIUMBLOB"),
  LONGBLOB: fixed("LONGBLOB"),
  boolean: fixed("BOOL"),
  BOOLEAN: fixed("BOOL"),
  date: fixed("DATE"),
  DATE: fixed("DATE"),
  time: fraction("TIME"),
  TIME: fraction("TIME"),
  dateTime: fraction("DATETIME"),
  DATETIME: fraction("DATETIME"),
  TIMESTAMP: fraction("TIMESTAMP"),
  interval: fixed("DATETIME"),
  YEAR: (_compiler: Compiler, type: SqlType & Attributes) => sized("YEAR", type.displayWidth),
  json: fixed("JSON"),
  JSON: fixed("JSON"),
  uuid: (compiler: Compiler, type: SqlType & { readonly nativeUuid: boolean }) =>
    type.nativeUuid && compiler.dialect.supportsNativeUuid ? "UUID" : "CHAR(32)",
  UUID: fixed("UUID"),
  INET4: fixed("INET4"),
  INET6: fixed("INET6"),
} as unknown as TypeVisitors);
