/** NULL, TRUE and FALSE as SQL constants. */
import { defineKind } from "../ast/node.ts";
import { BooleanType } from "../types/boolean.ts";
import { NULLTYPE } from "../types/null.ts";
import { ColumnElement } from "./column-element.ts";

/** The constant NULL. */
export class Null extends ColumnElement<null, unknown> {
  override collectFroms(): void {}
}
defineKind(Null, "null");

/** The constant TRUE; `1` on databases without booleans. */
export class True extends ColumnElement<boolean> {
  override collectFroms(): void {}
  override negate(): ColumnElement {
    return falseConstant;
  }
}
defineKind(True, "true");

/** The constant FALSE; `0` on databases without booleans. */
export class False extends ColumnElement<boolean> {
  override collectFroms(): void {}
  override negate(): ColumnElement {
    return trueConstant;
  }
}
defineKind(False, "false");

const nullConstant = new Null(NULLTYPE);
const trueConstant = new True(new BooleanType());
const falseConstant = new False(new BooleanType());

/** The SQL constant NULL. */
export function null_(): Null {
  return nullConstant;
}

/** The SQL constant TRUE. */
export function true_(): True {
  return trueConstant;
}

/** The SQL constant FALSE. */
export function false_(): False {
  return falseConstant;
}
