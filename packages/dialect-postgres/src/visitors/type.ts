/** Names of types in DDL and CAST. */
import {
  ansiTypeVisitors,
  CompileError,
  type Compiler,
  type DateTime,
  type EnumType,
  type Float,
  type SqlType,
  type TimeType,
  type TypeVisitors,
} from "@athanor/core";
import { oid } from "../oids.ts";
import type { PgArray } from "../types/array.ts";
import type { Bit } from "../types/bit.ts";
import type { Domain } from "../types/named.ts";
import type { PgInterval, PgTime, PgTimestamp } from "../types/temporal.ts";
import type { PgVerbatimType } from "../types/verbatim.ts";

const plain = (name: string) => (): string => name;

const base = ansiTypeVisitors as Readonly<Record<string, (compiler: Compiler, type: SqlType) => string>>;

const zoned =
  (name: string) =>
  (_compiler: Compiler, type: PgTimestamp | PgTime | DateTime | TimeType): string => {
    const { precision } = type as { readonly precision?: number };
    return `${name}${precision === undefined ? "" : `(${precision})`} ${type.timezone ? "WITH" : "WITHOUT"} TIME ZONE`;
  };

/** Intervals that are not to be native are moments. */
function visitInterval(compiler: Compiler, type: PgInterval): string {
  if (!type.native) return (base.interval as (compiler: Compiler, type: SqlType) => string)(compiler, type);
  const { fields, precision } = type;
  return `INTERVAL${fields === undefined ? "" : ` ${fields}`}${precision === undefined ? "" : ` (${precision})`}`;
}

function visitBit(_compiler: Compiler, { length, varying }: Bit): string {
  return `BIT${varying ? " VARYING" : ""}${length === undefined ? "" : `(${length})`}`;
}

/** `item[][]`; a collation stands behind the brackets. */
function visitArray(compiler: Compiler, type: PgArray): string {
  const item = compiler.typeText(type.itemType);
  const [, name = "", collation = ""] = /^(.*?)( COLLATE .*)?$/s.exec(item) ?? [];
  return `${name}${"[]".repeat(type.dimensions ?? 1)}${collation}`;
}

function visitEnum(compiler: Compiler, type: EnumType): string {
  if (!type.nativeEnum) return (base.VARCHAR as (compiler: Compiler, type: SqlType) => string)(compiler, type);
  return namedType(compiler, type);
}

/** The name of an enumeration or a domain, with its schema. */
export function namedType(
  compiler: Compiler,
  type: {
    readonly name: string | undefined;
    readonly schema?: string | null | undefined;
    readonly quote?: boolean | undefined;
  },
): string {
  if (type.name === undefined)
    throw new CompileError("PostgreSQL ENUM type requires a name.", {
      fix: 'write t.enum("a", "b", { name: "my_type" })',
    });
  // Names may be wrapped: quotedName(), conv().
  const name = compiler.identifier(String(type.name), type.quote ?? null);
  const schema = compiler.effectiveSchema(type.schema ?? null);
  if (schema !== null && schema !== "") return `${compiler.schemaName(schema)}.${name}`;
  // The server looks for its own types first: the column would be a plain text, number or date without a word.
  if (Object.hasOwn(oid, String(type.name)))
    throw new CompileError(
      `the type ${JSON.stringify(String(type.name))} has the name of one of PostgreSQL's own types`,
      {
        fix: "give it another name, or name its schema",
      },
    );
  return name;
}

const ranges = ["INT4", "INT8", "NUM", "DATE", "TS", "TSTZ"].flatMap((name) => [`${name}RANGE`, `${name}MULTIRANGE`]);
const simple = [
  "INET",
  "CIDR",
  "CITEXT",
  "MACADDR",
  "MACADDR8",
  "MONEY",
  "OID",
  "REGCLASS",
  "REGCONFIG",
  "TSQUERY",
  "TSVECTOR",
  "HSTORE",
  "JSON",
  "JSONB",
  "JSONPATH",
  "BYTEA",
];

/** How types are written for PostgreSQL. */
export const postgresTypeVisitors: TypeVisitors = Object.freeze({
  ...ansiTypeVisitors,
  ...Object.fromEntries([...ranges, ...simple].map((name) => [name, plain(name)])),
  FLOAT: (_compiler: Compiler, { precision }: Float) => (precision === undefined ? "FLOAT" : `FLOAT(${precision})`),
  float: (_compiler: Compiler, { precision }: Float) => (precision === undefined ? "FLOAT" : `FLOAT(${precision})`),
  double: plain("DOUBLE PRECISION"),
  json: plain("JSON"),
  jsonPath: plain("JSONPATH"),
  dateTime: zoned("TIMESTAMP"),
  TIMESTAMP: zoned("TIMESTAMP"),
  time: zoned("TIME"),
  TIME: zoned("TIME"),
  interval: visitInterval,
  INTERVAL: visitInterval,
  largeBinary: plain("BYTEA"),
  jsonbScalar: plain("JSONB"),
  BIT: visitBit,
  array: visitArray,
  ARRAY: visitArray,
  jsonbKeys: visitArray,
  enum: visitEnum,
  ENUM: visitEnum,
  VERBATIM: (compiler: Compiler, type: PgVerbatimType) => compiler.userText(type.sqlText),
  DOMAIN: (compiler: Compiler, type: Domain) => namedType(compiler, type),
} as unknown as TypeVisitors);
