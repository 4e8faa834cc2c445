/**
 * Exact decimals. SQLite has INTEGER (64 bits) and REAL (a double) behind NUMERIC, so whole numbers up to 2^63 and
 * decimals up to 15 significant digits come back as they were given; further digits are lost by SQLite itself.
 * https://sqlite.org/datatype3.html#type_affinity
 */
import { Numeric, type Processor, type TypeDialect, warn } from "@athanor/core";

/** NUMERIC with numbers as parameters: text would compare greater than every number. */
export class SQLiteNumeric<T = string> extends Numeric<T> {
  override bindProcessor(dialect: TypeDialect): Processor {
    const checked = super.bindProcessor(dialect);
    return (given) => {
      const value = checked === null ? given : checked(given);
      if (typeof value === "string" && value.length > kept && isRounded(value)) this.#warnOfRounding();
      return toNumber(value);
    };
  }

  #warnOfRounding(): void {
    const places = this.precision === undefined ? "" : `(${this.precision}, ${this.scale ?? 0})`;
    warn(
      `SQLite keeps decimals as doubles of ${kept} significant digits: a longer one was given for NUMERIC${places} and is rounded. ` +
        "Where every digit counts, use t.string, or whole numbers of the smallest unit in t.bigInteger.",
    );
  }
}

/** Significant digits that a double keeps of every decimal. */
const kept = 15;

const integer = /^[+-]?\d+(?:\.0*)?$/;
const largest = 2n ** 63n - 1n;

/** Whether SQLite keeps less of a decimal than was given. */
function isRounded(text: string): boolean {
  if (integer.test(text) && typeof toNumber(text) === "bigint") return false;
  const digits = text.replace(/e.*$/i, "").replace(/[^\d]/g, "").replace(/^0+/, "").replace(/0+$/, "");
  return digits.length > kept;
}

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
