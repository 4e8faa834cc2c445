/** Statements around transactions: isolation levels, savepoints, XA. Text only; the dialect runs them. */
import { InvalidRequestError, type IsolationLevel } from "@athanor/core";

/** Levels that `SET TRANSACTION` knows. */
export const isolationLevels: readonly IsolationLevel[] = [
  "SERIALIZABLE",
  "READ UNCOMMITTED",
  "READ COMMITTED",
  "REPEATABLE READ",
  "AUTOCOMMIT",
];

/** `REPEATABLE-READ`, as the servers' variables have it, by its standard name. */
export function isolationLevelOf(variable: unknown): IsolationLevel {
  return String(variable).replaceAll("-", " ").toUpperCase() as IsolationLevel;
}

/** Sets the level for all further transactions of the session. */
export function setIsolationLevel(level: IsolationLevel): string {
  return `SET SESSION TRANSACTION ISOLATION LEVEL ${level}`;
}

/** `XA` identifiers are strings; ours are made of letters, digits and a few signs. */
export function xid(id: string): string {
  if (!/^[\w.:+-]{1,64}$/.test(id))
    throw new InvalidRequestError(`${JSON.stringify(id)} is not a transaction id for MySQL`, {
      fix: "use up to 64 letters, digits, and _ . : + -",
    });
  return `'${id}'`;
}
