/** Bind parameters: values that travel beside the SQL text. */
import type { CacheKeyBuilder } from "../ast/cache-key.ts";
import { AnonName, type Name } from "../ast/name.ts";
import { defineKind, type Fields } from "../ast/node.ts";
import { ArgumentError } from "../errors/errors.ts";
import type { Operator } from "../operator/operator.ts";
import { NULLTYPE } from "../types/null.ts";
import { isTypeLike, type SqlType, type TypeLike, toType, typeOfValueSlot } from "../types/type.ts";
import { ColumnElement } from "./column-element.ts";

/** Stands for "no value was given": the parameter must be supplied at execution. */
export const REQUIRED: unique symbol = Symbol("REQUIRED");

/** Options of {@link bindparam}. */
export interface BindOptions<out T = unknown, out I = T> {
  /** The value, where it does not stand as the second argument. */
  readonly value?: unknown;
  readonly type?: TypeLike<T, I> | undefined;
  /** Makes the name unique within a statement by a number. Default false. */
  readonly unique?: boolean;
  /** Execution fails where no value is given. Default: true when there is neither value nor callable. */
  readonly required?: boolean;
  /** A list, rendered as `(:x_1, :x_2)`. Default false. */
  readonly expanding?: boolean;
  /** Renders the value into the text at execution. Default false. */
  readonly literalExecute?: boolean;
  /** Gives the value at the time of execution. */
  readonly callable?: () => unknown;
  readonly quote?: boolean | null;
}

/** A parameter; rendered as the dialect's marker. */
export class BindParameter<out T = unknown, I = T> extends ColumnElement<T, I> {
  static override readonly fields: Fields = { type: "keyed" };

  /** The name, or the base of a name that is numbered at compilation. */
  readonly name: Name;
  /** The name as the user gave it; null for literals. */
  readonly bindKey: string | null;
  readonly value: unknown;
  readonly callable: (() => unknown) | null;
  readonly unique: boolean;
  readonly required: boolean;
  readonly expanding: boolean;
  readonly literalExecute: boolean;
  /** A parameter in the text that is shown, a literal in what the driver gets: where a server takes no parameter. */
  readonly literalForDriver: boolean;
  /** Set on the parameters of INSERT and UPDATE that belong to a column. */
  readonly isCrud: boolean = false;
  /** Filled by the database instead of being sent (RETURNING … INTO). */
  readonly isOut: boolean = false;
  /** Set where the IN operator made the parameter: an empty list is rendered by this operator's rule. */
  readonly expandOperator: Operator | null;
  /** Tuple IN: the types of one tuple's members. */
  readonly tupleTypes: readonly SqlType[] | null;
  /** The parameter that this one is a copy of, itself for originals. */
  readonly origin: BindParameter;
  keyStamp = 0;
  keyOrdinal = 0;

  constructor(
    name: Name,
    bindKey: string | null,
    value: unknown,
    type: SqlType,
    options: Omit<BindOptions, "type" | "value"> & {
      readonly literalForDriver?: boolean;
      readonly expandOperator?: Operator | null;
      readonly tupleTypes?: readonly SqlType[] | null;
      readonly origin?: BindParameter;
    } = noOptions,
  ) {
    super(type);
    this.name = name;
    this.bindKey = bindKey;
    this.value = value;
    this.callable = options.callable ?? null;
    this.unique = options.unique ?? false;
    this.required = options.required ?? false;
    this.expanding = options.expanding ?? false;
    this.literalExecute = options.literalExecute ?? false;
    this.literalForDriver = options.literalForDriver ?? false;
    this.expandOperator = options.expandOperator ?? null;
    this.tupleTypes = options.tupleTypes ?? null;
    this.origin = options.origin ?? (this as unknown as BindParameter);
  }

  override get key(): string | null {
    return this.bindKey;
  }

  /** The value as of now. */
  get effectiveValue(): unknown {
    return this.callable === null ? this.value : this.callable();
  }

  override collectFroms(): void {}

  override selfGroup(against: Operator | null): ColumnElement {
    return super.selfGroup(against);
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    if (!key.bind(this)) return;
    const { name } = this;
    key.add(this.expanding ? "$*" : "$");
    if (this.literalExecute) key.add("!");
    if (this.required) key.add("^");
    key.add(this.type.cacheKey);
    if (typeof name === "string") {
      key.add(":");
      key.name(name);
    } else if (name instanceof AnonName && typeof name.base === "string") key.name(name.base);
    if (!this.expanding) return;
    key.add(this.expandOperator?.cacheKey ?? "~");
    for (const type of this.tupleTypes ?? []) key.add(type.cacheKey);
    key.add(";");
  }

  /** A copy with another value. */
  withValue(value: unknown): BindParameter<T, I> {
    return this.copyOf({ value, callable: null, required: false });
  }

  /** A copy with another type. */
  withType<T2, I2>(type: SqlType<T2, I2>): BindParameter<T2, I2> {
    return this.copyOf({ type }) as unknown as BindParameter<T2, I2>;
  }

  /** A copy with a name of its own, for parameters that must not be shared. */
  withUniqueName(): BindParameter<T, I> {
    const base = typeof this.name === "string" ? this.name : this.name instanceof AnonName ? this.name.base : this.name;
    return this.copyOf({ name: new AnonName(base), unique: true });
  }

  /** The same as {@link withLiteralExecute}, under SQLAlchemy's name. */
  renderLiteralExecute(): BindParameter<T, I> {
    return this.withLiteralExecute();
  }

  /** A copy whose value is written into the text at execution. */
  withLiteralExecute(): BindParameter<T, I> {
    return this.copyOf({ literalExecute: true });
  }

  /** A copy whose value is written into the text that the driver gets. */
  withLiteralForDriver(): BindParameter<T, I> {
    return this.copyOf({ literalForDriver: true });
  }

  /** A copy that expands to a list, made for IN. */
  withExpanding(operator: Operator, tupleTypes: readonly SqlType[] | null): BindParameter<T, I> {
    return this.copyOf({ expanding: true, expandOperator: operator, tupleTypes });
  }

  /** @internal Not a private member: copies of statements are made without their constructor. */
  protected copyOf(changes: Partial<Record<keyof BindParameter, unknown>>): BindParameter<T, I> {
    const from = { ...this, ...changes } as unknown as BindParameter;
    return new BindParameter<T, I>(from.name, from.bindKey, from.value, from.type, {
      ...(from.callable === null ? {} : { callable: from.callable }),
      unique: from.unique,
      required: from.required,
      expanding: from.expanding,
      literalExecute: from.literalExecute,
      literalForDriver: from.literalForDriver,
      expandOperator: from.expandOperator,
      tupleTypes: from.tupleTypes,
      ...(changes.name === undefined ? { origin: this.origin } : {}),
    });
  }
}
defineKind(BindParameter, "bindparam");

const noOptions = {};

/** A literal beside an expression: unnamed, typed like the expression where the value fits it. */
export function literalBind(value: unknown, type: SqlType, base: Name = "param"): BindParameter {
  const plain = typeof base === "string" && (base.startsWith("_") || base.endsWith("_"));
  const name = plain ? base.replaceAll(/^_+|_+$/g, "") : base;
  return new BindParameter(new AnonName(name), null, value, type, uniqueOptions);
}

const uniqueOptions = { unique: true };

/**
 * A named parameter: `select(users).where(users.c.id.eq(bindparam("id")))`, executed with `{ id: 5 }`.
 *
 * @throws ArgumentError when the value is `undefined` inside an options object that names it.
 */
export function bindparam<T = unknown, I = T>(
  name: string | null,
  value: unknown,
  type: TypeLike<T, I>,
  options?: BindOptions<T, I>,
): BindParameter<T, I>;
export function bindparam<T = unknown, I = T>(
  name: string | null,
  value: unknown,
  options?: BindOptions<T, I>,
): BindParameter<T, I>;
export function bindparam<T = unknown, I = T>(name: string | null, options?: BindOptions<T, I>): BindParameter<T, I>;
export function bindparam(name: string | null, ...rest: readonly unknown[]): BindParameter {
  const args = [...rest];
  let options: BindOptions = {};
  if (args.length > 0 && isBindOptions(args.at(-1))) options = args.pop() as BindOptions;
  const hasValue = args.length > 0 || "value" in options;
  const value = args.length > 0 ? args[0] : options.value;
  if (hasValue && value === undefined)
    throw new ArgumentError(`the value of bindparam(${JSON.stringify(name)}) is undefined`, {
      fix: "leave it out for a required parameter, or pass null",
    });
  if (args.length > 2) throw new ArgumentError("bindparam() takes a name, a value, a type and an options object");
  const given = args[1] ?? options.type;
  if (given !== undefined && !isTypeLike(given))
    throw new ArgumentError("the third argument of bindparam() must be a type");
  const type = given !== undefined ? toType(given as TypeLike) : inferType(hasValue ? value : undefined, options);
  const required = options.required ?? (!hasValue && options.callable === undefined);
  const unique = options.unique ?? name === null;
  const fullName: Name = unique ? new AnonName(name ?? "param") : (name as string);
  return new BindParameter(fullName, name, hasValue ? value : null, type, { ...options, unique, required });
}

function inferType(value: unknown, options: BindOptions): SqlType {
  if (value === undefined || value === null) return NULLTYPE;
  if (options.expanding && Array.isArray(value)) {
    const first = value.find((item) => item !== null);
    return first === undefined ? NULLTYPE : typeOfValueSlot.resolve(first);
  }
  return typeOfValueSlot.resolve(value);
}

const optionNames = new Set([
  "value",
  "type",
  "unique",
  "required",
  "expanding",
  "literalExecute",
  "callable",
  "quote",
]);

function isBindOptions(value: unknown): value is BindOptions {
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) return false;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => optionNames.has(key));
}

declare module "../ast/traverse.ts" {
  interface NodesByKind {
    bindparam: BindParameter;
  }
}
