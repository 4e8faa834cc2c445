/** Comments on tables, columns and constraints, as statements. */
import { defineKind } from "../ast/node.ts";
import type { Column } from "../schema/column.ts";
import type { Constraint } from "../schema/constraint.ts";
import type { Table } from "../schema/table.ts";
import { DdlElement } from "./element.ts";

/** Base of the comment statements. */
export abstract class CommentElement<E> extends DdlElement {
  /** What the comment is on; its `comment` is the text. */
  readonly element: E;

  constructor(element: E) {
    super();
    this.element = element;
  }
}

/** `COMMENT ON TABLE … IS …` */
export class SetTableComment extends CommentElement<Table> {}
defineKind(SetTableComment, "setTableComment");

/** `COMMENT ON TABLE … IS NULL` */
export class DropTableComment extends CommentElement<Table> {}
defineKind(DropTableComment, "dropTableComment");

/** `COMMENT ON COLUMN … IS …` */
export class SetColumnComment extends CommentElement<Column> {}
defineKind(SetColumnComment, "setColumnComment");

/** `COMMENT ON COLUMN … IS NULL` */
export class DropColumnComment extends CommentElement<Column> {}
defineKind(DropColumnComment, "dropColumnComment");

/** `COMMENT ON CONSTRAINT … IS …` */
export class SetConstraintComment extends CommentElement<Constraint> {}
defineKind(SetConstraintComment, "setConstraintComment");

/** `COMMENT ON CONSTRAINT … IS NULL` */
export class DropConstraintComment extends CommentElement<Constraint> {}
defineKind(DropConstraintComment, "dropConstraintComment");

/** The table's comment as a statement. */
export function setTableComment(table: Table): SetTableComment {
  return new SetTableComment(table);
}

/** Removes a table's comment. */
export function dropTableComment(table: Table): DropTableComment {
  return new DropTableComment(table);
}

/** The column's comment as a statement. */
export function setColumnComment(column: Column): SetColumnComment {
  return new SetColumnComment(column);
}

/** Removes a column's comment. */
export function dropColumnComment(column: Column): DropColumnComment {
  return new DropColumnComment(column);
}

/** The constraint's comment as a statement. */
export function setConstraintComment(constraint: Constraint): SetConstraintComment {
  return new SetConstraintComment(constraint);
}

/** Removes a constraint's comment. */
export function dropConstraintComment(constraint: Constraint): DropConstraintComment {
  return new DropConstraintComment(constraint);
}
