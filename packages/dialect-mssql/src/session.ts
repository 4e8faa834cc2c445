/** What sessions are asked and told: versions, isolation levels. Text and their answers; the dialect runs it. */
import type { IsolationLevel } from "@athanor/core";
import { call, type DriverConnection, type Step } from "@athanor/driver";

/** The server's version, and the schema of names that have none. */
export const serverQuery = "SELECT CAST(SERVERPROPERTY('ProductVersion') AS NVARCHAR(128)), SCHEMA_NAME()";

/** Levels that `SET TRANSACTION` knows, and no transactions at all. */
export const isolationLevels: readonly IsolationLevel[] = [
  "SERIALIZABLE",
  "REPEATABLE READ",
  "READ COMMITTED",
  "READ UNCOMMITTED",
  "SNAPSHOT",
  "AUTOCOMMIT",
];

/** Levels by the number that the catalog has for them. */
const numbered: readonly (IsolationLevel | undefined)[] = [
  undefined,
  "READ UNCOMMITTED",
  "READ COMMITTED",
  "REPEATABLE READ",
  "SERIALIZABLE",
  "SNAPSHOT",
];

/** Sets the level for the session's further transactions. */
export function setIsolationLevel(level: IsolationLevel): string {
  return `SET TRANSACTION ISOLATION LEVEL ${level}`;
}

/** The level of a session; READ COMMITTED, the server's default, where the catalog does not tell. */
export function* readIsolationLevel(connection: DriverConnection): Step<IsolationLevel> {
  const { rows } = yield* call(
    connection.execute("SELECT transaction_isolation_level FROM sys.dm_exec_sessions WHERE session_id = @@SPID", []),
  );
  return numbered[Number(rows[0]?.[0] ?? 0)] ?? "READ COMMITTED";
}
