/** JSON, JSONB and JSONPATH, and the operators of their expressions. */
import {
  type BareType,
  Binary,
  type ColumnElement,
  cast,
  defineVisitName,
  InvalidRequestError,
  JSON_NULL,
  JSONPath,
  JSONType,
  type JsonNull,
  type JsonOps,
  type JsonOptions,
  type JsonStep,
  literalBind,
  makeFactory,
  type Operator,
  operators,
  type Processor,
  quoteString,
  resolveNode,
  type SchemaInput,
  type SchemaOutput,
  type SqlExpression,
  type SqlType,
  type StandardSchemaV1,
  StringType,
  type TypeDialect,
  type TypeFactory,
  t,
} from "@athanor/core";
import { arrayItem } from "../array-text.ts";
import { oid } from "../oids.ts";
import {
  asText,
  containedBy,
  contains,
  deletePath,
  hasAll,
  hasAny,
  hasKey,
  pathAsText,
  pathExists,
  pathMatch,
} from "../operators.ts";
import { PgArray } from "./array.ts";
import { array } from "./array-literal.ts";
import { compareBy, installComparator, operateAs } from "./comparator.ts";

/** What JSON expressions have in PostgreSQL. */
export interface PgJsonOps extends Omit<JsonOps, "at"> {
  at(step: JsonStep): ColumnElement<unknown, unknown> & PgJsonOps;
  /** The element as text: `a ->> 'key'` or `a #>> '{path}'`. */
  readonly astext: ColumnElement<string | null>;
}

/** What JSONB expressions have in PostgreSQL. */
export interface PgJsonbOps extends Omit<PgJsonOps, "at"> {
  at(step: JsonStep): ColumnElement<unknown, unknown> & PgJsonbOps;
  /** `a @> b` */
  contains(other: unknown): ColumnElement<boolean>;
  /** `a <@ b` */
  containedBy(other: unknown): ColumnElement<boolean>;
  /** `a ? key` */
  hasKey(key: string | SqlExpression): ColumnElement<boolean>;
  /** `a ?& keys` */
  hasAll(keys: readonly string[] | SqlExpression): ColumnElement<boolean>;
  /** `a ?| keys` */
  hasAny(keys: readonly string[] | SqlExpression): ColumnElement<boolean>;
  /** `a @? path` */
  pathExists(path: string | SqlExpression): ColumnElement<boolean>;
  /** `a @@ path` */
  pathMatch(path: string | SqlExpression): ColumnElement<boolean>;
  /** `a #- path` */
  deletePath(path: readonly (string | number)[] | SqlExpression): ColumnElement<unknown, unknown> & PgJsonbOps;
}

/** JSON as it was written. The driver's adapter parses results. */
export class PgJson<T = unknown, Ops = PgJsonOps, Input = T> extends JSONType<T, Ops, Input> {
  override resultProcessor(dialect: TypeDialect, typeCode?: number | string): Processor {
    const parsed =
      dialect.jsonDeserializer === undefined && (typeCode === undefined || jsonCodes.has(typeCode as number));
    return super.resultProcessor(Object.create(dialect, { jsonAsText: { value: !parsed } }) as TypeDialect);
  }

  /** With its type, as parameters have it: beside operators a plain text would be ambiguous. */
  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    const plain = super.literalProcessor(dialect) as (value: unknown) => string;
    return (value) => {
      const text = plain(value);
      return text === "NULL" ? text : `${text}::${this instanceof PgJsonb ? "JSONB" : "JSON"}`;
    };
  }
}
defineVisitName(PgJson, "JSON");

const jsonCodes: ReadonlySet<number> = new Set([oid.json, oid.jsonb]);

/** JSON in binary form, with operators and indexes. */
export class PgJsonb<T = unknown, Ops = PgJsonbOps, Input = T> extends PgJson<T, Ops, Input> {
  override coerceComparedValue(operator: Operator | null, value: unknown): SqlType {
    const type = super.coerceComparedValue(operator, value);
    return type !== this && operator !== null && documents.has(operator) ? new JsonbScalar(type) : type;
  }
}
defineVisitName(PgJsonb, "JSONB");

/** Operators with a document on both sides. */
const documents: ReadonlySet<Operator> = new Set([
  operators.eq,
  operators.ne,
  operators.lt,
  operators.le,
  operators.gt,
  operators.ge,
  operators.in,
  operators.notIn,
  operators.between,
  operators.isDistinctFrom,
  operators.isNotDistinctFrom,
  operators.concat,
  contains,
  containedBy,
]);

/**
 * Text, numbers and truth values beside a JSONB expression. SQLAlchemy sends them as what they are, which the server has no
 * operator for; a driver of ours sends them as JSON.
 */
class JsonbScalar extends PgJsonb {
  readonly plain: SqlType;
  constructor(plain: SqlType) {
    super();
    this.plain = plain;
  }
  override bindProcessor(dialect: TypeDialect): Processor {
    return sendsJson(dialect) ? super.bindProcessor(dialect) : dialect.adaptType(this.plain).bindProcessor(dialect);
  }
  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    return sendsJson(dialect)
      ? super.literalProcessor(dialect)
      : dialect.adaptType(this.plain).literalProcessor(dialect);
  }
}
defineVisitName(JsonbScalar, "jsonbScalar");

const sendsJson = (dialect: TypeDialect): boolean => (dialect as { readonly bindCasts?: boolean }).bindCasts === true;

/** The type of a list of keys beside a JSONB expression. SQLAlchemy writes its cast as JSONB, which only a driver may correct. */
export class JsonbKeys extends PgArray {}
defineVisitName(JsonbKeys, "jsonbKeys");

const keys = new JsonbKeys(t.text);

const list = (left: ColumnElement, value: unknown): unknown =>
  Array.isArray(value) ? literalBind(value, keys, left.bindBase) : value;
const pathText = (left: ColumnElement, value: unknown): unknown =>
  typeof value === "string" ? literalBind(value, JSONPATH(), left.bindBase) : value;

installComparator(PgJson, {
  get astext(): ColumnElement {
    const element = this as unknown as ColumnElement;
    if (
      !(element instanceof Binary) ||
      (element.operator !== operators.jsonGetitem && element.operator !== operators.jsonPathGetitem)
    ) {
      throw new InvalidRequestError("astext only works with a JSON index expression, e.g. column.at('key').astext");
    }
    const operator: Operator = element.operator === operators.jsonGetitem ? asText : pathAsText;
    return new Binary(element.left, element.right, operator, t.text());
  },
});

installComparator(PgJsonb, {
  contains(this: ColumnElement, other: unknown) {
    return compareBy(contains, this, other);
  },
  containedBy(this: ColumnElement, other: unknown) {
    return compareBy(containedBy, this, other);
  },
  hasKey(this: ColumnElement, key: unknown) {
    return compareBy(hasKey, this, key);
  },
  hasAll(this: ColumnElement, given: unknown) {
    return compareBy(hasAll, this, list(this, given));
  },
  hasAny(this: ColumnElement, given: unknown) {
    return compareBy(hasAny, this, list(this, given));
  },
  pathExists(this: ColumnElement, path: unknown) {
    return compareBy(pathExists, this, pathText(this, path));
  },
  pathMatch(this: ColumnElement, path: unknown) {
    return compareBy(pathMatch, this, pathText(this, path));
  },
  deletePath(this: ColumnElement, path: unknown) {
    const given = resolveNode(path) === undefined ? array((path as readonly unknown[]).map(String)) : path;
    return operateAs(deletePath, this, cast(given, new PgArray(t.text)), this.type);
  },
});

/** `{a, b, 1}`, the text of a path into a document. */
export class PgJsonPathElements extends JSONPath {
  override bindProcessor(_dialect: TypeDialect): Processor {
    return (value) => (Array.isArray(value) ? `{${value.map((part) => arrayItem(String(part))).join(", ")}}` : value);
  }

  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    const bind = this.bindProcessor(dialect) as (value: unknown) => unknown;
    return (value) => quoteString(String(bind(value)), dialect);
  }
}

/** An expression of the SQL/JSON path language, e.g. `$.a[*] ? (@ > 2)`. */
export class PgJsonPath extends StringType {}
defineVisitName(PgJsonPath, "JSONPATH");

/** `pg.JSON`, `pg.JSONB`: bare, `pg.JSONB<Meta>()`, or with a schema that gives the type. */
export interface PgJsonFactory<Ops, Bare extends JSONType<unknown, Ops>> extends BareType<Bare> {
  <Schema extends StandardSchemaV1>(
    options: JsonOptions & { readonly schema: Schema },
  ): JSONType<SchemaOutput<Schema>, Ops, SchemaInput<Schema>>;
  <Schema extends StandardSchemaV1>(schema: Schema): JSONType<SchemaOutput<Schema>, Ops, SchemaInput<Schema>>;
  <T = unknown>(options?: JsonOptions): JSONType<T, Ops>;
  /** JSON's own `null`. */
  readonly NULL: JsonNull;
}

const nulls = { NULL: JSON_NULL };
/** Documents, kept as the text that was given: `pg.JSON<Settings>()`. */
const json: PgJsonFactory<PgJsonOps, PgJson> = makeFactory(PgJson, nulls);
/** Documents, kept in binary form, with operators and indexes of their own: `pg.JSONB<Settings>()`. */
const jsonb: PgJsonFactory<PgJsonbOps, PgJsonb> = makeFactory(PgJsonb, nulls);

export { json as JSON, jsonb as JSONB };
/** Paths into JSON documents, as text. */
export const JSONPATH: TypeFactory<[], PgJsonPath> = makeFactory(PgJsonPath);
