/** Parameters that the client sends: their types and values. */
import type { ByteReader } from "./bytes.ts";

/** A parameter of a remote procedure call. */
export interface TdsParameter {
  readonly name: string;
  readonly isOutput: boolean;
  /** The type on the wire, e.g. `"decimal"`. */
  readonly type: string;
  /** Numbers, bigints, booleans, bytes; decimals, dates and times as text. */
  readonly value: unknown;
}

const DAY = 86_400_000;
const MAX = 0xffff;

export function readParameter(input: ByteReader): TdsParameter {
  const name = input.ucs2(input.u8()).replace(/^@/, "");
  const isOutput = (input.u8() & 1) !== 0;
  return { name, isOutput, ...readTyped(input) };
}

function readTyped(input: ByteReader): Pick<TdsParameter, "type" | "value"> {
  const code = input.u8();
  switch (code) {
    case 0x26: {
      const width = input.u8();
      return { type: width === 8 ? "bigint" : "int", value: integer(sized(input)) };
    }
    case 0x68: {
      input.u8();
      const bytes = sized(input);
      return { type: "bit", value: bytes === null ? null : bytes[0] !== 0 };
    }
    case 0x6d: {
      input.u8();
      const bytes = sized(input);
      return { type: "float", value: bytes === null ? null : bytes.readDoubleLE() };
    }
    case 0x6a:
    case 0x6c:
      return readDecimal(input);
    case 0xe7:
    case 0xef:
      return { type: "nvarchar", value: text(input, "utf16le") };
    case 0xa7:
    case 0xaf:
      return { type: "varchar", value: text(input, "latin1") };
    case 0xa5:
    case 0xad: {
      const max = input.u16();
      return { type: "varbinary", value: max === MAX ? input.plp() : long(input) };
    }
    case 0x28: {
      const bytes = sized(input);
      return { type: "date", value: bytes === null ? null : day(bytes.readUIntLE(0, 3)) };
    }
    case 0x29: {
      const scale = input.u8();
      const bytes = sized(input);
      return { type: "time", value: bytes === null ? null : clock(bytes.readUIntLE(0, bytes.length), scale) };
    }
    case 0x2a:
    case 0x2b:
      return readMoment(input, code === 0x2b);
    case 0x6f: {
      input.u8();
      const bytes = sized(input);
      if (bytes === null) return { type: "datetime", value: null };
      const milliseconds = (bytes.readInt32LE(0) - 25_567) * DAY + Math.round((bytes.readUInt32LE(4) * 10) / 3);
      return { type: "datetime", value: new Date(milliseconds).toISOString().replace("T", " ").slice(0, 23) };
    }
    case 0x24: {
      input.u8();
      const bytes = sized(input);
      return { type: "uniqueidentifier", value: bytes === null ? null : guid(bytes) };
    }
    default:
      throw new Error(`the server does not know parameters of type 0x${code.toString(16)}`);
  }
}

function sized(input: ByteReader): Buffer | null {
  const length = input.u8();
  return length === 0 ? null : input.take(length);
}

function long(input: ByteReader): Buffer | null {
  const length = input.u16();
  return length === MAX ? null : input.take(length);
}

function text(input: ByteReader, encoding: BufferEncoding): string | null {
  const max = input.u16();
  input.take(5);
  return (max === MAX ? input.plp() : long(input))?.toString(encoding) ?? null;
}

function integer(bytes: Buffer | null): number | bigint | null {
  if (bytes === null) return null;
  return bytes.length === 8 ? bytes.readBigInt64LE() : bytes.readIntLE(0, bytes.length);
}

function readDecimal(input: ByteReader): Pick<TdsParameter, "type" | "value"> {
  input.u8();
  const precision = input.u8();
  const scale = input.u8();
  const type = `decimal(${precision}, ${scale})`;
  const bytes = sized(input);
  if (bytes === null) return { type, value: null };
  let magnitude = 0n;
  for (const byte of bytes.subarray(1).reverse()) magnitude = (magnitude << 8n) | BigInt(byte);
  const digits = magnitude.toString().padStart(scale + 1, "0");
  const plain = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return { type, value: (bytes[0] === 0 ? "-" : "") + plain };
}

function readMoment(input: ByteReader, hasOffset: boolean): Pick<TdsParameter, "type" | "value"> {
  const type = hasOffset ? "datetimeoffset" : "datetime2";
  const scale = input.u8();
  const bytes = sized(input);
  if (bytes === null) return { type, value: null };
  const width = bytes.length - 3 - (hasOffset ? 2 : 0);
  const offset = hasOffset ? bytes.readInt16LE(width + 3) : 0;
  const suffix = hasOffset ? ` ${offset}` : "";
  return { type, value: `${day(bytes.readUIntLE(width, 3))} ${clock(bytes.readUIntLE(0, width), scale)}${suffix}` };
}

function day(days: number): string {
  return new Date((days - 719_162) * DAY).toISOString().slice(0, 10);
}

function clock(ticks: number, scale: number): string {
  const unit = 10 ** scale;
  const seconds = Math.floor(ticks / unit);
  const whole = new Date(seconds * 1000).toISOString().slice(11, 19);
  return scale === 0 ? whole : `${whole}.${String(ticks - seconds * unit).padStart(scale, "0")}`;
}

function guid(bytes: Buffer): string {
  const hex = Buffer.concat([
    Buffer.from(bytes.subarray(0, 4)).reverse(),
    Buffer.from(bytes.subarray(4, 6)).reverse(),
    Buffer.from(bytes.subarray(6, 8)).reverse(),
    bytes.subarray(8),
  ]).toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.*)$/, "$1-$2-$3-$4-$5");
}
