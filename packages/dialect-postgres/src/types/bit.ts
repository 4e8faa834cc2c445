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

/** The bits of bytes: eight each, or as many as are asked for, filled up or cut on the left, where only zeros may be cut. */
BitString.fromBytes = (bytes: Uint8Array, length: number = bytes.length * 8): string => {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const cut = bits.length - length;
  if (cut > 0 && bits.slice(0, cut).includes("1"))
    throw new ArgumentError(`${bytes.length} bytes do not fit into ${length} bits`);
  return cut > 0 ? bits.slice(cut) : bits.padStart(length, "0");
};

/** The bytes of the number that the bits make: the first byte, or as many as are asked for, are filled up with zeros on the left. */
BitString.toBytes = (bits: string, length: number = Math.ceil(bits.length / 8)): Uint8Array => {
  const number = BitString(bits).replace(/^0+/, "");
  if (number.length > length * 8) throw new ArgumentError(`${bits} does not fit into ${length} bytes`);
  const filled = number.padStart(length * 8, "0");
  return Uint8Array.from({ length }, (_, index) => Number.parseInt(filled.slice(index * 8, index * 8 + 8), 2));
};

function checkPlace(bits: string, index: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= BitString(bits).length)
    throw new ArgumentError(`${bits} has no bit ${index}: the first one is 0, the last one ${bits.length - 1}`);
}

/** One bit; 0 is the first, as in SQL's `get_bit()`. */
BitString.getBit = (bits: string, index: number): "0" | "1" => {
  checkPlace(bits, index);
  return bits[index] as "0" | "1";
};

/** The bits with one of them set. */
BitString.setBit = (bits: string, index: number, bit: "0" | "1"): string => {
  checkPlace(bits, index);
  return BitString(bits.slice(0, index) + bit + bits.slice(index + 1));
};

function combined(a: string, b: string, keep: (left: boolean, right: boolean) => boolean): string {
  if (BitString(a).length !== BitString(b).length)
    throw new ArgumentError(`${a} and ${b} are of different lengths: bits are combined one by one`);
  return [...a].map((bit, index) => (keep(bit === "1", b[index] === "1") ? "1" : "0")).join("");
}

/** SQL's `a & b`: the bits that both have. */
BitString.and = (a: string, b: string): string => combined(a, b, (left, right) => left && right);

/** SQL's `a | b`: the bits that either has. */
BitString.or = (a: string, b: string): string => combined(a, b, (left, right) => left || right);

/** SQL's `a # b`: the bits that one of both has. */
BitString.xor = (a: string, b: string): string => combined(a, b, (left, right) => left !== right);

/** SQL's `~a`: all bits turned round. */
BitString.not = (bits: string): string => [...BitString(bits)].map((bit) => (bit === "1" ? "0" : "1")).join("");

/** SQL's `a << n`: moved to the left, as long as before; below 0, to the right. */
BitString.shiftLeft = (bits: string, by: number): string => {
  const { length } = BitString(bits);
  if (by < 0) return BitString.shiftRight(bits, -by);
  return bits.slice(by).padEnd(length, "0");
};

/** SQL's `a >> n`: moved to the right, as long as before; below 0, to the left. */
BitString.shiftRight = (bits: string, by: number): string => {
  const { length } = BitString(bits);
  if (by < 0) return BitString.shiftLeft(bits, -by);
  return bits.slice(0, Math.max(length - by, 0)).padStart(length, "0");
};
