/** The type of a JavaScript value that stands in a statement without one. ./namespace.ts puts it into its slot. */

import { isPlain } from "../ast/node.ts";
import { ArgumentError } from "../errors/errors.ts";
import { ArrayType } from "./array.ts";
import { LargeBinary } from "./binary.ts";
import { BOOLEANTYPE } from "./boolean.ts";
import { JSONType } from "./json.ts";
import { NULLTYPE } from "./null.ts";
import { BigInteger, Double, INTEGERTYPE } from "./numeric.ts";
import { STRINGTYPE, Unicode } from "./string.ts";
import { DATETIMETYPE, DateTime, DateType, Interval, TimeType } from "./temporal.ts";
import { temporalName } from "./temporal-port.ts";
import { SqlType } from "./type.ts";

const bigIntegers = new BigInteger();
const bigNumbers = new BigInteger({ mode: "number" });
const doubles = new Double();
const unicodes = new Unicode();
const binaries = new LargeBinary();
const documents = new JSONType();

const temporals: Readonly<Record<string, SqlType>> = {
  PlainDate: new DateType({ as: "temporal" }),
  PlainTime: new TimeType({ as: "temporal" }),
  PlainDateTime: new DateTime({ as: "temporal" }),
  Instant: new DateTime({ as: "temporal", timezone: true }),
  ZonedDateTime: new DateTime({ as: "temporal", timezone: true }),
  Duration: new Interval({ as: "temporal" }),
};

/** Key of a property that names the SQL type of an object: `static` types of value classes such as ranges. */
export const sqlTypeOf: unique symbol = Symbol.for("athanor.sqlType");

/** The SQL type of a JavaScript value; NullType where nothing is known of it. */
export function typeOfValue(value: unknown): SqlType {
  switch (typeof value) {
    case "string":
      return isAscii(value) ? STRINGTYPE : unicodes;
    case "number":
      // Beyond 2^53 a number is no exact integer any more.
      if (!Number.isSafeInteger(value)) return doubles;
      return value >= -0x7fffffff && value <= 0x7fffffff ? INTEGERTYPE : bigNumbers;
    case "bigint":
      return bigIntegers;
    case "boolean":
      return BOOLEANTYPE;
    case "undefined":
      throw new ArgumentError("undefined is not a SQL value", { fix: "pass null for NULL, or leave the value out" });
    case "object":
      return value === null ? NULLTYPE : typeOfObject(value);
    default:
      throw new ArgumentError(`a ${typeof value} is not a SQL value`);
  }
}

function typeOfObject(value: object): SqlType {
  if (value instanceof Date) return DATETIMETYPE;
  if (value instanceof Uint8Array) return binaries;
  if (Array.isArray(value)) return typeOfArray(value);
  const own = (value as { [sqlTypeOf]?: unknown })[sqlTypeOf];
  if (own instanceof SqlType) return own;
  const temporal = temporalName(value);
  if (temporal !== null) return temporals[temporal] ?? NULLTYPE;
  return isPlain(value) ? documents : NULLTYPE;
}

function typeOfArray(items: readonly unknown[]): SqlType {
  let first: unknown = items.find((item) => item !== null && item !== undefined);
  while (Array.isArray(first)) first = first.find((item: unknown) => item !== null && item !== undefined);
  return new ArrayType(first === undefined ? NULLTYPE : typeOfValue(first));
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 127) return false;
  return true;
}
