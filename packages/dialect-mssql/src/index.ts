/** SQL Server dialect: `import * as mssql from "@athanor/dialect-mssql"`. */
import { registerDialect, registerDialectOptions } from "@athanor/core";
import { MSSQLDialect } from "./dialect/mssql-dialect.ts";
import { tediousDriver } from "./drivers/tedious.ts";

export { tryCast } from "@athanor/core";
export type { MSSQLConnectOptions } from "./connect-options.ts";
export { dialect, MSSQLDialect } from "./dialect/mssql-dialect.ts";
export { type BulkConnection, type BulkLoadOptions, bulkLoad } from "./drivers/bulk-load.ts";
export { tediousDriver } from "./drivers/tedious.ts";
export type { TdsParameterType, TdsTypeName } from "./types/parameter.ts";
export * from "./types/types.ts";

registerDialectOptions("mssql", {
  column: ["identityStart", "identityIncrement"],
  index: ["clustered", "include", "where", "columnstore"],
  primaryKeyConstraint: ["clustered"],
  uniqueConstraint: ["clustered"],
});

registerDialect("mssql", {
  defaultDriver: "tedious",
  drivers: { tedious: { package: "tedious", isAsync: true, create: tediousDriver } },
  from: import.meta.url,
  create: (driver) => new MSSQLDialect({ driver }),
});
