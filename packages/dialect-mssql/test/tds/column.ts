/** Columns that the server sends: how their types are announced and their values written. */
import type { ByteWriter } from "./bytes.ts";

/** A result's column. Values are written as text, except numbers, booleans and bytes. */
export interface TdsColumn {
  readonly name: string;
  readonly type:
    | "tinyint"
    | "smallint"
    | "int"
    | "bigint"
    | "bit"
    | "real"
    | "float"
    | "decimal"
    | "money"
    | "smallmoney"
    | "varchar"
    | "nvarchar"
    | "nvarchar(max)"
    | "xml"
    | "varbinary(max)"
    | "binary"
    | "date"
    | "time"
    | "datetime"
    | "smalldatetime"
    | "datetime2"
    | "datetimeoffset"
    | "uniqueidentifier"
    | "variant";
  readonly precision?: number;
  readonly scale?: number;
}

/** Latin1_General_CP1_CI_AS. */
export const COLLATION = Buffer.of(0x09, 0x04, 0xd0, 0x00, 0x34);
const DAY = 86_400_000;
const EPOCH_DAYS = 719_162;
const NULL_LENGTH = 0xffff;

/** TYPE_INFO of a column. */
export function writeTypeInfo(out: ByteWriter, { type, precision = 38, scale }: TdsColumn): void {
  switch (type) {
    case "tinyint":
    case "smallint":
    case "int":
    case "bigint":
      out.u8(0x26).u8(intWidth(type));
      break;
    case "bit":
      out.u8(0x68).u8(1);
      break;
    case "real":
    case "float":
      out.u8(0x6d).u8(type === "real" ? 4 : 8);
      break;
    case "decimal":
      out
        .u8(0x6a)
        .u8(decimalWidth(precision) + 1)
        .u8(precision)
        .u8(scale ?? 0);
      break;
    case "money":
    case "smallmoney":
      out.u8(0x6e).u8(type === "money" ? 8 : 4);
      break;
    case "varchar":
      out.u8(0xa7).u16(8000).bytes(COLLATION);
      break;
    case "nvarchar":
      out.u8(0xe7).u16(8000).bytes(COLLATION);
      break;
    case "nvarchar(max)":
      out.u8(0xe7).u16(NULL_LENGTH).bytes(COLLATION);
      break;
    case "xml":
      out.u8(0xf1).u8(0);
      break;
    case "varbinary(max)":
      out.u8(0xa5).u16(NULL_LENGTH);
      break;
    case "binary":
      out.u8(0xad).u16(8);
      break;
    case "date":
      out.u8(0x28);
      break;
    case "time":
      out.u8(0x29).u8(scale ?? 7);
      break;
    case "datetime":
    case "smalldatetime":
      out.u8(0x6f).u8(type === "datetime" ? 8 : 4);
      break;
    case "datetime2":
      out.u8(0x2a).u8(scale ?? 7);
      break;
    case "datetimeoffset":
      out.u8(0x2b).u8(scale ?? 7);
      break;
    case "uniqueidentifier":
      out.u8(0x24).u8(16);
      break;
    case "variant":
      out.u8(0x62).u32(8009);
      break;
  }
}

/** A value of a column. */
export function writeValue(out: ByteWriter, column: TdsColumn, value: unknown): void {
  if (value === null || value === undefined) {
    writeNull(out, column);
    return;
  }
  const { type, precision = 38, scale } = column;
  switch (type) {
    case "tinyint":
    case "smallint":
    case "int":
    case "bigint": {
      const width = intWidth(type);
      out.u8(width).unsigned(BigInt.asUintN(width * 8, BigInt(value as number)), width);
      break;
    }
    case "bit":
      out.u8(1).u8(value ? 1 : 0);
      break;
    case "real":
      out.u8(4).f32(Number(value));
      break;
    case "float":
      out.u8(8).f64(Number(value));
      break;
    case "decimal": {
      const width = decimalWidth(precision);
      out.u8(width + 1);
      writeDecimal(out, String(value), scale ?? 0, width);
      break;
    }
    case "money": {
      const units = scaled(String(value), 4);
      out
        .u8(8)
        .i32(Number(units >> 32n))
        .u32(Number(units & 0xffff_ffffn));
      break;
    }
    case "smallmoney":
      out.u8(4).i32(Number(scaled(String(value), 4)));
      break;
    case "varchar": {
      const bytes = Buffer.from(String(value), "latin1");
      out.u16(bytes.length).bytes(bytes);
      break;
    }
    case "nvarchar":
      out.u16(String(value).length * 2).ucs2(String(value));
      break;
    case "nvarchar(max)":
    case "xml":
      out.plp(Buffer.from(String(value), "utf16le"));
      break;
    case "varbinary(max)":
      out.plp(Buffer.from(value as Uint8Array));
      break;
    case "binary":
      out.u16((value as Uint8Array).length).bytes(value as Uint8Array);
      break;
    case "uniqueidentifier":
      out.u8(16).bytes(guidBytes(String(value)));
      break;
    case "variant":
      writeVariant(out, value);
      break;
    default:
      writeMoment(out, type, String(value), scale ?? 7);
  }
}

function writeNull(out: ByteWriter, { type }: TdsColumn): void {
  switch (type) {
    case "varchar":
    case "nvarchar":
    case "binary":
      out.u16(NULL_LENGTH);
      break;
    case "nvarchar(max)":
    case "xml":
    case "varbinary(max)":
      out.plp(null);
      break;
    case "variant":
      out.u32(0);
      break;
    default:
      out.u8(0);
  }
}

function intWidth(type: string): number {
  return { tinyint: 1, smallint: 2, int: 4, bigint: 8 }[type] as number;
}

function decimalWidth(precision: number): number {
  return precision <= 9 ? 4 : precision <= 19 ? 8 : precision <= 28 ? 12 : 16;
}

/** A decimal as a whole number of units of its scale. */
function scaled(text: string, scale: number): bigint {
  const [whole = "0", fraction = ""] = text.replace(/^-/, "").split(".");
  const units = BigInt(whole + fraction.padEnd(scale, "0").slice(0, scale));
  return text.startsWith("-") ? -units : units;
}

function writeDecimal(out: ByteWriter, text: string, scale: number, width: number): void {
  const units = scaled(text, scale);
  out.u8(units < 0n ? 0 : 1).unsigned(units < 0n ? -units : units, width);
}

/** The first three groups are numbers, and so the other way round. */
function guidBytes(text: string): Buffer {
  const bytes = Buffer.from(text.replaceAll("-", ""), "hex");
  return Buffer.concat([
    bytes.subarray(0, 4).reverse(),
    bytes.subarray(4, 6).reverse(),
    bytes.subarray(6, 8).reverse(),
    bytes.subarray(8),
  ]);
}

function writeMoment(out: ByteWriter, type: TdsColumn["type"], text: string, scale: number): void {
  const moment = type === "time" ? `1970-01-01 ${text}` : text;
  const milliseconds = Date.parse(`${moment.slice(0, 10)}T${moment.slice(11, 19) || "00:00:00"}Z`);
  const days = Math.floor(milliseconds / DAY);
  const seconds = Math.round((milliseconds - days * DAY) / 1000);
  const fraction = /\.(\d+)/.exec(moment)?.[1] ?? "";
  const ticks = BigInt(seconds) * 10n ** BigInt(scale) + BigInt(fraction.padEnd(scale, "0").slice(0, scale) || "0");
  const timeWidth = scale <= 2 ? 3 : scale <= 4 ? 4 : 5;
  switch (type) {
    case "date":
      out.u8(3).unsigned(BigInt(days + EPOCH_DAYS), 3);
      break;
    case "time":
      out.u8(timeWidth).unsigned(ticks, timeWidth);
      break;
    case "datetime":
      out
        .u8(8)
        .i32(days + 25_567)
        .u32(Math.round((seconds + Number(`0.${fraction || 0}`)) * 300));
      break;
    case "smalldatetime":
      out
        .u8(4)
        .u16(days + 25_567)
        .u16(Math.floor(seconds / 60));
      break;
    case "datetime2":
      out
        .u8(timeWidth + 3)
        .unsigned(ticks, timeWidth)
        .unsigned(BigInt(days + EPOCH_DAYS), 3);
      break;
    default:
      out
        .u8(timeWidth + 5)
        .unsigned(ticks, timeWidth)
        .unsigned(BigInt(days + EPOCH_DAYS), 3)
        .u16(0);
  }
}

/** SQL_VARIANT of a number, a decimal (`{ decimal: "1.50" }`) or text. */
function writeVariant(out: ByteWriter, value: unknown): void {
  if (typeof value === "number") {
    out.u32(6).u8(0x38).u8(0).i32(value);
  } else if (typeof value === "object") {
    const text = (value as { readonly decimal: string }).decimal;
    out
      .u32(2 + 2 + 17)
      .u8(0x6c)
      .u8(2)
      .u8(38)
      .u8(text.split(".")[1]?.length ?? 0);
    writeDecimal(out, text, text.split(".")[1]?.length ?? 0, 16);
  } else {
    const text = String(value);
    out
      .u32(2 + 7 + text.length * 2)
      .u8(0xe7)
      .u8(7)
      .bytes(COLLATION)
      .u16(8000)
      .ucs2(text);
  }
}
