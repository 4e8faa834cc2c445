/** The MySQL and MariaDB dialect: `import * as mysql from "@athanor/dialect-mysql"`. */
import { registerDialect, registerDialectOptions } from "@athanor/core";
import { MariaDBDialect, MySQLDialect } from "./dialect/dialect.ts";
import { mariadbDriver } from "./drivers/mariadb.ts";
import { mysql2Driver } from "./drivers/mysql2.ts";

export type { MySQLConnectOptions } from "./connect-options.ts";
export { dialect, MariaDBDialect, MySQLDialect, type MySQLDialectOptions } from "./dialect/dialect.ts";
export { mariadbDriver } from "./drivers/mariadb.ts";
export { mysql2Driver } from "./drivers/mysql2.ts";
export { InsertedColumn, insert, MySQLInsert as Insert, OnDuplicateKeyUpdate } from "./expressions/insert.ts";
export { limit } from "./expressions/limit.ts";
export { Match, type MatchModes, type MatchOptions, match } from "./expressions/match.ts";
export { MySQLLongBlob, MySQLMediumBlob, MySQLTinyBlob } from "./types/binary.ts";
export * from "./types/factories.ts";
export { MySQLJSON } from "./types/json.ts";
export {
  type ApproximateOptions,
  type BitOptions,
  type DecimalArgs,
  type IntegerArgs,
  type IntegerOptions,
  MySQLBigInt,
  MySQLBit,
  MySQLDecimal,
  MySQLDouble,
  MySQLFloat,
  MySQLInteger,
  MySQLMediumInt,
  MySQLNumeric,
  MySQLReal,
  MySQLSmallInt,
  MySQLTinyInt,
  type NumberExtras,
} from "./types/numeric.ts";
export { MySQLEnum, type MySQLEnumOptions, MySQLSet, type SetInput, type SetOptions } from "./types/set.ts";
export {
  type FractionOptions,
  MySQLDateTime,
  MySQLTime,
  MySQLTimestamp,
  MySQLYear,
  type YearOptions,
} from "./types/temporal.ts";
export {
  type CharacterOptions,
  MariaDBInet4,
  MariaDBInet6,
  MySQLChar,
  MySQLLongText,
  MySQLMediumText,
  MySQLNChar,
  MySQLNVarChar,
  MySQLText,
  MySQLTinyText,
  MySQLVarChar,
  type TextArgs,
  type TextOptions,
} from "./types/text.ts";

// Options of tables are the server's: whatever it knows can be given.
for (const name of ["mysql", "mariadb"]) {
  registerDialectOptions(name, {
    table: "any",
    index: ["using", "length", "prefix", "withParser"],
    primaryKeyConstraint: ["using"],
    update: ["limit"],
    delete: ["limit"],
  });
}

const drivers = {
  mysql2: { package: "mysql2", isAsync: true, create: mysql2Driver },
  mariadb: { package: "mariadb", isAsync: true, create: mariadbDriver },
};
registerDialect("mysql", {
  defaultDriver: "mysql2",
  drivers,
  from: import.meta.url,
  create: (driver) => new MySQLDialect({ driver }),
});
registerDialect("mariadb", {
  defaultDriver: "mysql2",
  drivers,
  from: import.meta.url,
  create: (driver) => new MariaDBDialect({ driver }),
});
