/** The isolation levels that a program may name. Used where connections are opened and where options are set. */
import type { Dialect, IsolationLevel } from "../dialect/dialect.ts";
import { ArgumentError } from "../errors/errors.ts";

/** @throws ArgumentError for a level that the database does not have. */
export function checkLevel({ isolationLevels, name }: Dialect, level: IsolationLevel): void {
  if (isolationLevels.includes(level)) return;
  throw new ArgumentError(
    `Invalid value '${String(level)}' for isolationLevel. Valid isolation levels for '${name}' are ${isolationLevels.join(", ")}`,
  );
}
