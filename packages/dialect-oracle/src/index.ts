/** Oracle dialect: `import * as oracle from "@athanor/dialect-oracle"`. */
import { registerDialect } from "@athanor/core";
import { OracleDialect } from "./dialect/oracle-dialect.ts";
import { oracledbDriver } from "./drivers/oracledb.ts";

export type { OracleConnectOptions } from "./connect-options.ts";
export { dialect, OracleDialect } from "./dialect/oracle-dialect.ts";
export { oracledbDriver } from "./drivers/oracledb.ts";
export type { OracleParameterType, OracleTypeName } from "./types/parameter.ts";
export * from "./types/types.ts";
export { OutParameter, outparam } from "./visitors/dml.ts";

registerDialect("oracle", {
  defaultDriver: "oracledb",
  drivers: { oracledb: { package: "oracledb", isAsync: true, create: oracledbDriver } },
  from: import.meta.url,
  create: (driver) => new OracleDialect({ driver }),
});
