/**
 * Which columns tell the rows of a batched INSERT … RETURNING apart, so that they can be put back into the order of their
 * parameters. Used where statements are batched.
 */
import { InvalidRequestError } from "../errors/errors.ts";
import type { Column } from "./column.ts";
import type { ColumnDefault } from "./default.ts";
import { Sequence } from "./sequence.ts";
import type { Table } from "./table.ts";

/** Where the values of the sentinel columns come from. */
export type SentinelSource =
  /** Nobody knows. */
  | "unknown"
  /** The parameters themselves. */
  | "none"
  /** Values made before execution. */
  | "client"
  /** The engine numbers the rows in a column made for it. */
  | "sentinel"
  | "server"
  | "identity"
  | "sequence"
  /** A SQL function whose values rise. */
  | "monotonic";

/** The sentinel of a table. */
export interface Sentinel {
  /** Null where no column will do. */
  readonly columns: readonly Column[] | null;
  /** The column was marked with `insertSentinel`. */
  readonly isExplicit: boolean;
  /** It is the column that the database numbers. */
  readonly isAutoincrement: boolean;
  readonly source: SentinelSource;
}

/**
 * The sentinel of a table: the marked column, the numbered one, or a primary key whose values are known before.
 *
 * @throws InvalidRequestError for a marked column that cannot do.
 */
export function sentinelOf(table: Table): Sentinel {
  const explicit = table.sentinelColumn;
  const numbered = table.autoincrementColumn;
  const column = explicit ?? numbered;
  const isExplicit = explicit !== null;
  const source = column === null ? null : sourceOf(column, isExplicit);
  if (column !== null && source !== null)
    return { columns: [column], isExplicit, isAutoincrement: column === numbered, source };
  const key = table.primaryKey.columns;
  if (key.length > 0 && key.every(isKnownBefore))
    return { columns: key, isExplicit, isAutoincrement: false, source: "client" };
  return { columns: null, isExplicit, isAutoincrement: false, source: "unknown" };
}

/** Where a column's values come from; null where their order says nothing. */
function sourceOf(column: Column, isExplicit: boolean): SentinelSource | null {
  const { default: fallback, serverDefault, identity } = column;
  if (identity !== null) return descends(identity.increment) ? refuse(isExplicit, "IDENTITY") : "identity";
  if (fallback instanceof Sequence) return descends(fallback.increment) ? refuse(isExplicit, "SEQUENCE") : "sequence";
  if (fallback !== null) return sourceOfDefault(fallback);
  if (serverDefault !== null) return sourceOfServerDefault(column, isExplicit);
  // SQLite's catalog calls an INTEGER PRIMARY KEY nullable, which it is not.
  if (!column.nullable || !isExplicit) return "none";
  throw new InvalidRequestError(
    `Column ${column.description} has been marked as a sentinel column with no default generation function; it at least needs to be marked nullable: false assuming user-populated sentinel values will be used.`,
  );
}

function sourceOfDefault(fallback: ColumnDefault): SentinelSource {
  if (fallback.isSentinel) return "sentinel";
  if (fallback.isMonotonic) return "monotonic";
  return fallback.isCallable ? "client" : "unknown";
}

function sourceOfServerDefault(column: Column, isExplicit: boolean): SentinelSource {
  if (!isExplicit) return "server";
  if (column.serverDefault?.isMonotonic === true) return "monotonic";
  throw new InvalidRequestError(
    `Column ${column.description} can't be a sentinel column because it uses an explicit server side default that's not the Identity() default.`,
  );
}

function descends(increment: number | bigint | null): boolean {
  return increment !== null && increment < 0;
}

function refuse(isExplicit: boolean, kind: string): null {
  if (isExplicit)
    throw new InvalidRequestError(`Can't use ${kind} default with negative increment as an explicit sentinel column`);
  return null;
}

/** A column of a key whose value is given or made before execution. */
function isKnownBefore(column: Column): boolean {
  const { default: fallback, serverDefault } = column;
  if (serverDefault !== null && !serverDefault.isMonotonic) return false;
  if (fallback === null) return true;
  return !(fallback instanceof Sequence) && (fallback.isCallable || fallback.isMonotonic);
}
