/** What the rendering asks of the server: MySQL or MariaDB, and which version. No SQL here. */
import type { Compiler } from "@athanor/core";

/** A server's kind and version. */
export interface ServerFacts {
  /** MariaDB, whatever the URL said. */
  readonly isMariaDB: boolean;
  readonly serverVersion: readonly number[];
  /** CAST AS FLOAT and CAST AS DOUBLE work. */
  readonly floatCasts: boolean;
}

/** Whether a version is at least another. */
export function atLeast(version: readonly number[], ...wanted: readonly number[]): boolean {
  for (let index = 0; index < wanted.length; index++) {
    const difference = (version[index] ?? 0) - (wanted[index] as number);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** Whether the server is MySQL itself, of at least a version. */
export function isMySQL(
  server: Pick<ServerFacts, "isMariaDB" | "serverVersion">,
  ...wanted: readonly number[]
): boolean {
  return !server.isMariaDB && atLeast(server.serverVersion, ...wanted);
}

/** Whether the server is MariaDB of at least a version. */
export function isMariaDB(
  server: Pick<ServerFacts, "isMariaDB" | "serverVersion">,
  ...wanted: readonly number[]
): boolean {
  return server.isMariaDB && atLeast(server.serverVersion, ...wanted);
}

/** The server that a statement is compiled for. */
export function serverOf(compiler: Compiler): ServerFacts {
  return compiler.dialect as unknown as ServerFacts;
}

/** A version banner in numbers, and whose it is: `8.0.36-0ubuntu0`, `5.5.5-10.11.6-MariaDB-log`. */
export function parseVersion(banner: string): { readonly isMariaDB: boolean; readonly version: readonly number[] } {
  const mariadb = /(?:5\.5\.5-)?(\d+(?:\.\d+)*)[^,]*?-mariadb/i.exec(banner);
  const text = mariadb?.[1] ?? /\d+(?:\.\d+)*/.exec(banner)?.[0] ?? "";
  return { isMariaDB: mariadb !== null, version: text === "" ? [] : text.split(".").map(Number) };
}
