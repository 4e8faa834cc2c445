/** JSON paths in the form that MySQL, SQLite, SQL Server and Oracle share: `$."key"[0]`. */

/**
 * A key, an index, or a list of both as a path. Keys are always quoted and their quotes and backslashes escaped, so that
 * no key can change the path.
 *
 * @example jsonPathText(["dims", 0]) // $."dims"[0]
 */
export function jsonPathText(step: unknown): string {
  const steps = Array.isArray(step) ? (step as unknown[]) : [step];
  let path = "$";
  for (const part of steps)
    path += typeof part === "number" ? `[${part}]` : `."${String(part).replaceAll(/["\\]/g, "\\$&")}"`;
  return path;
}
