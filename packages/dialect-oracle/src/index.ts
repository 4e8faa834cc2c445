/** Oracle dialect: `import * as oracle from "@athanor/dialect-oracle"`. */
export { OracleDialect } from "./dialect/oracle-dialect.ts";
export * from "./types/types.ts";
export { OutParameter } from "./visitors/dml.ts";
