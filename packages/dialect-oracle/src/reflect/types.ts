/** From the types of `ALL_TAB_COLS` to ours. */
import { type SqlType, t, warn } from "@athanor/core";
import * as oracle from "../types/types.ts";
import { VECTOR, VectorStorageFormat } from "../types/vector.ts";

/** What the catalog says of a column's type. */
export interface TypeFacts {
  /** `VARCHAR2`, `TIMESTAMP(6) WITH TIME ZONE` */
  readonly name: string;
  /** In characters; of RAW in bytes. */
  readonly length: number | null;
  readonly precision: number | null;
  readonly scale: number | null;
  /** `VECTOR(3,FLOAT32)` */
  readonly vector: string | null;
}

const text =
  (make: (length?: number) => SqlType) =>
  ({ length }: TypeFacts): SqlType =>
    length === null ? make() : make(length);

const makers: Readonly<Record<string, (facts: TypeFacts) => SqlType>> = {
  BFILE: () => oracle.BFILE(),
  BINARY_DOUBLE: () => oracle.BINARY_DOUBLE(),
  BINARY_FLOAT: () => oracle.BINARY_FLOAT(),
  BLOB: () => oracle.BLOB(),
  BOOLEAN: () => oracle.BOOLEAN(),
  CHAR: text((length) => (length === undefined ? oracle.CHAR() : oracle.CHAR(length))),
  CLOB: () => oracle.CLOB(),
  DATE: () => oracle.DATE(),
  FLOAT: ({ precision }) =>
    precision === null || precision === 126
      ? oracle.FLOAT()
      : precision === 63
        ? oracle.REAL()
        : oracle.FLOAT({ binaryPrecision: precision }),
  JSON: () => oracle.JSON(),
  LONG: () => oracle.LONG(),
  NCHAR: text((length) => (length === undefined ? oracle.NCHAR() : oracle.NCHAR(length))),
  NCLOB: () => oracle.NCLOB(),
  NUMBER: ({ precision, scale }) =>
    precision === null
      ? scale === 0
        ? t.INTEGER()
        : oracle.NUMBER()
      : scale === null
        ? oracle.NUMBER(precision)
        : oracle.NUMBER(precision, scale),
  NVARCHAR2: text((length) => (length === undefined ? oracle.NVARCHAR2() : oracle.NVARCHAR2(length))),
  RAW: text((length) => (length === undefined ? oracle.RAW() : oracle.RAW(length))),
  ROWID: () => oracle.ROWID(),
  VARCHAR2: text((length) => (length === undefined ? oracle.VARCHAR2() : oracle.VARCHAR2(length))),
  VECTOR: ({ vector }) => vectorOf(vector ?? ""),
};

/** The type of a column. */
export function typeOf(facts: TypeFacts, column: string): SqlType {
  const { name } = facts;
  if (name.startsWith("TIMESTAMP"))
    return name.includes("LOCAL")
      ? oracle.TIMESTAMP({ localTimezone: true })
      : oracle.TIMESTAMP(name.includes("TIME ZONE") ? { timezone: true } : {});
  if (name.startsWith("INTERVAL DAY")) {
    // Two digits for days and six for fractions are what is taken where none are given.
    const [day = 2, second = 6] = [...name.matchAll(/\((\d+)\)/g)].map(([, digits]) => Number(digits));
    return oracle.INTERVAL({
      ...(day === 2 ? {} : { dayPrecision: day }),
      ...(second === 6 ? {} : { secondPrecision: second }),
    });
  }
  const make = makers[name];
  if (make !== undefined) return make(facts);
  warn(`Did not recognize type '${name}' of column '${column}'`);
  return t.null();
}

function vectorOf(text: string): SqlType {
  const [, dim, format] = /\(\s*(\d+|\*)\s*(?:,\s*(\w+|\*))?/.exec(text) ?? [];
  return VECTOR({
    ...(dim === undefined || dim === "*" ? {} : { dim: Number(dim) }),
    ...(format !== undefined && Object.hasOwn(VectorStorageFormat, format)
      ? { storageFormat: format as VectorStorageFormat }
      : {}),
  });
}
