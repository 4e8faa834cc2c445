/**
 * Skips conversions that the driver adapter has made: a column whose type code promises the canonical value needs no
 * processor. Other columns (a text() query that was given types, a function of unknown result) are converted as usual.
 */
import type { Processor, SqlType, TypeDialect } from "@athanor/core";

/** A copy of a type whose results of the given type codes are taken as they come. */
export function canonical<T extends SqlType>(type: T, codes: ReadonlySet<number>): T {
  const copy = type.copy();
  const process = type.resultProcessor.bind(type);
  Object.defineProperty(copy, "resultProcessor", {
    value: (dialect: TypeDialect, typeCode?: number | string): Processor =>
      codes.has(typeCode as number) ? null : process(dialect, typeCode),
    configurable: true,
    writable: true,
  });
  return copy;
}

/** Replaces one conversion of a copy; not enumerable, so that cache keys and copies do not see it. */
export function override<T extends SqlType, K extends "bindProcessor" | "resultProcessor" | "literalProcessor">(
  type: T,
  name: K,
  method: T[K],
): T {
  Object.defineProperty(type, name, { value: method, configurable: true, writable: true });
  return type;
}
