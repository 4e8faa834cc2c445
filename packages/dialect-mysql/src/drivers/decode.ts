/**
 * Values as the user sees them, whatever the protocol sent: bigint, exact decimals, Date, Uint8Array, parsed JSON. Both
 * protocols of the server come through here, so that a value does not depend on how its statement was run.
 */
import { microsecondsBeyond, parseDateTime, trimFraction } from "@athanor/core";
import type { ColumnDescription } from "@athanor/driver";
import { PARSED_JSON } from "../types/adapt.ts";
import { bitsToInteger } from "../types/numeric.ts";
import { preciseDate } from "../types/precise-date.ts";

/** A column of a result. */
export interface ResultField {
  readonly name: string;
  readonly columnType: number;
  readonly columnLength: number;
  readonly characterSet: number;
  readonly flags: number;
  readonly orgTable: string;
  /** MariaDB: `json`. */
  readonly extendedFormat?: string | undefined;
}

/** Column types of the protocol.  https://dev.mysql.com/doc/dev/mysql-server/latest/field__types_8h.html */
export const types = {
  FLOAT: 4,
  TIMESTAMP: 7,
  LONGLONG: 8,
  TIME: 11,
  DATETIME: 12,
  BIT: 16,
  JSON: 245,
  TINY_BLOB: 249,
  MEDIUM_BLOB: 250,
  LONG_BLOB: 251,
  BLOB: 252,
  VAR_STRING: 253,
  STRING: 254,
} as const;

/** Character set of binary strings. */
const BINARY = 63;
/** The flag of SET columns. */
const SET = 2048;
/** Integers of so many digits are always exact as numbers. */
const SAFE_DIGITS = 15;

type Decoder = (value: never) => unknown;

const toBigInt: Decoder = (value: string | bigint) => BigInt(value);
const toNumber: Decoder = (value: string | bigint) => Number(value);
/** Node's Buffer shares memory with its neighbours; a copy is the user's own. */
const toBytes: Decoder = (value: unknown) => (value instanceof Uint8Array ? new Uint8Array(value) : value);
const toBits: Decoder = (value: unknown) => (value instanceof Uint8Array ? bitsToInteger(value) : value);
const toJson: Decoder = (value: unknown) => (typeof value === "string" ? (JSON.parse(value) as unknown) : value);
/** The package mariadb takes a SET apart, which is its type's business. */
const toMembers: Decoder = (value: unknown) => (Array.isArray(value) ? value.join(",") : value);
const toTime: Decoder = (value: string) => trimFraction(value);

/** A FLOAT as the shortest decimal that means it: 0.1 instead of 0.10000000149011612. */
const toSingle: Decoder = (value: number) => {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Object.is(Math.fround(short), Math.fround(value))) return short;
  }
  return value;
};

/** UTC, as the session's time zone is. The zero date, which is no date, becomes null. */
const toMoment: Decoder = (text: string) => {
  const milliseconds = parseDateTime(text);
  return Number.isNaN(milliseconds) ? null : preciseDate(milliseconds, text.length > 23 ? microsecondsBeyond(text) : 0);
};

/** What a column's values go through; null where they are right as they come. */
export function decoderOf(field: ResultField): Decoder | null {
  if (field.extendedFormat === "json") return toJson;
  switch (field.columnType) {
    case types.LONGLONG:
      // Expressions such as `SELECT 1` have the server's largest type; their width tells that they are small.
      return field.orgTable === "" && field.columnLength <= SAFE_DIGITS ? toNumber : toBigInt;
    case types.FLOAT:
      return toSingle;
    case types.DATETIME:
    case types.TIMESTAMP:
      return toMoment;
    case types.TIME:
      return toTime;
    case types.BIT:
      return toBits;
    case types.JSON:
      return toJson;
    case types.TINY_BLOB:
    case types.MEDIUM_BLOB:
    case types.LONG_BLOB:
    case types.BLOB:
    case types.VAR_STRING:
    case types.STRING:
      if (field.characterSet === BINARY) return toBytes;
      return (field.flags & SET) === 0 ? null : toMembers;
    default:
      return null;
  }
}

/** The columns of a result for the engine. */
export function describeColumns(fields: readonly ResultField[]): ColumnDescription[] {
  return fields.map((field) => ({
    name: field.name,
    typeCode: field.columnType === types.JSON || field.extendedFormat === "json" ? PARSED_JSON : field.columnType,
  }));
}

/** A function that decodes rows in place; null where there is nothing to decode. */
export function rowDecoder(fields: readonly ResultField[]): ((rows: unknown[][]) => void) | null {
  const positions: number[] = [];
  const decoders: Decoder[] = [];
  fields.forEach((field, position) => {
    const decoder = decoderOf(field);
    if (decoder === null) return;
    positions.push(position);
    decoders.push(decoder);
  });
  if (positions.length === 0) return null;
  return (rows) => {
    for (let index = 0; index < positions.length; index++) {
      const position = positions[index] as number;
      const decode = decoders[index] as (value: unknown) => unknown;
      for (const row of rows) {
        const value = row[position];
        if (value !== null) row[position] = decode(value);
      }
    }
  };
}
