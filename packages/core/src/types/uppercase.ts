/** The SQL standard's types by their exact names: they render as they are called, whatever the dialect prefers. */
import { ArrayType } from "./array.ts";
import { BinaryType, LargeBinary } from "./binary.ts";
import { BooleanType } from "./boolean.ts";
import { JSONType } from "./json.ts";
import { BigInteger, Double, Float, Integer, Numeric, SmallInteger } from "./numeric.ts";
import { StringType, Text, Unicode } from "./string.ts";
import { DateTime, DateType, TimeType } from "./temporal.ts";
import { defineVisitName } from "./type.ts";
import { Uuid } from "./uuid.ts";

export class INTEGER extends Integer {}
export class SMALLINT extends SmallInteger {}
export class BIGINT<out T = bigint> extends BigInteger<T> {}
export class NUMERIC<out T = string> extends Numeric<T> {}
export class DECIMAL<out T = string> extends Numeric<T> {}
export class FLOAT<out T = number> extends Float<T> {}
export class REAL<out T = number> extends Float<T> {}
export class DOUBLE<out T = number> extends Double<T> {}
export class DOUBLE_PRECISION<out T = number> extends Double<T> {}
export class CHAR extends StringType {}
export class VARCHAR extends StringType {}
export class NCHAR extends Unicode {}
export class NVARCHAR extends Unicode {}
export class TEXT extends Text {}
export class CLOB extends Text {}
export class DATE<out T = string> extends DateType<T> {}
export class TIME<out T = string> extends TimeType<T> {}
export class DATETIME<out T = Date> extends DateTime<T> {}
export class TIMESTAMP<out T = Date> extends DateTime<T> {}
export class BINARY extends BinaryType {}
export class VARBINARY extends BinaryType {}
export class BLOB extends LargeBinary {}
export class BOOLEAN extends BooleanType {}
export class UUID extends Uuid {}
export class ExactJSON<out T = unknown, out Ops = unknown, out Input = T> extends JSONType<T, Ops, Input> {}
export class ARRAY<out T = unknown, out Ops = unknown, out Input = T> extends ArrayType<T, Ops, Input> {}

const classes = {
  INTEGER,
  SMALLINT,
  BIGINT,
  NUMERIC,
  DECIMAL,
  FLOAT,
  REAL,
  DOUBLE,
  DOUBLE_PRECISION,
  CHAR,
  VARCHAR,
  NCHAR,
  NVARCHAR,
  TEXT,
  CLOB,
  DATE,
  TIME,
  DATETIME,
  TIMESTAMP,
  BINARY,
  VARBINARY,
  BLOB,
  BOOLEAN,
  UUID,
  JSON: ExactJSON,
  ARRAY,
};

for (const [name, type] of Object.entries(classes)) defineVisitName(type, name);
