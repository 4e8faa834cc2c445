/** Operators and expressions as Oracle writes them. */
import {
  type AggregateOrderBy,
  type Binary,
  BindParameter,
  type ColumnClause,
  CompileError,
  type Compiler,
  type CompoundSelect,
  type FunctionFrom,
  infix,
  type NextValue,
  type TableValuedAlias,
  type TableValuedColumn,
  type Visitor,
  visitColumn,
} from "@athanor/core";
import { outerMark } from "./select.ts";

const call =
  (name: string): Visitor =>
  (compiler, binary: Binary) =>
    `${name}(${compiler.visit(binary.left)}, ${compiler.visit(binary.right)})`;
const missing =
  (name: string): Visitor =>
  () => {
    throw new CompileError(`Cannot compile ${name} in oracle`);
  };
const decode =
  (result: number): Visitor =>
  (compiler, binary: Binary) =>
    `DECODE(${compiler.visit(binary.left)}, ${compiler.visit(binary.right)}, 0, 1) = ${result}`;

/** Flags must be a constant. */
function flags(compiler: Compiler, binary: Binary): string {
  const given = binary.modifiers?.["flags"];
  return given instanceof BindParameter ? `, ${compiler.literal(given)}` : "";
}

const regexpLike = (compiler: Compiler, binary: Binary): string =>
  `REGEXP_LIKE(${compiler.visit(binary.left)}, ${compiler.visit(binary.right)}${flags(compiler, binary)})`;
const contains = (compiler: Compiler, binary: Binary): string =>
  `CONTAINS (${compiler.visit(binary.left)}, ${compiler.visit(binary.right)})`;

/** `TABLE (f(…))` */
function tableValued(compiler: Compiler, alias: TableValuedAlias): string {
  const name = compiler.nameIdentifier(alias.name);
  const columns =
    alias.derived === null
      ? ""
      : `(${alias.givenColumns.map((column) => `${compiler.nameIdentifier(column.name, column.quote)}${alias.derived?.withTypes ? ` ${compiler.typeText(column.type)}` : ""}`).join(", ")})`;
  return `${alias.isLateral ? "LATERAL " : ""}TABLE (${compiler.visit(alias.element)}) ${name}${columns}`;
}

/** Visitors of expressions and of what stands in FROM. */
export const expressionVisitors: Readonly<Record<string, Visitor>> = {
  column: (compiler, column: ColumnClause) => `${visitColumn(compiler, column)}${outerMark(compiler, column)}`,
  aliasKeyword: () => " ",
  noFrom: () => " FROM DUAL",
  setKeyword: (_compiler, compound: CompoundSelect) => (compound.keyword === "EXCEPT" ? "MINUS" : compound.keyword),
  "op:mod": call("mod"),
  "op:bitwiseAnd": call("BITAND"),
  "op:bitwiseOr": call("BITOR"),
  "op:bitwiseXor": call("BITXOR"),
  "op:bitwiseLshift": missing("bitwise_lshift"),
  "op:bitwiseRshift": missing("bitwise_rshift"),
  "unary:bitwiseNot": missing("bitwise_not"),
  "op:isDistinctFrom": decode(1),
  "op:isNotDistinctFrom": decode(0),
  "op:concat": (compiler, binary: Binary) => infix(compiler, binary, "||"),
  "op:match": contains,
  "op:notMatch": (compiler, binary: Binary) => `NOT ${contains(compiler, binary)}`,
  "op:regexpMatch": regexpLike,
  "op:notRegexpMatch": (compiler, binary: Binary) => `NOT ${regexpLike(compiler, binary)}`,
  "op:regexpReplace": (compiler, binary: Binary) =>
    `REGEXP_REPLACE(${compiler.visit(binary.left)}, ${compiler.visit(binary.right)}, ${compiler.visit(binary.modifiers?.["replacement"] as BindParameter)}${flags(compiler, binary)})`,
  tableValuedAlias: tableValued,
  tableValuedColumn: (compiler, column: TableValuedColumn) =>
    `${compiler.nameIdentifier(column.table.name as string)}.COLUMN_VALUE`,
  functionFrom: (compiler, from: FunctionFrom) => `TABLE (${compiler.visit(from.element)})`,
  aggregateOrderBy: (compiler, aggregate: AggregateOrderBy) =>
    `${compiler.visit(aggregate.element)} WITHIN GROUP (ORDER BY ${compiler.visit(aggregate.orderBy)})`,
  nextValue(compiler, next: NextValue) {
    const { sequence } = next;
    const schema = compiler.effectiveSchema(sequence.schema);
    const name = compiler.identifier(sequence.name, sequence.quote);
    return `${schema === null || schema === "" ? name : `${compiler.schemaName(schema)}.${name}`}.nextval`;
  },
};
