/** A function that compares two of its arguments. */
import { defineKind, type Fields } from "../ast/node.ts";
import { ArgumentError } from "../errors/errors.ts";
import { BooleanType } from "../types/boolean.ts";
import type { ClauseList } from "./clause-list.ts";
import { ColumnElement } from "./column-element.ts";
import type { FromElement } from "./from-element.ts";

/** `f(a, b, …)` as a comparison of `left` with `right`; in SQL it is the call. */
export class FunctionAsBinary extends ColumnElement<boolean> {
  static override readonly fields: Fields = { element: "child", leftIndex: "atom", rightIndex: "atom" };
  readonly element: ColumnElement & { readonly args: ClauseList };
  readonly leftIndex: number;
  readonly rightIndex: number;

  constructor(element: ColumnElement & { readonly args: ClauseList }, leftIndex: number, rightIndex: number) {
    super(new BooleanType());
    for (const index of [leftIndex, rightIndex])
      if (element.args.clauses[index - 1] === undefined)
        throw new ArgumentError(`asComparison(): the function has no argument ${index}`, {
          fix: `count from 1 to ${element.args.clauses.length}`,
        });
    this.element = element;
    this.leftIndex = leftIndex;
    this.rightIndex = rightIndex;
  }

  /** The argument that is compared. */
  get left(): ColumnElement {
    return this.element.args.clauses[this.leftIndex - 1] as ColumnElement;
  }

  /** The argument that it is compared with. */
  get right(): ColumnElement {
    return this.element.args.clauses[this.rightIndex - 1] as ColumnElement;
  }

  // A comparison, and so a condition as it stands.
  override selfGroup(): ColumnElement {
    return this;
  }

  override collectFroms(into: Set<FromElement>): void {
    this.element.collectFroms(into);
  }
}
defineKind(FunctionAsBinary, "functionAsBinary");

declare module "../ast/traverse.ts" {
  interface NodesByKind {
    functionAsBinary: FunctionAsBinary;
  }
}
