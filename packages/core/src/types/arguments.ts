/** The calling convention of types: positional values first, one options object last. Next: ./namespace.ts. */
import { ArgumentError } from "../errors/errors.ts";
import { describe } from "./literals.ts";

/** Tells positional values from the trailing options object. */
export function splitOptions<Options extends object>(
  values: readonly unknown[],
): [readonly unknown[], Partial<Options>] {
  const last = values[values.length - 1];
  if (last === null || typeof last !== "object" || Array.isArray(last)) return [values, {}];
  return [values.slice(0, -1), last as Partial<Options>];
}

/** A whole number that may be left out: a length, a precision, a scale. */
export function optionalCount(type: string, what: string, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return value;
  throw new ArgumentError(`${type}: the ${what} must be a whole number, not ${describe(value)}`);
}
