/**
 * Rows. Each shape of result gets a small class made once: own enumerable properties by name, numeric getters and an
 * iterator on the prototype. Two makers of the same behaviour: code made at run time, and an interpreted twin.
 */
import type { Processor } from "../types/type.ts";
import { codegenAllowed } from "./codegen.ts";
import type { ResultKeys } from "./keys.ts";

/** Makes one row of a driver's values. The array is not kept. */
export type RowMaker = (values: readonly unknown[]) => object;

/** What rows of one shape are: names, conversions, the row's class. */
export class RowShape {
  readonly keys: ResultKeys;
  /** Conversions by position; null where a value is taken as it is. */
  readonly processors: readonly Processor[];
  /** Where each column's value stands in a raw row. */
  readonly sources: readonly number[];
  #make: RowMaker | null = null;
  readonly #interpreted: boolean;

  /**
   * @param options.sources positions in raw rows. Default: the columns' own order.
   * @param options.interpreted makes rows without code made at run time. Default: only where the platform forbids that.
   */
  constructor(
    keys: ResultKeys,
    processors: readonly Processor[],
    options: { readonly sources?: readonly number[]; readonly interpreted?: boolean } = {},
  ) {
    this.keys = keys;
    this.processors = processors;
    this.sources = options.sources ?? processors.map((_, position) => position);
    this.#interpreted = options.interpreted ?? !codegenAllowed();
  }

  /** Makes rows. */
  get make(): RowMaker {
    this.#make ??= this.#interpreted ? interpretedMaker(this) : generatedMaker(this);
    return this.#make;
  }

  /** A shape of some of the columns. */
  pick(positions: readonly number[]): RowShape {
    return new RowShape(
      this.keys.pick(positions),
      positions.map((position) => this.processors[position] ?? null),
      { sources: positions.map((position) => this.sources[position] as number), interpreted: this.#interpreted },
    );
  }

  /** Rows of this shape's values, then another's: each raw row is the one's followed by the other's. */
  beside(other: RowShape, width: number): RowShape {
    return new RowShape(this.keys.concat(other.keys), [...this.processors, ...other.processors], {
      sources: [...this.sources, ...other.sources.map((source) => source + width)],
      interpreted: this.#interpreted,
    });
  }

  /** The same columns under other names. */
  renamed(names: readonly string[]): RowShape {
    return new RowShape(this.keys.renamed(names), this.processors, {
      sources: this.sources,
      interpreted: this.#interpreted,
    });
  }

  /** One converted value. */
  value(values: readonly unknown[], position: number): unknown {
    const processor = this.processors[position];
    const value = values[this.sources[position] as number];
    return processor ? processor(value) : value;
  }
}

/** Hidden storage of rows whose values cannot all be properties. */
const stored: unique symbol = Symbol("values");

interface StoredRow {
  [stored]?: readonly unknown[];
}

/** How a column's value is kept. */
interface Slot {
  readonly name: string;
  readonly position: number;
}

/** Names that rows cannot have as an own property: positions, and names that stand for several columns. */
function slotsOf(keys: ResultKeys): { readonly slots: readonly Slot[]; readonly isComplete: boolean } {
  const slots: Slot[] = [];
  keys.names.forEach((name, position) => {
    if (!isPosition(name) && !keys.isAmbiguous(name)) slots.push({ name, position });
  });
  return { slots, isComplete: slots.length === keys.names.length };
}

function isPosition(name: string): boolean {
  return /^(?:0|[1-9]\d*)$/.test(name);
}

/** Names that mean something on the prototype chain, where a plain assignment would go wrong. */
const delicate = new Set(["__proto__", "_mapping", "_fields", "_asdict", "_t", "_tuple"]);

/** What rows have besides their values; none of it is enumerable. */
function decorate(prototype: object, keys: ResultKeys, valuesOf: (row: object) => readonly unknown[]): void {
  const { slots, isComplete } = slotsOf(keys);
  const define = (name: string | symbol, descriptor: PropertyDescriptor): void => {
    Object.defineProperty(prototype, name, { configurable: true, enumerable: false, ...descriptor });
  };
  const own = new Map(slots.map((slot) => [slot.position, slot.name]));
  keys.names.forEach((name, position) => {
    const property = own.get(position);
    if (property === undefined) {
      define(String(position), { get: positionGetter(position) });
      if (!isPosition(name)) {
        // Always throws: the name stands for several columns.
        define(name, { get: () => keys.position(name) });
      }
    } else define(String(position), { get: propertyGetter(property) });
  });
  define(Symbol.iterator, {
    value(this: object) {
      return valuesOf(this)[Symbol.iterator]();
    },
  });
  const mapping = function (this: object): Record<string, unknown> {
    const values = valuesOf(this);
    const object: Record<string, unknown> = {};
    keys.names.forEach((name, position) => {
      if (!Object.hasOwn(object, name))
        Object.defineProperty(object, name, {
          value: values[position],
          enumerable: true,
          configurable: true,
          writable: true,
        });
    });
    return object;
  };
  define("_mapping", { get: mapping });
  define("_asdict", { value: mapping });
  define("_fields", { get: () => keys.names });
  define("_t", {
    get(this: object) {
      return this;
    },
  });
  if (!isComplete) define("toJSON", { value: mapping });
  define("_tuple", {
    value(this: object) {
      return [...valuesOf(this)];
    },
  });
  if (keys.names.includes("at")) return;
  define("at", {
    value(this: object, index: number) {
      return valuesOf(this).at(index);
    },
  });
}

function positionGetter(position: number): () => unknown {
  return function (this: StoredRow) {
    return this[stored]?.[position];
  } as () => unknown;
}

function propertyGetter(name: string): () => unknown {
  return function (this: Record<string, unknown>) {
    return this[name];
  } as () => unknown;
}

function valuesReader(keys: ResultKeys): (row: object) => readonly unknown[] {
  const { slots, isComplete } = slotsOf(keys);
  if (!isComplete) return (row) => (row as StoredRow)[stored] ?? [];
  const names = slots.map((slot) => slot.name);
  return (row) => names.map((name) => (row as Record<string, unknown>)[name]);
}

function store(row: object, values: readonly unknown[]): void {
  Object.defineProperty(row, stored, { value: values, enumerable: false });
}

/** Rows by interpretation: what code made at run time does, step by step. */
function interpretedMaker(shape: RowShape): RowMaker {
  const { keys, processors, sources } = shape;
  const { slots, isComplete } = slotsOf(keys);
  class Row {}
  decorate(Row.prototype, keys, valuesReader(keys));
  const count = keys.names.length;
  return (values) => {
    const converted: unknown[] = new Array(count);
    for (let position = 0; position < count; position++) {
      const processor = processors[position];
      const value = values[sources[position] as number];
      converted[position] = processor ? processor(value) : value;
    }
    const row = new Row() as Record<string, unknown>;
    for (const { name, position } of slots) {
      if (delicate.has(name))
        Object.defineProperty(row, name, {
          value: converted[position],
          enumerable: true,
          configurable: true,
          writable: true,
        });
      else row[name] = converted[position];
    }
    if (!isComplete) store(row, converted);
    return row;
  };
}

/** Rows by code made for their shape. Names enter the code as string literals only. */
function generatedMaker(shape: RowShape): RowMaker {
  const { keys, processors, sources } = shape;
  const { slots, isComplete } = slotsOf(keys);
  if (keys.names.length > 1000) return interpretedMaker(shape);
  const read = (position: number): string =>
    processors[position] ? `p${position}(d[${sources[position]}])` : `d[${sources[position]}]`;
  const parameters = processors.map((_, position) => `p${position}`);
  const all = keys.names.map((_, position) => read(position)).join(",");
  const values = keys.names.map((_, position) => `v${position}`).join(",");
  let body = "";
  for (const { name, position } of slots) {
    const value = `v${position}`;
    const key = JSON.stringify(name);
    body += delicate.has(name)
      ? `define(this,${key},{value:${value},enumerable:true,configurable:true,writable:true});`
      : `this[${key}]=${value};`;
  }
  if (!isComplete) body += `store(this,[${values}]);`;
  const source = `"use strict";class Row{constructor(${values}){${body}}}return[Row,(d)=>new Row(${all}),new Row()];`;
  const build = new Function("define", "store", ...parameters, source) as (
    ...args: unknown[]
  ) => [{ prototype: object }, RowMaker, object];
  const [Row, make, specimen] = build(Object.defineProperty, store, ...processors);
  decorate(Row.prototype, keys, isComplete ? generatedValues(slots) : valuesReader(keys));
  specimens.set(make, specimen);
  return make;
}

/** A row for each maker, so that V8 goes on to know how they are laid out; see the driver's `keepSpecimen`. */
const specimens = new WeakMap<RowMaker, object>();

function generatedValues(slots: readonly Slot[]): (row: object) => readonly unknown[] {
  return new Function("r", `return[${slots.map(({ name }) => `r[${JSON.stringify(name)}]`).join(",")}];`) as (
    row: object,
  ) => readonly unknown[];
}
