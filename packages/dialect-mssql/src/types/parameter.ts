/** What the dialect tells the driver adapter about a parameter: the TDS type that a value or a NULL of a SQL type is sent as. */
import type { Numeric, SqlType, StringType } from "@athanor/core";

/** Names of TDS types as the adapter knows them. */
export type TdsTypeName =
  | "bit"
  | "int"
  | "bigint"
  | "float"
  | "decimal"
  | "varchar"
  | "nvarchar"
  | "varbinary"
  | "date"
  | "time"
  | "datetime"
  | "datetime2"
  | "datetimeoffset"
  | "uniqueidentifier";

/** The type of a parameter. */
export interface TdsParameterType {
  readonly name: TdsTypeName;
  /** Digits of a decimal. */
  readonly precision?: number | undefined;
  /** Digits after a decimal's point. */
  readonly scale?: number | undefined;
  /** Values of any length: `VARCHAR(max)` and the like. */
  readonly isLong?: boolean | undefined;
}

/** Types that have one form. */
const plain = {
  bit: { name: "bit" },
  int: { name: "int" },
  bigint: { name: "bigint" },
  float: { name: "float" },
  money: { name: "decimal", precision: 19, scale: 4 },
  varchar: { name: "varchar" },
  nvarchar: { name: "nvarchar" },
  longVarchar: { name: "varchar", isLong: true },
  longNvarchar: { name: "nvarchar", isLong: true },
  varbinary: { name: "varbinary" },
  date: { name: "date" },
  time: { name: "time" },
  datetime: { name: "datetime" },
  datetime2: { name: "datetime2" },
  datetimeoffset: { name: "datetimeoffset" },
  uniqueidentifier: { name: "uniqueidentifier" },
} as const satisfies Record<string, TdsParameterType>;

/** By the name of the type in DDL, where the family does not tell. */
const byVisitName: Readonly<Record<string, TdsParameterType>> = {
  BIT: plain.bit,
  bigInteger: plain.bigint,
  BIGINT: plain.bigint,
  MONEY: plain.money,
  SMALLMONEY: plain.money,
  unicode: plain.nvarchar,
  NVARCHAR: plain.nvarchar,
  NCHAR: plain.nvarchar,
  unicodeText: plain.longNvarchar,
  NTEXT: plain.longNvarchar,
  XML: plain.longNvarchar,
  text: plain.longVarchar,
  TEXT: plain.longVarchar,
  DATETIME2: plain.datetime2,
  DATETIMEOFFSET: plain.datetimeoffset,
  UNIQUEIDENTIFIER: plain.uniqueidentifier,
};

/** The TDS type for values of a SQL type; undefined where only the value can tell. */
export function parameterType(type: SqlType, nativeUuid: boolean): TdsParameterType | undefined {
  const known = byVisitName[type.visitName];
  if (known !== undefined) return known;
  switch (type.affinity) {
    case "boolean":
      return plain.bit;
    case "integer":
      return plain.int;
    case "float":
      return plain.float;
    case "numeric":
      return decimal(type as Numeric);
    case "string":
    case "enum":
      return isLong(type as StringType) ? plain.longVarchar : plain.varchar;
    case "binary":
      return plain.varbinary;
    case "date":
      return plain.date;
    case "time":
      return plain.time;
    case "datetime":
      return (type as { readonly timezone?: boolean }).timezone === true ? plain.datetimeoffset : plain.datetime;
    case "interval":
      return plain.datetime;
    case "uuid":
      return nativeUuid && (type as { readonly nativeUuid?: boolean }).nativeUuid !== false
        ? plain.uniqueidentifier
        : plain.varchar;
    case "json":
      return plain.longNvarchar;
    default:
      return undefined;
  }
}

function isLong(type: StringType & { readonly size?: unknown }): boolean {
  return type.size === "max" || ((type.size ?? type.length ?? null) === null && type.affinity === "string");
}

function decimal({ precision, scale }: Pick<Numeric, "precision" | "scale">): TdsParameterType {
  return precision === undefined || precision === null
    ? { name: "decimal" }
    : { name: "decimal", precision, scale: scale ?? 0 };
}
