/** The PostgreSQL dialect: `import * as pg from "@athanor/dialect-postgres"`. */
import { registerDialect, registerDialectOptions, t } from "@athanor/core";
import { PostgresDialect } from "./dialect/dialect.ts";
import { PgDriver } from "./drivers/pg.ts";
import { PgliteDriver } from "./drivers/pglite.ts";
import { PostgresjsDriver } from "./drivers/postgresjs.ts";

export { dialect, PostgresDialect, type PostgresDialectOptions } from "./dialect/dialect.ts";
export { aggregateOrderBy, OrderedArgument } from "./expressions/aggregate-order-by.ts";
export { distinctOn } from "./expressions/distinct-on.ts";
export {
  ExcludeConstraint,
  type ExcludeElement,
  type ExcludeOptions,
  excludeConstraint,
} from "./expressions/exclude-constraint.ts";
export { all, any, arrayAgg, hstore } from "./expressions/functions.ts";
export {
  type ConflictTarget,
  type ConflictUpdate,
  insert,
  OnConflict,
  PgInsert as Insert,
} from "./expressions/insert.ts";
export {
  CreateDomainType,
  CreateEnumType,
  createDomainType,
  createEnumType,
  DropDomainType,
  DropEnumType,
  dropDomainType,
  dropEnumType,
  type NamedTypeOptions,
} from "./expressions/named-type-ddl.ts";
export {
  phrasetoTsquery,
  plaintoTsquery,
  toTsquery,
  toTsvector,
  tsHeadline,
  websearchToTsquery,
} from "./expressions/text-search.ts";
export { ARRAY, PgArray, type PgArrayFactory, type PgArrayOps } from "./types/array.ts";
export { ArrayLiteral, type ArrayLiteralOptions, array } from "./types/array-literal.ts";
export { BIT, Bit, type BitOptions, BitString } from "./types/bit.ts";
export { HSTORE, Hstore, type HstoreOps, type HstoreValue } from "./types/hstore.ts";
export {
  JSON,
  JSONB,
  JSONPATH,
  PgJson,
  PgJsonb,
  type PgJsonbOps,
  type PgJsonFactory,
  type PgJsonOps,
  PgJsonPath,
} from "./types/json.ts";
export {
  DOMAIN,
  Domain,
  type DomainFactory,
  type DomainOptions,
  ENUM,
  PgEnum,
  type PgEnumFactory,
} from "./types/named.ts";
export { emptyRange, Range, type RangeBounds, type RangeOptions, range } from "./types/range.ts";
export {
  DATEMULTIRANGE,
  DATERANGE,
  INT4MULTIRANGE,
  INT4RANGE,
  INT8MULTIRANGE,
  INT8RANGE,
  MultirangeType,
  NUMMULTIRANGE,
  NUMRANGE,
  type RangeOps,
  RangeType,
  TSMULTIRANGE,
  TSRANGE,
  TSTZMULTIRANGE,
  TSTZRANGE,
} from "./types/ranges.ts";
export {
  BYTEA,
  CIDR,
  CITEXT,
  INET,
  MACADDR,
  MACADDR8,
  MONEY,
  OID,
  REGCLASS,
  REGCONFIG,
  TSQUERY,
  TSVECTOR,
} from "./types/simple.ts";
export {
  INTERVAL,
  PgInterval,
  type PgIntervalOptions,
  PgTime,
  PgTimestamp,
  type PrecisionOptions,
  TIME,
  TIMESTAMP,
} from "./types/temporal.ts";
export { PgVerbatimType } from "./types/verbatim.ts";
export { postgresFunctionVisitors, postgresVisitors } from "./visitors/table.ts";
export { postgresTypeVisitors } from "./visitors/type.ts";

// The standard's types, so that everything of a table can be written with `pg.`.
/** Integers of 64 bits, as bigint. */
export const BIGINT: typeof t.BIGINT = t.BIGINT;
/** True and false. */
export const BOOLEAN: typeof t.BOOLEAN = t.BOOLEAN;
/** Text of a fixed length, padded with blanks: `CHAR(3)`. */
export const CHAR: typeof t.CHAR = t.CHAR;
/** Days, as ISO text: `"2024-02-29"`. */
export const DATE: typeof t.DATE = t.DATE;
/** Floating point of 64 bits. */
export const DOUBLE_PRECISION: typeof t.DOUBLE_PRECISION = t.DOUBLE_PRECISION;
/** Floating point: `FLOAT(53)`. */
export const FLOAT: typeof t.FLOAT = t.FLOAT;
/** Integers of 32 bits; SERIAL where the database numbers a primary key. */
export const INTEGER: typeof t.INTEGER = t.INTEGER;
/** Exact decimals, as text: `NUMERIC(10, 2)`. */
export const NUMERIC: typeof t.NUMERIC = t.NUMERIC;
/** Floating point of 32 bits. */
export const REAL: typeof t.REAL = t.REAL;
/** Integers of 16 bits. */
export const SMALLINT: typeof t.SMALLINT = t.SMALLINT;
/** Text of any length. */
export const TEXT: typeof t.TEXT = t.TEXT;
/** UUIDs, as text. */
export const UUID: typeof t.UUID = t.UUID;
/** Text up to a length: `VARCHAR(50)`. */
export const VARCHAR: typeof t.VARCHAR = t.VARCHAR;

export type {
  HostAddress,
  PostgresConnectOptions,
  PreparedStatements,
  SslMode,
  TargetSession,
} from "./connect-options.ts";
export { type CopySource, type Notification, PostgresConnection } from "./drivers/connection.ts";
export { type CopyConnection, type CopyFormat, copyFrom, copyStreamFrom, copyTo } from "./drivers/copy.ts";
export type { CopyRow } from "./drivers/copy-text.ts";
export { type NotificationOptions, notifications, notify } from "./drivers/notifications.ts";
export { PgDriver } from "./drivers/pg.ts";
export { PgConnection } from "./drivers/pg-connection.ts";
export { PgliteDriver } from "./drivers/pglite.ts";
export { PostgresjsDriver } from "./drivers/postgresjs.ts";
export { PostgresjsConnection } from "./drivers/postgresjs-connection.ts";

registerDialectOptions("postgresql", {
  table: [
    "ignoreSearchPath",
    "tablespace",
    "partitionBy",
    "withOids",
    "with",
    "onCommit",
    "inherits",
    "partitionOf",
    "partitionBound",
    "using",
  ],
  column: ["inherited"],
  index: ["using", "include", "where", "ops", "concurrently", "with", "tablespace", "nullsNotDistinct"],
  checkConstraint: ["notValid", "noInherit", "inherited"],
  foreignKey: ["notValid", "inherited"],
  foreignKeyConstraint: ["notValid", "inherited"],
  primaryKeyConstraint: ["include"],
  uniqueConstraint: ["include", "nullsNotDistinct", "inherited"],
  createView: ["with"],
});

for (const name of ["postgresql", "postgres"]) {
  registerDialect(name, {
    defaultDriver: "pg",
    drivers: {
      pg: { package: "pg", isAsync: true, create: (module) => new PgDriver(module) },
      postgresjs: { package: "postgres", isAsync: true, create: (module) => new PostgresjsDriver(module) },
      pglite: { package: "@electric-sql/pglite", isAsync: true, create: (module) => new PgliteDriver(module) },
    },
    from: import.meta.url,
    create: (driver) => new PostgresDialect({ driver }),
  });
}
