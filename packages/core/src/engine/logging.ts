/** What an engine says about its work: the lines that SQLAlchemy prints with `echo`, through a port. */
import type { PoolLog } from "@athanor/pool";
import { showParameters } from "../errors/database.ts";

/** Where log lines go. Any logger with these methods does: `console`, pino, winston. */
export interface Logger {
  info(message: string): void;
  debug?(message: string): void;
  warn?(message: string): void;
  error?(message: string): void;
}

/** How much an engine says: statements, or with `"debug"` also columns and rows. */
export type Echo = boolean | "debug";

/** A logger that writes lines with time, level and name to standard output. */
export function consoleLogger(name: string): Logger {
  const write = (level: string) => (message: string) => console.log(`${stamp(new Date())} ${level} ${name} ${message}`);
  return { info: write("INFO"), debug: write("DEBUG"), warn: write("WARNING"), error: write("ERROR") };
}

function stamp(now: Date): string {
  const pad = (value: number, width = 2): string => String(value).padStart(width, "0");
  const date = `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
  return `${date} ${pad(now.getHours())}:${pad(now.getMinutes())}:${pad(now.getSeconds())},${pad(now.getMilliseconds(), 3)}`;
}

/** The log of one engine. */
export class EngineLog {
  readonly logger: Logger;
  readonly hideParameters: boolean;
  /** Rows are logged too. */
  readonly isDebug: boolean;
  /** Goes in front of every line: a connection's `loggingToken`. */
  readonly token: string | null;

  constructor(
    logger: Logger,
    options: { readonly hideParameters: boolean; readonly isDebug: boolean; readonly token?: string | null },
  ) {
    this.logger = logger;
    this.hideParameters = options.hideParameters;
    this.isDebug = options.isDebug;
    this.token = options.token ?? null;
  }

  /** The same log with a token in front of its lines. */
  withToken(token: string): EngineLog {
    return new EngineLog(this.logger, { hideParameters: this.hideParameters, isDebug: this.isDebug, token });
  }

  info(message: string): void {
    this.logger.info(this.token === null ? message : `[${this.token}] ${message}`);
  }

  debug(message: string): void {
    if (this.isDebug)
      (this.logger.debug ?? this.logger.info).call(
        this.logger,
        this.token === null ? message : `[${this.token}] ${message}`,
      );
  }

  /** The two lines of a statement. */
  statement(sql: string, origin: string, parameters: unknown): void {
    this.info(sql);
    this.info(
      this.hideParameters
        ? `[${origin}] [SQL parameters hidden due to hideParameters]`
        : `[${origin}] ${showParameters(parameters)}`,
    );
  }
}

/** The log of a pool, as an engine with `echoPool` makes it. */
export function poolLog(logger: Logger, isDebug: boolean): PoolLog {
  return {
    debugEnabled: isDebug,
    debug: (message) => (logger.debug ?? logger.info).call(logger, message),
    info: (message) => logger.info(message),
    warn: (message) => (logger.warn ?? logger.info).call(logger, message),
    error: (message, cause) => (logger.error ?? logger.info).call(logger, `${message}: ${String(cause)}`),
  };
}
