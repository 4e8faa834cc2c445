/** JSON on SQL Server: JSON_QUERY for documents, JSON_VALUE for values. */
import type { Binary, Compiler, SqlType, Visitor } from "@athanor/core";

/** `JSON_QUERY(a, path)`, or JSON_VALUE converted to the type that was asked for. */
function visitJsonGetitem(compiler: Compiler, binary: Binary): string {
  const document = compiler.visit(binary.left);
  const path = compiler.visit(binary.right);
  if (binary.type.affinity === "json") return `JSON_QUERY(${document}, ${path})`;
  const value = `JSON_VALUE(${document}, ${path})`;
  return `CASE ${value} WHEN NULL THEN NULL ${converted(compiler, value, binary.type)} END`;
}

function converted(compiler: Compiler, value: string, type: SqlType): string {
  switch (type.affinity) {
    case "boolean":
      return `WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE CAST(${value} AS BIT)`;
    case "integer":
    case "numeric":
    case "float":
      return `ELSE CAST(${value} AS ${compiler.typeText(type)})`;
    default:
      return `ELSE ${value}`;
  }
}

/** Visitors of JSON access. */
export const jsonVisitors: Readonly<Record<string, Visitor>> = {
  "op:jsonGetitem": visitJsonGetitem,
  "op:jsonPathGetitem": visitJsonGetitem,
};
