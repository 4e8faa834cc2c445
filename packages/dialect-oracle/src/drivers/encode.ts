/** Parameters for oracledb: each value as the type that the dialect names, or as the one that fits it. */
import {
  ArgumentError,
  describe,
  durationMicroseconds,
  microsecondsBeyond,
  parseDateTime,
  parseDuration,
  plainDecimal,
} from "@athanor/core";
import type { OracleParameterType, OracleTypeName } from "../types/parameter.ts";
import type { NativeBind, NativeModule, NativeType } from "./native.ts";
import { UtcDate } from "./utc-date.ts";

/** Longest VARCHAR2 and RAW that every database takes; what is longer goes as a LOB. */
const VARCHAR_BYTES = 4000;
const RAW_BYTES = 2000;
/** Room for returned text, and for a number as text. */
const OUT_BYTES = 32_767;
const NUMBER_BYTES = 128;

/** Makes binds of values. */
export class Encoder {
  readonly #module: NativeModule;
  readonly #hasBoolean: boolean;
  readonly #types: Readonly<Record<OracleTypeName, NativeType>>;

  /** @param hasBoolean the server has a BOOLEAN type (23ai). */
  constructor(module: NativeModule, hasBoolean: boolean) {
    this.#module = module;
    this.#hasBoolean = hasBoolean;
    this.#types = {
      number: module.DB_TYPE_NUMBER,
      float: module.DB_TYPE_NUMBER,
      binaryDouble: module.DB_TYPE_BINARY_DOUBLE,
      binaryFloat: module.DB_TYPE_BINARY_FLOAT,
      varchar: module.DB_TYPE_VARCHAR,
      nvarchar: module.DB_TYPE_NVARCHAR,
      clob: module.DB_TYPE_CLOB,
      nclob: module.DB_TYPE_NCLOB,
      raw: module.DB_TYPE_RAW,
      blob: module.DB_TYPE_BLOB,
      date: module.DB_TYPE_DATE,
      timestamp: module.DB_TYPE_TIMESTAMP,
      timestampTz: module.DB_TYPE_TIMESTAMP_TZ,
      interval: module.DB_TYPE_INTERVAL_DS,
      boolean: module.DB_TYPE_BOOLEAN,
      json: module.DB_TYPE_VARCHAR,
      vector: module.DB_TYPE_VECTOR,
      rowid: module.DB_TYPE_VARCHAR,
    };
  }

  /** One parameter. `said`: what the dialect knows of it. */
  bind(value: unknown, said: OracleParameterType | undefined): NativeBind {
    if (said?.isOut) return this.#out(said);
    if (value === null || value === undefined)
      return { type: said === undefined ? this.#module.DB_TYPE_VARCHAR : this.#types[said.name], val: null };
    switch (said?.name) {
      case "number":
      case "float":
        return this.#number(value);
      case "binaryDouble":
      case "binaryFloat":
        return typeof value === "number" ? { type: this.#types[said.name], val: value } : this.#byValue(value);
      case "nvarchar":
        return typeof value === "string" ? { type: this.#module.DB_TYPE_NVARCHAR, val: value } : this.#byValue(value);
      case "clob":
      case "nclob":
        return this.#text(value, this.#types[said.name]);
      case "raw":
        return value instanceof Uint8Array
          ? { type: this.#module.DB_TYPE_RAW, val: bufferOf(value) }
          : this.#byValue(value);
      case "date":
      case "timestamp":
      case "timestampTz":
        return this.#moment(value, this.#types[said.name]);
      case "interval":
        return this.#interval(value);
      case "vector":
        return this.#vector(value, said);
      case "blob":
        // Documents of databases without a JSON type are kept as bytes.
        return typeof value === "string" ? this.#bytes(new TextEncoder().encode(value)) : this.#byValue(value);
      default:
        return this.#byValue(value);
    }
  }

  /**
   * Columns of an executemany: one bind definition for all sets, and the values in each. A column whose values are of
   * several types goes by the widest one.
   */
  many(
    sets: readonly (readonly unknown[])[],
    said: readonly (OracleParameterType | undefined)[],
  ): {
    readonly definitions: NativeBind[];
    readonly rows: unknown[][];
  } {
    const rows: unknown[][] = sets.map(() => new Array(said.length).fill(null));
    const definitions = said.map((word, position): NativeBind => {
      if (word?.isOut) return this.#out(word);
      const binds = sets.map((set) => this.bind(set[position], word));
      const given = binds.filter(({ val }) => val !== null);
      const type = this.#common(given, binds[0]?.type ?? this.#module.DB_TYPE_VARCHAR);
      let size = 1;
      binds.forEach(({ val }, index) => {
        const value = this.#asType(val, type);
        (rows[index] as unknown[])[position] = value;
        if (typeof value === "string") size = Math.max(size, Buffer.byteLength(value));
        else if (value instanceof Uint8Array) size = Math.max(size, value.length);
      });
      return this.#isSized(type) ? { type, maxSize: size } : { type };
    });
    return { definitions, rows };
  }

  #common(binds: readonly NativeBind[], fallback: NativeType): NativeType {
    const { DB_TYPE_VARCHAR, DB_TYPE_NUMBER, DB_TYPE_CLOB, DB_TYPE_BLOB, DB_TYPE_RAW } = this.#module;
    const types = new Set(binds.map(({ type }) => type));
    if (types.size <= 1) return binds[0]?.type ?? fallback;
    if (types.has(DB_TYPE_CLOB)) return DB_TYPE_CLOB;
    if (types.has(DB_TYPE_BLOB) && types.has(DB_TYPE_RAW) && types.size === 2) return DB_TYPE_BLOB;
    if (types.has(DB_TYPE_VARCHAR) && types.has(DB_TYPE_NUMBER) && types.size === 2) return DB_TYPE_VARCHAR;
    throw new ArgumentError("the values of one parameter are of different types in the parameter sets", {
      fix: "give all of them as one type",
    });
  }

  #asType(value: unknown, type: NativeType): unknown {
    const isNumber = typeof value === "number" || typeof value === "bigint";
    return isNumber && type === this.#module.DB_TYPE_VARCHAR ? plainDecimal(String(value)) : value;
  }

  #isSized(type: NativeType): boolean {
    const { DB_TYPE_VARCHAR, DB_TYPE_NVARCHAR, DB_TYPE_RAW } = this.#module;
    return type === DB_TYPE_VARCHAR || type === DB_TYPE_NVARCHAR || type === DB_TYPE_RAW;
  }

  /** Numbers come back as text, so that no digit is lost; dates as moments, whatever the machine's time zone. */
  #out({ name }: OracleParameterType): NativeBind {
    const module = this.#module;
    const dir = module.BIND_OUT;
    switch (name) {
      case "number":
        return { dir, type: module.DB_TYPE_VARCHAR, maxSize: NUMBER_BYTES };
      case "varchar":
      case "rowid":
        return { dir, type: module.DB_TYPE_VARCHAR, maxSize: OUT_BYTES };
      case "nvarchar":
        return { dir, type: module.DB_TYPE_NVARCHAR, maxSize: OUT_BYTES };
      case "raw":
        return { dir, type: module.DB_TYPE_RAW, maxSize: OUT_BYTES };
      case "date":
      case "timestamp":
        return { dir, type: module.DB_TYPE_TIMESTAMP_LTZ };
      case "json":
        return { dir, type: module.DB_TYPE_JSON };
      default:
        return { dir, type: this.#types[name] };
    }
  }

  #byValue(value: unknown): NativeBind {
    const module = this.#module;
    switch (typeof value) {
      case "string":
        return this.#text(value, module.DB_TYPE_CLOB);
      case "number":
      case "bigint":
        return this.#number(value);
      case "boolean":
        return this.#hasBoolean
          ? { type: module.DB_TYPE_BOOLEAN, val: value }
          : { type: module.DB_TYPE_NUMBER, val: Number(value) };
      default:
        return this.#object(value as object);
    }
  }

  #object(value: object): NativeBind {
    if (value instanceof Date) return this.#moment(value, this.#module.DB_TYPE_TIMESTAMP);
    if (value instanceof Uint8Array) return this.#bytes(value);
    const prototype = Object.getPrototypeOf(value) as unknown;
    const isPlain = Array.isArray(value) || prototype === Object.prototype || prototype === null;
    return this.#text(isPlain ? JSON.stringify(value) : String(value), this.#module.DB_TYPE_CLOB);
  }

  #text(value: unknown, long: NativeType): NativeBind {
    if (typeof value !== "string") return this.#byValue(value);
    // A string of n characters has at most 3n bytes.
    const isShort = value.length * 3 <= VARCHAR_BYTES || Buffer.byteLength(value) <= VARCHAR_BYTES;
    if (!isShort) return { type: long, val: value };
    const { DB_TYPE_NCLOB, DB_TYPE_NVARCHAR, DB_TYPE_VARCHAR } = this.#module;
    return { type: long === DB_TYPE_NCLOB ? DB_TYPE_NVARCHAR : DB_TYPE_VARCHAR, val: value };
  }

  #bytes(value: Uint8Array): NativeBind {
    const { DB_TYPE_RAW, DB_TYPE_BLOB } = this.#module;
    return { type: value.length <= RAW_BYTES ? DB_TYPE_RAW : DB_TYPE_BLOB, val: bufferOf(value) };
  }

  /** A number where that loses no digit; text, which the session reads with a decimal point, otherwise. */
  #number(value: unknown): NativeBind {
    const { DB_TYPE_NUMBER, DB_TYPE_VARCHAR, DB_TYPE_BINARY_DOUBLE } = this.#module;
    if (typeof value === "bigint") return { type: DB_TYPE_NUMBER, val: value };
    if (typeof value === "number")
      return { type: Number.isFinite(value) ? DB_TYPE_NUMBER : DB_TYPE_BINARY_DOUBLE, val: value };
    if (typeof value === "boolean") return { type: DB_TYPE_NUMBER, val: Number(value) };
    if (typeof value !== "string") return this.#byValue(value);
    const text = /e/i.test(value) ? plainDecimal(value) : value;
    if (/^-?\d+$/.test(text)) return { type: DB_TYPE_NUMBER, val: BigInt(text) };
    return text.replace(/[-.]/g, "").replace(/^0+/, "").length <= 15
      ? { type: DB_TYPE_NUMBER, val: Number(text) }
      : { type: DB_TYPE_VARCHAR, val: text };
  }

  #moment(value: unknown, type: NativeType): NativeBind {
    if (value instanceof Date) return { type, val: new UtcDate(value.getTime()) };
    if (typeof value !== "string") return this.#byValue(value);
    const milliseconds = parseDateTime(value);
    if (Number.isNaN(milliseconds)) return this.#byValue(value);
    return { type, val: new UtcDate(milliseconds, microsecondsBeyond(value)) };
  }

  /** ISO text as days, hours, minutes and seconds. */
  #interval(value: unknown): NativeBind {
    const type = this.#module.DB_TYPE_INTERVAL_DS;
    const duration = typeof value === "string" ? parseDuration(value) : null;
    const microseconds = duration === null ? null : durationMicroseconds(duration);
    if (microseconds === null) {
      throw new ArgumentError(`${describe(value)} is not a duration of days and less`, {
        fix: 'pass ISO text such as "P1DT2H"',
      });
    }
    const total = BigInt(Math.round(microseconds));
    const part = (unit: bigint, of: bigint): number => Number((total / unit) % of);
    const val = new this.#module.IntervalDS({
      days: Number(total / 86_400_000_000n),
      hours: part(3_600_000_000n, 24n),
      minutes: part(60_000_000n, 60n),
      seconds: part(1_000_000n, 60n),
      fseconds: Number(total % 1_000_000n) * 1000,
    });
    return { type, val };
  }

  #vector(value: unknown, { format }: OracleParameterType): NativeBind {
    const type = this.#module.DB_TYPE_VECTOR;
    if (!Array.isArray(value)) return { type, val: value };
    const numbers = value as readonly number[];
    switch (format) {
      case "INT8":
        return { type, val: Int8Array.from(numbers) };
      case "BINARY":
        return { type, val: Uint8Array.from(numbers) };
      case "FLOAT32":
        return { type, val: Float32Array.from(numbers) };
      default:
        return { type, val: Float64Array.from(numbers) };
    }
  }
}

function bufferOf(value: Uint8Array): Buffer {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
