/** Join conditions of relationships, moved onto the two sides that a statement has, or with one side given by values. */
import {
  AliasedFromClause,
  AnonName,
  BindParameter,
  type ClauseElement,
  ColumnClause,
  type ColumnElement,
  columnsOf,
  type FromClause,
  Join,
  joinConditions,
  type Node,
  operators,
  replacementTraverse,
} from "@athanor/core";
import type { Entity } from "../base/entity.ts";
import { isRemote } from "../relationship/annotations.ts";
import type { RelationshipProperty } from "../relationship/relationship.ts";
import { adaptTo, entityColumn, flatAlias } from "./adapt.ts";

/** The conditions between the two sides of a relationship, and the table between them. */
export interface RelationshipJoin {
  readonly primary: ClauseElement;
  readonly secondary: { readonly table: FromClause; readonly condition: ClauseElement } | null;
}

/** Options of {@link relationshipJoin}. */
export interface RelationshipJoinOptions {
  /** The table between gets an alias. */
  readonly aliasSecondary: boolean;
}

/** The ON conditions of a relationship between two entities. */
export function relationshipJoin(
  property: RelationshipProperty,
  source: Entity,
  target: Entity,
  { aliasSecondary }: RelationshipJoinOptions,
): RelationshipJoin {
  const { secondary, secondaryjoin, primaryjoin } = property;
  if (secondary !== null && secondaryjoin !== null) {
    const between = aliasSecondary ? flatAlias(secondary) : secondary;
    const move = (condition: ClauseElement, entity: Entity): ClauseElement =>
      replacementTraverse(condition, (node) => {
        if (!(node instanceof ColumnClause)) return undefined;
        if (!isBetween(secondary, node) || isOwn(entity, secondary, node)) return entityColumn(entity, node);
        return between === secondary ? node : (between.correspondingColumn(plain(node)) ?? node);
      });
    return {
      primary: move(primaryjoin, source),
      secondary: { table: between, condition: move(secondaryjoin, target) },
    };
  }
  const primary = replacementTraverse<ClauseElement>(primaryjoin, (node) => {
    if (!(node instanceof ColumnClause))
      return property.selfReferential ? undefined : aliasedTable(node, source, target);
    return entityColumn(isRemote(property, node) ? target : source, plain(node));
  });
  return { primary, secondary: null };
}

/** A table that a subquery in the condition names, `correlate(User)`: the alias that stands for it. */
function aliasedTable(node: Node, source: Entity, target: Entity): FromClause | undefined {
  for (const { alias } of [source, target])
    if (alias instanceof AliasedFromClause && alias.element === node) return alias;
  return undefined;
}

/** Whether a column is one of the table between two classes, or of the tables of a join between them. */
function isBetween(secondary: FromClause, column: ColumnClause): boolean {
  return secondary instanceof Join
    ? secondary.hides.includes(plain(column).table as FromClause)
    : column.table === secondary;
}

/** A join between may contain the class's own table once more; the condition means the class's. */
function isOwn(entity: Entity, secondary: FromClause, column: ColumnClause): boolean {
  return secondary instanceof Join && columnsOf(entity.mapper.persistSelectable.c).includes(plain(column));
}

/** A column without the marks of its place in a join condition. */
function plain(column: ColumnClause): ColumnClause {
  return column.canonical as ColumnClause;
}

/** A relationship's condition with the columns of one side replaced by parameters. */
export interface BoundCondition {
  readonly condition: ClauseElement;
  /** The parameters with the columns whose values they take. */
  readonly binds: readonly { readonly bind: BindParameter; readonly column: ColumnElement }[];
}

/** Makes the parameter for a column. */
export type BindMaker = (column: ColumnElement, position: number) => BindParameter;

const namedBind: BindMaker = (column, position) =>
  new BindParameter(`pk_${position + 1}`, `pk_${position + 1}`, null, column.type, { required: true });

/**
 * The condition with one side given: `"source"` replaces the parent's columns (lazy loading, `withParent`), `"target"`
 * the related side's (`contains`, `eq`).
 */
export function boundCondition(
  property: RelationshipProperty,
  replaced: "source" | "target",
  make: BindMaker = namedBind,
  aliasSecondary = false,
): BoundCondition {
  const binds: { bind: BindParameter; column: ColumnElement }[] = [];
  const bindFor = (column: ColumnElement): BindParameter => {
    const known = binds.find((entry) => entry.column === column);
    if (known !== undefined) return known.bind;
    const bind = make(column, binds.length);
    binds.push({ bind, column });
    return bind;
  };
  const { secondary, secondaryjoin, primaryjoin } = property;
  if (secondary !== null && secondaryjoin !== null) {
    const between = aliasSecondary ? flatAlias(secondary) : secondary;
    const replace = (condition: ClauseElement, active: boolean): ClauseElement =>
      replacementTraverse(condition, (node) => {
        if (!(node instanceof ColumnClause)) return undefined;
        const column = plain(node);
        if (isBetween(secondary, node))
          return between === secondary ? column : (between.correspondingColumn(column) ?? column);
        return active ? bindFor(column) : column;
      });
    const primary = replace(primaryjoin, replaced === "source");
    return {
      condition: joinConditions(operators.and, [primary, replace(secondaryjoin, replaced === "target")]),
      binds,
    };
  }
  const condition = replacementTraverse<ClauseElement>(primaryjoin, (node) => {
    if (!(node instanceof ColumnClause)) return undefined;
    const column = plain(node);
    return isRemote(property, node) === (replaced === "target") ? bindFor(column) : column;
  });
  return { condition, binds };
}

/** A parameter whose value is read when the statement is executed. */
export function callableBind(
  type: ColumnElement["type"],
  callable: () => unknown,
  base: string = "param",
): BindParameter {
  return new BindParameter(new AnonName(base), null, null, type, { unique: true, callable });
}

/** The order of a relationship's collection in terms of an entity (and of the alias of the table between). */
export function relationshipOrder(
  property: RelationshipProperty,
  target: Entity,
  secondaryAlias: FromClause | null,
): ColumnElement[] {
  return (property.orderBy ?? []).map((column) => {
    const { secondary } = property;
    const moved =
      secondary !== null && secondaryAlias !== null && secondaryAlias !== secondary
        ? adaptTo(secondaryAlias, column)
        : column;
    return target.alias === null ? moved : adaptTo(target.alias, moved);
  });
}
