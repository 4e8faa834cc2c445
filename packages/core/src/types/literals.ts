/** Safe rendering of values as SQL literals, shared by the types. */
import { ArgumentError } from "../errors/errors.ts";
import { describe } from "../util/describe.ts";
import type { TypeDialect } from "./type.ts";

export { describe } from "../util/describe.ts";

/** A string literal: quotes doubled, backslashes too where they are escapes. */
export function quoteString(text: string, dialect: TypeDialect): string {
  if (text.includes("\0"))
    throw new ArgumentError("a string with a NUL character cannot be rendered as a literal", {
      fix: "send it as a bind parameter",
    });
  const doubled = text.replaceAll("'", "''");
  return `'${dialect.backslashEscapes ? doubled.replaceAll("\\", "\\\\") : doubled}'`;
}

/** A number literal. */
export function numberText(value: unknown): string {
  if (typeof value === "bigint") return value.toString();
  // Whole numbers that are not exact would be read as exact ones.
  if (typeof value === "number" && Number.isFinite(value))
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value);
  if (typeof value === "string" && /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(value)) return value;
  throw new ArgumentError(`${describe(value)} cannot be rendered as a number literal`);
}
