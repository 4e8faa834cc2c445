/** RETURNING … INTO: every returned column gets an out parameter. */
import {
  ColumnElement,
  type Compiler,
  columnText,
  NULLTYPE,
  nameColumns,
  OutParameter,
  type ReturningParts,
} from "@athanor/core";

/** `RETURNING a, b INTO :ret_0, :ret_1` */
export function visitReturning(compiler: Compiler, { statement, implicit }: ReturningParts): string {
  const outermost = compiler.stack.length === 1;
  const user = statement.namedColumns;
  const columns = user.length > 0 ? user : nameColumns(implicit, "none");
  const texts: string[] = [];
  const targets: string[] = [];
  for (const [index, named] of columns.entries()) {
    // Oracle knows no labels here; the result's names are noted all the same.
    texts.push(columnText(compiler, named, false, outermost).replace(/ AS (?:"(?:[^"]|"")*"|[\w$]+)$/, ""));
    const type = named.column instanceof ColumnElement ? named.column.type : NULLTYPE;
    targets.push(compiler.bind(new OutParameter(`ret_${index}`, type)));
  }
  return `RETURNING ${texts.join(", ")} INTO ${targets.join(", ")}`;
}
