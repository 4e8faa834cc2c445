/** From `sys.types` to our types. */
import { type SqlType, t, warn } from "@athanor/core";
import * as ms from "../types/types.ts";

/** What `sys.columns` says of a column's type. */
export interface TypeFacts {
  readonly name: string;
  /** In bytes; -1 for `max`. */
  readonly maxLength: number;
  readonly precision: number;
  readonly scale: number;
  /** Where it is not the database's. */
  readonly collation: string | null;
}

const collated = ({ collation }: TypeFacts): { readonly collation?: string } =>
  collation === null ? {} : { collation };
const size = ({ maxLength }: TypeFacts, bytes: 1 | 2): number | "max" => (maxLength === -1 ? "max" : maxLength / bytes);
/** Seven digits are what is taken where none are given. */
const fraction = ({ scale }: TypeFacts): [precision?: number] => (scale === 7 ? [] : [scale]);

const makers: Readonly<Record<string, (facts: TypeFacts) => SqlType>> = {
  bigint: () => ms.BIGINT(),
  binary: ({ maxLength }) => ms.BINARY(maxLength),
  bit: () => ms.BIT(),
  char: (facts) => ms.CHAR(facts.maxLength, collated(facts)),
  date: () => ms.DATE(),
  datetime: () => ms.DATETIME(),
  datetime2: (facts) => ms.DATETIME2(...fraction(facts)),
  datetimeoffset: (facts) => ms.DATETIMEOFFSET(...fraction(facts)),
  decimal: ({ precision, scale }) => t.DECIMAL(precision, scale),
  float: ({ precision }) => (precision === 53 ? t.FLOAT() : t.FLOAT(precision)),
  image: () => ms.IMAGE(),
  int: () => ms.INTEGER(),
  money: () => ms.MONEY(),
  nchar: (facts) => ms.NCHAR(facts.maxLength / 2, collated(facts)),
  ntext: () => ms.NTEXT(),
  numeric: ({ precision, scale }) => t.NUMERIC(precision, scale),
  nvarchar: (facts) => ms.NVARCHAR(size(facts, 2), collated(facts)),
  real: () => t.REAL(),
  smalldatetime: () => ms.SMALLDATETIME(),
  smallint: () => ms.SMALLINT(),
  smallmoney: () => ms.SMALLMONEY(),
  sql_variant: () => ms.SQL_VARIANT(),
  text: (facts) => ms.TEXT(collated(facts)),
  time: (facts) => ms.TIME(...fraction(facts)),
  timestamp: () => ms.ROWVERSION(),
  tinyint: () => ms.TINYINT(),
  uniqueidentifier: () => ms.UNIQUEIDENTIFIER(),
  varbinary: (facts) => ms.VARBINARY(size(facts, 1)),
  varchar: (facts) => ms.VARCHAR(size(facts, 1), collated(facts)),
  xml: () => ms.XML(),
};

/** The type of a column. */
export function typeOf(facts: TypeFacts, column: string): SqlType {
  const make = makers[facts.name.toLowerCase()];
  if (make !== undefined) return make(facts);
  warn(`Did not recognize type '${facts.name}' of column '${column}'`);
  return t.null();
}
