/** Bit strings: `"10110"`. */
import {
  ArgumentError,
  defineVisitName,
  describe,
  makeFactory,
  optionalCount,
  type Processor,
  quoteString,
  type TypeDialect,
  type TypeFactory,
} from "@athanor/core";
import { TextualType } from "./simple.ts";

/** Options of {@link BIT}. */
export interface BitOptions {
  /** Number of bits; 1 where it is left out, unlimited for varying ones. */
  readonly length?: number;
  /** BIT VARYING: up to so many bits. */
  readonly varying?: boolean;
}

/** BIT(n) and BIT VARYING(n). */
export class Bit extends TextualType {
  readonly length: number | undefined;
  readonly varying: boolean;

  constructor(...values: (number | undefined | BitOptions)[]) {
    super();
    const last = values.at(-1);
    const options = typeof last === "object" ? last : {};
    this.varying = options.varying ?? false;
    this.length =
      optionalCount("BIT", "length", typeof values[0] === "number" ? values[0] : options.length) ??
      (this.varying ? undefined : 1);
  }

  override bindProcessor(_dialect: TypeDialect): Processor {
    return (value) => (value === null || value === undefined ? null : BitString(value as string));
  }

  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    return (value) =>
      value === null || value === undefined ? "NULL" : `B${quoteString(BitString(value as string), dialect)}`;
  }
}
defineVisitName(Bit, "BIT");

/** `pg.BIT(3)`, `pg.BIT(5, { varying: true })` */
export const BIT: TypeFactory<[length?: number | BitOptions, options?: BitOptions], Bit> = makeFactory(Bit);

/**
 * Checks a string of bits. Values of BIT columns are plain strings; the members convert.
 *
 * @throws ArgumentError for text with other characters than 0 and 1.
 */
export function BitString(bits: string): string {
  if (typeof bits !== "string" || !/^[01]*$/.test(bits))
    throw new ArgumentError(`${describe(bits)} is not a string of bits`, { fix: 'pass text such as "10110"' });
  return bits;
}

/** The bits of a whole number that is not negative, filled up with zeros on the left. */
BitString.fromInt = (value: number | bigint, length?: number): string => {
  if (value < 0) throw new ArgumentError("the bits of a negative number are not defined");
  const bits = BigInt(value).toString(2);
  if (length !== undefined && bits.length > length)
    throw new ArgumentError(`${value} does not fit into ${length} bits`);
  return bits.padStart(length ?? bits.length, "0");
};

/** The number that the bits make. */
BitString.toInt = (bits: string): bigint => BigInt(`0b${BitString(bits) || "0"}`);

/** The bits of bytes. */
BitString.fromBytes = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");

/** The bytes that the bits make; the last one is filled up with zeros on the right. */
BitString.toBytes = (bits: string): Uint8Array =>
  Uint8Array.from(BitString(bits).match(/.{1,8}/g) ?? [], (octet) => Number.parseInt(octet.padEnd(8, "0"), 2));
