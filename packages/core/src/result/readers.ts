/** The ways to read one raw row: as a row object, as one value, as a plain object. Next: ./view.ts. */
import type { DriverRow } from "@athanor/driver";
import type { Processor } from "../types/type.ts";
import type { RowMaker, RowShape } from "./row.ts";
import type { RowReader } from "./view.ts";

/** Rows as objects of the shape's class. */
export class RowObjects<out T> implements RowReader<T> {
  readonly shape: RowShape;
  readonly read: (row: DriverRow) => T;

  constructor(shape: RowShape) {
    this.shape = shape;
    this.read = shape.make as RowMaker as (row: DriverRow) => T;
  }

  identify(value: T): unknown {
    return identityOfValues([...(value as Iterable<unknown>)]);
  }
}

/** One column of each row. */
export class ScalarValues<out T> implements RowReader<T> {
  readonly readsSingles: boolean;
  readonly #position: number;
  readonly #processor: Processor;

  constructor(shape: RowShape, position: number) {
    this.#position = shape.sources[position] as number;
    this.#processor = shape.processors[position] ?? null;
    this.readsSingles = this.#position === 0 && this.#processor === null;
  }

  read(row: DriverRow): T {
    const processor = this.#processor;
    return (processor ? processor(row[this.#position]) : row[this.#position]) as T;
  }

  identify(value: T): unknown {
    return identityOfValue(value);
  }
}

/** Rows as plain objects. */
export class MappingObjects<out T> implements RowReader<T> {
  readonly #make: RowMaker;

  constructor(shape: RowShape) {
    this.#make = shape.make;
  }

  read(row: DriverRow): T {
    return (this.#make(row) as { readonly _mapping: T })._mapping;
  }

  identify(value: T): unknown {
    return identityOfValues(Object.values(value as object));
  }
}

/** A key for a list of values: equal for equal values, of objects by identity but for dates and bytes. */
export function identityOfValues(values: readonly unknown[]): unknown {
  if (values.length === 1) return identityOfValue(values[0]);
  let key = "";
  for (const value of values) key += `${partOf(value)}|`;
  return key;
}

function identityOfValue(value: unknown): unknown {
  if (value instanceof Date || value instanceof Uint8Array) return partOf(value);
  return value;
}

const identities = new WeakMap<object, number>();
let lastIdentity = 0;

function partOf(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `${value.length}'${value}`;
    case "object":
    case "function":
    case "symbol": {
      if (value === null) return "~";
      if (value instanceof Date) return `d${value.getTime()}`;
      if (value instanceof Uint8Array)
        return `b${Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
      let identity = identities.get(value as object);
      if (identity === undefined) {
        identity = ++lastIdentity;
        identities.set(value as object, identity);
      }
      return `#${identity}`;
    }
    default:
      return `${(typeof value)[0]}${String(value)}`;
  }
}
