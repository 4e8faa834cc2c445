/** HSTORE: text by text. The extension `hstore` must be there. */
import {
  type Affinity,
  ArgumentError,
  Binary,
  type ColumnElement,
  deepEqual,
  defineVisitName,
  describe,
  func,
  literalBind,
  makeFactory,
  type Operator,
  operand,
  operators,
  type Processor,
  quoteString,
  type SqlExpression,
  SqlType,
  type TypeDialect,
  type TypeFactory,
  t,
} from "@athanor/core";
import { formatHstore, parseHstore } from "../hstore-text.ts";
import { containedBy, contains, hasAll, hasAny, hasKey } from "../operators.ts";
import { PgArray, type PgArrayOps } from "./array.ts";
import { compareBy, installComparator } from "./comparator.ts";

/** The value of an hstore. */
export type HstoreValue = Record<string, string | null>;

type Keys = readonly string[] | SqlExpression;

/** What hstore expressions have. */
export interface HstoreOps {
  /** The value of a key. */
  at(key: string | SqlExpression): ColumnElement<string | null>;
  /** `a ? key` */
  hasKey(key: string | SqlExpression): ColumnElement<boolean>;
  /** `a ?& keys` */
  hasAll(keys: Keys): ColumnElement<boolean>;
  /** `a ?| keys` */
  hasAny(keys: Keys): ColumnElement<boolean>;
  /** `a @> b` */
  contains(other: HstoreValue | SqlExpression): ColumnElement<boolean>;
  /** `a <@ b` */
  containedBy(other: HstoreValue | SqlExpression): ColumnElement<boolean>;
  /** Whether the key has a value that is not NULL. */
  defined(key: string | SqlExpression): ColumnElement<boolean>;
  /** Without a key, several keys, or matching pairs. */
  delete(keys: string | Keys | HstoreValue): ColumnElement<HstoreValue> & HstoreOps;
  /** The pairs of these keys. */
  slice(keys: Keys): ColumnElement<HstoreValue> & HstoreOps;
  /** The keys. */
  keys(): ColumnElement<string[]> & PgArrayOps<string>;
  /** The values. */
  vals(): ColumnElement<(string | null)[]> & PgArrayOps<string | null>;
  /** Keys and values in turn. */
  array(): ColumnElement<(string | null)[]> & PgArrayOps<string | null>;
  /** Pairs of key and value. */
  matrix(): ColumnElement<(string | null)[][]> & PgArrayOps<(string | null)[]>;
}

/** HSTORE; values are plain objects of text or null. */
export class Hstore extends SqlType<HstoreValue, HstoreValue | ReadonlyMap<string, string | null>, HstoreOps> {
  override get affinity(): Affinity {
    return "other";
  }

  override accepts(value: unknown): boolean {
    return typeof value === "object" && !Array.isArray(value);
  }

  override adaptOperator(operator: Operator, other: SqlType): { operator: Operator; type: SqlType } {
    if (operator === operators.add && (other instanceof Hstore || other.affinity === "null"))
      return { operator: operators.concat, type: this };
    return super.adaptOperator(operator, other);
  }

  override bindProcessor(_dialect: TypeDialect): Processor {
    return (value) => {
      if (value === null || value === undefined || typeof value === "string") return value ?? null;
      if (typeof value === "object" && !Array.isArray(value)) return formatHstore(value);
      throw new ArgumentError(`${describe(value)} is not an hstore`, { fix: "pass an object of strings" });
    };
  }

  override resultProcessor(_dialect: TypeDialect): Processor {
    return (value) => (typeof value === "string" ? parseHstore(value) : (value ?? null));
  }

  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    return (value) =>
      value === null || value === undefined
        ? "NULL"
        : `${quoteString(typeof value === "string" ? value : formatHstore(value as object), dialect)}::HSTORE`;
  }

  override compareValues(a: HstoreValue, b: HstoreValue): boolean {
    return deepEqual(a, b);
  }
}
defineVisitName(Hstore, "HSTORE");

/** `pg.HSTORE` */
export const HSTORE: TypeFactory<[], Hstore> = makeFactory(Hstore);

const keyList = new PgArray(t.text);
const keys = (left: ColumnElement, value: unknown): unknown =>
  Array.isArray(value) ? literalBind(value, keyList, left.bindBase) : value;
const text = t.text();

installComparator(Hstore, {
  at(this: ColumnElement, key: unknown) {
    return new Binary(this, operand(key, operators.getitem, this), operators.getitem, text);
  },
  hasKey(this: ColumnElement, key: unknown) {
    return compareBy(hasKey, this, key);
  },
  hasAll(this: ColumnElement, given: unknown) {
    return compareBy(hasAll, this, keys(this, given));
  },
  hasAny(this: ColumnElement, given: unknown) {
    return compareBy(hasAny, this, keys(this, given));
  },
  contains(this: ColumnElement, other: unknown) {
    return compareBy(contains, this, other);
  },
  containedBy(this: ColumnElement, other: unknown) {
    return compareBy(containedBy, this, other);
  },
  defined(this: ColumnElement, key: unknown) {
    return func.defined?.(this, key).returns(t.boolean);
  },
  delete(this: ColumnElement, given: unknown) {
    const isPairs =
      given !== null &&
      typeof given === "object" &&
      !Array.isArray(given) &&
      Object.getPrototypeOf(given) === Object.prototype;
    return func.delete?.(this, isPairs ? literalBind(given, this.type, "delete") : keys(this, given)).returns(HSTORE);
  },
  slice(this: ColumnElement, given: unknown) {
    return func.slice?.(this, keys(this, given)).returns(HSTORE);
  },
  keys(this: ColumnElement) {
    return func.akeys?.(this).returns(keyList);
  },
  vals(this: ColumnElement) {
    return func.avals?.(this).returns(keyList);
  },
  array(this: ColumnElement) {
    return func.hstore_to_array?.(this).returns(keyList);
  },
  matrix(this: ColumnElement) {
    return func.hstore_to_matrix?.(this).returns(new PgArray(t.text, { dimensions: 2 }));
  },
});
