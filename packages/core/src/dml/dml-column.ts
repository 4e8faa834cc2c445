/** What an INSERT or UPDATE gives to another of its columns. */
import { defineKind, type Fields } from "../ast/node.ts";
import { ArgumentError } from "../errors/errors.ts";
import { resolveNode } from "../expression/coerce.ts";
import { ColumnClause } from "../expression/column-clause.ts";
import { ColumnElement } from "../expression/column-element.ts";
import { describe } from "../types/literals.ts";

/** Stands for the value of a column in the statement around; made by {@link fromDmlColumn}. */
export class DmlColumn<T = unknown> extends ColumnElement<T> {
  static override readonly fields: Fields = { column: "child" };
  readonly column: ColumnClause;

  constructor(column: ColumnClause) {
    super(column.type);
    this.column = column;
  }
}
defineKind(DmlColumn, "dmlColumn");

/**
 * The value that the INSERT or UPDATE around gives to another column: its expression, its parameter or its default. An
 * UPDATE that does not set that column means the value that is there; such an INSERT is a CompileError, as is any other place.
 *
 *     UPDATE product SET tax_rate=:tax_rate, price=(:param_1 / (:tax_rate + :param_2))
 *
 * @throws ArgumentError when it is not given a column.
 * @example
 * totalPrice: () => hybrid(Product, {
 *   expression: ($) => $.price.mul($.taxRate.add(1)),
 *   update: ($, value) => [[$.price, literal(value).div(fromDmlColumn($.taxRate).add(1))]],
 * })
 */
export function fromDmlColumn<T>(column: { readonly "~value": T }): ColumnElement<T> {
  const node = resolveNode(column);
  if (node instanceof ColumnClause) return new DmlColumn<T>(node);
  throw new ArgumentError(`fromDmlColumn() takes a column of the statement's table, not ${describe(column)}`, {
    fix: "pass for example Product.$.taxRate",
  });
}
