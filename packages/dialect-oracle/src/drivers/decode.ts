/** From what oracledb reads to one JavaScript value for a type, whatever the statement. */
import { formatDateTime, formatMicroseconds } from "@athanor/core";
import type { ColumnDescription } from "@athanor/driver";
import { PARSED_JSON } from "../types/json.ts";
import type { OracleParameterType } from "../types/parameter.ts";
import type { NativeColumn, NativeFetch, NativeLob, NativeModule } from "./native.ts";

type Decoder = ((value: unknown) => unknown) | null;

/** Whole numbers of up to so many digits are numbers, of more bigint. */
const SAFE_DIGITS = 15;
/** INTEGER is NUMBER(38, 0). */
const INTEGER_PRECISION = 38;
const FLOATING_SCALE = -127;

/** How columns are fetched: numbers as text, LOBs as values, dates as moments that no time zone of the machine moves. */
export function fetchHandler(module: NativeModule): (column: NativeColumn) => NativeFetch | undefined {
  const kinds = new Map([
    [module.DB_TYPE_NUMBER, { type: module.DB_TYPE_VARCHAR }],
    [module.DB_TYPE_CLOB, { type: module.DB_TYPE_VARCHAR }],
    [module.DB_TYPE_NCLOB, { type: module.DB_TYPE_NVARCHAR }],
    [module.DB_TYPE_BLOB, { type: module.DB_TYPE_RAW }],
    [module.DB_TYPE_DATE, { type: module.DB_TYPE_TIMESTAMP_LTZ }],
    [module.DB_TYPE_TIMESTAMP, { type: module.DB_TYPE_TIMESTAMP_LTZ }],
  ]);
  return ({ dbType }) => kinds.get(dbType);
}

/** `.5` as `0.5`. */
function withZero(text: string): string {
  return text.replace(/^(-?)\./, "$10.");
}

/** With `scale` digits after the point. */
function padded(text: string, scale: number): string {
  const plain = withZero(text);
  const point = plain.indexOf(".");
  const digits = point < 0 ? 0 : plain.length - point - 1;
  return digits >= scale ? plain : `${point < 0 ? `${plain}.` : plain}${"0".repeat(scale - digits)}`;
}

const toNumber = (value: unknown): unknown => Number(value);
const toBigInt = (value: unknown): unknown => BigInt(value as string);
const toBytes = (value: unknown): unknown => new Uint8Array(value as Uint8Array);

/** Whole numbers that no type tells the size of: bigint where a number would not be exact. */
function toWhole(value: unknown): unknown {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt(value as string);
}

/** Numbers of expressions: whole ones as such, others as the exact text. */
function toAny(value: unknown): unknown {
  const text = String(value);
  return /^-?\d+$/.test(text) ? toWhole(text) : withZero(text);
}

/** A BINARY_FLOAT as the shortest decimal that means it. */
function toSingle(value: unknown): unknown {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number((value as number).toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** `{ days, hours, minutes, seconds, fseconds }` as ISO text. */
function toDuration(value: unknown): unknown {
  const { days, hours, minutes, seconds, fseconds } = value as Readonly<Record<string, number>>;
  const whole = (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
  return formatMicroseconds(whole * 1_000_000 + Math.trunc((fseconds ?? 0) / 1000));
}

const toText = (value: unknown): unknown => formatDateTime((value as Date).getTime());

const toNumbers = (value: unknown): unknown =>
  ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value;

function numberDecoder({ precision = 0, scale = 0 }: NativeColumn): Decoder {
  if (precision === 0) return toAny;
  if (scale === FLOATING_SCALE) return toNumber;
  if (scale > 0) return (value) => padded(value as string, scale);
  if (precision <= SAFE_DIGITS) return toNumber;
  return precision === INTEGER_PRECISION ? toWhole : toBigInt;
}

/** What a column's values go through; null where they are right as they come. */
function decoderOf(column: NativeColumn, module: NativeModule, asText: boolean): Decoder {
  switch (column.dbType) {
    case module.DB_TYPE_NUMBER:
      return numberDecoder(column);
    case module.DB_TYPE_BINARY_FLOAT:
      return toSingle;
    case module.DB_TYPE_RAW:
    case module.DB_TYPE_BLOB:
    case module.DB_TYPE_LONG_RAW:
      return toBytes;
    case module.DB_TYPE_DATE:
    case module.DB_TYPE_TIMESTAMP:
    case module.DB_TYPE_TIMESTAMP_TZ:
    case module.DB_TYPE_TIMESTAMP_LTZ:
      return asText ? toText : null;
    case module.DB_TYPE_INTERVAL_DS:
      return toDuration;
    case module.DB_TYPE_VECTOR:
      return toNumbers;
    default:
      return null;
  }
}

/** Reads the rows of one result. */
export class RowReader {
  readonly columns: readonly ColumnDescription[];
  readonly #decoders: readonly Decoder[];

  /** @param textColumns positions that are wanted as text. */
  constructor(columns: readonly NativeColumn[], module: NativeModule, textColumns: readonly number[] | undefined) {
    this.columns = columns.map(({ name, dbType, dbTypeName }) => ({
      name,
      typeCode: dbType === module.DB_TYPE_JSON ? PARSED_JSON : (dbTypeName ?? dbType.name),
    }));
    this.#decoders = columns.map((column, index) => decoderOf(column, module, textColumns?.includes(index) === true));
  }

  /** Decodes rows in place. */
  read(rows: unknown[][]): unknown[][] {
    this.#decoders.forEach((decode, position) => {
      if (decode === null) return;
      for (const row of rows) {
        const value = row[position];
        if (value !== null && value !== undefined) row[position] = decode(value);
      }
    });
    return rows;
  }
}

/** What came back in an out parameter. LOBs have been read. */
export function outValue(value: unknown, { name }: OracleParameterType): unknown {
  if (value === null || value === undefined) return null;
  switch (name) {
    case "number":
      return toAny(value);
    case "binaryFloat":
      return toSingle(value);
    case "raw":
    case "blob":
      return toBytes(value);
    case "interval":
      return toDuration(value);
    case "vector":
      return toNumbers(value);
    default:
      return value;
  }
}

/** Whether a value is a LOB that is still to be read. */
export function isLob(value: unknown): value is NativeLob {
  return value !== null && typeof value === "object" && typeof (value as Partial<NativeLob>).getData === "function";
}
