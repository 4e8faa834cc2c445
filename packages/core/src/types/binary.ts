/** Bytes. Values are Uint8Array on every database. */
import { ArgumentError } from "../errors/errors.ts";
import { optionalCount, splitOptions } from "./arguments.ts";
import { equalBytes } from "./deep-equal.ts";
import { describe } from "./literals.ts";
import type { TypeDialect } from "./type.ts";
import { type Affinity, defineVisitName, type Processor, SqlType } from "./type.ts";

/** Options of the binary types. */
export interface BinaryOptions {
  /** Number of bytes, for databases whose type has a length. */
  readonly length?: number | undefined;
}

/** What the binary types have in common. */
export abstract class BinaryType extends SqlType<Uint8Array> {
  readonly length: number | undefined;

  constructor(...values: (number | null | undefined | BinaryOptions)[]) {
    super();
    const [positional, options] = splitOptions<BinaryOptions>(values);
    this.length = optionalCount("binary", "length", positional[0] ?? options.length);
  }

  override get affinity(): Affinity {
    return "binary";
  }

  override accepts(value: unknown): boolean {
    return value instanceof Uint8Array || typeof value === "string";
  }

  override bindProcessor(_dialect: TypeDialect): Processor {
    return toBytes;
  }

  override resultProcessor(_dialect: TypeDialect): Processor {
    return fromBytes;
  }

  /** The SQL standard's `X'…'`; dialects that spell it otherwise override this. */
  override literalProcessor(_dialect: TypeDialect): Processor<unknown, string> {
    return (value) =>
      value === null || value === undefined ? "NULL" : `X'${bytesToHex(toBytes(value) as Uint8Array)}'`;
  }

  override compareValues(a: Uint8Array, b: Uint8Array): boolean {
    if (a === b) return true;
    return a instanceof Uint8Array && b instanceof Uint8Array && equalBytes(a, b);
  }
}

/** Bytes of any length: BLOB, BYTEA. */
export class LargeBinary extends BinaryType {}

defineVisitName(LargeBinary, "largeBinary");

/** Bytes as hexadecimal digits in lower case. */
export function bytesToHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte < 16 ? `0${byte.toString(16)}` : byte.toString(16);
  return text;
}

const encoder = new TextEncoder();

function toBytes(value: unknown): Uint8Array | null {
  if (value instanceof Uint8Array) return value;
  if (value === null || value === undefined) return null;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (typeof value === "string") return encoder.encode(value);
  throw new ArgumentError(`${describe(value)} is not binary`, { fix: "pass a Uint8Array" });
}

/** Node's drivers give a Buffer, which compares and prints unlike a plain Uint8Array. */
function fromBytes(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (!(value instanceof Uint8Array)) return toBytes(value);
  return value.constructor === Uint8Array ? value : new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}
