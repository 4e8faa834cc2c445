/** Operators of array expressions: elements, slices, ANY and ALL. Containment is the dialects' own. */

import { nameErrors } from "@athanor/driver";
import { defineKind, type Fields } from "../../ast/node.ts";
import { ArgumentError, AthanorError } from "../../errors/errors.ts";
import { operators } from "../../operator/table.ts";
import { ArrayType } from "../../types/array.ts";
import { Integer } from "../../types/numeric.ts";
import type { SqlType } from "../../types/type.ts";
import { Binary } from "../binary.ts";
import { literalBind } from "../bind.ts";
import { asColumnElement, resolveNode } from "../coerce.ts";
import { ColumnElement, operations, WHOLE } from "../column-element.ts";

/** `a[start:stop]` */
export class Slice extends ColumnElement {
  static override readonly fields: Fields = { start: "child", stop: "child" };
  readonly start: ColumnElement;
  readonly stop: ColumnElement;

  constructor(start: ColumnElement, stop: ColumnElement) {
    super(new Integer());
    this.start = start;
    this.stop = stop;
  }

  override selfGroup(): ColumnElement {
    return this;
  }
}
defineKind(Slice, "slice");

const integer = new Integer();

function indexElement(array: ColumnElement, index: unknown): ColumnElement {
  const node = resolveNode(index);
  if (node !== undefined) return asColumnElement(node, "an array index");
  if (typeof index !== "number" || !Number.isInteger(index))
    throw new ArgumentError("an array index must be a whole number or an expression");
  return literalBind((array.type as ArrayType).zeroIndexes ? index + 1 : index, integer, array.bindBase);
}

function elementType(type: SqlType): SqlType {
  return type instanceof ArrayType ? type.elementType() : type;
}

/** The methods, installed for array types. */
export const arrayComparator = {
  at(this: ColumnElement, index: unknown): ColumnElement {
    return new Binary(this, indexElement(this, index), operators.getitem, elementType(this.type));
  },
  slice(this: ColumnElement, start: unknown, stop: unknown): ColumnElement {
    return new Binary(
      this,
      new Slice(indexElement(this, start), indexElement(this, stop)),
      operators.getitem,
      this.type,
    );
  },
  contains(this: ColumnElement): never {
    throw new UnsupportedArrayOperator(
      "ARRAY.contains() not implemented for the base ARRAY type; please use the dialect-specific ARRAY type",
    );
  },
  any(this: ColumnElement, ...args: readonly unknown[]): ColumnElement {
    return operations.operate(operators.any, this, args.length === 0 ? WHOLE : args[0], { operator: args[1] });
  },
  all(this: ColumnElement, ...args: readonly unknown[]): ColumnElement {
    return operations.operate(operators.all, this, args.length === 0 ? WHOLE : args[0], { operator: args[1] });
  },
};

/** An operator that arrays have on some databases only. */
export class UnsupportedArrayOperator extends AthanorError {}

nameErrors({ UnsupportedArrayOperator });

Object.defineProperty(ArrayType.prototype, "comparator", {
  value: arrayComparator,
  configurable: true,
  writable: true,
});
