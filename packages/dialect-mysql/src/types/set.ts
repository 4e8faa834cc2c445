/** ENUM and SET. */
import {
  ArgumentError,
  type ColumnElement,
  defineVisitName,
  describe,
  type EnumOptions,
  EnumType,
  Integer,
  isPlain,
  type Processor,
  quoteString,
  SqlType,
  type TypeDialect,
  typeCoerce,
} from "@athanor/core";
import { type CharacterOptions, characterOptions } from "./text.ts";

/** Options of ENUM. */
export interface MySQLEnumOptions extends EnumOptions, CharacterOptions {}

const characterNames = ["charset", "ascii", "unicode", "binary", "national"];

/** ENUM('a', 'b'). */
export class MySQLEnum<T = string> extends EnumType<T> implements CharacterOptions {
  readonly charset: string | undefined;
  readonly ascii: boolean | undefined;
  readonly unicode: boolean | undefined;
  readonly binary: boolean | undefined;
  readonly national: boolean | undefined;

  constructor(...args: (string | object)[]) {
    super(...withoutCharacterOptions(args));
    Object.assign(this, characterOptions(args));
  }
}
defineVisitName(MySQLEnum, "ENUM");

/** The arguments that core's EnumType knows. */
function withoutCharacterOptions(args: readonly (string | object)[]): (string | object)[] {
  const last = args.at(-1);
  if (
    last === undefined ||
    typeof last !== "object" ||
    !isPlain(last) ||
    !characterNames.some((name) => Object.hasOwn(last, name))
  )
    return [...args];
  return [
    ...args.slice(0, -1),
    Object.fromEntries(Object.entries(last).filter(([name]) => !characterNames.includes(name))),
  ];
}

/** Options of SET. */
export interface SetOptions extends CharacterOptions {
  readonly length?: number | undefined;
  readonly collation?: string | undefined;
  /** Values are fetched and sent as the number that the bits make; needed where a value is empty. */
  readonly retrieveAsBitwise?: boolean | undefined;
}

/** What a SET parameter may be. */
export type SetInput<V extends string = string> = ReadonlySet<V> | readonly V[] | string | number | bigint;

/** SET('a', 'b'): a JavaScript Set. */
export class MySQLSet<V extends string = string> extends SqlType<Set<V>, SetInput<V>> implements CharacterOptions {
  readonly values: readonly string[];
  readonly length: number;
  readonly collation: string | undefined;
  readonly retrieveAsBitwise: boolean;
  readonly charset: string | undefined;
  readonly ascii: boolean | undefined;
  readonly unicode: boolean | undefined;
  readonly binary: boolean | undefined;
  readonly national: boolean | undefined;
  /** Present where values are fetched as numbers. */
  declare columnExpression?: (column: ColumnElement) => unknown;

  constructor(...args: (string | SetOptions)[]) {
    super();
    const last = args.at(-1);
    const options: SetOptions = typeof last === "object" ? last : {};
    const values = (typeof last === "object" ? args.slice(0, -1) : args) as readonly string[];
    for (const value of values)
      if (typeof value !== "string") throw new ArgumentError(`set: the values must be strings, not ${describe(value)}`);
    this.retrieveAsBitwise = options.retrieveAsBitwise ?? false;
    if (!this.retrieveAsBitwise && values.includes("")) {
      throw new ArgumentError("Can't use the blank value '' in a SET without setting retrieve_as_bitwise=True", {
        fix: "pass { retrieveAsBitwise: true }",
      });
    }
    this.values = values;
    this.length = options.length ?? values.reduce((longest, value) => Math.max(longest, value.length), 0);
    this.collation = options.collation;
    Object.assign(this, characterOptions(args));
  }

  override get affinity(): "string" {
    return "string";
  }

  override accepts(value: unknown): boolean {
    return value instanceof Set || Array.isArray(value) || typeof value === "string" || typeof value === "number";
  }

  override bindProcessor(_dialect: TypeDialect): Processor {
    return (value) => storedSet(this, value);
  }

  override resultProcessor(_dialect: TypeDialect): Processor {
    if (this.retrieveAsBitwise)
      return (value) =>
        value === null || value === undefined ? null : setOfBits(this, BigInt(value as number | string | bigint));
    return (value) => {
      if (value === null || value === undefined || value instanceof Set) return value ?? null;
      const text = String(value);
      return new Set(text === "" ? [] : text.split(","));
    };
  }

  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    return (value) => {
      const stored = storedSet(this, value);
      return stored === null ? "NULL" : typeof stored === "string" ? quoteString(stored, dialect) : String(stored);
    };
  }

  override compareValues(a: Set<V>, b: Set<V>): boolean {
    if (a === b) return true;
    return a instanceof Set && b instanceof Set && a.size === b.size && [...a].every((value) => b.has(value));
  }
}
defineVisitName(MySQLSet, "SET");

function storedSet(type: MySQLSet, value: unknown): string | number | bigint | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (typeof value === "string" && !type.retrieveAsBitwise) return value;
  const members = typeof value === "string" ? [value] : [...(value as Iterable<string>)];
  for (const member of members) {
    if (!type.values.includes(member))
      throw new ArgumentError(
        `${describe(member)} is not among the values of the SET: ${type.values.map((known) => JSON.stringify(known)).join(", ")}`,
      );
  }
  if (!type.retrieveAsBitwise) return members.join(",");
  return members.reduce((bits, member) => bits | (1n << BigInt(type.values.indexOf(member))), 0n);
}

function setOfBits(type: MySQLSet, bits: bigint): Set<string> {
  return new Set(type.values.filter((_, index) => (bits >> BigInt(index)) & 1n));
}

const integer = new Integer();

Object.defineProperty(MySQLSet.prototype, "columnExpression", {
  configurable: true,
  get(this: MySQLSet) {
    if (!this.retrieveAsBitwise) return undefined;
    return (column: ColumnElement) => typeCoerce(typeCoerce(column, integer).add(0), this);
  },
});

/** Text types that MySQL enumerates: they cannot be cast to. */
export function isEnumerated(type: SqlType): boolean {
  return type instanceof MySQLSet || (type instanceof EnumType && type.nativeEnum) || type instanceof MySQLEnum;
}
