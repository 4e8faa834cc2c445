/**
 * From a URL to what the drivers open: `sqlite://` and `sqlite:///:memory:` are in memory, `sqlite:///data.db` is relative,
 * `sqlite:////var/data.db` absolute. Query arguments: {@link SQLiteConnectOptions}. Next: ./drivers/.
 */
import { resolve } from "node:path";
import { ArgumentError, type URL } from "@athanor/core";
import type { SQLiteAggregate, SQLiteFunction, SQLiteFunctionOptions } from "./functions.ts";

/** How a transaction takes its locks. */
export type TransactionMode = "DEFERRED" | "IMMEDIATE" | "EXCLUSIVE";

/** What a SQLite driver connects with. `connectArgs` of an engine may replace each. */
export interface SQLiteConnectOptions {
  /** Absolute path, or `":memory:"`. */
  readonly filename: string;
  /** `ro`: read only; `rw`: the file must exist; `rwc`: it is made where it is missing; `memory`: in memory. `?mode=` */
  readonly mode: "ro" | "rw" | "rwc" | "memory";
  /** Seconds to wait for a lock. Default 5. `?timeout=` */
  readonly timeout: number;
  /** How transactions begin that say nothing else. Default: SQLite's own, DEFERRED. `?transaction_mode=` */
  readonly transactionMode?: TransactionMode | undefined;
  /** Prepared statements that a connection keeps. Default 256. `?cached_statements=` */
  readonly cachedStatements: number;
  /** Settings made on every connection, by name: `?foreign_keys=1&journal_mode=wal`. */
  readonly pragmas: Readonly<Record<string, string | number | boolean>>;
  /** Other arguments of a `file:` URI (`cache`, `immutable`, `nolock`, `vfs`): for drivers that open URIs. */
  readonly uriArguments?: Readonly<Record<string, string>> | undefined;
  /** Functions to register on every connection. */
  readonly functions?: Readonly<Record<string, SQLiteFunction | SQLiteFunctionOptions>> | undefined;
  /** Aggregates to register on every connection. */
  readonly aggregates?: Readonly<Record<string, SQLiteAggregate>> | undefined;
}

const modes: ReadonlySet<string> = new Set(["ro", "rw", "rwc", "memory"]);
const uriNames: ReadonlySet<string> = new Set(["cache", "immutable", "nolock", "psow", "vfs"]);
const pragmaNames: ReadonlySet<string> = new Set(
  (
    "application_id auto_vacuum automatic_index busy_timeout cache_size cache_spill case_sensitive_like cell_size_check defer_foreign_keys " +
    "foreign_keys fullfsync ignore_check_constraints journal_mode journal_size_limit legacy_alter_table locking_mode mmap_size " +
    "page_size query_only recursive_triggers secure_delete soft_heap_limit synchronous temp_store threads trusted_schema wal_autocheckpoint"
  ).split(" "),
);
/** Arguments of Python's driver that mean nothing here. */
const ignored: ReadonlySet<string> = new Set(["check_same_thread", "detect_types", "uri"]);

/** @throws ArgumentError for URLs with a host or a user, and for unknown query arguments. */
export function connectOptions(url: URL): SQLiteConnectOptions {
  if (url.username || url.password || url.host || url.port) {
    throw new ArgumentError(`Invalid SQLite URL: ${url.renderAsString()}`, {
      fix: "valid forms are sqlite:// and sqlite:///:memory: (in memory), sqlite:///relative/file.db, sqlite:////absolute/file.db",
    });
  }
  const query = Object.fromEntries(
    Object.entries(url.normalizedQuery).map(([name, values]) => [name, values.at(-1) ?? ""]),
  );
  const pragmas: Record<string, string> = {};
  const uriArguments: Record<string, string> = {};
  let mode = "rwc";
  let timeout = 5;
  let cachedStatements = 256;
  let transactionMode: TransactionMode | undefined;
  for (const [name, value] of Object.entries(query)) {
    if (name === "mode") mode = choice(name, value, modes);
    else if (name === "timeout") timeout = count(name, value);
    else if (name === "cached_statements") cachedStatements = count(name, value);
    else if (name === "transaction_mode" || name === "isolation_level")
      transactionMode = transactionModeOf(name, value);
    else if (pragmaNames.has(name)) pragmas[name] = value;
    else if (uriNames.has(name)) uriArguments[name] = value;
    else if (!ignored.has(name)) {
      throw new ArgumentError(`SQLite knows no connect argument ${JSON.stringify(name)}`, {
        fix: `known are mode, timeout, cached_statements, transaction_mode, ${[...uriNames].join(", ")}, and settings such as foreign_keys and journal_mode`,
      });
    }
  }
  return {
    filename: filenameOf(url, isTrue(query["uri"])),
    mode: mode as SQLiteConnectOptions["mode"],
    timeout,
    transactionMode,
    cachedStatements,
    pragmas,
    ...(Object.keys(uriArguments).length > 0 ? { uriArguments } : {}),
  };
}

/** Whether the URL names a file, rather than a database in memory. */
export function isFileUrl(url: URL): boolean {
  const { database } = url;
  return (
    database !== null &&
    database !== "" &&
    database !== ":memory:" &&
    database !== "file::memory:" &&
    url.query["mode"] !== "memory"
  );
}

/** The words after BEGIN. */
export function transactionModeOf(name: string, value: string): TransactionMode | undefined {
  const mode = value.toUpperCase();
  if (mode === "") return undefined;
  return choice(name, mode, new Set(["DEFERRED", "IMMEDIATE", "EXCLUSIVE"])) as TransactionMode;
}

function filenameOf(url: URL, isUri: boolean): string {
  let name = url.database ?? "";
  if (isUri && name.startsWith("file:")) name = name.slice("file:".length).replace(/^\/\/(?:localhost)?(?=\/)/, "");
  if (name === "" || name === ":memory:") return ":memory:";
  return url.query["mode"] === "memory" ? name : resolve(name);
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "false", "no", "off"].includes(value.toLowerCase());
}

function count(name: string, value: string): number {
  const number = Number(value);
  if (value.trim() === "" || !(number >= 0))
    throw new ArgumentError(`the SQLite argument ${name} must be a number, not ${JSON.stringify(value)}`);
  return number;
}

function choice(name: string, value: string, known: ReadonlySet<string>): string {
  if (known.has(value)) return value;
  throw new ArgumentError(
    `the SQLite argument ${name} must be one of ${[...known].join(", ")}, not ${JSON.stringify(value)}`,
  );
}
