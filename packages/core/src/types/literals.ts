/** Safe rendering of values as SQL literals, shared by the types. */
import { ArgumentError } from "../errors/errors.ts";
import { isForeign, severalCopies } from "../util/copies.ts";
import type { TypeDialect } from "./type.ts";

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

/** A value for messages. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  const origin = isForeign(value) ? ` of another copy of @athanor/core (${severalCopies()})` : "";
  if (value !== null && typeof value === "object")
    return `an object of class ${(value.constructor as { name?: string } | undefined)?.name ?? "Object"}${origin}`;
  if (origin !== "") return `a function${origin}`;
  return String(value);
}
