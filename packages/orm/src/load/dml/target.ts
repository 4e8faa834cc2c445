/** INSERT, UPDATE and DELETE about entities: who is meant, which attributes are set, what RETURNING gives. */
import {
  ArgumentError,
  type ColumnElement,
  copyWith,
  type Delete,
  type Dml,
  type FromClause,
  type Insert,
  isFromClause,
  type Merge,
  type Node,
  type Update,
} from "@athanor/core";
import type { Entity } from "../../base/entity.ts";
import { EntityNode } from "../../base/entity-node.ts";
import { ColumnProperty } from "../../mapping/column-property.ts";
import { DescriptorProperty } from "../../mapping/descriptor.ts";
import type { Mapper } from "../../mapping/mapper.ts";
import { lowerColumns } from "../../query/lowering.ts";
import type { LoadPlan } from "../../query/plan.ts";

/** Statements that the ORM executes by itself. */
export type AnyDml = Insert | Update | Delete | Merge;

/** The entity that a statement is about; null for plain tables. */
export function targetEntity(statement: Dml): Entity | null {
  return statement.target instanceof EntityNode ? statement.target.entity : null;
}

/** A statement whose RETURNING was lowered, with the plan of its rows. */
export interface LoweredReturning<out D> {
  readonly statement: D;
  readonly plan: LoadPlan | null;
}

/** Turns entities in RETURNING into columns; `extra` columns stand behind and are not part of the result. */
export function lowerReturning<D extends AnyDml>(
  statement: D,
  extra: readonly ColumnElement[] = [],
): LoweredReturning<D> {
  const given = statement.returningColumns;
  if (given.length === 0 && extra.length === 0) return { statement, plan: null };
  const { columns, plan } = lowerColumns(given, statement, extra);
  return { statement: copyWith(statement, { returningColumns: columns }), plan };
}

/** A column of the DML's table for an attribute key. @throws ArgumentError */
export function columnOfKey(mapper: Mapper, key: string): ColumnElement {
  const property = mapper.props.get(key);
  if (property instanceof ColumnProperty && property.column !== null) {
    const own = property.columns.find(
      (column) =>
        isFromClause((column as { table?: Node }).table) &&
        (column as unknown as { table: FromClause }).table === mapper.localTable,
    );
    return own ?? property.expression;
  }
  throw new ArgumentError(`${mapper.class.name} has no column attribute ${JSON.stringify(key)}`, {
    fix: `its attributes are ${[...mapper.props.keys()].join(", ")}`,
  });
}

/** A row of a bulk INSERT or UPDATE with columns in place of hybrids, composites and synonyms. */
export function expandedRow(mapper: Mapper, row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  let expanded: Record<string, unknown> | null = null;
  for (const [key, value] of Object.entries(row)) {
    const property = mapper.props.get(key);
    if (!(property instanceof DescriptorProperty)) continue;
    expanded ??= { ...row };
    delete expanded[key];
    property.bulkDml(expanded, value);
  }
  return expanded ?? row;
}

/** Values by the keys that the table knows its columns by: attribute keys may differ from them. */
export function tableValues(mapper: Mapper, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const moved: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(values)) {
    const property = mapper.props.get(key);
    const column = property instanceof ColumnProperty ? property.column : null;
    moved[column === null ? key : (column.key as string)] = value;
  }
  return moved;
}
