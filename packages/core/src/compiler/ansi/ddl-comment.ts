/** Comments as statements. */
import type { DropColumnComment, DropTableComment, SetColumnComment, SetTableComment } from "../../ddl/comment.ts";
import type { Column } from "../../schema/column.ts";
import type { Table } from "../../schema/table.ts";
import { STRINGTYPE } from "../../types/string.ts";
import type { Compiler } from "../compiler.ts";
import { columnIdentifier } from "./ddl-column.ts";

/** `COMMENT ON TABLE … IS …` */
export function visitSetTableComment(compiler: Compiler, comment: SetTableComment): string {
  return `COMMENT ON TABLE ${compiler.hook<Table>("tableName", comment.element)} IS ${compiler.literalValue(comment.element.comment, STRINGTYPE)}`;
}

/** `COMMENT ON TABLE … IS NULL` */
export function visitDropTableComment(compiler: Compiler, comment: DropTableComment): string {
  return `COMMENT ON TABLE ${compiler.hook<Table>("tableName", comment.element)} IS NULL`;
}

/** A column behind its table, with the schema. */
export function visitCommentedColumn(compiler: Compiler, column: Column): string {
  return `${compiler.hook<Table>("tableName", column.table as Table)}.${columnIdentifier(compiler, column)}`;
}

/** `COMMENT ON COLUMN … IS …` */
export function visitSetColumnComment(compiler: Compiler, comment: SetColumnComment): string {
  return `COMMENT ON COLUMN ${compiler.hook("commentedColumn", comment.element)} IS ${compiler.literalValue(comment.element.comment, STRINGTYPE)}`;
}

/** `COMMENT ON COLUMN … IS NULL` */
export function visitDropColumnComment(compiler: Compiler, comment: DropColumnComment): string {
  const table = comment.element.table as Table;
  return `COMMENT ON COLUMN ${compiler.identifier(table.name, table.quote)}.${columnIdentifier(compiler, comment.element)} IS NULL`;
}
