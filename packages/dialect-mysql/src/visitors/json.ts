/** Access into JSON documents. What is found is JSON; typed readings unquote or cast it, and JSON's null becomes NULL. */
import type { Binary, Compiler, Numeric, Visitor } from "@athanor/core";

/** `JSON_EXTRACT(document, path)`, wrapped according to the type that is wanted. */
export function visitJsonAccess(compiler: Compiler, binary: Binary): string {
  const extract = (): string => `JSON_EXTRACT(${compiler.visit(binary.left)}, ${compiler.visit(binary.right)})`;
  const { type } = binary;
  if (type.affinity === "json") return extract();
  const head = `CASE ${extract()} WHEN 'null' THEN NULL`;
  switch (type.affinity) {
    case "boolean":
      return `${head} WHEN true THEN true ELSE false END`;
    case "integer":
      return `${head} ELSE CAST(${extract()} AS SIGNED INTEGER) END`;
    case "numeric": {
      const { precision, scale } = type as Numeric;
      return precision === undefined || scale === undefined
        ? floating(head, extract())
        : `${head} ELSE CAST(${extract()} AS DECIMAL(${precision}, ${scale})) END`;
    }
    case "float":
      return floating(head, extract());
    case "string":
    case "enum":
      return `${head} ELSE JSON_UNQUOTE(${extract()}) END`;
    default:
      return `${head} ELSE ${extract()} END`;
  }
}

/** Numbers of any size: a CAST would need their digits. */
function floating(head: string, extract: string): string {
  return `${head} ELSE ${extract}+0.0000000000000000000000 END`;
}

/** JSON operators. */
export const jsonVisitors: Readonly<Record<string, Visitor>> = {
  "op:jsonGetitem": visitJsonAccess as Visitor,
  "op:jsonPathGetitem": visitJsonAccess as Visitor,
};
