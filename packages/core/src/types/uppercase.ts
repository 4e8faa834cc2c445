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
export class BIGINT<T = bigint> extends BigInteger<T> {}
export class NUMERIC<T = string> extends Numeric<T> {}
export class DECIMAL<T = string> extends Numeric<T> {}
export class FLOAT<T = number> extends Float<T> {}
export class REAL<T = number> extends Float<T> {}
export class DOUBLE<T = number> extends Double<T> {}
export class DOUBLE_PRECISION<T = number> extends Double<T> {}
export class CHAR extends StringType {}
export class VARCHAR extends StringType {}
export class NCHAR extends Unicode {}
export class NVARCHAR extends Unicode {}
export class TEXT extends Text {}
export class CLOB extends Text {}
export class DATE<T = string> extends DateType<T> {}
export class TIME<T = string> extends TimeType<T> {}
export class DATETIME<T = Date> extends DateTime<T> {}
export class TIMESTAMP<T = Date> extends DateTime<T> {}
export class BINARY extends BinaryType {}
export class VARBINARY extends BinaryType {}
export class BLOB extends LargeBinary {}
export class BOOLEAN extends BooleanType {}
export class UUID extends Uuid {}
export class ExactJSON<T = unknown, Ops = unknown, Input = T> extends JSONType<T, Ops, Input> {}
export class ARRAY<T = unknown, Ops = unknown, Input = T> extends ArrayType<T, Ops, Input> {}

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
