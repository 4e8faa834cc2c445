/** The error classes every package builds on. Knows nothing of statements: those errors live in @athanor/core. */

/** What an error can carry besides its message. */
export interface ErrorDetails {
  /** Stable code, e.g. `"pool_timeout"`; derived from the class where it is left out. */
  readonly code?: string;
  /** What the reader can do about it; appended to the message. */
  readonly fix?: string;
  /** Facts that take lines of their own; appended after the fix. */
  readonly report?: string;
  /** The error that led to this one. */
  readonly cause?: unknown;
}

/** Root of every error that Athanor raises by itself. */
export class AthanorError extends Error {
  /** Stable identifier for programs; the message is for people. */
  readonly code: string;
  /** What to do about it, when that is known. */
  readonly fix: string | undefined;

  constructor(message: string, details: ErrorDetails = {}) {
    super(textOf(message, details), details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code ?? snake(this.name);
    this.fix = details.fix;
  }

  /** The class's name, in minified programs too. */
  override get name(): string {
    return names.get(this.constructor) ?? this.constructor.name;
  }
}

const names = new WeakMap<object, string>();

/**
 * Tells the names of error classes: minifiers change those that classes have by themselves, and codes are made of them.
 *
 * @example nameErrors({ OutOfPaperError });
 */
export function nameErrors(classes: Readonly<Record<string, abstract new (...args: never[]) => AthanorError>>): void {
  for (const [name, type] of Object.entries(classes)) names.set(type, name);
}

/** A function was called with arguments that cannot work. */
export class ArgumentError extends AthanorError {}

/** The call is not possible in the object's present state. */
export class InvalidRequestError extends AthanorError {}

/** An object was used after it was closed. */
export class ResourceClosedError extends InvalidRequestError {}

/** The synchronous API met an asynchronous driver. */
export class SynchronousAccessError extends InvalidRequestError {}

/** Waiting for a resource, usually a pooled connection, took too long. */
export class TimeoutError extends AthanorError {}

/** An operation was cancelled through an `AbortSignal`. */
export class CancelledError extends AthanorError {}

/** A pool hook or a ping found that the connection is gone; the pool then opens another. */
export class DisconnectionError extends AthanorError {
  /** Whether the whole pool is to be discarded, not this connection alone. */
  readonly invalidatePool: boolean;

  constructor(message: string, details: ErrorDetails & { readonly invalidatePool?: boolean } = {}) {
    super(message, details);
    this.invalidatePool = details.invalidatePool ?? false;
  }
}

/** A {@link DisconnectionError} after which every connection of the pool is replaced. */
export class InvalidatePoolError extends DisconnectionError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { ...details, invalidatePool: true });
  }
}

nameErrors({
  AthanorError,
  ArgumentError,
  InvalidRequestError,
  ResourceClosedError,
  SynchronousAccessError,
  TimeoutError,
  CancelledError,
  DisconnectionError,
  InvalidatePoolError,
});

function textOf(message: string, { fix, report }: ErrorDetails): string {
  const said = fix ? `${message}${/[.!?]$/.test(message) ? "" : "."} ${sentence(fix)}` : message;
  return report ? `${said}\n${report}` : said;
}

function sentence(text: string): string {
  // Code keeps its spelling.
  const capital = /^\w+[.(]/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

function snake(name: string): string {
  return name
    .replace(/Error$/, "")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase();
}
