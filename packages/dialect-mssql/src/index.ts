/** SQL Server dialect: `import * as mssql from "@athanor/dialect-mssql"`. */

export { tryCast } from "@athanor/core";
export { MSSQLDialect } from "./dialect/mssql-dialect.ts";
export * from "./types/types.ts";
