/** SQL Server dialect: `import * as mssql from "@athanor/dialect-mssql"`. */
export { MSSQLDialect } from "./dialect/mssql-dialect.ts";
export { tryCast } from "@athanor/core";
export * from "./types/types.ts";
