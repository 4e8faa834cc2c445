/** JSON. The operators of JSON expressions are given by ../expression; this file knows values only. */
import { ArgumentError } from "../errors/errors.ts";
import type { Operator } from "../operator/operator.ts";
import { deepEqual } from "./deep-equal.ts";
import { describe, quoteString } from "./literals.ts";
import { type StandardSchemaV1, validateSync } from "./standard-schema.ts";
import type { TypeDialect } from "./type.ts";
import {
  type AdaptedOperator,
  type Affinity,
  adaptConcatenation,
  defineVisitName,
  type Processor,
  SqlType,
} from "./type.ts";

/** Class of {@link JSON_NULL}. */
export class JsonNull {
  toString(): string {
    return "JSON_NULL";
  }

  toJSON(): null {
    return null;
  }
}

/** JSON's own `null`, as opposed to SQL's NULL: `t.json.NULL`. */
export const JSON_NULL: JsonNull = Object.freeze(new JsonNull());

/** Options of {@link JSONType}. */
export interface JsonOptions {
  /** `null` is SQL's NULL instead of JSON's `null`. */
  readonly noneAsNull?: boolean | undefined;
  /**
   * A Standard Schema (zod, valibot, arktype …). The database holds the schema's input, checked when it is sent; rows
   * hold its output.
   */
  readonly schema?: StandardSchemaV1 | undefined;
}

/** JSON documents. */
export class JSONType<out T = unknown, out Ops = unknown, out Input = T> extends SqlType<T, Input | JsonNull, Ops> {
  readonly noneAsNull: boolean;
  readonly schema: StandardSchemaV1 | undefined;

  constructor(given: JsonOptions | StandardSchemaV1 = {}) {
    super();
    const options: JsonOptions = "~standard" in given ? { schema: given } : given;
    this.noneAsNull = options.noneAsNull ?? false;
    this.schema = options.schema;
  }

  override get affinity(): Affinity {
    return "json";
  }

  override get shouldEvaluateNone(): boolean {
    return !this.noneAsNull || super.shouldEvaluateNone;
  }

  override get convertsNull(): boolean {
    return !this.noneAsNull;
  }

  /** Scalars beside a JSON expression keep their own types, as in SQLAlchemy: only documents are JSON by themselves. */
  override accepts(value: unknown): boolean {
    return typeof value === "object" && !(value instanceof Date || value instanceof Uint8Array);
  }

  override coerceComparedValue(operator: Operator | null, value: unknown): SqlType {
    return value === null ? this : super.coerceComparedValue(operator, value);
  }

  override adaptOperator(operator: Operator, other: SqlType): AdaptedOperator {
    return adaptConcatenation(this, operator, other) ?? super.adaptOperator(operator, other);
  }

  override bindProcessor(dialect: TypeDialect): Processor {
    const asText = dialect.jsonAsText;
    const { jsonSerializer } = dialect;
    return (value) => {
      if (value === undefined || (value === null && this.noneAsNull)) return null;
      if (asText) return this.serialize(value, jsonSerializer);
      return value === JSON_NULL ? null : this.checked(value);
    };
  }

  override resultProcessor(dialect: TypeDialect): Processor {
    const { schema } = this;
    const parse = dialect.jsonAsText ? parserOf(dialect) : null;
    if (schema === undefined) return parse;
    return (value) => {
      const parsed = parse === null ? value : parse(value);
      return parsed === null || parsed === undefined ? null : validateSync(schema, parsed, "a JSON column's value");
    };
  }

  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    return (value) => {
      if (value === undefined || (value === null && this.noneAsNull)) return "NULL";
      return quoteString(this.serialize(value, dialect.jsonSerializer), dialect);
    };
  }

  override compareValues(a: T, b: T): boolean {
    return deepEqual(a, b);
  }

  private checked(value: unknown): unknown {
    if (this.schema !== undefined && value !== null) validateSync(this.schema, value, "a JSON parameter");
    return value;
  }

  private serialize(value: unknown, write: (value: unknown) => string | undefined = stringify): string {
    if (value === JSON_NULL) return "null";
    const text = write(this.checked(value));
    if (text === undefined) throw new ArgumentError(`${describe(value)} has no JSON form`);
    return text;
  }
}

defineVisitName(JSONType, "json");

/** The type of a name that indexes JSON: dialects render and convert it. */
export class JSONStringIndex extends SqlType<string> {
  override get affinity(): Affinity {
    return "string";
  }

  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    return (value) => quoteString(String(value), dialect);
  }
}

defineVisitName(JSONStringIndex, "jsonStringIndex");

/** The type of a position that indexes JSON. */
export class JSONIntegerIndex extends SqlType<number> {
  override get affinity(): Affinity {
    return "integer";
  }

  override literalProcessor(_dialect: TypeDialect): Processor<unknown, string> {
    return (value) => {
      if (Number.isSafeInteger(value)) return String(value);
      throw new ArgumentError(`${describe(value)} is not an index`);
    };
  }
}

defineVisitName(JSONIntegerIndex, "jsonIntegerIndex");

/** The type of a path, a list of names and positions. */
export class JSONPath extends SqlType<readonly (string | number)[]> {}

defineVisitName(JSONPath, "jsonPath");

function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value) as string | undefined;
  } catch (cause) {
    throw new ArgumentError(`${describe(value)} has no JSON form`, { cause });
  }
}

function parserOf({ jsonDeserializer }: TypeDialect): (value: unknown) => unknown {
  if (jsonDeserializer === undefined) return parseJson;
  return (value) => (typeof value === "string" ? jsonDeserializer(value) : parseJson(value));
}

function parseJson(value: unknown): unknown {
  if (typeof value === "string") return JSON.parse(value);
  if (value instanceof Uint8Array) return JSON.parse(new TextDecoder().decode(value));
  // SQLite's JSON columns have numeric affinity: a document that is a number comes back as one.
  if (typeof value === "bigint") return Number(value);
  return value ?? null;
}
