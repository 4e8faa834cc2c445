/** What preparing on a real server needs of it. */
import type { Dialect } from "@athanor/core";

/** A scratch place on a real server; what happens there touches nothing else. */
export interface ScratchServer {
  /** The column of the recorded cases: `postgresql`, `mysql`, `mariadb`, `sqlite`. */
  readonly dialectName: string;
  readonly version: readonly number[];
  /** Compiles what users send to this server: the version is that of the recorded cases. */
  readonly dialect: Dialect;
  /** Lets the server parse and analyse a statement without running it; gives its complaint, or null. */
  prepare(sql: string): Promise<string | null>;
  /** Runs a statement; gives the server's complaint, or null. */
  run(sql: string): Promise<string | null>;
  /** Makes the schema (database) where it is missing. */
  makeSchema(name: string): Promise<void>;
  /** Takes back what was run since {@link begin}. */
  begin(): Promise<void>;
  rollback(): Promise<void>;
  /** An empty place for one case of DDL. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

/** `15.3` is earlier than `16`. */
export function isEarlier(version: readonly number[], wanted: readonly number[]): boolean {
  for (const [index, part] of wanted.entries()) {
    const own = version[index] ?? 0;
    if (own !== part) return own < part;
  }
  return false;
}

/** The numbers at the start of a server's version text. */
export function versionOf(text: string): readonly number[] {
  return (/\d+(?:\.\d+)*/.exec(text)?.[0] ?? "0").split(".").map(Number);
}
