/** Class-level attributes of columns: `User.$.name`. A column for the compiler, which also knows the entity it was asked of. */
import {
  AnonName,
  type CacheKeyBuilder,
  ColumnClause,
  type ColumnElement,
  type ForeignKeyLink,
  type FromElement,
  Label,
  type Name,
} from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import type { AttributeDispatcher } from "../instrument/events.ts";
import { attributeDispatch } from "./attribute-dispatch.ts";
import type { ColumnProperty } from "./column-property.ts";
import type { MappedClass } from "./mapper-options.ts";

/** What class-level attributes of columns have in common. */
export interface MappedExpression {
  /** The entity that it was asked of: the mapper, or an alias. */
  readonly parent: Entity;
  readonly property: ColumnProperty;
  /** Listeners of `set`; see AttributeEvents. */
  readonly dispatch: AttributeDispatcher;
}

/** The columns of an attribute: its own expression, then the others of its property. */
function expressionsOf(attribute: ColumnElement & MappedExpression): readonly ColumnElement[] {
  return [attribute, ...attribute.property.columns.slice(1)];
}

/** The attribute of a column. */
export class ColumnAttribute<out T = unknown, out N extends string = string, I = T>
  extends ColumnClause<T, N, I>
  implements MappedExpression
{
  readonly parent: Entity;
  readonly property: ColumnProperty;
  readonly #column: ColumnClause;

  /** @param key the name in rows. */
  constructor(parent: Entity, property: ColumnProperty, column: ColumnClause, key: string = property.key) {
    super(column.name, column.type, column.table, { key, quote: column.quote, proxies: [column] });
    this.parent = parent;
    this.property = property;
    this.#column = column;
  }

  /** The same attribute under another name: a synonym. */
  named(key: string): ColumnAttribute {
    return new ColumnAttribute(this.parent, this.property, this.#column, key);
  }

  get dispatch(): AttributeDispatcher {
    return attributeDispatch(this.parent.mapper, this.property.key);
  }

  /** The columns that hold the attribute's value: more than one where joined tables share it. */
  get expressions(): readonly ColumnElement[] {
    return expressionsOf(this);
  }

  override get bindBase(): string {
    return this.property.key;
  }

  /** The mapped class. */
  get class(): MappedClass {
    return this.parent.mapper.class;
  }

  override get canonical(): ColumnElement {
    return this.#column.canonical;
  }

  override get foreignKeys(): readonly ForeignKeyLink[] {
    return this.#column.foreignKeys;
  }

  override get primaryKey(): boolean {
    return this.#column.primaryKey;
  }

  /** The entity counts: it decides what stands in FROM. */
  override appendCacheKey(key: CacheKeyBuilder): void {
    this.#column.appendCacheKey(key);
    key.add("@");
    if (this.key !== this.property.key) key.name(this.key as string);
    if (this.parent.alias === null) this.parent.appendCacheKey(key);
  }

  override collectFroms(into: Set<FromElement>): void {
    this.#column.collectFroms(into);
  }

  override toString(): string {
    return this.parent.alias === null ? `${this.parent.name}.${this.property.key}` : super.toString();
  }
}

/** The attribute of a SQL expression: `columnProperty(first.concat(last))`. Rows know it by the attribute's name. */
export class ExpressionAttribute<out T = unknown, out N extends string = string, I = T>
  extends Label<T, N, I>
  implements MappedExpression
{
  readonly parent: Entity;
  readonly property: ColumnProperty;
  /** It speaks of an alias's columns. */
  readonly #isMoved: boolean;

  constructor(parent: Entity, property: ColumnProperty, expression: ColumnElement) {
    super(nameOf(property.expression, expression), expression);
    this.parent = parent;
    this.property = property;
    this.#isMoved = expression !== property.expression;
  }

  override get key(): string {
    return this.property.key;
  }

  get dispatch(): AttributeDispatcher {
    return attributeDispatch(this.parent.mapper, this.property.key);
  }

  /** The expression, as a list: see {@link ColumnAttribute.expressions}. */
  get expressions(): readonly ColumnElement[] {
    return expressionsOf(this);
  }

  override get canonical(): ColumnElement {
    return this.#isMoved ? this : this.property.expression;
  }

  override appendCacheKey(key: CacheKeyBuilder): void {
    super.appendCacheKey(key);
    key.name(this.property.key);
  }
}

/** A label's own name where the expression is the mapped one; in terms of an alias it would be the same name twice. */
function nameOf(mapped: ColumnElement, expression: ColumnElement): Name {
  if (!(mapped instanceof Label)) return expression.anonLabel;
  return expression === mapped
    ? mapped.name
    : new AnonName((mapped.element as { readonly name?: Name }).name ?? "anon");
}
