/** Parameters for tedious: each value as the TDS type that the dialect names, or as the one that fits it. */
import { ArgumentError, formatDateTime, microsecondsBeyond, parseDateTime, plainDecimal } from "@athanor/core";
import type { DriverParameters } from "@athanor/driver";
import { bindName } from "../bind-names.ts";
import type { TdsParameterType, TdsTypeName } from "../types/parameter.ts";
import { decimalDigits, exactDecimal, MAX_PRECISION } from "./decimal.ts";
import type { NativeRequest, NativeType, NativeTypeOptions, NativeTypes } from "./native.ts";

const MAX_INT = 0x7fff_ffff;
const MAX_BIGINT = 2n ** 63n - 1n;
const MIN_BIGINT = -(2n ** 63n);
/** Longest NVARCHAR and VARCHAR that are not `max`; declared for shorter values too, so that plans are shared. */
const NVARCHAR_LENGTH = 4000;
const VARCHAR_LENGTH = 8000;

/** What `addParameter` gets. */
export interface TdsParameter {
  readonly type: NativeType;
  readonly value: unknown;
  readonly options?: NativeTypeOptions;
}

/** A Date with the fraction that a Date cannot hold, as tedious takes it: in seconds. */
type PreciseDate = Date & { nanosecondDelta?: number };

/** Makes parameters of values. */
export class Encoder {
  readonly #types: NativeTypes;
  readonly #decimal: NativeType;

  constructor(types: NativeTypes) {
    this.#types = types;
    this.#decimal = exactDecimal(types.Decimal);
  }

  /** Adds all parameters of a statement. Positional ones are `@p1`, `@p2`, …. */
  addAll(request: NativeRequest, given: DriverParameters, types: unknown): void {
    const said = (types ?? {}) as Readonly<Record<string, TdsParameterType | undefined>>;
    const add = (name: string, value: unknown, key: string | number): void => {
      const parameter = this.encode(value, said[key]);
      request.addParameter(name, parameter.type, parameter.value, parameter.options);
    };
    if (Array.isArray(given)) given.forEach((value, index) => add(`p${index + 1}`, value, index));
    else for (const [name, value] of Object.entries(given)) add(bindName(name), value, name);
  }

  /** One parameter. `said`: what the dialect knows of it. */
  encode(value: unknown, said: TdsParameterType | undefined): TdsParameter {
    if (value === null || value === undefined) return this.#null(said);
    switch (said?.name) {
      case "decimal":
        return this.#decimalOf(value, said);
      case "float":
        return typeof value === "number" ? { type: this.#types.Float, value } : this.#byValue(value);
      case "varchar":
        return this.#varchar(value);
      case "uniqueidentifier":
        return typeof value === "string" ? this.#uuid(value) : this.#byValue(value);
      case "bit":
        return typeof value === "boolean" || value === 0 || value === 1
          ? { type: this.#types.Bit, value: Boolean(value) }
          : this.#byValue(value);
      case "bigint":
        return typeof value === "number" && Number.isSafeInteger(value)
          ? { type: this.#types.BigInt, value: BigInt(value) }
          : this.#byValue(value);
      case "date":
      case "time":
      case "datetime":
      case "datetime2":
      case "datetimeoffset":
        return this.#moment(value, said.name);
      default:
        return this.#byValue(value);
    }
  }

  /** The type of a column that is loaded in bulk: one for all its values, long where they may be. */
  column(said: TdsParameterType): TdsParameter {
    const length = said.name === "nvarchar" ? NVARCHAR_LENGTH : VARCHAR_LENGTH;
    const isSized = said.name === "nvarchar" || said.name === "varchar" || said.name === "varbinary";
    const typed = this.#null(said);
    return isSized ? { ...typed, options: { length: said.isLong === true ? length + 1 : length } } : typed;
  }

  #null(said: TdsParameterType | undefined): TdsParameter {
    const types = this.#types;
    switch (said?.name) {
      case "bit":
        return { type: types.Bit, value: null };
      case "int":
        return { type: types.Int, value: null };
      case "bigint":
        return { type: types.BigInt, value: null };
      case "float":
        return { type: types.Float, value: null };
      case "decimal":
        return {
          type: this.#decimal,
          value: null,
          options: { precision: said.precision ?? MAX_PRECISION, scale: said.scale ?? 0 },
        };
      case "varchar":
        return { type: types.VarChar, value: null, options: { length: VARCHAR_LENGTH } };
      case "varbinary":
        return { type: types.VarBinary, value: null, options: { length: VARCHAR_LENGTH } };
      case "date":
        return { type: types.Date, value: null };
      case "time":
        return { type: types.Time, value: null, options: { scale: 7 } };
      case "datetime":
        return { type: types.DateTime, value: null };
      case "datetime2":
        return { type: types.DateTime2, value: null, options: { scale: 7 } };
      case "datetimeoffset":
        return { type: types.DateTimeOffset, value: null, options: { scale: 7 } };
      case "uniqueidentifier":
        return { type: types.UniqueIdentifier, value: null };
      default:
        return { type: types.NVarChar, value: null, options: { length: NVARCHAR_LENGTH } };
    }
  }

  #byValue(value: unknown): TdsParameter {
    const types = this.#types;
    switch (typeof value) {
      case "string":
        return this.#nvarchar(value);
      case "boolean":
        return { type: types.Bit, value };
      case "number":
        if (!Number.isSafeInteger(value)) return { type: types.Float, value };
        if (value >= -MAX_INT && value <= MAX_INT) return { type: types.Int, value };
        return { type: types.BigInt, value: BigInt(value) };
      case "bigint":
        return value >= MIN_BIGINT && value <= MAX_BIGINT
          ? { type: types.BigInt, value }
          : this.#decimalOf(value, { name: "decimal" });
      default:
        return this.#object(value as object);
    }
  }

  #object(value: object): TdsParameter {
    if (value instanceof Date) return this.#moment(value, "datetime2");
    if (value instanceof Uint8Array) return this.#bytes(value);
    const prototype = Object.getPrototypeOf(value) as unknown;
    const isPlain = Array.isArray(value) || prototype === Object.prototype || prototype === null;
    return this.#nvarchar(isPlain ? JSON.stringify(value) : String(value));
  }

  #nvarchar(value: string): TdsParameter {
    return value.length <= NVARCHAR_LENGTH
      ? { type: this.#types.NVarChar, value, options: { length: NVARCHAR_LENGTH } }
      : { type: this.#types.NVarChar, value };
  }

  /** VARCHAR where no character can be lost by it: an index on a VARCHAR column is of no use for NVARCHAR. */
  #varchar(value: unknown): TdsParameter {
    if (typeof value !== "string") return this.#byValue(value);
    if (!/^[\u0000-\u007f]*$/.test(value)) return this.#nvarchar(value);
    return value.length <= VARCHAR_LENGTH
      ? { type: this.#types.VarChar, value, options: { length: VARCHAR_LENGTH } }
      : { type: this.#types.VarChar, value };
  }

  #bytes(value: Uint8Array): TdsParameter {
    const buffer = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return value.length <= VARCHAR_LENGTH
      ? { type: this.#types.VarBinary, value: buffer, options: { length: VARCHAR_LENGTH } }
      : { type: this.#types.VarBinary, value: buffer };
  }

  #uuid(value: string): TdsParameter {
    const hex = value.replaceAll("-", "");
    if (!/^[0-9a-f]{32}$/i.test(hex)) return this.#nvarchar(value);
    return {
      type: this.#types.UniqueIdentifier,
      value: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.*)$/, "$1-$2-$3-$4-$5"),
    };
  }

  /** As many digits as the column has where the value fits, as many as the value has otherwise: arithmetic depends on it. */
  #decimalOf(given: unknown, said: TdsParameterType): TdsParameter {
    const text = typeof given === "number" ? plainDecimal(String(given)) : String(given);
    const value = decimalDigits(text);
    if (value === null) return this.#byValue(given);
    const scale = Math.max(value.scale, said.scale ?? 0);
    const digits = Math.max(value.digits.length + scale - value.scale, scale, 1);
    if (digits > MAX_PRECISION || scale > MAX_PRECISION) {
      if (value.digits.length <= MAX_PRECISION && value.scale <= MAX_PRECISION)
        return this.#decimalText(text, MAX_PRECISION, value.scale);
      throw new ArgumentError(`${text} has more than the ${MAX_PRECISION} digits of SQL Server's DECIMAL`, {
        fix: "round it, or store it as text",
      });
    }
    return this.#decimalText(text, Math.max(digits, said.precision ?? 0), scale);
  }

  #decimalText(value: string, precision: number, scale: number): TdsParameter {
    return { type: this.#decimal, value, options: { precision, scale } };
  }

  /** Text of core's temporal types, or a Date; anything else goes by its own kind. */
  #moment(value: unknown, name: TdsTypeName): TdsParameter {
    const date = momentOf(value, name);
    if (date === null) return this.#byValue(value);
    const types = this.#types;
    switch (name) {
      case "date":
        return { type: types.Date, value: date };
      case "time":
        return { type: types.Time, value: date, options: { scale: 7 } };
      case "datetimeoffset":
        // tedious asks the Date for its offset, which would be that of this machine.
        Object.defineProperty(date, "getTimezoneOffset", { value: () => 0 });
        return { type: types.DateTimeOffset, value: date, options: { scale: 7 } };
      case "datetime":
        // DATETIME begins in 1753; what is older may be compared with it, and is refused when it is stored.
        if (date.getUTCFullYear() >= 1753) return { type: types.DateTime, value: date };
        return { type: types.DateTime2, value: date, options: { scale: 7 } };
      default:
        return { type: types.DateTime2, value: date, options: { scale: 7 } };
    }
  }
}

/** A Date of text in UTC with the microseconds beside it; null where the value is no moment. */
function momentOf(value: unknown, name: TdsTypeName): PreciseDate | null {
  if (value instanceof Date) return formatDateTime(value.getTime()) === null ? null : new Date(value.getTime());
  if (typeof value !== "string") return null;
  const text = name === "time" ? `1970-01-01 ${value}` : value;
  const milliseconds = parseDateTime(text);
  if (Number.isNaN(milliseconds)) return null;
  const date: PreciseDate = new Date(milliseconds);
  const beyond = microsecondsBeyond(text);
  if (beyond !== 0) date.nanosecondDelta = beyond / 1e6;
  return date;
}
