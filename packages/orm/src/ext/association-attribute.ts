/** The SQL side of a proxy: conditions about the related objects, as EXISTS. */
import {
  ArgumentError,
  CLAUSE_ELEMENT,
  ColumnElement,
  type ContainsOptions,
  InvalidRequestError,
  type LikeOptions,
  or,
  type SqlExpression,
} from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import { attributesOf } from "../mapping/class-attributes.ts";
import { RelationshipAttribute } from "../mapping/relationship-attribute.ts";

/** What the attribute asks of the proxy. */
interface ProxyFacts {
  readonly key: string;
  readonly attribute: string;
  readonly relationship: string;
}

type Condition = ColumnElement<boolean>;

/** `User.$.keywords` */
export class AssociationProxyAttribute<T = unknown> {
  readonly parent: Entity;
  readonly property: ProxyFacts;
  readonly #relationship: RelationshipAttribute;

  constructor(parent: Entity, property: ProxyFacts, relationship: RelationshipAttribute) {
    this.parent = parent;
    this.property = property;
    this.#relationship = relationship;
  }

  /** The attribute of the related class: a column, a relationship, or a proxy again. */
  get remoteAttr(): unknown {
    return attributesOf(this.#relationship.property.mapper)[this.property.attribute];
  }

  /** The relationship that leads to the related class. */
  get localAttr(): RelationshipAttribute {
    return this.#relationship;
  }

  /** Both, in the order in which they are joined: `select(User).join(User.$.keywords.attr[0]).join(User.$.keywords.attr[1])`. */
  get attr(): readonly [localAttr: RelationshipAttribute, remoteAttr: unknown] {
    return [this.#relationship, this.remoteAttr];
  }

  /** The relationship's key. */
  get targetCollection(): string {
    return this.property.relationship;
  }

  /** The key of the related class's attribute. */
  get valueAttr(): string {
    return this.property.attribute;
  }

  /** There is one related object. */
  get scalar(): boolean {
    return !this.#relationship.property.uselist;
  }

  /** It has no value outside of comparisons, since the related objects are not part of the statement. @internal */
  [CLAUSE_ELEMENT](): never {
    throw new InvalidRequestError(
      `The association proxy '${this.property.key}' can't be used as a plain column expression; it only works inside of a comparison expression`,
      {
        code: "proxy_not_a_column",
        fix: `join ${this.#relationship} and take the attribute '${this.property.attribute}' of the related class`,
      },
    );
  }

  /** Some related object fulfils the criterion. */
  #exists(criterion: unknown): Condition {
    const criteria = criterion === undefined ? [] : [criterion];
    return this.scalar ? this.#relationship.has(...criteria) : this.#relationship.any(...criteria);
  }

  #compare(method: string, ...args: readonly unknown[]): Condition {
    const remote = this.remoteAttr as Record<string, ((...args: unknown[]) => unknown) | undefined>;
    const compare = remote[method];
    if (typeof compare !== "function")
      throw new InvalidRequestError(`${method}() is nothing that ${this.property.attribute} can be compared by`);
    return this.#exists(compare.apply(remote, [...args]));
  }

  /** Some related object has this value. For null, of a scalar: there is none, or its value is null. */
  eq(value: T | null): Condition {
    const found = this.#compare("eq", value);
    return value === null ? or(found, this.#relationship.eq(null)) : found;
  }
  ne(value: T | null): Condition {
    return this.#compare("ne", value);
  }
  is(value: T | null): Condition {
    return this.#compare("is", value);
  }
  isNot(value: T | null): Condition {
    return this.#compare("isNot", value);
  }
  isDistinctFrom(value: T | null): Condition {
    return this.#compare("isDistinctFrom", value);
  }
  isNotDistinctFrom(value: T | null): Condition {
    return this.#compare("isNotDistinctFrom", value);
  }
  lt(value: T): Condition {
    return this.#compare("lt", value);
  }
  le(value: T): Condition {
    return this.#compare("le", value);
  }
  gt(value: T): Condition {
    return this.#compare("gt", value);
  }
  ge(value: T): Condition {
    return this.#compare("ge", value);
  }
  between(low: T, high: T, options?: { readonly symmetric?: boolean }): Condition {
    return this.#compare("between", low, high, options);
  }
  in(values: readonly T[] | SqlExpression): Condition {
    return this.#compare("in", values);
  }
  notIn(values: readonly T[] | SqlExpression): Condition {
    return this.#compare("notIn", values);
  }
  like(pattern: string | SqlExpression, options?: LikeOptions): Condition {
    return this.#compare("like", pattern, options);
  }
  notLike(pattern: string | SqlExpression, options?: LikeOptions): Condition {
    return this.#compare("notLike", pattern, options);
  }
  ilike(pattern: string | SqlExpression, options?: LikeOptions): Condition {
    return this.#compare("ilike", pattern, options);
  }
  notIlike(pattern: string | SqlExpression, options?: LikeOptions): Condition {
    return this.#compare("notIlike", pattern, options);
  }
  startswith(text: string | SqlExpression, options?: ContainsOptions): Condition {
    return this.#compare("startswith", text, options);
  }
  endswith(text: string | SqlExpression, options?: ContainsOptions): Condition {
    return this.#compare("endswith", text, options);
  }
  icontains(text: string | SqlExpression, options?: ContainsOptions): Condition {
    return this.#compare("icontains", text, options);
  }
  istartswith(text: string | SqlExpression, options?: ContainsOptions): Condition {
    return this.#compare("istartswith", text, options);
  }
  iendswith(text: string | SqlExpression, options?: ContainsOptions): Condition {
    return this.#compare("iendswith", text, options);
  }
  match(text: string | SqlExpression, options?: Readonly<Record<string, unknown>>): Condition {
    return this.#compare("match", text, options);
  }
  regexpMatch(pattern: string | SqlExpression, options?: { readonly flags?: string | null }): Condition {
    return this.#compare("regexpMatch", pattern, options);
  }
  /** Some related object's value compares so by an operator of your own. */
  boolOp(symbol: string, options?: Parameters<ColumnElement["boolOp"]>[1]): (other: unknown) => Condition {
    return (other) => {
      const remote = this.remoteAttr as ColumnElement;
      return this.#exists(remote.boolOp(symbol, options)(other));
    };
  }

  /** For columns: the text is in it. For objects, and values of further proxies: it is among them. */
  contains(value: T | string, options?: ContainsOptions): Condition {
    const remote = this.remoteAttr;
    if (remote instanceof AssociationProxyAttribute)
      return this.#exists(remote.scalar ? remote.eq(value) : remote.contains(value as never));
    if (!(remote instanceof RelationshipAttribute)) return this.#compare("contains", value, options);
    if (remote.property.uselist) return this.#exists(remote.contains(value));
    if (this.scalar) throw new InvalidRequestError("contains() doesn't apply to a scalar object endpoint; use ==");
    return this.#exists(remote.eq(value));
  }

  /** Some related object fulfils the criteria. @throws ArgumentError for values by key where the proxy is of a column. */
  any(...criteria: readonly unknown[]): Condition {
    const remote = this.remoteAttr;
    if (this.scalar && !(remote instanceof AssociationProxyAttribute) && !isCollection(remote))
      throw new InvalidRequestError("'any()' not implemented for scalar attributes. Use has().");
    return this.#inner(criteria);
  }

  /** The related object fulfils the criteria. */
  has(...criteria: readonly unknown[]): Condition {
    const remote = this.remoteAttr;
    if (!(remote instanceof AssociationProxyAttribute) && (!this.scalar || isCollection(remote)))
      throw new InvalidRequestError("'has()' not implemented for collections. Use any().");
    if (this.scalar && remote instanceof ColumnElement && criteria.length > 0 && !criteria.some(isKeywords))
      throw new ArgumentError("Non-empty has() not allowed for column-targeted association proxy; use ==");
    return this.#inner(criteria);
  }

  #inner(criteria: readonly unknown[]): Condition {
    const remote = this.remoteAttr;
    if (remote instanceof AssociationProxyAttribute) return this.#exists(remote.#inner(criteria));
    if (remote instanceof RelationshipAttribute)
      return this.#exists(remote.property.uselist ? remote.any(...criteria) : remote.has(...criteria));
    if (criteria.some(isKeywords))
      throw new ArgumentError("Can't apply keyword arguments to column-targeted association proxy; use ==");
    return this.scalar ? this.#relationship.has(...criteria) : this.#relationship.any(...criteria);
  }
}

function isCollection(remote: unknown): boolean {
  return remote instanceof RelationshipAttribute && remote.property.uselist;
}

function isKeywords(each: unknown): boolean {
  return each !== null && typeof each === "object" && Object.getPrototypeOf(each) === Object.prototype;
}
