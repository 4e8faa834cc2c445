/** Names of types. SQLite takes any word and derives an affinity from it.  https://sqlite.org/datatype3.html */
import { ansiTypeVisitors, type Compiler, type TypeVisitors } from "@athanor/core";

interface StoredAsText {
  readonly formatIsText?: boolean;
}

/** `DATETIME`, or `DATETIME_CHAR` so that text of digits is not taken for a number. */
const temporal =
  (name: string) =>
  (_compiler: Compiler, type: StoredAsText): string =>
    type.formatIsText === false ? `${name}_CHAR` : name;

/** How types are written for SQLite. */
export const sqliteTypeVisitors: TypeVisitors = {
  ...ansiTypeVisitors,
  DATETIME: temporal("DATETIME"),
  DATE: temporal("DATE"),
  TIME: temporal("TIME"),
  json: () => "JSON",
  JSON: () => "JSON",
  JSONB: () => "JSONB",
  ANY: () => "ANY",
} as TypeVisitors;
