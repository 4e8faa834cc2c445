/** Names of schemas and tables as keys: `"accounts"`, `"billing.accounts"`. */
import { QuotedName } from "../ast/name.ts";

/** No schema, although the MetaData has one. */
export const BLANK_SCHEMA: unique symbol = Symbol("BLANK_SCHEMA");

/** Keep the schema that the table has; the default of `toMetadata()`. */
export const RETAIN_SCHEMA: unique symbol = Symbol("RETAIN_SCHEMA");

/** How a schema can be given. */
export type SchemaName = string | QuotedName | typeof BLANK_SCHEMA | null;

/** A name with the quoting that was asked for. */
export function quotedAs(name: string | QuotedName, quote: boolean | null | undefined): QuotedName {
  if (name instanceof QuotedName && (quote === null || quote === undefined)) return name;
  return new QuotedName(String(name), quote ?? null);
}

/** The key of a table or sequence in its MetaData. */
export function tableKey(name: string, schema: string | null): string {
  return schema === null || schema === "" ? name : `${schema}.${name}`;
}
