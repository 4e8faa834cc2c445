/** What loaders work out once per relationship: whether the identity map can answer, which columns a second statement goes by. */
import { Binary, ColumnClause, type ColumnElement, ExpressionList, type Node, operators } from "@athanor/core";
import type { Mapper } from "../mapping/mapper.ts";
import type { RelationshipProperty } from "./relationship.ts";

/** Facts for loading one relationship. */
export interface RelationFacts {
  /** Many-to-one to the primary key: an object of the identity map may be the answer. */
  readonly usesGet: boolean;
  /** Own columns in the order of the related primary key; only with {@link usesGet}. */
  readonly keyColumns: readonly ColumnElement[];
  /**
   * Columns of the related side (or of the table between) that hold this side's primary key, so that a second statement
   * need not join this side's table; null: it must.
   */
  readonly childColumns: readonly ColumnElement[] | null;
}

const known = new WeakMap<RelationshipProperty, RelationFacts>();

/** The facts of a relationship. */
export function relationFacts(property: RelationshipProperty): RelationFacts {
  let facts = known.get(property);
  if (facts === undefined) known.set(property, (facts = findFacts(property)));
  return facts;
}

function findFacts(property: RelationshipProperty): RelationFacts {
  const isSimple = isPairwise(
    property.primaryjoin,
    property.secondary === null ? property.localRemotePairs.length : null,
  );
  const { localRemotePairs, direction, mapper } = property;
  const parent = property.parent as Mapper;
  if (direction === "manyToOne" && property.secondary === null) {
    const keyColumns = mapper.primaryKey.map(
      (column) =>
        localRemotePairs.find(([, remote]) => isSameColumn(mapper, remote as ColumnElement, column))?.[0] as
          | ColumnElement
          | undefined,
    );
    const usesGet =
      isSimple &&
      localRemotePairs.length === mapper.primaryKey.length &&
      keyColumns.every((column) => column !== undefined);
    return { usesGet, keyColumns: usesGet ? (keyColumns as ColumnElement[]) : [], childColumns: null };
  }
  const childColumns = parent.primaryKey.map(
    (column) =>
      localRemotePairs.find(([local]) => isSameColumn(parent, local as ColumnElement, column))?.[1] as
        | ColumnElement
        | undefined,
  );
  const covers = childColumns.every((column) => column !== undefined);
  const omits =
    property.omitJoin ??
    (property.secondary !== null
      ? covers && isSimple && !property.selfReferential
      : covers && isSimple && localRemotePairs.length === parent.primaryKey.length);
  return { usesGet: false, keyColumns: [], childColumns: omits && covers ? (childColumns as ColumnElement[]) : null };
}

/** Whether two columns hold the same value for a mapper: a key and the keys of inheriting tables that refer to it. */
function isSameColumn(mapper: Mapper, a: ColumnElement, b: ColumnElement): boolean {
  if (a === b) return true;
  const property = mapper.columnToProperty.get(a);
  return property !== undefined && property === mapper.columnToProperty.get(b);
}

/** A condition that is nothing but equalities of columns. */
function isPairwise(condition: Node, pairs: number | null): boolean {
  const clauses =
    condition instanceof ExpressionList && condition.operator === operators.and ? condition.clauses : [condition];
  return (
    (pairs === null || clauses.length === pairs) &&
    clauses.every(
      (clause) =>
        clause instanceof Binary &&
        clause.operator === operators.eq &&
        clause.left instanceof ColumnClause &&
        clause.right instanceof ColumnClause,
    )
  );
}
