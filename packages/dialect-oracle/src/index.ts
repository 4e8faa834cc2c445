/** Oracle dialect: `import * as oracle from "@athanor/dialect-oracle"`. */
import { registerDialect, registerDialectOptions } from "@athanor/core";
import { OracleDialect } from "./dialect/oracle-dialect.ts";
import { oracledbDriver } from "./drivers/oracledb.ts";

export { OutParameter, outparam } from "@athanor/core";
export type { OracleConnectOptions } from "./connect-options.ts";
export { dialect, OracleDialect } from "./dialect/oracle-dialect.ts";
export { oracledbDriver } from "./drivers/oracledb.ts";
export type { OracleParameterType, OracleTypeName } from "./types/parameter.ts";
export * from "./types/types.ts";
export * from "./types/vector.ts";

registerDialectOptions("oracle", {
  table: ["resolveSynonyms", "onCommit", "compress", "tablespace"],
  index: ["bitmap", "compress", "vector"],
  sequence: ["order"],
  identity: ["order", "onNull"],
});

registerDialect("oracle", {
  defaultDriver: "oracledb",
  drivers: { oracledb: { package: "oracledb", isAsync: true, create: oracledbDriver } },
  from: import.meta.url,
  create: (driver) => new OracleDialect({ driver }),
});
