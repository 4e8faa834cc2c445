/** JSON on Oracle: paths must be constants, so they are written into the text. */
import { type Binary, BindParameter, CompileError, type Compiler, type SqlType, type Visitor } from "@athanor/core";

function pathText(compiler: Compiler, binary: Binary): string {
  if (!(binary.right instanceof BindParameter)) throw new CompileError("a JSON path must be a constant on Oracle");
  return compiler.visit(binary.right.withLiteralExecute());
}

/** `JSON_QUERY(a, path)`, or `JSON_VALUE(a, path RETURNING type)`. */
function visitJsonGetitem(compiler: Compiler, binary: Binary): string {
  const document = compiler.visit(binary.left);
  const path = pathText(compiler, binary);
  const { type } = binary;
  if (type.affinity === "json") return `JSON_QUERY(${document}, ${path})`;
  if (type.affinity === "boolean") {
    const value = `JSON_VALUE(${document}, ${path})`;
    return `CASE ${value} WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE CAST(${value} AS NUMBER(1)) END`;
  }
  return `JSON_VALUE(${document}, ${path} RETURNING ${returned(compiler, type)} ERROR ON ERROR)`;
}

function returned(compiler: Compiler, type: SqlType): string {
  if (type.affinity === "string") return "VARCHAR2(4000)";
  if (type.affinity === "numeric") {
    const { precision, scale } = type as { precision?: number | null; scale?: number | null };
    return precision === undefined || precision === null
      ? "NUMBER"
      : `NUMBER(${precision}${scale === undefined || scale === null ? "" : `, ${scale}`})`;
  }
  return compiler.typeText(type);
}

/** Visitors of JSON access. */
export const jsonVisitors: Readonly<Record<string, Visitor>> = {
  "op:jsonGetitem": visitJsonGetitem,
  "op:jsonPathGetitem": visitJsonGetitem,
};
