/**
 * The shortest way from a parameter set to the driver: code made for the names and conversions of a statement reads the set
 * into an array of driver parameters. Next: ./parameter-rows.ts.
 */
import type { BindEntry } from "../compiler/expanding.ts";
import { codegenAllowed } from "../result/codegen.ts";

/** One parameter set as a program gives it. */
export type ParameterSet = Readonly<Record<string, unknown>>;

/** Driver parameters of a set; null where the set has to be looked at value by value. */
export type ReadSet = (set: ParameterSet) => unknown[] | null;

/** Makes {@link ReadSet}s for one order of parameters; the last one is kept. */
export class SetReaders {
  readonly #entries: readonly BindEntry[];
  #keys: readonly string[] = [];
  #read: ReadSet | null = null;

  /** @param order positions of binds, in the order of the driver's parameters. */
  constructor(binds: readonly BindEntry[], order: readonly number[]) {
    this.#entries = new Set(order).size < binds.length ? [] : order.map((position) => binds[position] as BindEntry);
  }

  /** The reader for sets with the names of this one; null where the set does not have all values. */
  for(set: ParameterSet): ReadSet | null {
    const entries = this.#entries;
    if (entries.length === 0) return null;
    const known = this.#keys;
    let isKnown = this.#read !== null;
    const keys: string[] = [];
    for (const [index, entry] of entries.entries()) {
      const key = keyIn(set, entry);
      if (key === null) return null;
      if (key !== known[index]) isKnown = false;
      keys.push(key);
    }
    if (isKnown) return this.#read;
    const processors = entries.map(({ processor }) => processor);
    this.#keys = keys;
    this.#read =
      codegenAllowed() && keys.length <= 500 ? generatedReader(keys, processors) : interpretedReader(keys, processors);
    return this.#read;
  }
}

/** Under which name a set has the value of a bind. Names that every object has are looked up with more care elsewhere. */
function keyIn(set: ParameterSet, { name, bind }: BindEntry): string | null {
  const key = Object.hasOwn(set, name) ? name : bind.bindKey;
  return key === null || !Object.hasOwn(set, key) || key in Object.prototype ? null : key;
}

type Processors = readonly BindEntry["processor"][];

/** Sets are plain objects nearly always; others may inherit values that do not count. */
function isOther(set: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(set);
  return prototype !== Object.prototype && prototype !== null;
}

function generatedReader(keys: readonly string[], processors: Processors): ReadSet {
  const names = keys.map((_, index) => `v${index}`);
  const reads = keys.map((key, index) => `v${index}=s[${JSON.stringify(key)}]`).join(",");
  const missing = names.map((name) => `${name}===undefined`).join("||");
  const values = names.map((name, index) => (processors[index] === null ? name : `p${index}(${name})`)).join(",");
  const build = new Function(
    "isOther",
    ...keys.map((_, index) => `p${index}`),
    `"use strict";return(s)=>{if(isOther(s))return null;const ${reads};if(${missing})return null;return[${values}];};`,
  ) as (...args: unknown[]) => ReadSet;
  return build(isOther, ...processors);
}

function interpretedReader(keys: readonly string[], processors: Processors): ReadSet {
  return (set) => {
    if (isOther(set)) return null;
    const count = keys.length;
    const values: unknown[] = new Array(count);
    for (let index = 0; index < count; index++) {
      const value = set[keys[index] as string];
      if (value === undefined) return null;
      const processor = processors[index];
      values[index] = processor === null || processor === undefined ? value : processor(value);
    }
    return values;
  };
}
