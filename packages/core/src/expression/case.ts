/** CASE. */
import { defineKind, type Fields } from "../ast/node.ts";
import { NULLTYPE } from "../types/null.ts";
import { ColumnElement } from "./column-element.ts";

/** `CASE value WHEN … THEN … ELSE … END` */
export class Case<out T = unknown, I = T> extends ColumnElement<T, I> {
  static override readonly fields: Fields = { value: "child", whens: "pairs", otherwise: "child" };
  readonly value: ColumnElement | null;
  readonly whens: readonly (readonly [ColumnElement, ColumnElement])[];
  readonly otherwise: ColumnElement | null;

  constructor(
    value: ColumnElement | null,
    whens: readonly (readonly [ColumnElement, ColumnElement])[],
    otherwise: ColumnElement | null,
  ) {
    const results =
      otherwise === null ? whens.map(([, result]) => result) : [...whens.map(([, result]) => result), otherwise];
    super(results.find((result) => result.type.affinity !== "null")?.type ?? NULLTYPE);
    this.value = value;
    this.whens = whens;
    this.otherwise = otherwise;
  }
}
defineKind(Case, "case");

declare module "../ast/traverse.ts" {
  interface NodesByKind {
    case: Case;
  }
}
