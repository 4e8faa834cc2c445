/** What identifies a row: the mapper at the base of its hierarchy and the primary key. Next: ./identity-map.ts. */
import { bytesToHex } from "@athanor/core";
import type { OrmClasses } from "../base/classes.ts";

type Mapper = OrmClasses["mapper"];

/** The key of an identity map: the single primary key itself where it is a primitive, else a text made of it. */
export type IdentityHash = string | number | bigint | boolean;

/** A row's identity, for users: `inspect(user).key`. */
export interface IdentityKey {
  /** The class at the top of the hierarchy. */
  readonly class: abstract new (
    ...args: never
  ) => object;
  /** Its mapper. */
  readonly mapper: Mapper;
  /** The primary key, in the order of its columns. */
  readonly identity: readonly unknown[];
  /** Which of several databases the row is in; null where there is one. */
  readonly token: unknown;
}

/** The hash of one primary key value. Numbers and bigints that are equal give the same. */
export function hashOfValue(value: unknown): IdentityHash {
  switch (typeof value) {
    case "number":
    case "string":
    case "boolean":
      return value;
    case "bigint":
      return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
    default:
      return textOf(value);
  }
}

/** The hash of the values of a composite primary key. */
export function hashOfValues(values: readonly unknown[]): IdentityHash {
  if (values.length === 1) return hashOfValue(values[0]);
  let text = "";
  for (const value of values) {
    const part = hashOfValue(value);
    if (typeof part === "string") text += `${part.length}'${part}`;
    else text += `${typeof part === "boolean" ? "b" : "n"}${part};`;
  }
  return text;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "\u0000null";
  if (value instanceof Date) return `\u0000d${value.getTime()}`;
  if (value instanceof Uint8Array) return `\u0000x${bytesToHex(value)}`;
  return `\u0000o${JSON.stringify(value)}`;
}
