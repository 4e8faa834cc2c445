/** The dialects that recorded cases are compiled for, in the versions they were recorded with. */
import { DefaultDialect, type Dialect } from "@athanor/core";
import type { DialectModules } from "./scope.ts";

/** Makes a dialect for a server version; a class with a `serverVersion` option. */
type DialectClass = new (options?: {
  readonly serverVersion?: readonly number[];
  readonly isMariaDB?: boolean;
}) => Dialect;

const where: Record<
  string,
  {
    readonly module: string;
    readonly exportName: string;
    readonly version: readonly number[];
    readonly isMariaDB?: boolean;
  }
> = {
  postgresql: { module: "pg", exportName: "PostgresDialect", version: [18] },
  mysql: { module: "mysql", exportName: "MySQLDialect", version: [8, 0, 36] },
  mariadb: { module: "mysql", exportName: "MariaDBDialect", version: [11, 4] },
  sqlite: { module: "sqlite", exportName: "SQLiteDialect", version: [3, 40] },
  mssql: { module: "mssql", exportName: "MSSQLDialect", version: [16] },
  oracle: { module: "oracle", exportName: "OracleDialect", version: [23] },
};

/** The dialect of a recorded column, or undefined where its package is not there yet. */
export function dialectFor(name: string, modules: DialectModules, version?: string): Dialect | undefined {
  if (name === "default") return new DefaultDialect();
  const entry = where[name];
  const type =
    entry === undefined
      ? undefined
      : (modules[entry.module] as Record<string, DialectClass> | undefined)?.[entry.exportName];
  if (type === undefined || entry === undefined) return undefined;
  return new type({ serverVersion: version === undefined ? entry.version : versionNumbers(name, version) });
}

function versionNumbers(name: string, version: string): readonly number[] {
  // SQL Server's versions are recorded by their years.
  const years: Record<string, readonly number[]> = {
    "2008": [10],
    "2012": [11],
    "2017": [14],
    "2019": [15],
    "2022": [16],
  };
  if (name === "mssql" && years[version] !== undefined) return years[version];
  return version
    .replace(/[a-z]+$/i, "")
    .split(".")
    .map(Number);
}
