/** What `doOrmExecute` listeners get: a statement on its way, which they may change, or answer themselves. */
import type { ClauseElement, CursorResult, Executable, ExecutionOptionsInput, StatementOption } from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { LoadParameters } from "../load/session.ts";

/** How the execution goes on, given by the session. */
type Invoke = (
  statement: ClauseElement,
  params: LoadParameters | undefined,
  options: ExecutionOptionsInput,
) => Step<CursorResult>;

/** One execution in a session. */
export class OrmExecute {
  /** The session as the program holds it. */
  readonly session: object;
  /** Set it to execute another statement. */
  statement: ClauseElement;
  parameters: LoadParameters | undefined;
  executionOptions: ExecutionOptionsInput;
  /** A lazy load of a relationship. */
  readonly isRelationshipLoad: boolean;
  /** A load of expired or deferred columns. */
  readonly isColumnLoad: boolean;
  readonly #invoke: Invoke;

  constructor(
    session: object,
    statement: ClauseElement,
    parameters: LoadParameters | undefined,
    options: ExecutionOptionsInput,
    invoke: Invoke,
  ) {
    this.session = session;
    this.statement = statement;
    this.parameters = parameters;
    this.executionOptions = options;
    this.isRelationshipLoad = options["ormRelationshipLoad"] === true;
    this.isColumnLoad = options["ormColumnLoad"] === true;
    this.#invoke = invoke;
  }

  get isSelect(): boolean {
    return this.statement.kind === "select" || this.statement.kind === "compoundSelect";
  }
  get isInsert(): boolean {
    return this.statement.kind === "insert";
  }
  get isUpdate(): boolean {
    return this.statement.kind === "update";
  }
  get isDelete(): boolean {
    return this.statement.kind === "delete";
  }

  /** Options given with the statement by `options()`. */
  get userDefinedOptions(): readonly StatementOption[] {
    return (this.statement as Partial<Executable>).givenOptions ?? [];
  }

  updateExecutionOptions(options: ExecutionOptionsInput): void {
    this.executionOptions = { ...this.executionOptions, ...options };
  }

  /** Executes the statement now; return its result from the listener to put it in place of the session's own. */
  invokeStatement(
    options: {
      readonly statement?: ClauseElement;
      readonly params?: LoadParameters;
      readonly executionOptions?: ExecutionOptionsInput;
    } = {},
  ): Step<CursorResult> {
    return this.#invoke(options.statement ?? this.statement, options.params ?? this.parameters, {
      ...this.executionOptions,
      ...options.executionOptions,
    });
  }
}
