/** From what tedious reads to the values of design: one JavaScript value for a type, whatever the statement. */
import { formatDateTime } from "@athanor/core";
import type { ColumnDescription } from "@athanor/driver";
import { textOfDouble } from "./exact.ts";
import type { NativeColumn, NativeValue } from "./native.ts";

type Decoder = ((value: unknown) => unknown) | null;

/** tedious keeps what a Date cannot hold beside it, in seconds; a multiple of 100 nanoseconds. */
type PreciseDate = Date & { readonly nanosecondsDelta?: number };

const toBigInt = (value: unknown): unknown => BigInt(value as string);
const toBytes = (value: unknown): unknown => new Uint8Array(value as Uint8Array);
const toDay = (value: unknown): unknown => (formatDateTime((value as Date).getTime()) ?? "").slice(0, 10);

function ticksBeyond(date: PreciseDate): number {
  return Math.round((date.nanosecondsDelta ?? 0) * 1e7);
}

/** `HH:MM:SS.fffffff`, without zeros at the end. */
function toTime(value: unknown): unknown {
  const date = value as PreciseDate;
  const ticks = String(ticksBeyond(date)).padStart(4, "0");
  const text = `${new Date(Math.floor(date.getTime())).toISOString().slice(11, 23)}${ticks}`;
  return text.replace(/\.?0+$/, "");
}

/** `YYYY-MM-DD HH:MM:SS.ffffff`, for columns that are wanted as text. */
function toMomentText(value: unknown): unknown {
  const date = value as PreciseDate;
  return formatDateTime(Math.floor(date.getTime()), Math.floor(ticksBeyond(date) / 10));
}

/** A REAL as the shortest decimal that means it: 0.1 instead of 0.10000000149011612. */
function toSingle(value: unknown): unknown {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number((value as number).toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** What the values of SQL_VARIANT are when they are not right as they come. */
function toVariant(value: unknown): unknown {
  return Buffer.isBuffer(value) ? toBytes(value) : value;
}

/** What a column's values go through; null where they are right as they come. */
function decoderOf(column: NativeColumn, isExact: boolean, asText: boolean): Decoder {
  switch (column.type.name) {
    case "BigInt":
      return toBigInt;
    case "IntN":
      return column.dataLength === 8 ? toBigInt : null;
    case "Real":
      return toSingle;
    case "FloatN":
      return column.dataLength === 4 ? toSingle : null;
    case "Decimal":
    case "DecimalN":
    case "Numeric":
    case "NumericN":
      return isExact ? null : (value) => textOfDouble(value as number, column.scale ?? 0, column.colName);
    case "Money":
    case "SmallMoney":
    case "MoneyN":
      return isExact ? null : (value) => textOfDouble(value as number, 4, column.colName);
    case "VarBinary":
    case "Binary":
    case "Image":
    case "UDT":
      return toBytes;
    case "Date":
      return toDay;
    case "Time":
      return toTime;
    case "DateTime":
    case "DateTimeN":
    case "SmallDateTime":
    case "DateTime2":
    case "DateTimeOffset":
      return asText ? toMomentText : null;
    case "Variant":
      return toVariant;
    default:
      return null;
  }
}

/** Reads the rows of one result. */
export class RowReader {
  readonly columns: readonly ColumnDescription[];
  readonly #decoders: readonly Decoder[];

  /** @param textColumns positions that are wanted as text. */
  constructor(columns: readonly NativeColumn[], isExact: boolean, textColumns: readonly number[] | undefined) {
    this.columns = columns.map((column) => ({ name: column.colName, typeCode: column.type.name }));
    this.#decoders = columns.map((column, index) => decoderOf(column, isExact, textColumns?.includes(index) === true));
  }

  read(values: readonly NativeValue[]): unknown[] {
    const decoders = this.#decoders;
    const row: unknown[] = new Array(values.length);
    for (let index = 0; index < values.length; index++) {
      const { value } = values[index] as NativeValue;
      const decode = decoders[index] as Decoder;
      row[index] = value === null || decode === null ? value : decode(value);
    }
    return row;
  }
}
