/**
 * Casts of parameters: `$1::JSON`. Types whose text says nothing about them are always cast. With a driver all others are
 * too: the protocol infers the type of a bare `$1` from its surroundings, and where these say nothing it takes it for text.
 */
import {
  type BindParameter,
  type Compiler,
  type DateTime,
  type EnumType,
  InferredString,
  MARKER,
  type SqlType,
  type TimeType,
  TypeDecorator,
  type Uuid,
} from "@athanor/core";
import type { PgArray } from "../types/array.ts";
import { Domain } from "../types/named.ts";
import { AnyRangeType } from "../types/ranges.ts";

/** The dialect as casts see it. */
export interface CastingDialect {
  /** Every parameter is cast, as the protocol needs it. */
  readonly bindCasts: boolean;
}

type Cast = (type: SqlType, compiler: Compiler) => string | null;
const fixed =
  (name: string): Cast =>
  () =>
    name;
const none: Cast = () => null;
const named: Cast = (type, compiler) => compiler.typeText(type);
const zoned =
  (name: string): Cast =>
  (type) =>
    `${name} ${(type as DateTime | TimeType).timezone ? "WITH" : "WITHOUT"} TIME ZONE`;
const uuid: Cast = (type) => ((type as Uuid).nativeUuid ? "UUID" : null);

/** Casts that are always written, by visit name. */
const always: Readonly<Record<string, Cast>> = {
  uuid,
  UUID: uuid,
  JSON: fixed("JSON"),
  json: fixed("JSON"),
  JSONB: fixed("JSONB"),
  BIT: named,
  jsonbScalar: (_type, compiler) => ((compiler.dialect as unknown as CastingDialect).bindCasts ? "JSONB" : null),
  jsonbKeys: (_type, compiler) => ((compiler.dialect as unknown as CastingDialect).bindCasts ? "TEXT[]" : "JSONB"),
};

/** Casts for drivers, by visit name: without lengths and precisions, which would cut values. */
const forDrivers: Readonly<Record<string, Cast>> = {
  integer: fixed("INTEGER"),
  INTEGER: fixed("INTEGER"),
  smallInteger: fixed("SMALLINT"),
  SMALLINT: fixed("SMALLINT"),
  bigInteger: fixed("BIGINT"),
  BIGINT: fixed("BIGINT"),
  numeric: fixed("NUMERIC"),
  NUMERIC: fixed("NUMERIC"),
  DECIMAL: fixed("NUMERIC"),
  float: fixed("FLOAT"),
  FLOAT: fixed("FLOAT"),
  double: fixed("FLOAT"),
  DOUBLE: fixed("FLOAT"),
  DOUBLE_PRECISION: fixed("FLOAT"),
  REAL: fixed("REAL"),
  string: fixed("VARCHAR"),
  VARCHAR: fixed("VARCHAR"),
  text: fixed("TEXT"),
  TEXT: fixed("TEXT"),
  unicode: fixed("VARCHAR"),
  unicodeText: fixed("TEXT"),
  CHAR: fixed("BPCHAR"),
  NCHAR: fixed("BPCHAR"),
  enum: enumeration,
  ENUM: enumeration,
  boolean: fixed("BOOLEAN"),
  BOOLEAN: fixed("BOOLEAN"),
  date: fixed("DATE"),
  DATE: fixed("DATE"),
  time: zoned("TIME"),
  TIME: zoned("TIME"),
  dateTime: zoned("TIMESTAMP"),
  DATETIME: zoned("TIMESTAMP"),
  TIMESTAMP: zoned("TIMESTAMP"),
  INTERVAL: fixed("INTERVAL"),
  interval: fixed("INTERVAL"),
  largeBinary: fixed("BYTEA"),
  BYTEA: fixed("BYTEA"),
  HSTORE: fixed("HSTORE"),
  INET: fixed("INET"),
  CIDR: fixed("CIDR"),
  MACADDR: fixed("MACADDR"),
  MACADDR8: fixed("MACADDR8"),
  MONEY: fixed("MONEY"),
  OID: fixed("OID"),
  REGCLASS: fixed("REGCLASS"),
  REGCONFIG: fixed("REGCONFIG"),
  TSVECTOR: fixed("TSVECTOR"),
  TSQUERY: fixed("TSQUERY"),
  JSONPATH: fixed("JSONPATH"),
  CITEXT: fixed("CITEXT"),
  jsonStringIndex: fixed("TEXT"),
  jsonIntegerIndex: fixed("INT"),
  jsonPath: fixed("TEXT[]"),
  DOMAIN: (type, compiler) => castOf(compiler, (type as Domain).dataType),
  array: arrayCast,
  ARRAY: arrayCast,
};

function enumeration(type: SqlType, compiler: Compiler): string | null {
  const { nativeEnum, name } = type as EnumType;
  if (!nativeEnum) return "VARCHAR";
  return name === undefined ? null : compiler.typeText(type);
}

function arrayCast(type: SqlType, compiler: Compiler): string | null {
  const { itemType } = type as PgArray;
  // An array of a domain is no array of its base type; a single value may be either, without the domain's conditions.
  const item = itemType instanceof Domain ? compiler.typeText(itemType) : castOf(compiler, itemType);
  return item === null ? null : `${item}[]`;
}

/** What a parameter of the type is cast to; null for no cast. */
export function castOf(compiler: Compiler, given: SqlType): string | null {
  let type = compiler.dialect.adaptType(given);
  while (type instanceof TypeDecorator) type = type.dialectImpl(compiler.dialect);
  if (type instanceof InferredString) return null;
  if (type instanceof AnyRangeType) return compiler.typeText(type);
  const own = always[type.visitName];
  if (own !== undefined) return own(type, compiler);
  if (!(compiler.dialect as unknown as CastingDialect).bindCasts) return null;
  return (forDrivers[type.visitName] ?? none)(type, compiler);
}

/** `$1` or `$1::TYPE` */
export function visitBind(compiler: Compiler, bind: BindParameter): string {
  if (bind.tupleTypes !== null) return compiler.bind(bind);
  const cast = castOf(compiler, bind.type);
  return compiler.bind(bind, cast === null ? null : `${MARKER}::${cast}`);
}
