/** The properties behind `hybrid()` and `hybridMethod()`. */
import {
  ArgumentError,
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
import { evaluatorContext } from "../load/dml/synchronize.ts";
import { attributesOf, makeNamespace } from "../mapping/class-attributes.ts";
import { ColumnAttribute } from "../mapping/column-attribute.ts";
import { DescriptorProperty, type DmlAttribute } from "../mapping/descriptor.ts";
import type { Mapper } from "../mapping/mapper.ts";
import { type Evaluate, evaluator, UnevaluatableError } from "../query/evaluator.ts";
import type { Values } from "../state/instance-state.ts";
import { stateOrNull } from "../state/registry.ts";
import { Comparator, comparatorOperations } from "./hybrid-comparator.ts";

type Pairs = readonly (readonly [column: unknown, value: unknown])[];

/** What a hybrid is declared with; the types are in ./hybrid.ts. */
interface Declared {
  readonly get?: ((object: object) => unknown) | undefined;
  readonly expression?: (($: object) => unknown) | undefined;
  readonly comparator?: (($: object) => Comparator) | undefined;
  readonly set?: ((object: object, value: unknown) => void) | undefined;
  readonly update?: (($: object, value: unknown) => Pairs) | undefined;
  readonly bulkDml?: ((row: Record<string, unknown>, value: unknown) => void) | undefined;
  readonly delete?: ((object: object) => void) | undefined;
  readonly info?: Readonly<Record<PropertyKey, unknown>> | undefined;
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

/** Something that has a name in SQL, as an element of its own that rows know by the hybrid's key. */
function withKey(element: ColumnElement, key: string): ColumnElement {
  if (element instanceof ColumnAttribute) return element.named(key);
  const named = copyWith(element, {});
  if (element instanceof FunctionElement)
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

/** Computes an expression in memory. @throws UnevaluatableError that says what to do. */
function inMemory(element: ColumnElement, mapper: Mapper, where: string, fix: string): Evaluate {
  const refused = (error: unknown): never => {
    if (!(error instanceof UnevaluatableError)) throw error;
    throw new UnevaluatableError(
      `the expression of the hybrid ${where} cannot be computed in memory: ${error.message}`,
      {
        fix,
      },
    );
  };
  try {
    const evaluate = evaluator(element, evaluatorContext(mapper, null));
    return (values) => {
      try {
        return evaluate(values);
      } catch (error) {
        return refused(error);
      }
    };
  } catch (error) {
    return refused(error);
  }
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

  override get ordersByName(): boolean {
    return false;
  }

  dmlPairs(value: unknown): Pairs {
    return this.hybrid.dmlPairs(this.parent, attributesOf(this.parent.mapper), value);
  }
}

/** Lets an attribute compare as its comparator does. */
function withComparator(attribute: ColumnElement, comparator: Comparator): ColumnElement {
  for (const name of comparatorOperations) {
    const compare = (...others: never[]): unknown =>
      (comparator[name] as (...others: never[]) => unknown).apply(comparator, others);
    Object.defineProperty(attribute, name, { value: compare });
  }
  return attribute;
}

/** A computed attribute. */
export class HybridProperty extends DescriptorProperty {
  readonly kind = "proxy" as const;
  readonly options: Declared;
  /** The expression as it is computed in memory, by mapper: that of a subclass may mean other attributes. */
  readonly #evaluators = new WeakMap<Mapper, Evaluate>();

  constructor(options: Declared) {
    super(options);
    if (options.expression === undefined && options.comparator === undefined)
      throw new ArgumentError("hybrid() needs an expression, or a comparator");
    this.options = options;
  }

  override get settable(): boolean {
    return this.options.set !== undefined;
  }

  install(prototype: object, mapper: Mapper): void {
    const { set } = this.options;
    const get =
      this.options.get ??
      ((object: object) => this.#evaluator(stateOrNull(object)?.mapper ?? mapper)(object as Values));
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

  #evaluator(mapper: Mapper): Evaluate {
    let evaluate = this.#evaluators.get(mapper);
    if (evaluate === undefined) {
      const element = asElement(this.#sql(attributesOf(mapper)), String(this));
      evaluate = inMemory(element, mapper, String(this), "give the hybrid a get: (object) => …, too");
      this.#evaluators.set(mapper, evaluate);
    }
    return evaluate;
  }

  /** The expression, or the comparator, for attributes of the class or an alias. */
  #sql(attributes: object): unknown {
    const { comparator, expression } = this.options;
    return comparator === undefined ? (expression as ($: object) => unknown)(attributes) : comparator(attributes);
  }

  classAttribute(entity: Entity, attribute: (key: string) => unknown): unknown {
    const given = this.#sql(namespaceOf(entity, attribute));
    const element = asElement(given, String(this));
    // Columns, labels and functions have a name of their own.
    const isNamed = element instanceof ColumnClause || element instanceof Label || element instanceof FunctionElement;
    const own = isNamed ? withKey(element, this.key) : new HybridAttribute(entity, this, element);
    // One hybrid may be made of another that is written in its own way.
    if (isNamed && (this.options.update !== undefined || "dmlPairs" in element)) {
      const dmlPairs = (value: unknown): Pairs => this.dmlPairs(entity, attributesOf(entity.mapper), value);
      Object.defineProperty(own, "dmlPairs", { value: dmlPairs });
    }
    return given instanceof Comparator ? withComparator(own, given) : own;
  }

  /** Takes the value away, as declared. */
  override remove(object: object): void {
    const { delete: remove } = this.options;
    if (remove === undefined)
      throw new InvalidRequestError(`${this} cannot be deleted`, {
        fix: "give the hybrid a delete: (object) => …, too",
      });
    remove(object);
  }

  override dmlPairs(_entity: Entity, attributes: Readonly<Record<string, unknown>>, value: unknown): Pairs {
    const { update } = this.options;
    return update === undefined ? [[this.#sql(attributes), value]] : update(attributes, value);
  }

  override bulkDml(row: Record<string, unknown>, value: unknown): void {
    const { bulkDml } = this.options;
    if (bulkDml === undefined) super.bulkDml(row, value);
    else bulkDml(row, value);
  }

  copy(): HybridProperty {
    return new HybridProperty(this.options);
  }
}

interface DeclaredMethod {
  readonly call?: ((object: object, ...args: unknown[]) => unknown) | undefined;
  readonly expression: ($: object, ...args: unknown[]) => unknown;
}

/** A method with a form in SQL. */
export class HybridMethod extends DescriptorProperty {
  readonly kind = "proxy" as const;
  readonly options: DeclaredMethod;

  constructor(options: DeclaredMethod) {
    super();
    this.options = options;
  }

  override get settable(): boolean {
    return false;
  }

  install(prototype: object, mapper: Mapper): void {
    const { expression } = this.options;
    const call =
      this.options.call ??
      ((object: object, ...args: unknown[]): unknown => {
        const own = stateOrNull(object)?.mapper ?? mapper;
        const element = asElement(expression(attributesOf(own), ...args), String(this));
        const fix = "give the hybrid method a call: (object, …) => …, too";
        return inMemory(element, own, String(this), fix)(object as Values);
      });
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
