/** The isolation levels that a program may name. Used where connections are opened and where options are set. */
import type { Dialect, IsolationLevel } from "../dialect/dialect.ts";
import { ArgumentError } from "../errors/errors.ts";
import type { ExecutionOptionsInput } from "./options.ts";

/** @throws ArgumentError for a level that the database does not have. */
export function checkLevel({ isolationLevels, name }: Dialect, level: IsolationLevel): void {
  if (isolationLevels.includes(level)) return;
  throw new ArgumentError(
    `Invalid value '${String(level)}' for isolationLevel. Valid isolation levels for '${name}' are ${isolationLevels.join(", ")}`,
  );
}

/** The level that options ask for. */
export function levelOf(options: ExecutionOptionsInput): IsolationLevel | undefined {
  return options.isolationLevel ?? (options.autocommit === true ? "AUTOCOMMIT" : undefined);
}

/** Whether a level is the driver's business. AUTOCOMMIT mostly is not: the engine just begins no transaction. */
export function concernsDriver(dialect: Dialect, level: IsolationLevel): boolean {
  return level !== "AUTOCOMMIT" || dialect.autocommitNeedsDriver || !dialect.isolationLevels.includes(level);
}
