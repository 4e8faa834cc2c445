/** Types of the user's own: another type with conversions of its own around it. Next: ./custom.ts for new SQL types. */

import { nextIdentity } from "../ast/cache-key.ts";
import { ArgumentError } from "../errors/errors.ts";
import type { Operator } from "../operator/operator.ts";
import type { TypeDialect } from "./type.ts";
import {
  type AdaptedOperator,
  type Affinity,
  type ComparatorMethods,
  defineVisitName,
  factories,
  type Processor,
  SqlType,
  type TypeLike,
  toType,
} from "./type.ts";

/**
 * A type that changes values on their way to and from another type, its `impl`.
 *
 * ```ts
 * class Folded extends TypeDecorator<string> {
 *   readonly impl = toType(t.string(50));
 *   override readonly cacheOk = true;
 *   override processBindParam(value: string | null) { return value?.toLowerCase() ?? null; }
 * }
 * ```
 */
export abstract class TypeDecorator<out T = unknown, out Input = T, out Ops = unknown> extends SqlType<T, Input, Ops> {
  /** The type that is decorated: `t.string(50)`, or `t.string` bare. */
  abstract readonly impl: TypeLike;

  /**
   * Whether equal own properties mean an equal type, so that statements with it may be cached. Where it is not `true`,
   * each instance has a cache key of its own.
   */
  readonly cacheOk: boolean | null = null;

  /**
   * Values that `eq()` and `ne()` compare as the SQL constants NULL, TRUE and FALSE (`IS NULL`, `= true`) instead of sending them
   * through `processBindParam`: `null`, `true`, `false`, or `Boolean` for both. Default: `[null]`.
   */
  override get coerceToIsTypes(): readonly unknown[] {
    return onlyNull;
  }

  /** How values of the type are ordered; that of `impl`. */
  override get sortKeyFunction(): ((value: never) => unknown) | undefined {
    return this.implInstance.sortKeyFunction;
  }

  /** Methods of expressions beside those of `impl`. */
  get comparatorFactory(): ComparatorMethods | undefined {
    return undefined;
  }

  /** The decorated type as an instance. */
  get implInstance(): SqlType {
    return toType(this.impl);
  }

  /** A parameter, before `impl` converts it. */
  processBindParam?(value: Input | null, dialect: TypeDialect): unknown;

  /** A result, after `impl` converted it. */
  processResultValue?(value: unknown, dialect: TypeDialect): T | null;

  /** A value that is to be written as a literal, before `impl` renders it; `processBindParam` where it is missing. */
  processLiteralParam?(value: Input | null, dialect: TypeDialect): unknown;

  /** An expression around every bind parameter of the type, e.g. `func.lower(bind)`. */
  bindExpression?(bind: unknown): unknown;

  /** An expression around every column of the type in the columns clause, e.g. `func.upper(column)`. */
  columnExpression?(column: unknown): unknown;

  /** The type that a dialect uses in place of `impl`. */
  loadDialectImpl(_dialect: TypeDialect): TypeLike {
    return this.impl;
  }

  /** What a dialect makes of {@link loadDialectImpl}: the type that is rendered and that converts. */
  dialectImpl(dialect: TypeDialect): SqlType {
    const impl = toType(this.loadDialectImpl(dialect));
    return impl === (this as SqlType) ? impl : dialect.adaptType(impl);
  }

  override get affinity(): Affinity {
    return this.implInstance.affinity;
  }

  override get comparator(): ComparatorMethods | undefined {
    const inherited = this.implInstance.comparator;
    const own = this.comparatorFactory;
    return inherited !== undefined && own !== undefined ? { ...inherited, ...own } : (own ?? inherited);
  }

  override get readsText(): boolean {
    return this.implInstance.readsText;
  }

  override get shouldEvaluateNone(): boolean {
    return super.shouldEvaluateNone || this.implInstance.shouldEvaluateNone;
  }

  override get convertsNull(): boolean {
    return this.implInstance.convertsNull;
  }

  /** A literal beside an expression of the type takes the type itself, whatever it is. */
  override coerceComparedValue(_operator: Operator | null, _value: unknown): SqlType {
    return this;
  }

  override adaptOperator(operator: Operator, other: SqlType): AdaptedOperator {
    const impl = this.implInstance;
    const adapted = impl.adaptOperator(operator, other);
    return adapted.type === impl ? { operator: adapted.operator, type: this } : adapted;
  }

  override bindProcessor(dialect: TypeDialect): Processor {
    const after = this.dialectImpl(dialect).bindProcessor(dialect);
    if (this.processBindParam === undefined) return after;
    if (after === null) return (value) => this.processBindParam?.(value as Input | null, dialect);
    return (value) => after(this.processBindParam?.(value as Input | null, dialect));
  }

  override resultProcessor(dialect: TypeDialect, typeCode?: number | string): Processor {
    const before = this.dialectImpl(dialect).resultProcessor(dialect, typeCode);
    if (this.processResultValue === undefined) return before;
    if (before === null) return (value) => this.processResultValue?.(value, dialect);
    return (value) => this.processResultValue?.(before(value), dialect);
  }

  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    const render = this.dialectImpl(dialect).literalProcessor(dialect);
    if (render === null) return null;
    if (this.processLiteralParam !== undefined)
      return (value) => render(this.processLiteralParam?.(value as Input | null, dialect));
    if (this.processBindParam !== undefined)
      return (value) => render(this.processBindParam?.(value as Input | null, dialect));
    return render;
  }

  override compareValues(a: T, b: T): boolean {
    return this.implInstance.compareValues(a, b);
  }

  protected override makeCacheKey(): string {
    return this.cacheOk === true ? super.makeCacheKey() : `T!${nextIdentity()};`;
  }
}

const onlyNull: readonly unknown[] = Object.freeze([null]);

defineVisitName(TypeDecorator, "typeDecorator");

/** The simple form of a {@link TypeDecorator}. */
export interface TypeDecoratorOptions<T, Input, Impl extends TypeLike> {
  /** The type that is decorated. */
  readonly impl: Impl;
  /** A parameter, before `impl` converts it; not called for null unless `nulls` is set. */
  readonly bind?: ((value: Input, dialect: TypeDialect) => Impl["~input"]) | undefined;
  /** A result, after `impl` converted it; not called for null unless `nulls` is set. */
  readonly result?: ((value: Impl["~value"], dialect: TypeDialect) => T) | undefined;
  /** A value for a literal, where it differs from `bind`. */
  readonly literal?: ((value: Input, dialect: TypeDialect) => Impl["~input"]) | undefined;
  /** An expression around bind parameters. */
  bindExpression?(bind: unknown): unknown;
  /** An expression around columns in the columns clause. */
  columnExpression?(column: unknown): unknown;
  /** Equality of two values. */
  readonly compare?: ((a: T, b: T) => boolean) | undefined;
  /** Further methods of expressions. */
  readonly comparator?: ComparatorMethods | undefined;
  /** Call `bind` and `result` with null too. */
  readonly nulls?: boolean | undefined;
  /** Statements with it may be cached; true by default, since the functions are part of the key. */
  readonly cacheOk?: boolean | undefined;
}

/** A TypeDecorator made of functions. Its `impl` may depend on the arguments it is called with. */
export class FunctionalType<T, Input, Impl extends TypeLike> extends TypeDecorator<T, Input, Impl["~ops"]> {
  override readonly impl: TypeLike;
  override readonly cacheOk: boolean;
  /** The functions; the same object for every instance of one declaration, and so the same cache key. */
  readonly functions: TypeDecoratorOptions<T, Input, Impl>;

  constructor(options: TypeDecoratorOptions<T, Input, Impl>, impl: TypeLike = options.impl) {
    super();
    this.impl = toType(impl);
    this.cacheOk = options.cacheOk ?? true;
    this.functions = options;
    const { bind, result, literal, nulls = false } = options;
    const guard = <V, R>(convert: (value: V, dialect: TypeDialect) => R) => {
      return (value: unknown, dialect: TypeDialect): R | null =>
        !nulls && (value === null || value === undefined) ? null : convert(value as V, dialect);
    };
    if (bind !== undefined) hide(this, "processBindParam", guard(bind));
    if (result !== undefined) hide(this, "processResultValue", guard(result));
    if (literal !== undefined) hide(this, "processLiteralParam", guard(literal));
    if (options.bindExpression !== undefined) hide(this, "bindExpression", options.bindExpression);
    if (options.columnExpression !== undefined) hide(this, "columnExpression", options.columnExpression);
  }

  override get comparatorFactory(): ComparatorMethods | undefined {
    return this.functions.comparator;
  }

  override compareValues(a: T, b: T): boolean {
    return this.functions.compare?.(a, b) ?? super.compareValues(a, b);
  }

  override copy(): this {
    return Object.assign(new FunctionalType(this.functions, this.impl), { variants: this.variants }) as this;
  }
}

/** What {@link typeDecorator} returns: usable bare, or called for an instance. */
export interface DecoratedTypeFactory<out T, out Input, out Ops> extends TypeLike<T, Input, Ops> {
  (): TypeDecorator<T, Input, Ops>;
}

/** Declares a type as another one with conversions: `typeDecorator({ impl: t.string, bind: …, result: … })`. */
export function typeDecorator<Impl extends TypeLike, T = Impl["~value"], Input = T>(
  options: TypeDecoratorOptions<T, Input, Impl>,
): DecoratedTypeFactory<T, Input, Impl["~ops"]> {
  if (options === null || typeof options !== "object" || options.impl === undefined) {
    throw new ArgumentError("typeDecorator() needs the type that it decorates", { fix: "pass { impl: t.string, … }" });
  }
  const type = new FunctionalType(options);
  const factory = (): TypeDecorator<T, Input, Impl["~ops"]> => type;
  factories.add(factory);
  return factory as DecoratedTypeFactory<T, Input, Impl["~ops"]>;
}

/** Sets a method of one instance; not enumerable, so that it is neither copied nor part of the cache key. */
function hide(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, configurable: true });
}
