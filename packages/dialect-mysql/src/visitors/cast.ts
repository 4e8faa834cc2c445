/** CAST: MySQL casts to a handful of types only; to others it does not cast at all. */
import {
  BinaryType,
  type Cast,
  type Compiler,
  DateTime,
  DateType,
  exactTypes,
  Float,
  Integer,
  Interval,
  JSONType,
  LargeBinary,
  Numeric,
  type SqlType,
  StringType,
  TimeType,
  TypeDecorator,
  warn,
} from "@athanor/core";
import { serverOf } from "../server.ts";
import { MySQLBit } from "../types/numeric.ts";
import { isEnumerated } from "../types/set.ts";
import { MySQLTimestamp, MySQLYear } from "../types/temporal.ts";
import { type CharacterOptions, MariaDBInet4, MariaDBInet6 } from "../types/text.ts";
import { characterText } from "./type.ts";

/**
 * The type of a CAST, null where MySQL has none.  https://dev.mysql.com/doc/refman/8.4/en/cast-functions.html
 */
function castType(compiler: Compiler, given: SqlType): string | null {
  const type = compiler.dialect.adaptType(given);
  if (type instanceof TypeDecorator) return castType(compiler, type.dialectImpl(compiler.dialect));
  if (
    type instanceof MySQLBit ||
    type instanceof MySQLYear ||
    type instanceof MariaDBInet4 ||
    type instanceof MariaDBInet6
  )
    return null;
  if (type instanceof Integer) return (type as { unsigned?: boolean }).unsigned ? "UNSIGNED INTEGER" : "SIGNED INTEGER";
  if (type instanceof MySQLTimestamp || type instanceof exactTypes.TIMESTAMP || type instanceof Interval)
    return "DATETIME";
  if (type instanceof DateTime || type instanceof DateType || type instanceof TimeType || type instanceof JSONType)
    return compiler.typeText(type);
  if (isEnumerated(type)) return null;
  if (type instanceof StringType) return stringCast(type);
  if (type instanceof LargeBinary || type instanceof BinaryType) return "BINARY";
  if (type instanceof Numeric) return compiler.typeText(type).replace("NUMERIC", "DECIMAL");
  if (type instanceof Float) return serverOf(compiler).floatCasts ? floatCast(compiler, type) : null;
  return null;
}

/** Core's own text types have no character set, and their collation is the column's business. */
function stringCast(type: StringType): string {
  const spec = type.length === undefined || isLong(type) ? "CHAR" : `CHAR(${type.length})`;
  return "charset" in type
    ? characterText(spec, { ...(type as StringType & CharacterOptions), national: undefined })
    : spec;
}

/** TINYTEXT and its kin have no length in CAST. */
function isLong(type: StringType): boolean {
  return /^(TINY|MEDIUM|LONG)TEXT$/.test(type.visitName);
}

function floatCast(compiler: Compiler, type: Float): string {
  if (type instanceof exactTypes.REAL) return "FLOAT";
  return type instanceof exactTypes.DOUBLE_PRECISION ? "DOUBLE" : compiler.typeText(type);
}

/** `CAST(a AS type)`, or `a` where MySQL cannot cast to the type. */
export function visitCast(compiler: Compiler, cast: Cast): string {
  const type = castType(compiler, cast.type);
  if (type !== null) return `CAST(${compiler.visit(cast.element)} AS ${type})`;
  warn(`Datatype ${compiler.typeText(cast.type)} does not support CAST on MySQL/MariaDb; the CAST will be skipped.`);
  return compiler.visit(cast.element.selfGroup(null));
}
