/** Operators that MySQL writes in its own way: concatenation, NULL-safe equality, full-text and regular expressions. */
import {
  type Binary,
  Binary as BinaryElement,
  type BindParameter,
  type ColumnElement,
  type Compiler,
  type Extract,
  operators,
  type Visitor,
} from "@athanor/core";
import { serverOf } from "../server.ts";
import { matchText } from "./match.ts";

/** `concat(a, b, c)`: a chain of `||` is one call. */
export function visitConcat(compiler: Compiler, binary: Binary): string {
  const parts: ColumnElement[] = [];
  const flatten = (element: ColumnElement): void => {
    if (element instanceof BinaryElement && element.operator === operators.concat) {
      flatten(element.left);
      flatten(element.right);
    } else parts.push(element);
  };
  flatten(binary);
  return `concat(${compiler.list(parts)})`;
}

const nullSafe = (compiler: Compiler, binary: Binary): string =>
  `${compiler.visit(binary.left)} <=> ${compiler.visit(binary.right)}`;

/** `MATCH (a) AGAINST (b IN BOOLEAN MODE)`; modes can be given as `mysqlBooleanMode` and so on. */
function visitMatchOperator(compiler: Compiler, binary: Binary): string {
  const option = (name: string): unknown => binary.modifiers?.[name];
  return matchText(compiler, [binary.left], binary.right, {
    inBooleanMode: (option("mysqlBooleanMode") ?? true) === true,
    inNaturalLanguageMode: option("mysqlNaturalLanguage") === true,
    withQueryExpansion: option("mysqlQueryExpansion") === true,
  });
}

const flagsOf = (compiler: Compiler, binary: Binary): string | null => {
  const flags = binary.modifiers?.flags as BindParameter | undefined;
  return flags === undefined ? null : compiler.literal(flags);
};

/** The pattern with its flags in front, as PCRE has them. */
const inlineFlags = (compiler: Compiler, flags: string, pattern: ColumnElement): string =>
  `CONCAT('(?', ${flags}, ')', ${compiler.visit(pattern)})`;

/** `a REGEXP b`, or `REGEXP_LIKE(a, b, 'flags')` on MySQL. */
const regexp =
  (negated: boolean): Visitor =>
  (compiler: Compiler, binary: Binary) => {
    const left = compiler.visit(binary.left);
    const flags = flagsOf(compiler, binary);
    const not = negated ? "NOT " : "";
    if (flags === null) return `${left} ${not}REGEXP ${compiler.visit(binary.right)}`;
    if (serverOf(compiler).isMariaDB) return `${left} ${not}REGEXP ${inlineFlags(compiler, flags, binary.right)}`;
    return `${not}REGEXP_LIKE(${left}, ${compiler.visit(binary.right)}, ${flags})`;
  };

/** `REGEXP_REPLACE(a, b, c)` */
function visitRegexpReplace(compiler: Compiler, binary: Binary): string {
  const left = compiler.visit(binary.left);
  const flags = flagsOf(compiler, binary);
  const replacement = binary.modifiers?.replacement as ColumnElement;
  if (flags !== null && serverOf(compiler).isMariaDB) {
    return `REGEXP_REPLACE(${left}, ${inlineFlags(compiler, flags, binary.right)}, ${compiler.visit(replacement)})`;
  }
  const args = [left, compiler.visit(binary.right), compiler.visit(replacement), ...(flags === null ? [] : [flags])];
  return `REGEXP_REPLACE(${args.join(", ")})`;
}

/** Operators of MySQL. */
export const operatorVisitors: Readonly<Record<string, Visitor>> = {
  "op:concat": visitConcat as Visitor,
  "op:isDistinctFrom": ((compiler: Compiler, binary: Binary) => `NOT (${nullSafe(compiler, binary)})`) as Visitor,
  "op:isNotDistinctFrom": nullSafe as Visitor,
  "op:match": visitMatchOperator as Visitor,
  "op:regexpMatch": regexp(false),
  "op:notRegexpMatch": regexp(true),
  "op:regexpReplace": visitRegexpReplace as Visitor,
  extract: ((compiler: Compiler, extract: Extract) =>
    `EXTRACT(${extract.field === "milliseconds" ? "millisecond" : extract.field} FROM ${compiler.visit(extract.element)})`) as Visitor,
  concatPattern: ((_compiler: Compiler, parts: readonly string[]) =>
    parts.length === 1 ? parts[0] : `concat(${parts.join(", ")})`) as Visitor,
};
