/** Operators and expressions that SQLite writes differently. */
import {
  type Binary,
  type ColumnElement,
  CompileError,
  type Compiler,
  type Extract,
  infix,
  type Visitor,
} from "@athanor/core";

/** Parts of a moment as STRFTIME knows them; those without a letter are passed on, for what SQLite may learn. */
const extractFields: Readonly<Record<string, string>> = {
  year: "%Y",
  month: "%m",
  day: "%d",
  hour: "%H",
  minute: "%M",
  second: "%S",
  doy: "%j",
  dow: "%w",
  week: "%W",
  epoch: "%s",
  quarter: "quarter",
  milliseconds: "milliseconds",
  microseconds: "microseconds",
  timezone_hour: "timezone_hour",
  timezone_minute: "timezone_minute",
};

/** `CAST(STRFTIME('%Y', a) AS INTEGER)` */
function visitExtract(compiler: Compiler, extract: Extract): string {
  const format = extractFields[extract.field];
  if (format === undefined) {
    throw new CompileError(`${extract.field} is not a valid extract argument.`, {
      fix: `SQLite has ${Object.keys(extractFields).slice(0, 10).join(", ")}`,
    });
  }
  return `CAST(STRFTIME('${format}', ${compiler.visit(extract.element)}) AS INTEGER)`;
}

/** `JSON_QUOTE(JSON_EXTRACT(a, path))`; for scalars `CAST(JSON_EXTRACT(a, path) AS type)`. */
function visitJsonGetitem(compiler: Compiler, binary: Binary): string {
  const found = `JSON_EXTRACT(${compiler.visit(binary.left)}, ${compiler.visit(binary.right)})`;
  return binary.type.affinity === "json"
    ? `JSON_QUOTE(${found})`
    : `CAST(${found} AS ${compiler.typeText(binary.type)})`;
}

/** There is no XOR: what either has, less what both have. */
function visitBitwiseXor(compiler: Compiler, binary: Binary): string {
  const left = compiler.visit(binary.left);
  const right = compiler.visit(binary.right);
  return `((${left} | ${right}) - (${left} & ${right}))`;
}

const operator =
  (symbol: string): Visitor =>
  (compiler, binary: Binary) =>
    infix(compiler, binary, symbol);

export const operatorVisitors: Readonly<Record<string, Visitor>> = {
  extract: visitExtract as Visitor,
  "op:jsonGetitem": visitJsonGetitem as Visitor,
  "op:jsonPathGetitem": visitJsonGetitem as Visitor,
  "op:bitwiseXor": visitBitwiseXor as Visitor,
  "op:isDistinctFrom": operator("IS NOT"),
  "op:isNotDistinctFrom": operator("IS"),
  "op:match": operator("MATCH"),
  "op:regexpMatch": operator("REGEXP"),
  "op:notRegexpMatch": operator("NOT REGEXP"),
  // A CAST to NUMERIC keeps whole numbers whole.
  divisor: ((compiler: Compiler, divisor: ColumnElement) => `(${compiler.visit(divisor)} + 0.0)`) as Visitor,
};
