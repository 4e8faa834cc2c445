/** `LIMIT` of UPDATE and DELETE: `delete_(log).where(…).ext(mysql.limit(1000))`. */
import {
  ArgumentError,
  asColumnElement,
  type DmlExtension,
  describe,
  Integer,
  literalBind,
  resolveNode,
  type SqlExpression,
} from "@athanor/core";

const integer = new Integer();

/**
 * At most so many rows of an UPDATE or DELETE, by `ext()`.
 *
 * @throws ArgumentError for anything but a whole number or an expression.
 */
export function limit(count: number | bigint | SqlExpression): DmlExtension {
  const node = resolveNode(count);
  const element =
    node === undefined ? literalBind(wholeNumber(count), integer) : asColumnElement(node, "the count of limit()");
  return {
    applyToDml: (statement) =>
      statement.withDialectOptions({ mysqlLimit: element, mariadbLimit: element }).onlyOn("mysql", "mariadb"),
  };
}

function wholeNumber(value: unknown): number | bigint {
  if ((typeof value === "number" && Number.isSafeInteger(value)) || typeof value === "bigint") return value;
  throw new ArgumentError(`limit() takes a whole number or an expression, not ${describe(value)}`);
}
