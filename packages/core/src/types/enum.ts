/** Enumerations: a native type where the database has one, else text with an optional CHECK constraint. */
import { ArgumentError } from "../errors/errors.ts";
import type { Operator } from "../operator/operator.ts";
import { operators } from "../operator/table.ts";
import { describe, quoteString } from "./literals.ts";
import { StringType } from "./string.ts";
import type { TypeDialect } from "./type.ts";
import { type AdaptedOperator, type Affinity, defineVisitName, type Processor, type SqlType } from "./type.ts";
import { runTypeDdl, type TypeBind, type TypeCreateOptions } from "./type-bind.ts";

/** Options of {@link EnumType}. */
export interface EnumOptions {
  /** Name of the native type, or of the CHECK constraint. */
  readonly name?: string | undefined;
  /** Use the database's own type where it has one. */
  readonly nativeEnum?: boolean | undefined;
  /** Add a CHECK constraint where text is used. */
  readonly createConstraint?: boolean | undefined;
  /** Create and drop the native type together with its tables. */
  readonly createType?: boolean | undefined;
  /** Length of the text; that of the longest value where it is left out, and none where it is null. */
  readonly length?: number | null | undefined;
  /** Schema of the native type. */
  readonly schema?: string | null | undefined;
  /** Take the schema of the table. */
  readonly inheritSchema?: boolean | undefined;
  /** The MetaData that creates and drops the native type. */
  readonly metadata?: object | undefined;
  /** Quote the type's name whatever the rules say. */
  readonly quote?: boolean | undefined;
  /** Reject parameters that are not among the values, instead of passing strings on. */
  readonly validateStrings?: boolean | undefined;
  /** Collation of the text. */
  readonly collation?: string | undefined;
  /** What values are ordered by where rows are written by primary key; by default what is stored. */
  readonly sortKeyFunction?: ((value: never) => unknown) | undefined;
  /** For an enum-like object: what is stored for its members, in their order. By default their names. */
  readonly valuesCallable?: ((members: EnumObject) => readonly string[]) | undefined;
}

/** A TypeScript `enum`, an object or a class with static members. */
export type EnumObject = object;

/** The values of an enum-like object. */
export type EnumValues<E extends EnumObject> = E[Exclude<keyof E, "prototype">];

/** What a type asks of the MetaData that creates and drops it. */
interface TypeOwner {
  readonly schema?: string | null;
  registerType?(type: EnumType<unknown>): void;
}

/** One of a fixed list of values. With an enum-like object the values are its members', and their names are stored. */
export class EnumType<out T = string> extends StringType<T> {
  /** What is stored, in order. */
  readonly enums: readonly string[];
  /** The enum-like object it was made of. */
  readonly enumObject: EnumObject | undefined;
  readonly name: string | undefined;
  readonly nativeEnum: boolean;
  readonly createConstraint: boolean;
  readonly createType: boolean;
  readonly schema: string | null | undefined;
  readonly inheritSchema: boolean;
  readonly metadata: object | undefined;
  readonly quote: boolean | undefined;
  readonly validateStrings: boolean;
  readonly valuesCallable: ((members: EnumObject) => readonly string[]) | undefined;
  /** The order that the user gave. */
  readonly sortKey: ((value: never) => unknown) | undefined;

  constructor(...values: (string | EnumObject | EnumOptions)[]) {
    const { enumObject, enums, options } = readValues(values);
    const longest = enums.reduce((length, text) => Math.max(length, [...text].length), 0);
    if (options.length !== undefined && options.length !== null && options.length < longest) {
      throw new ArgumentError(`enum: a length of ${options.length} is too short for values of ${longest} characters`);
    }
    if (options.inheritSchema === true && options.schema !== undefined && options.schema !== null)
      throw new ArgumentError("enum: inheritSchema takes the table's schema, and schema names another", {
        fix: "give one of them",
      });
    super({ length: options.length === null ? undefined : (options.length ?? longest), collation: options.collation });
    this.enums = enums;
    this.enumObject = enumObject;
    this.name = options.name ?? (typeof enumObject === "function" ? enumObject.name.toLowerCase() : undefined);
    this.nativeEnum = options.nativeEnum ?? true;
    this.createConstraint = options.createConstraint ?? false;
    this.createType = options.createType ?? true;
    this.schema = options.schema === undefined ? (options.metadata as TypeOwner | undefined)?.schema : options.schema;
    this.inheritSchema = options.inheritSchema ?? false;
    this.metadata = options.metadata;
    this.quote = options.quote;
    this.validateStrings = options.validateStrings ?? false;
    this.valuesCallable = options.valuesCallable;
    this.sortKey = options.sortKeyFunction;
    (options.metadata as TypeOwner | undefined)?.registerType?.(this);
  }

  /** `CREATE TYPE`, if it is not there yet. Nothing where enumerations are no objects of the database. */
  create<R>(bind: TypeBind<R>, options: TypeCreateOptions = {}): R {
    return runTypeDdl("create", this, bind, options);
  }

  /** `DROP TYPE`, if it is there. Nothing where enumerations are no objects of the database. */
  drop<R>(bind: TypeBind<R>, options: TypeCreateOptions = {}): R {
    return runTypeDdl("drop", this, bind, options);
  }

  override get affinity(): Affinity {
    return "enum";
  }

  override get sortKeyFunction(): (value: never) => unknown {
    return this.sortKey ?? ((value) => this.tables().stored.get(value) ?? value);
  }

  override accepts(value: unknown): boolean {
    return typeof value === "string" || this.tables().stored.has(value);
  }

  /** Concatenation makes plain text of it. */
  override adaptOperator(operator: Operator, other: SqlType): AdaptedOperator {
    const adapted = super.adaptOperator(operator, other);
    return adapted.operator === operators.concat
      ? { operator: adapted.operator, type: new StringType({ length: this.length }) }
      : adapted;
  }

  override bindProcessor(_dialect: TypeDialect): Processor {
    const { stored } = this.tables();
    return (value) => (value === null || value === undefined ? null : this.toStored(stored, value));
  }

  override resultProcessor(_dialect: TypeDialect): Processor {
    const { members } = this.tables();
    return (value) => {
      if (value === null || value === undefined) return null;
      const member = members.get(value as string);
      return member === undefined ? this.reject(value) : member;
    };
  }

  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    const { stored } = this.tables();
    return (value) =>
      value === null || value === undefined ? "NULL" : quoteString(this.toStored(stored, value), dialect);
  }

  private toStored(stored: ReadonlyMap<unknown, string>, value: unknown): string {
    const text = stored.get(value);
    if (text !== undefined) return text;
    // Unknown strings may be patterns of LIKE, or values that a trigger translates.
    if (typeof value === "string" && !this.validateStrings) return value;
    return this.reject(value);
  }

  private reject(value: unknown): never {
    throw new ArgumentError(
      `${describe(value)} is not among the values of ${this.name === undefined ? "the enum" : `the enum ${this.name}`}: ${this.enums.map((text) => JSON.stringify(text)).join(", ")}`,
    );
  }

  private tables(): Tables {
    const known = tablesOf.get(this.enums);
    if (known !== undefined) return known;
    const tables = makeTables(this.enums, this.enumObject);
    tablesOf.set(this.enums, tables);
    return tables;
  }
}

defineVisitName(EnumType, "enum");

interface Tables {
  /** Values, and what is stored for them. */
  readonly stored: ReadonlyMap<unknown, string>;
  /** What is stored, and its value. */
  readonly members: ReadonlyMap<string, unknown>;
}

/** Kept aside: copies of a type share its list of values, and own properties are its cache key. */
const tablesOf = new WeakMap<readonly string[], Tables>();

function makeTables(enums: readonly string[], enumObject: EnumObject | undefined): Tables {
  const values = enumObject === undefined ? enums : membersOf(enumObject).map(([, value]) => value);
  const stored = new Map<unknown, string>();
  const members = new Map<string, unknown>();
  enums.forEach((text, index) => {
    members.set(text, values[index]);
    if (!stored.has(values[index])) stored.set(values[index], text);
  });
  // What is stored is accepted as a parameter too, unless it is another member's value.
  for (const text of enums) if (!stored.has(text)) stored.set(text, text);
  return { stored, members };
}

/** Members in order; a numeric enum's reverse mapping and further names for the same value are left out. */
function membersOf(object: EnumObject): [string, unknown][] {
  const seen = new Set<unknown>();
  return Object.entries(object).filter(([name, value]) => {
    if (/^-?\d+(\.\d+)?$/.test(name) || typeof value === "function" || seen.has(value)) return false;
    seen.add(value);
    return true;
  });
}

interface ReadValues {
  readonly enumObject: EnumObject | undefined;
  readonly enums: readonly string[];
  readonly options: EnumOptions;
}

function readValues(values: readonly unknown[]): ReadValues {
  const [first, second] = values;
  if (
    typeof first === "function" ||
    (typeof first === "object" && first !== null && values.length <= 2 && isEnumObject(first, values.length))
  ) {
    const options = (second ?? {}) as EnumOptions;
    const enumObject = first as EnumObject;
    const enums = options.valuesCallable?.(enumObject) ?? membersOf(enumObject).map(([name]) => name);
    return { enumObject, enums: [...enums], options };
  }
  const last = values[values.length - 1];
  const options = typeof last === "object" && last !== null ? (last as EnumOptions) : {};
  const enums = options === last ? values.slice(0, -1) : values;
  for (const text of enums)
    if (typeof text !== "string") throw new ArgumentError(`enum: the values must be strings, not ${describe(text)}`);
  return { enumObject: undefined, enums: [...(enums as readonly string[])], options };
}

const optionNames: ReadonlySet<string> = new Set([
  "name",
  "nativeEnum",
  "createConstraint",
  "createType",
  "length",
  "schema",
  "inheritSchema",
  "metadata",
  "quote",
  "validateStrings",
  "collation",
  "valuesCallable",
]);

/** An object alone could be the options of an enum without values, which dialects use as a template. */
function isEnumObject(object: object, count: number): boolean {
  if (count === 2) return true;
  const names = Object.keys(object);
  return names.length > 0 && !names.every((name) => optionNames.has(name));
}
