/** What the dialect tells the driver adapter about a parameter: the type that a value or a NULL is bound as, and its direction. */
import type { SqlType } from "@athanor/core";
import type { VectorStorageFormat } from "./vector.ts";

/** Names of the database's types as the adapter knows them. */
export type OracleTypeName =
  | "number"
  | "float"
  | "binaryDouble"
  | "binaryFloat"
  | "varchar"
  | "nvarchar"
  | "clob"
  | "nclob"
  | "raw"
  | "blob"
  | "date"
  | "timestamp"
  | "timestampTz"
  | "interval"
  | "boolean"
  | "json"
  | "vector"
  | "rowid";

/** The type of a parameter. */
export interface OracleParameterType {
  readonly name: OracleTypeName;
  /** The database fills it: RETURNING … INTO, out parameters of PL/SQL. */
  readonly isOut?: boolean | undefined;
  /** How the numbers of a vector are stored. */
  readonly format?: VectorStorageFormat | undefined;
}

/** By the name of the type in DDL, where the family does not tell. */
const byVisitName: Readonly<Record<string, OracleTypeName>> = {
  BINARY_DOUBLE: "binaryDouble",
  BINARY_FLOAT: "binaryFloat",
  NVARCHAR: "nvarchar",
  NVARCHAR2: "nvarchar",
  NCHAR: "nvarchar",
  text: "clob",
  unicodeText: "clob",
  CLOB: "clob",
  NCLOB: "nclob",
  LONG: "clob",
  RAW: "raw",
  DATE: "date",
  dateTime: "date",
  TIMESTAMP: "timestamp",
  ORACLE_TIMESTAMP: "timestamp",
  ORACLE_JSON: "json",
  VECTOR: "vector",
  ROWID: "rowid",
};

/** What an Oracle version has of its own. */
export interface OracleFeatures {
  readonly nativeBoolean: boolean;
  readonly nativeJson: boolean;
}

function nameOf(type: SqlType, features: OracleFeatures): OracleTypeName | undefined {
  const isZoned = (type as { readonly timezone?: boolean }).timezone === true;
  const known = byVisitName[type.visitName];
  if (known !== undefined) return known === "timestamp" && isZoned ? "timestampTz" : known;
  switch (type.affinity) {
    case "boolean":
      return features.nativeBoolean ? "boolean" : "number";
    case "integer":
    case "numeric":
      return "number";
    case "float":
      return "float";
    case "string":
    case "enum":
    case "uuid":
      return "varchar";
    case "binary":
      return "blob";
    case "date":
    case "datetime":
      return "date";
    case "time":
      return "varchar";
    case "interval":
      return (type as { readonly native?: boolean }).native === false ? "date" : "interval";
    case "json":
      return features.nativeJson ? "json" : "blob";
    default:
      return undefined;
  }
}

/** The type for values of a SQL type; undefined where only the value can tell. */
export function parameterType(
  type: SqlType,
  isOut: boolean,
  features: OracleFeatures,
): OracleParameterType | undefined {
  const name = nameOf(type, features) ?? (isOut ? "varchar" : undefined);
  if (name === undefined) return undefined;
  const format = (type as { readonly storageFormat?: VectorStorageFormat | null }).storageFormat ?? undefined;
  return { name, ...(isOut ? { isOut } : null), ...(format === undefined ? null : { format }) };
}
