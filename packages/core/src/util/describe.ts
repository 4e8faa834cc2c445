/** Values in messages. */
import { isForeign, severalCopies } from "./copies.ts";

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
