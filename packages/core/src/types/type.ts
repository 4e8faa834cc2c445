/**
 * The contract of a SQL type: how its values travel, how its expressions behave. Knows nothing of expressions beyond
 * operators. Concrete types stand beside this file; a dialect swaps them through `TypeDialect.adaptType`.
 */
import { nextIdentity } from "../ast/cache-key.ts";
import { ArgumentError } from "../errors/errors.ts";
import type { Operator } from "../operator/operator.ts";
import { operators } from "../operator/table.ts";
import { markCopy } from "../util/copies.ts";
import { describe } from "../util/describe.ts";

/** Converts one value; null where nothing is to be done. */
export type Processor<From = unknown, To = unknown> = ((value: From) => To) | null;

/** Anything that names a type: an instance, or a factory of {@link t} that was not called. */
export interface TypeLike<out T = unknown, out Input = T, out Ops = unknown> {
  /** Phantom: the JavaScript value of a result. */
  readonly "~value": T;
  /** Phantom: what is accepted as a parameter. */
  readonly "~input": Input;
  /** Phantom: methods that expressions of this type have beside the usual ones. */
  readonly "~ops": Ops;
}

/** Methods that expressions of a type get beside the standard ones; `this` is the expression. */
export type ComparatorMethods = Readonly<Record<string, unknown>>;

/** What an operator makes of two types. */
export interface AdaptedOperator {
  readonly operator: Operator;
  readonly type: SqlType;
}

/** How a SQL type is to be told apart when operators choose a result. */
export type Affinity =
  | "null"
  | "integer"
  | "numeric"
  | "float"
  | "string"
  | "boolean"
  | "date"
  | "time"
  | "datetime"
  | "interval"
  | "binary"
  | "uuid"
  | "json"
  | "array"
  | "enum"
  | "tuple"
  | "other";

/** Affinities of values that say little about the type that is meant: the other side of the operator knows better. */
const unspecific: ReadonlySet<Affinity> = new Set(["null", "json", "array"]);

const keyMemo: unique symbol = Symbol("cacheKey");

/** The part of a dialect that types look at. */
export interface TypeDialect {
  readonly name: string;
  /** The dialect's own version of a type, itself where it has none. */
  adaptType(type: SqlType): SqlType;
  /** The database has a BOOLEAN type; otherwise booleans travel as 0 and 1. */
  readonly supportsNativeBoolean: boolean;
  /** The database has a UUID type; otherwise UUIDs are stored as 32 hexadecimal digits. */
  readonly supportsNativeUuid: boolean;
  /** The database has an enumeration type. */
  readonly supportsNativeEnum: boolean;
  /** The driver takes and gives JSON as text. */
  readonly jsonAsText: boolean;
  /** Writes JSON values. Default: `JSON.stringify`. */
  readonly jsonSerializer?: ((value: unknown) => string) | undefined;
  /** Reads JSON values from text. Default: `JSON.parse`. */
  readonly jsonDeserializer?: ((text: string) => unknown) | undefined;
  /** Backslashes in string literals are escapes. */
  readonly backslashEscapes: boolean;
}

/** Base of every SQL type. */
export abstract class SqlType<out T = unknown, out Input = T, out Ops = unknown> implements TypeLike<T, Input, Ops> {
  declare readonly "~value": T;
  declare readonly "~input": Input;
  declare readonly "~ops": Ops;

  /** Name under which type visitors are registered, e.g. `"INTEGER"` or `"string"`. Lives on the prototype. */
  declare readonly visitName: string;

  /** Family of the type; decides the behaviour of operators. */
  get affinity(): Affinity {
    return "other";
  }

  /** Extra methods of expressions with this type; undefined for none. */
  get comparator(): ComparatorMethods | undefined {
    return undefined;
  }

  /** Types chosen instead of this one, by dialect name. Set by {@link withVariant}. */
  variants: Readonly<Record<string, SqlType>> = {};

  /** {@link evaluatesNone} was called. */
  protected nullIsValue: true | undefined = undefined;

  /** A null of this type is a value like any other (JSON's `null`) and is written rather than left out. */
  get shouldEvaluateNone(): boolean {
    return this.nullIsValue === true;
  }

  /** Nulls are converted as other values are, by processors that know them: JSON's `null`. */
  get convertsNull(): boolean {
    return false;
  }

  /**
   * This type, its null as a value that counts: an object whose attribute is null has NULL inserted, where the ORM would
   * otherwise leave the column to its default.
   *
   * @example column(t.string(50).evaluatesNone(), { serverDefault: "none" })
   */
  evaluatesNone(): this {
    const copy = this.copy();
    copy.nullIsValue = true;
    return copy;
  }

  /** Values that comparisons write as SQL's constants instead of sending them: `null` and booleans. */
  get coerceToIsTypes(): readonly unknown[] {
    return constants;
  }

  /**
   * Gives what values are ordered by where a flush writes rows by primary key; undefined: by the values themselves. To be overridden
   * where they have no order of their own.
   */
  get sortKeyFunction(): ((value: never) => unknown) | undefined {
    return undefined;
  }

  /** Results are read from the database's own text, where the driver's value would hold less: Temporal's microseconds. */
  get readsText(): boolean {
    return false;
  }

  /** Memo of {@link cacheKey}. A symbol, so that neither the key itself nor `copy()` sees it. */
  [keyMemo]: string | undefined = undefined;

  /** Structural identity of the type in cache keys: its class and everything its constructor was given. */
  get cacheKey(): string {
    this[keyMemo] ??= this.makeCacheKey();
    return this[keyMemo];
  }

  /** Override where own enumerable properties do not describe the type. */
  protected makeCacheKey(): string {
    let text = `T${classIdentity(this.constructor)}`;
    for (const [name, value] of Object.entries(this)) {
      if (name === "variants") {
        for (const [dialect, type] of Object.entries(value as Record<string, SqlType>))
          text += `|${dialect}>${type.cacheKey}`;
      } else if (value !== undefined && value !== null) text += `${name}=${keyPart(value)},`;
    }
    return `${text};`;
  }

  /** JavaScript-to-database conversion of parameters; null when values go as they are. */
  bindProcessor(_dialect: TypeDialect): Processor {
    return null;
  }

  /** Database-to-JavaScript conversion of results; null when values come as they are. */
  resultProcessor(_dialect: TypeDialect, _typeCode?: number | string): Processor {
    return null;
  }

  /** Rendering of a value as SQL text; null when the type has none. Must be safe against injection. */
  literalProcessor(_dialect: TypeDialect): Processor<unknown, string> {
    return null;
  }

  /** Whether a JavaScript value is a plain value of this type, so that a literal beside it takes this type. */
  accepts(_value: unknown): boolean {
    return true;
  }

  /** The type of a literal that stands beside an expression of this type. */
  coerceComparedValue(_operator: Operator | null, value: unknown): SqlType {
    if (value === null || this.accepts(value)) return this;
    const resolved = typeOfValueSlot.resolve(value);
    return unspecific.has(resolved.affinity) ? this : resolved;
  }

  /** The operator and type that result from `this operator other`. */
  adaptOperator(operator: Operator, _other: SqlType): AdaptedOperator {
    return { operator, type: operator.comparison ? booleanSlot.type() : this };
  }

  /** This type with other types for some dialects: `t.string(50).withVariant(mysql.VARCHAR(50, …), "mysql")`. */
  withVariant(type: TypeLike, ...dialectNames: readonly string[]): this {
    const copy = this.copy();
    const variants = { ...this.variants };
    for (const name of dialectNames) variants[name] = toType(type);
    copy.variants = variants;
    return copy;
  }

  /** A copy of the same class and properties. */
  copy(): this {
    const copy = Object.assign(Object.create(Object.getPrototypeOf(this) as object) as this, this);
    copy[keyMemo] = undefined;
    return copy;
  }

  /** Whether two values are equal; used to find out what changed. */
  compareValues(a: T, b: T): boolean {
    return Object.is(a, b);
  }

  /** The type as DDL text of the default dialect, for messages. */
  toString(): string {
    return typeTextSlot.render(this);
  }
}

const constants: readonly unknown[] = Object.freeze([null, Boolean]);

/** Filled by ../compiler: renders a type for messages. */
export const typeTextSlot: { render(type: SqlType): string } = { render: (type) => type.visitName };

/** Filled by ./boolean.ts: the type of comparisons. */
export const booleanSlot: { type(): SqlType } = {
  type: () => {
    throw new Error("the boolean type is not loaded");
  },
};

/** Filled by ./namespace.ts: the type of a JavaScript value. */
export const typeOfValueSlot: { resolve(value: unknown): SqlType } = {
  resolve: () => {
    throw new Error("the type registry is not loaded");
  },
};

/** The instance behind a type or a factory that was not called. */
export function toType<T, I, O>(type: TypeLike<T, I, O>): SqlType<T, I, O> {
  if (type instanceof SqlType) return type as SqlType<T, I, O>;
  if (typeof type === "function") {
    const made = (type as unknown as () => unknown)();
    if (made instanceof SqlType) return made as SqlType<T, I, O>;
  }
  throw new ArgumentError(`${describe(type)} is not a SQL type`, {
    fix: "pass one of t, e.g. t.integer or t.string(50)",
  });
}

/** Whether a value can stand where a type is expected. */
export function isTypeLike(value: unknown): value is TypeLike {
  return value instanceof SqlType || (typeof value === "function" && factories.has(value));
}

/** Every type factory; told apart from other functions by this set. */
export const factories: WeakSet<object> = new WeakSet();

const classIdentities = new WeakMap<object, number>();

function classIdentity(type: object): number {
  let id = classIdentities.get(type);
  if (id === undefined) {
    id = nextIdentity();
    classIdentities.set(type, id);
  }
  return id;
}

const objectIdentities = new WeakMap<object, number>();

function keyPart(value: unknown): string {
  if (value instanceof SqlType) return value.cacheKey;
  if (Array.isArray(value)) return `[${value.map(keyPart).join(",")}]`;
  if (typeof value === "string") return `${value.length}'${value}`;
  if (value !== null && (typeof value === "object" || typeof value === "function")) {
    let id = objectIdentities.get(value as object);
    if (id === undefined) {
      id = nextIdentity();
      objectIdentities.set(value as object, id);
    }
    return `#${id}`;
  }
  return String(value);
}

markCopy(SqlType.prototype);

/** Sets the visit name of a type class. */
export function defineVisitName(type: { readonly prototype: SqlType }, name: string): void {
  Object.defineProperty(type.prototype, "visitName", { value: name, writable: true, configurable: true });
}

const concatenating: ReadonlySet<Affinity> = new Set(["null", "string", "enum", "json", "array"]);

/** Adapts `+` to string concatenation; used by types whose values concatenate. */
export function adaptConcatenation(type: SqlType, operator: Operator, other: SqlType): AdaptedOperator | null {
  if (operator !== operators.add) return null;
  return concatenating.has(other.affinity) ? { operator: operators.concat, type } : null;
}
