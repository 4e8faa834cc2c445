/** Attributes that are computed: in JavaScript on objects, in SQL in statements. `hybrid()` for values, `hybridMethod()` for methods. */
import {
  type CacheKeyBuilder,
  ColumnClause,
  ColumnElement,
  copyWith,
  FunctionElement,
  InvalidRequestError,
  Label,
  resolveNode,
} from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import type { MappedColumn } from "../declarative/types.ts";
import { attributesOf, makeNamespace } from "../mapping/class-attributes.ts";
import { DescriptorProperty, type DmlAttribute } from "../mapping/descriptor.ts";
import type { EntityOf } from "../mapping/relationship-attribute.ts";

/** A mapped class. */
interface Mapped {
  readonly "~entity": unknown;
  readonly $: unknown;
}

/** A computed value. */
export interface HybridOptions<E, A, T> {
  /** The value on an object. */
  readonly get: (object: E) => T;
  /** The value in SQL; `$` has the attributes of the class, or of an alias of it. */
  readonly expression: ($: A) => unknown;
  /** Assigning on an object. */
  readonly set?: (object: E, value: T) => void;
  /** Assigning in an ORM UPDATE: the columns and their values. */
  readonly update?: ($: A, value: T) => readonly (readonly [column: unknown, value: unknown])[];
}

/** A declared hybrid. */
export interface HybridOf<T> {
  readonly "~value": T;
  readonly "~attribute": MappedColumn<T, string, T, never>;
}

/**
 * A computed attribute: `doubled: () => hybrid(Gizmo, { get: (g) => g.price * 2, expression: ($) => $.price.mul(2) })`.
 */
export function hybrid<C extends Mapped, T>(_type: C, options: HybridOptions<EntityOf<C>, C["$"], T>): HybridOf<T> {
  return new HybridProperty(options as unknown as HybridOptions<object, object, unknown>) as unknown as HybridOf<T>;
}

/** A method that has a form in SQL. */
export interface HybridMethodOptions<E, A, P extends readonly unknown[], T> {
  readonly call: (object: E, ...args: P) => T;
  readonly expression: ($: A, ...args: NoInfer<P>) => unknown;
}

/** A declared hybrid method. */
export interface HybridMethodOf<P extends readonly unknown[], T> {
  readonly "~value": (...args: P) => T;
  readonly "~attribute": (...args: P) => ColumnElement<T>;
}

/** A method of objects that statements can call: `Gizmo.$.dearerThan(10)`. */
export function hybridMethod<C extends Mapped, P extends readonly unknown[], T>(
  _type: C,
  options: HybridMethodOptions<EntityOf<C>, C["$"], P, T>,
): HybridMethodOf<P, T> {
  return new HybridMethod(
    options as unknown as HybridMethodOptions<object, object, unknown[], unknown>,
  ) as unknown as HybridMethodOf<P, T>;
}

/** The attributes of an entity, made by the function that makes one. */
function namespaceOf(entity: Entity, attribute: (key: string) => unknown): object {
  return makeNamespace(entity, (key) => entity.mapper.props.has(key), attribute);
}

function asElement(value: unknown, where: string): ColumnElement {
  const node = resolveNode(value);
  if (node instanceof ColumnElement) return node;
  const scalar = (node as { scalarSubquery?(): ColumnElement } | undefined)?.scalarSubquery?.();
  if (scalar !== undefined) return scalar;
  throw new InvalidRequestError(`the expression of the hybrid ${where} gave no SQL expression`);
}

/** An expression that rows know by the hybrid's key, whatever its name in SQL. */
function withKey(element: ColumnElement, key: string): ColumnElement {
  if (!(element instanceof FunctionElement)) return element;
  const named = copyWith(element, {});
  Object.defineProperties(named, {
    key: { value: key },
    appendCacheKey: {
      value: (builder: CacheKeyBuilder) => {
        element.appendCacheKey(builder);
        builder.name(key);
      },
    },
  });
  return named;
}

/** The SQL side of a hybrid value. */
class HybridAttribute extends Label implements DmlAttribute {
  readonly parent: Entity;
  readonly hybrid: HybridProperty;

  constructor(parent: Entity, property: HybridProperty, element: ColumnElement) {
    super(property.key, element);
    this.parent = parent;
    this.hybrid = property;
  }

  dmlPairs(value: unknown): readonly (readonly [unknown, unknown])[] {
    return this.hybrid.dmlPairs(this.parent, attributesOf(this.parent.mapper), value);
  }
}

/** A computed attribute. */
export class HybridProperty extends DescriptorProperty {
  readonly kind = "proxy" as const;
  readonly options: HybridOptions<object, object, unknown>;

  constructor(options: HybridOptions<object, object, unknown>) {
    super();
    this.options = options;
  }

  override get settable(): boolean {
    return this.options.set !== undefined;
  }

  install(prototype: object): void {
    const { get, set } = this.options;
    Object.defineProperty(prototype, this.key, {
      configurable: true,
      enumerable: true,
      get(this: object) {
        return get(this);
      },
      ...(set === undefined
        ? {}
        : {
            set(this: object, value: unknown) {
              set(this, value);
            },
          }),
    });
  }

  classAttribute(entity: Entity, attribute: (key: string) => unknown): unknown {
    const element = asElement(this.options.expression(namespaceOf(entity, attribute)), String(this));
    // Columns, labels and functions have a name of their own.
    if (element instanceof ColumnClause || element instanceof Label || element instanceof FunctionElement)
      return withKey(element, this.key);
    return new HybridAttribute(entity, this, element);
  }

  override dmlPairs(
    _entity: Entity,
    attributes: Readonly<Record<string, unknown>>,
    value: unknown,
  ): readonly (readonly [unknown, unknown])[] {
    const { update } = this.options;
    return update === undefined ? [[this.options.expression(attributes), value]] : update(attributes, value);
  }

  copy(): HybridProperty {
    return new HybridProperty(this.options);
  }
}

/** A method with a form in SQL. */
export class HybridMethod extends DescriptorProperty {
  readonly kind = "proxy" as const;
  readonly options: HybridMethodOptions<object, object, unknown[], unknown>;

  constructor(options: HybridMethodOptions<object, object, unknown[], unknown>) {
    super();
    this.options = options;
  }

  override get settable(): boolean {
    return false;
  }

  install(prototype: object): void {
    const { call } = this.options;
    Object.defineProperty(prototype, this.key, {
      configurable: true,
      writable: true,
      value(this: object, ...args: unknown[]) {
        return call(this, ...args);
      },
    });
  }

  classAttribute(entity: Entity, attribute: (key: string) => unknown): unknown {
    return (...args: unknown[]) =>
      asElement(this.options.expression(namespaceOf(entity, attribute), ...args), String(this));
  }

  copy(): HybridMethod {
    return new HybridMethod(this.options);
  }
}
