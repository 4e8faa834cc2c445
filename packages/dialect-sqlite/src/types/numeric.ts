/**
 * Exact decimals. SQLite has INTEGER (64 bits) and REAL (a double) behind NUMERIC, so whole numbers up to 2^63 and
 * decimals up to 15 significant digits come back as they were given; further digits are lost by SQLite itself.
 * https://sqlite.org/datatype3.html#type_affinity
 */
import { Numeric, type Processor, type TypeDialect } from "@athanor/core";

/** NUMERIC with numbers as parameters: text would compare greater than every number. */
export class SQLiteNumeric<T = string> extends Numeric<T> {
  override bindProcessor(dialect: TypeDialect): Processor {
    const checked = super.bindProcessor(dialect);
    return (value) => toNumber(checked === null ? value : checked(value));
  }
}

const integer = /^[+-]?\d+(?:\.0*)?$/;
const largest = 2n ** 63n - 1n;

/** What is bound for a decimal: a whole number of any size that fits, otherwise the nearest double. */
function toNumber(value: unknown): unknown {
  if (typeof value === "string") {
    const number = Number(value);
    if (Number.isSafeInteger(number) || !integer.test(value)) return number;
    return toNumber(BigInt(value.replace(/\.0*$/, "")));
  }
  if (typeof value === "bigint") return value <= largest && value >= -largest - 1n ? value : Number(value);
  return value;
}
