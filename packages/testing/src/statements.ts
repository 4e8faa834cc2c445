/** What an engine sends, for tests that say how many statements something takes, or which. */
import type { AsyncEngine } from "@athanor/async";
import { type CursorExecution, type Engine, listen, removeListener } from "@athanor/core";

/** One statement that was sent. */
export interface RecordedStatement {
  /** The text. */
  readonly sql: string;
  /** What the driver got: one set of parameters, or a list of sets with `executemany`. */
  readonly parameters: unknown;
  readonly executemany: boolean;
}

/** The statements that were sent since a recording began. `using` ends it. */
export class StatementRecording implements Disposable, Iterable<RecordedStatement> {
  readonly #engine: Engine;
  #statements: RecordedStatement[] = [];
  readonly #note = (_: unknown, { statement, parameters, executemany }: CursorExecution): void => {
    this.#statements.push({ sql: statement, parameters, executemany });
  };

  constructor(engine: Engine | AsyncEngine) {
    // The events are the same but for the connection, which is not looked at.
    this.#engine = engine as Engine;
    listen(this.#engine, "beforeCursorExecute", this.#note);
  }

  /** How many there were. */
  get count(): number {
    return this.#statements.length;
  }

  /** Their texts. */
  get sql(): readonly string[] {
    return this.#statements.map(({ sql }) => sql);
  }

  /** Forgets what there was until now. */
  clear(): void {
    this.#statements = [];
  }

  /** Ends the recording; what was recorded stays. */
  stop(): void {
    removeListener(this.#engine, "beforeCursorExecute", this.#note);
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  [Symbol.iterator](): Iterator<RecordedStatement> {
    return this.#statements[Symbol.iterator]();
  }

  /** @throws StatementCountError when it was another number of statements. */
  expectCount(count: number): void {
    if (this.count !== count) throw new StatementCountError(count, this);
  }

  /** A line for each statement, its parameters behind it: for snapshots. */
  toString(): string {
    return this.#statements.map(({ sql, parameters }) => `${sql} ${valuesText(parameters)}`.trimEnd()).join("\n");
  }
}

/** Another number of statements was sent than a test says; the message has all of them. */
export class StatementCountError extends Error {
  override readonly name: string = "StatementCountError";
  /** How many were to be sent. */
  readonly expected: number;
  /** How many were. */
  readonly actual: number;

  constructor(expected: number, statements: StatementRecording) {
    const noun = expected === 1 ? "statement" : "statements";
    super(
      `expected ${expected} ${noun}, ${statements.count} were sent${statements.count > 0 ? `:\n${statements}` : ""}`,
    );
    this.expected = expected;
    this.actual = statements.count;
  }
}

/**
 * Records what an engine sends from now on.
 *
 * @example using sent = recordStatements(engine); session.scalars(select(User)).all(); sent.expectCount(1);
 */
export function recordStatements(engine: Engine | AsyncEngine): StatementRecording {
  return new StatementRecording(engine);
}

/**
 * Runs a callback and gives what it gives, after it has sent so many statements; for a promise, once that is fulfilled.
 *
 * @throws StatementCountError (a rejection, for a promise) when it was another number.
 * @example const users = expectStatementCount(engine, 2, () => loadUsersWithAddresses(session));
 */
export function expectStatementCount<T>(engine: Engine | AsyncEngine, count: number, work: () => T): T {
  const recording = recordStatements(engine);
  const end = (): void => {
    recording.stop();
    recording.expectCount(count);
  };
  let given: T;
  try {
    given = work();
  } catch (error) {
    recording.stop();
    throw error;
  }
  if (!isPromise(given)) {
    end();
    return given;
  }
  return given.then(
    (value) => {
      end();
      return value;
    },
    (error) => {
      recording.stop();
      throw error;
    },
  ) as T;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as PromiseLike<unknown>).then === "function";
}

function valuesText(parameters: unknown): string {
  const isEmpty =
    parameters === null ||
    parameters === undefined ||
    (typeof parameters === "object" && !Object.keys(parameters).length);
  if (isEmpty) return "";
  return JSON.stringify(parameters, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
}
