/** The registry behind `compiles`: renderings of node classes by kind and dialect. */
import type { SqlType } from "../types/type.ts";
import type { AnyVisitor } from "./dialect-port.ts";

const custom = new Map<string, Map<string, AnyVisitor>>();

/** Registers a rendering of a kind; without dialects, for all of them. */
export function registerVisitor(kind: string, visitor: AnyVisitor, dialects: readonly string[]): void {
  let byDialect = custom.get(kind);
  if (byDialect === undefined) custom.set(kind, (byDialect = new Map()));
  for (const dialect of dialects.length === 0 ? ["*"] : dialects) byDialect.set(dialect, visitor);
}

/** The registered rendering, if there is one. */
export function customVisitor(kind: string, dialect: string): AnyVisitor | undefined {
  const byDialect = custom.get(kind);
  return byDialect?.get(dialect) ?? byDialect?.get("*");
}

/** Whether any rendering was registered; lets the compiler skip the look-up otherwise. */
export function hasCustomVisitors(): boolean {
  return custom.size > 0;
}

/** A type's own rendering where a user type brings one. */
export function typeColumnSpec(type: SqlType): string | undefined {
  return (type as { getColSpec?: () => string }).getColSpec?.();
}
