/** Any JavaScript value in a binary column, by way of a serializer (SQLAlchemy's PickleType). JSON unless one is given. */

import { LargeBinary } from "./binary.ts";
import { TypeDecorator } from "./decorator.ts";
import { deepEqual } from "./deep-equal.ts";
import { type SqlType, type TypeLike, toType } from "./type.ts";

/** Turns values into bytes or text, and back. */
export interface Serializer<out T = unknown> {
  serialize(value: T): Uint8Array | string;
  deserialize(bytes: Uint8Array): T;
}

/** Options of {@link Serialized}. */
export interface SerializedOptions<T = unknown> {
  /** Default: JSON as UTF-8. */
  readonly serializer?: Serializer<T> | undefined;
  /** Equality of two values; by content where it is left out. */
  readonly comparator?: ((a: T, b: T) => boolean) | undefined;
  /** The column's type, in place of LargeBinary. */
  readonly impl?: TypeLike | undefined;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** JSON as UTF-8. */
export const jsonSerializer: Serializer = {
  serialize: (value) => JSON.stringify(value),
  deserialize: (bytes) => JSON.parse(decoder.decode(bytes)) as unknown,
};

/** A value of any kind, serialized. */
export class Serialized<T = unknown> extends TypeDecorator<T> {
  override readonly impl: SqlType;
  override readonly cacheOk = true;
  readonly serializer: Serializer<T>;
  readonly equals: ((a: T, b: T) => boolean) | undefined;

  constructor(options: SerializedOptions<T> = {}) {
    super();
    this.impl = options.impl === undefined ? new LargeBinary() : toType(options.impl);
    this.serializer = options.serializer ?? (jsonSerializer as Serializer<T>);
    this.equals = options.comparator;
  }

  override processBindParam(value: T | null): Uint8Array | null {
    if (value === null || value === undefined) return null;
    const bytes = this.serializer.serialize(value);
    return typeof bytes === "string" ? encoder.encode(bytes) : bytes;
  }

  override processResultValue(value: unknown): T | null {
    if (value === null || value === undefined) return null;
    return this.serializer.deserialize(typeof value === "string" ? encoder.encode(value) : (value as Uint8Array));
  }

  override compareValues(a: T, b: T): boolean {
    return this.equals === undefined ? deepEqual(a, b) : this.equals(a, b);
  }
}
