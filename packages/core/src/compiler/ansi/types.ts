/** Names of types in DDL and CAST. A dialect spreads this table and replaces what it calls otherwise. */
import { CompileError } from "../../errors/errors.ts";
import type { UserDefinedType } from "../../types/custom.ts";
import type { TypeDecorator } from "../../types/decorator.ts";
import type { Numeric } from "../../types/numeric.ts";
import type { StringType } from "../../types/string.ts";
import type { Interval } from "../../types/temporal.ts";
import type { SqlType } from "../../types/type.ts";
import type { Uuid } from "../../types/uuid.ts";
import type { Compiler } from "../compiler.ts";
import type { TypeVisitors } from "../visitors.ts";

type TypeVisitor<T> = (compiler: Compiler, type: T) => string;

/** A type without arguments. */
export function plainType(name: string): TypeVisitor<unknown> {
  return () => name;
}

/** `name(precision, scale)` */
export function decimalType(name: string): TypeVisitor<Pick<Numeric, "precision" | "scale">> {
  return (_compiler, { precision, scale }) => {
    if (precision === undefined) return name;
    return scale === undefined ? `${name}(${precision})` : `${name}(${precision}, ${scale})`;
  };
}

/** `name(length) COLLATE collation` */
export function textType(name: string): TypeVisitor<Pick<StringType, "length" | "collation" | "collationSchema">> {
  return (compiler, type) => textTypeName(compiler, name, type);
}

/** See {@link textType}. */
export function textTypeName(
  compiler: Compiler,
  name: string,
  type: {
    readonly length?: number | undefined;
    readonly collation?: string | undefined;
    readonly collationSchema?: string | undefined;
  },
): string {
  const length = type.length === undefined || type.length === 0 ? "" : `(${type.length})`;
  return `${name}${length}${collationText(compiler, type.collation, type.collationSchema)}`;
}

/** ` COLLATE schema.name`, or nothing. */
export function collationText(compiler: Compiler, collation: string | undefined, schema: string | undefined): string {
  if (collation === undefined) return "";
  const name = compiler.identifier(collation);
  return ` COLLATE ${schema === undefined ? name : `${compiler.schemaName(schema)}.${name}`}`;
}

/** `name(length)` of binary types. */
export function binaryType(name: string): TypeVisitor<{ readonly length?: number | undefined }> {
  return (_compiler, { length }) => (length === undefined || length === 0 ? name : `${name}(${length})`);
}

function unsupported(_compiler: Compiler, type: SqlType): string {
  throw new CompileError(
    `Can't generate DDL for ${type.constructor.name}(); did you forget to specify a type on this Column?`,
    { fix: "write column(t.integer), or refer to a column that has a type" },
  );
}

const varchar = textType("VARCHAR");
const text = textType("TEXT");

/** The default names of types. */
export const ansiTypeVisitors: TypeVisitors = Object.freeze({
  INTEGER: plainType("INTEGER"),
  SMALLINT: plainType("SMALLINT"),
  BIGINT: plainType("BIGINT"),
  NUMERIC: decimalType("NUMERIC"),
  DECIMAL: decimalType("DECIMAL"),
  FLOAT: plainType("FLOAT"),
  REAL: plainType("REAL"),
  DOUBLE: plainType("DOUBLE"),
  DOUBLE_PRECISION: plainType("DOUBLE PRECISION"),
  CHAR: textType("CHAR"),
  VARCHAR: varchar,
  NCHAR: textType("NCHAR"),
  NVARCHAR: textType("NVARCHAR"),
  TEXT: text,
  CLOB: plainType("CLOB"),
  DATE: plainType("DATE"),
  TIME: plainType("TIME"),
  DATETIME: plainType("DATETIME"),
  TIMESTAMP: plainType("TIMESTAMP"),
  BINARY: binaryType("BINARY"),
  VARBINARY: binaryType("VARBINARY"),
  BLOB: plainType("BLOB"),
  BOOLEAN: plainType("BOOLEAN"),
  UUID: plainType("UUID"),
  integer: delegate("INTEGER"),
  smallInteger: delegate("SMALLINT"),
  bigInteger: delegate("BIGINT"),
  numeric: delegate("NUMERIC"),
  float: delegate("FLOAT"),
  double: delegate("DOUBLE"),
  string: delegate("VARCHAR"),
  unicode: delegate("VARCHAR"),
  enum: delegate("VARCHAR"),
  text: delegate("TEXT"),
  unicodeText: delegate("TEXT"),
  date: delegate("DATE"),
  time: delegate("TIME"),
  dateTime: delegate("DATETIME"),
  largeBinary: delegate("BLOB"),
  boolean: delegate("BOOLEAN"),
  interval: (compiler: Compiler, type: Interval) => compiler.typeText(type.impl),
  uuid: (compiler: Compiler, type: Uuid) =>
    type.nativeUuid && compiler.dialect.supportsNativeUuid
      ? typeVisitor(compiler, "UUID", type)
      : textTypeName(compiler, "CHAR", { length: 32 }),
  typeDecorator: (compiler: Compiler, type: TypeDecorator) => compiler.typeText(type.dialectImpl(compiler.dialect)),
  userDefined: (compiler: Compiler, type: UserDefinedType) => type.getColSpec(compiler.dialect),
  null: unsupported,
} as unknown as TypeVisitors);

/** The rendering of another type's name, with the arguments of this one. */
export function delegate(name: string): TypeVisitor<SqlType> {
  return (compiler, type) => typeVisitor(compiler, name, type);
}

function typeVisitor(compiler: Compiler, name: string, type: SqlType): string {
  return (compiler.dialect.typeVisitors[name] as TypeVisitor<SqlType>)(compiler, type);
}
