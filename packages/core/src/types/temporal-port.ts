/** The language's `Temporal`, for types with `{ as: "temporal" }`. Nothing here needs it to exist. */
import { InvalidRequestError } from "../errors/errors.ts";

/** What every Temporal object can do; stands for its type where TypeScript's library does not know Temporal. */
export interface TemporalObject {
  toString(): string;
  toJSON(): string;
  readonly [Symbol.toStringTag]: string;
}

/** How a value of a temporal type is given: the usual way, or as a Temporal object. */
export type TemporalMode = "temporal" | "default";

/** Option of the temporal types. */
export interface TemporalOptions<out As extends TemporalMode = TemporalMode> {
  /** `"temporal"`: results are objects of `Temporal`. */
  readonly as?: As | undefined;
}

type ClassName = "PlainDate" | "PlainTime" | "PlainDateTime" | "Instant" | "Duration";

type KnownTemporal = typeof globalThis extends { readonly Temporal: infer Namespace } ? Namespace : unknown;

/** The type of one of Temporal's classes, as far as TypeScript's library knows it. */
export type TemporalValue<Name extends ClassName> =
  KnownTemporal extends Readonly<Record<Name, { readonly prototype: infer T }>> ? T : TemporalObject;

/** The class of that name; fails early where the runtime has no Temporal. */
export function temporalClass(name: ClassName): { from(text: string): unknown } {
  const namespace = (globalThis as unknown as { Temporal?: Record<string, { from(text: string): unknown }> }).Temporal;
  const found = namespace?.[name];
  if (found === undefined) {
    throw new InvalidRequestError('{ as: "temporal" }: this runtime has no Temporal', {
      fix: "load a polyfill that sets globalThis.Temporal, or leave the option out",
    });
  }
  return found;
}

/** Name of a Temporal object's class, e.g. `"PlainDate"`; null for anything else. */
export function temporalName(value: unknown): string | null {
  if (value === null || typeof value !== "object") return null;
  const tag = (value as { [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
  return typeof tag === "string" && tag.startsWith("Temporal.") ? tag.slice("Temporal.".length) : null;
}

/** ISO text of a Temporal object without the name of its time zone or calendar. */
export function temporalText(value: unknown): string {
  return String(value).replace(/\[.*$/, "");
}
