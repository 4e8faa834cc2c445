/** Moves columns and conditions from a mapped table onto an alias of it. */
import {
  Alias,
  AnonName,
  anonymousAliasName,
  type ClauseElement,
  ColumnClause,
  ColumnElement,
  columnsOf,
  type FromClause,
  isFromClause,
  Join,
  type Name,
  type Node,
  replacementTraverse,
  SelectBase,
  Unary,
} from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import { ConcreteUnion } from "../mapping/polymorphic-union.ts";
import { attributeEntity } from "./marks.ts";

const known = new WeakMap<FromClause, Map<ColumnElement, ColumnElement>>();

/** The column of `target` that stands for `column`; `column` itself where there is none. */
export function adaptColumn(target: FromClause, column: ColumnElement): ColumnElement {
  let columns = known.get(target);
  if (columns === undefined) known.set(target, (columns = new Map()));
  const source = column.canonical;
  let found = columns.get(source);
  if (found === undefined) {
    found =
      target.correspondingColumn(source) ?? (source === column ? null : target.correspondingColumn(column)) ?? column;
    columns.set(source, found);
  }
  return found;
}

/** An expression with its columns moved onto `target`. */
export function adaptTo<N extends Node>(target: FromClause, node: N): N {
  return replacementTraverse(node, (inner) => {
    if (!(inner instanceof ColumnClause) || inner.table === target) return undefined;
    const found = adaptColumn(target, inner);
    return found === inner ? undefined : found;
  });
}

/** What stands for a mapped column where an entity is selected. */
export function entityColumn(entity: Entity, column: ColumnElement): ColumnElement {
  if (entity.alias !== null) {
    const found = adaptElement(entity.alias, column);
    return found === column && entity.adaptsOnNames === true ? (columnByName(entity.alias, column) ?? column) : found;
  }
  const { selectable } = entity;
  return selectable === entity.mapper.persistSelectable ? column : adaptElement(selectable, column);
}

/** An expression of a mapped class's columns in terms of an entity. */
export function entityExpression<N extends ClauseElement>(entity: Entity, node: N): N {
  const { alias } = entity;
  if (alias !== null) {
    if (entity.adaptsOnNames !== true) return adaptTo(alias, node);
    return replacementTraverse(node, (inner) => {
      if (!(inner instanceof ColumnClause) || inner.table === alias) return undefined;
      const found = entityColumn(entity, inner);
      return found === inner ? undefined : found;
    });
  }
  const { selectable } = entity;
  return selectable === entity.mapper.persistSelectable ? node : adaptTo(selectable, node);
}

function columnByName(target: FromClause, column: ColumnElement): ColumnElement | undefined {
  return columnsOf(target.c).find((each) => each.resultName === column.resultName);
}

function adaptElement(target: FromClause, column: ColumnElement): ColumnElement {
  return column instanceof ColumnClause ? adaptColumn(target, column) : adaptTo(target, column);
}

/**
 * A selectable under an anonymous or given name: tables become aliases, joins become joins of aliases, so that no
 * subquery is needed.
 */
export function flatAlias(from: FromClause, name: Name | null = null): FromClause {
  if (from instanceof Join) {
    const left = flatAlias(from.left, nameWith(name, from.left));
    const right = flatAlias(from.right, nameWith(name, from.right));
    const onclause = replacementTraverse(from.onclause, (inner) => {
      if (!(inner instanceof ColumnClause)) return undefined;
      return (
        left.correspondingColumn(inner.canonical, true) ?? right.correspondingColumn(inner.canonical, true) ?? undefined
      );
    });
    return new Join(left, right, onclause, from.isouter, from.full);
  }
  if (from instanceof ConcreteUnion) return from.renamed(name ?? anonymousAliasName(from));
  return new Alias(from, name ?? anonymousAliasName(from));
}

function nameWith(name: Name | null, part: FromClause): Name | null {
  if (name === null || part instanceof Join) return name;
  return typeof name === "string"
    ? `${name}_${typeof part.name === "string" ? part.name : "anon"}`
    : new AnonName(name);
}

/** Whether a FROM element is, or contains, a selectable. */
export function containsFrom(from: Node, selectable: FromClause): boolean {
  if (from === selectable) return true;
  if (!isFromClause(from)) return false;
  const { hides } = from;
  if (hides.includes(selectable)) return true;
  return selectable instanceof Join && selectable.hides.every((part) => part instanceof Join || hides.includes(part));
}

/** Every column of an expression, without those of subqueries in it. */
export function columnsIn(node: Node, visit: (column: ColumnClause) => void): void {
  replacementTraverse(node, (inner) => {
    if (inner instanceof SelectBase) return inner;
    if (inner instanceof ColumnClause) visit(inner as ColumnClause);
    return undefined;
  });
}

/** The columns that ORDER BY sorts by. */
export function orderColumns(clauses: readonly ClauseElement[]): ColumnElement[] {
  return clauses.flatMap((clause): ColumnElement[] => {
    let node: Node = clause;
    while (node instanceof Unary && node.modifier !== null) node = node.element;
    return node instanceof ColumnElement && node.kind !== "labelReference" ? [node] : [];
  });
}

/** Attributes of classes that are selected from a union (concrete inheritance) as columns of the union. */
export function adaptAttributes<N extends Node>(node: N): N {
  return replacementTraverse(node, (part) => {
    const entity = part instanceof ColumnClause ? attributeEntity(part) : undefined;
    const isUnion = entity?.mapper.concrete === true && entity.selectable !== entity.mapper.persistSelectable;
    if (entity === undefined || entity.alias !== null || !isUnion) return undefined;
    return adaptColumn(entity.selectable, part as ColumnClause);
  });
}
