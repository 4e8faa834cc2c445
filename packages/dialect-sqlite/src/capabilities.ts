/** What SQLite can do. */
import { type Capabilities, defaultCapabilities } from "@athanor/core";

/** SQLite 3.35 and later. */
export const sqliteCapabilities: Capabilities = {
  ...defaultCapabilities,
  insertReturning: true,
  updateReturning: true,
  deleteReturning: true,
  // The key is the last row id, which costs nothing; RETURNING is left to those who ask for it.
  keysByReturning: false,
  nullKeyAutoincrements: true,
  insertManyReturning: true,
  defaultValues: true,
  multiRowInsert: true,
  insertManyValues: true,
  // The order of RETURNING's rows is not defined.  https://sqlite.org/lang_returning.html#limitations_and_caveats
  insertManySentinel: "rows",
  maxParameters: 32_700,
  serverSideCursors: true,
  alter: false,
};

/** Versions before 3.35 have no RETURNING. */
export const oldSqliteCapabilities: Capabilities = {
  ...sqliteCapabilities,
  insertReturning: false,
  updateReturning: false,
  deleteReturning: false,
  insertManyReturning: false,
};
