/** Isolation levels and modes of transactions that a program may name. Used where connections are opened and where options are set. */
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
  const { isolationLevel } = options;
  if (isolationLevel !== undefined) return plainLevel(isolationLevel);
  return options.autocommit === true ? "AUTOCOMMIT" : undefined;
}

/** A level as the databases write it: configurations say `read_committed` too. */
export function plainLevel(level: IsolationLevel): IsolationLevel {
  return String(level).replaceAll("_", " ").toUpperCase() as IsolationLevel;
}

/** Whether a level is the driver's business. AUTOCOMMIT mostly is not: the engine just begins no transaction. */
export function concernsDriver(dialect: Dialect, level: IsolationLevel): boolean {
  return level !== "AUTOCOMMIT" || dialect.autocommitNeedsDriver || !dialect.isolationLevels.includes(level);
}

/** The options, with the dialect's own names of `readOnly` and `deferrable` replaced by these. */
export function withPlainModes({ transactionOptions }: Dialect, options: ExecutionOptionsInput): ExecutionOptionsInput {
  let plain: Record<string, unknown> | null = null;
  for (const name in transactionOptions) {
    if (!Object.hasOwn(options, name)) continue;
    plain ??= { ...options };
    plain[transactionOptions[name] as string] = options[name];
    delete plain[name];
  }
  return (plain as ExecutionOptionsInput | null) ?? options;
}

/** What of the options is decided when a transaction begins. */
export function decidedAtBegin(options: ExecutionOptionsInput): string[] {
  return ["isolationLevel", "autocommit", "readOnly", "deferrable"].filter((name) => options[name] !== undefined);
}
