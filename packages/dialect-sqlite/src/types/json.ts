/** JSON as text, JSONB as SQLite's binary form, and the paths that index both.  https://sqlite.org/json1.html */
import {
  ArgumentError,
  type BareType,
  type ColumnElement,
  defineVisitName,
  describe,
  func,
  JSON_NULL,
  JSONIntegerIndex,
  JSONPath,
  JSONStringIndex,
  JSONType,
  type JsonNull,
  type JsonOps,
  type JsonOptions,
  makeFactory,
  type Processor,
  quoteString,
  type SchemaInput,
  type SchemaOutput,
  type StandardSchemaV1,
  type TypeDialect,
} from "@athanor/core";

/** JSON, kept as text. */
export class SQLiteJson<T = unknown, Ops = unknown, Input = T> extends JSONType<T, Ops, Input> {}

defineVisitName(SQLiteJson, "JSON");

/** JSONB: written through `jsonb(?)`, read through `json(column)`. SQLite 3.45 and later. */
export class SQLiteJsonb<T = unknown, Ops = unknown, Input = T> extends JSONType<T, Ops, Input> {
  bindExpression(bind: ColumnElement): unknown {
    return func["jsonb"]?.(bind);
  }

  columnExpression(column: ColumnElement): unknown {
    return func["json"]?.(column).returns(this);
  }
}

defineVisitName(SQLiteJsonb, "JSONB");

/** `JSON<Meta>()`, or with a schema that gives the type. */
export interface SQLiteJsonFactory extends BareType<JSONType<unknown, JsonOps>> {
  <Schema extends StandardSchemaV1>(
    options: JsonOptions & { readonly schema: Schema },
  ): JSONType<SchemaOutput<Schema>, JsonOps, SchemaInput<Schema>>;
  <T = unknown>(options?: JsonOptions): JSONType<T, JsonOps>;
  /** JSON's own `null`. */
  readonly NULL: JsonNull;
}

/** Documents, kept as text: `sqlite.JSON<Settings>()`. */
export const JSON: SQLiteJsonFactory = makeFactory(SQLiteJson, { NULL: JSON_NULL });
/** Documents, kept in SQLite's binary form. */
export const JSONB: SQLiteJsonFactory = makeFactory(SQLiteJsonb, { NULL: JSON_NULL });

/** A type whose values are steps into a document and travel as a path: `$."a"[0]`. */
function pathProcessors(write: (value: unknown) => string): {
  bind(): Processor;
  literal(dialect: TypeDialect): Processor<unknown, string>;
} {
  return {
    bind: () => (value) => (value === null || value === undefined ? null : write(value)),
    literal: (dialect) => (value) => quoteString(write(value), dialect),
  };
}

const byName = pathProcessors((value) => `$${step(String(value))}`);
const byIndex = pathProcessors((value) => `$${step(value)}`);
const byPath = pathProcessors((value) => {
  if (!Array.isArray(value)) throw new ArgumentError(`${describe(value)} is not a JSON path`);
  return `$${value.map(step).join("")}`;
});

/** `."name"` or `[index]`; negative indexes count from the end. */
function step(value: unknown): string {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value < 0 ? `[#${value}]` : `[${value}]`;
  if (typeof value === "string") return `."${value.replaceAll(/["\\]/g, "\\$&")}"`;
  throw new ArgumentError(`${describe(value)} is not a step of a JSON path`);
}

/** A name that indexes JSON, as a path. */
export class SQLiteJsonName extends JSONStringIndex {
  override bindProcessor(_dialect: TypeDialect): Processor {
    return byName.bind();
  }

  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    return byName.literal(dialect);
  }
}

/** A position that indexes JSON, as a path. */
export class SQLiteJsonIndex extends JSONIntegerIndex {
  override bindProcessor(_dialect: TypeDialect): Processor {
    return byIndex.bind();
  }

  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    return byIndex.literal(dialect);
  }
}

/** Names and positions, as a path. */
export class SQLiteJsonPath extends JSONPath {
  override bindProcessor(_dialect: TypeDialect): Processor {
    return byPath.bind();
  }

  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    return byPath.literal(dialect);
  }
}
