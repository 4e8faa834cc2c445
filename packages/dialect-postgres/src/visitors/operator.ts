/** Operators: documents, arrays, patterns, regular expressions, full text. */
import {
  Binary,
  Cast,
  type ColumnElement,
  type Compiler,
  False,
  FunctionElement,
  Grouping,
  infix,
  literalColumn,
  STRINGTYPE,
  True,
  Unary,
  type Visitor,
} from "@athanor/core";
import { Hstore } from "../types/hstore.ts";
import { PgJsonb } from "../types/json.ts";
import type { CastingDialect } from "./bind.ts";

const modifier = (binary: Binary, name: string): unknown => binary.modifiers?.[name];

const escapeText = (compiler: Compiler, binary: Binary): string => {
  const character = modifier(binary, "escape");
  return character === undefined ? "" : ` ESCAPE ${compiler.literalValue(character, STRINGTYPE)}`;
};

/** `a ILIKE b ESCAPE c` */
const ilike =
  (keyword: string, before = "", after = ""): Visitor =>
  (compiler, binary: Binary) =>
    `${compiler.visit(binary.left)} ${keyword} ${before}${compiler.visit(binary.right)}${after}${escapeText(compiler, binary)}`;

const any = "'%'";

/** `a ~ b`; the flag `i` alone is an operator of its own, others stand in the pattern. */
const regexpMatch =
  (symbol: string): Visitor =>
  (compiler, binary: Binary) => {
    const flags = modifier(binary, "flagsText");
    if (flags === undefined) return infix(compiler, binary, symbol);
    if (flags === "i") return infix(compiler, binary, `${symbol}*`);
    const text =
      typeof flags === "string" ? compiler.literalValue(flags, STRINGTYPE) : compiler.visit(flags as ColumnElement);
    return `${compiler.visit(binary.left)} ${symbol} CONCAT('(?', ${text}, ')', ${compiler.visit(binary.right)})`;
  };

/** `REGEXP_REPLACE(a, b, c, flags)` */
function visitRegexpReplace(compiler: Compiler, binary: Binary): string {
  const parts = [
    compiler.visit(binary.left),
    compiler.visit(binary.right),
    compiler.visit(modifier(binary, "replacement") as ColumnElement),
  ];
  const flags = modifier(binary, "flagsText");
  if (flags !== undefined)
    parts.push(
      typeof flags === "string" ? compiler.literalValue(flags, STRINGTYPE) : compiler.visit(flags as ColumnElement),
    );
  return `REGEXP_REPLACE(${parts.join(", ")})`;
}

/** `a @@ plainto_tsquery('english', b)` */
function visitMatch(compiler: Compiler, binary: Binary): string {
  const config = modifier(binary, "postgresqlRegconfig") as string | undefined;
  const name = config === undefined ? "" : `${compiler.literalValue(config, STRINGTYPE)}, `;
  return `${compiler.visit(binary.left)} @@ plainto_tsquery(${name}${compiler.visit(binary.right)})`;
}

function visitNotMatch(compiler: Compiler, binary: Binary): string {
  return `NOT ${visitMatch(compiler, binary)}`;
}

const casting = new WeakSet<Binary>();

/** An element read as another type than JSON: the text form, cast. */
function withCast(compiler: Compiler, binary: Binary, render: (isCast: boolean) => string): string {
  if (binary.type.affinity === "json" || casting.has(binary)) return render(casting.has(binary));
  casting.add(binary);
  try {
    return compiler.visit(new Cast(binary, binary.type));
  } finally {
    casting.delete(binary);
  }
}

/** `a -> b`, and `a[b]` for JSONB since version 14. */
function visitJsonGetitem(compiler: Compiler, binary: Binary): string {
  return withCast(compiler, binary, (isCast) => {
    const { left } = binary;
    if (isCast || !(compiler.dialect.adaptType(left.type) instanceof PgJsonb) || !since(compiler, 14))
      return infix(compiler, binary, isCast ? "->>" : "->", true);
    const subject =
      left instanceof FunctionElement || left instanceof Unary || left instanceof Cast ? new Grouping(left) : left;
    return `${compiler.visit(subject)}[${compiler.visit(binary.right)}]`;
  });
}

/** `a #> b` */
function visitJsonPathGetitem(compiler: Compiler, binary: Binary): string {
  return withCast(compiler, binary, (isCast) => infix(compiler, binary, isCast ? "#>>" : "#>", true));
}

/** `a[b]`; hstores before version 14: `a -> b`. */
function visitGetitem(compiler: Compiler, binary: Binary): string {
  if (binary.left.type instanceof Hstore && !since(compiler, 14)) return infix(compiler, binary, "->", true);
  return `${compiler.visit(binary.left)}[${compiler.visit(binary.right)}]`;
}

/** `a = true`; beside a JSONB expression that goes to a driver, JSON's own `true`. */
const equality =
  (symbol: string): Visitor =>
  (compiler, binary: Binary) => {
    const { left, right } = binary;
    const isJson =
      (right instanceof True || right instanceof False) &&
      (compiler.dialect as unknown as CastingDialect).bindCasts &&
      compiler.dialect.adaptType(left.type) instanceof PgJsonb;
    if (!isJson) return infix(compiler, binary, symbol);
    const value = literalColumn(right instanceof True ? "'true'::JSONB" : "'false'::JSONB", binary.type);
    return infix(compiler, new Binary(left, value, binary.operator, binary.type), symbol);
  };

/** Whether the server has at least a version. */
export function since(compiler: Compiler, version: number): boolean {
  return (compiler.dialect.serverVersion[0] ?? Number.POSITIVE_INFINITY) >= version;
}

export const operatorVisitors: Readonly<Record<string, Visitor>> = {
  "op:eq": equality("="),
  "op:ne": equality("!="),
  "op:isDistinctFrom": equality("IS DISTINCT FROM"),
  "op:isNotDistinctFrom": equality("IS NOT DISTINCT FROM"),
  "op:ilike": ilike("ILIKE"),
  "op:notIlike": ilike("NOT ILIKE"),
  "op:icontains": ilike("ILIKE", `${any} || `, ` || ${any}`),
  "op:notIcontains": ilike("NOT ILIKE", `${any} || `, ` || ${any}`),
  "op:istartswith": ilike("ILIKE", "", ` || ${any}`),
  "op:notIstartswith": ilike("NOT ILIKE", "", ` || ${any}`),
  "op:iendswith": ilike("ILIKE", `${any} || `),
  "op:notIendswith": ilike("NOT ILIKE", `${any} || `),
  "op:bitwiseXor": (compiler, binary: Binary) => infix(compiler, binary, "#"),
  "op:regexpMatch": regexpMatch("~"),
  "op:notRegexpMatch": regexpMatch("!~"),
  "op:regexpReplace": visitRegexpReplace,
  "op:match": visitMatch,
  "op:notMatch": visitNotMatch,
  "op:jsonGetitem": visitJsonGetitem,
  "op:jsonPathGetitem": visitJsonPathGetitem,
  "op:getitem": visitGetitem,
};
