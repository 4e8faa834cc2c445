/** What every connection is told, whatever package opens it. */
import { readFileSync } from "node:fs";

/**
 * UTC; no transaction before BEGIN; and words such as `count` stay names in front of a parenthesis, also where a package asks for
 * the opposite.
 */
export const sessionStatement =
  "SET time_zone = '+00:00', autocommit = 1, sql_mode = REPLACE(@@sql_mode, 'IGNORE_SPACE', '')";

/** Certificates that the URL names by their files. */
export function tlsOptions(given: unknown): unknown {
  if (typeof given !== "object" || given === null) return given;
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) =>
      name.endsWith("File") ? [name.slice(0, -4), readFileSync(String(value), "utf8")] : [name, value],
    ),
  );
}
