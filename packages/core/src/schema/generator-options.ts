/** Options that sequences and identity columns share. */
import { ArgumentError } from "../errors/errors.ts";
import type { DialectSpecificOptions, GivenDialectOptions } from "../selectable/dialect-options.ts";

/** How numbers are generated. */
export interface GeneratorOptions extends DialectSpecificOptions {
  /** The first number. */
  readonly start?: number | bigint | undefined;
  /** The distance between two numbers; may be negative. */
  readonly increment?: number | bigint | undefined;
  readonly minvalue?: number | bigint | undefined;
  readonly maxvalue?: number | bigint | undefined;
  /** `NO MINVALUE` */
  readonly nominvalue?: boolean | undefined;
  /** `NO MAXVALUE` */
  readonly nomaxvalue?: boolean | undefined;
  /** Start over behind the last number. */
  readonly cycle?: boolean | undefined;
  /** How many numbers a session takes in advance. */
  readonly cache?: number | bigint | undefined;
  /** Oracle: numbers in the order of requests. The same as `oracleOrder`. */
  readonly order?: boolean | undefined;
}

/** The names of {@link GeneratorOptions}. */
export const generatorOptionNames: readonly string[] = [
  "start",
  "increment",
  "minvalue",
  "maxvalue",
  "nominvalue",
  "nomaxvalue",
  "cycle",
  "cache",
  "order",
];

/** The options of a generator, read. */
export interface GeneratorSettings {
  readonly start: number | bigint | null;
  readonly increment: number | bigint | null;
  readonly minvalue: number | bigint | null;
  readonly maxvalue: number | bigint | null;
  readonly nominvalue: boolean | null;
  readonly nomaxvalue: boolean | null;
  readonly cycle: boolean | null;
  readonly cache: number | bigint | null;
}

/** Reads the options that rendering needs. */
export function readGeneratorOptions(options: GeneratorOptions): GeneratorSettings {
  const { start = null, increment = null, minvalue = null, maxvalue = null } = options;
  const { nominvalue = null, nomaxvalue = null, cycle = null, cache = null } = options;
  return { start, increment, minvalue, maxvalue, nominvalue, nomaxvalue, cycle, cache };
}

/** The settings as options again, for copies. */
export function generatorOptions(settings: GeneratorSettings, dialectOptions: GivenDialectOptions): GeneratorOptions {
  const { start, increment, minvalue, maxvalue, nominvalue, nomaxvalue, cycle, cache } = settings;
  const all = { start, increment, minvalue, maxvalue, nominvalue, nomaxvalue, cycle, cache };
  return { ...Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)), ...dialectOptions };
}

/** Moves an option that only Oracle has under its Oracle name. */
export function asOracleOption(dialectOptions: GivenDialectOptions, name: string, value: unknown): GivenDialectOptions {
  if (value === undefined) return dialectOptions;
  const full = `oracle${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  if (full in dialectOptions)
    throw new ArgumentError(`Cannot specify both '${name}' and '${full}'. Please use only '${full}'.`);
  return { ...dialectOptions, [full]: value };
}
