/** What the rows of a statement consist of, as data: `select(users.c.id).columnDescriptions`. */
import type { Node } from "../ast/node.ts";

/** One element of a statement's rows. */
export interface ColumnDescription {
  /** The name in rows: of a mapped class the class's, of an alias the alias's; null for an expression without one. */
  readonly name: string | null;
  /** The mapped class, or the type of the column. */
  readonly type: unknown;
  /** It belongs to an alias of a mapped class. */
  readonly aliased: boolean;
  /** What was given: the class, the alias, the column. */
  readonly expr: unknown;
  /** The mapped class or alias that it belongs to; null for columns of tables. */
  readonly entity: object | null;
}

/** What an INSERT, UPDATE or DELETE works on. */
export interface EntityDescription {
  /** The name of the mapped class, or of the table. */
  readonly name: string | null;
  /** The mapped class, or null for a table. */
  readonly type: object | null;
  /** The class, the alias or the table that was given. */
  readonly expr: unknown;
  /** The mapped class or alias; null for a table. */
  readonly entity: object | null;
  readonly table: object;
}

/** How one element is described. The ORM puts its own in front: it knows classes and attributes. */
export const describing: { column(node: Node): ColumnDescription; target(node: Node): EntityDescription | null } = {
  column: describeElement,
  target: () => null,
};

/** The description of a plain column or expression. */
export function describeElement(node: Node): ColumnDescription {
  const { key, name, type } = node as {
    readonly key?: string | null;
    readonly name?: unknown;
    readonly type?: unknown;
  };
  return { name: key ?? (typeof name === "string" ? name : null), type, aliased: false, expr: node, entity: null };
}

/** The descriptions of a column list, tables spread into their columns. */
export function describeColumns(columns: readonly Node[]): ColumnDescription[] {
  return columns.map((node) => describing.column(node));
}
