/** What `doOrmExecute` listeners get: a statement on its way, which they may change, or answer themselves. */
import type { ClauseElement, CursorResult, Executable, ExecutionOptionsInput, StatementOption } from "@athanor/core";
import type { Step } from "@athanor/driver";
import { InstanceInspection } from "../declarative/inspect.ts";
import type { LoadParameters, LoadPurpose } from "../load/session.ts";
import type { Mapper } from "../mapping/mapper.ts";
import { attributeEntity, entityOfNode } from "../query/marks.ts";

interface StatementParts {
  readonly rawColumns: readonly unknown[];
  readonly fromClauses: readonly unknown[];
  readonly target: unknown;
}

/** How the execution goes on, given by the session. */
type Invoke = (
  statement: ClauseElement,
  params: LoadParameters | undefined,
  options: ExecutionOptionsInput,
) => Step<CursorResult>;

/** One execution in a session. */
export class OrmExecute<out S extends object = object> {
  /** The session as the program holds it. */
  readonly session: S;
  /**
   * Set it to execute another statement: `execution.statement = execution.statement.options(…)`. Text has no `options()`:
   * look at {@link isSelect} before.
   */
  statement: Executable;
  /** The parameters, or the list of parameter sets. */
  parameters: LoadParameters | undefined;
  /** Options of the session, the statement and the execution together. */
  executionOptions: ExecutionOptionsInput;
  /** A lazy load of a relationship. */
  readonly isRelationshipLoad: boolean;
  /** A load of expired or deferred columns. */
  readonly isColumnLoad: boolean;
  /** The state of the object whose relationship is loaded lazily; null for all other executions. */
  readonly lazyLoadedFrom: InstanceInspection | null;
  /** The relationship that is loaded, `"User.addresses"`; null for statements that are not a loader's. */
  readonly loaderStrategyPath: string | null;
  readonly #invoke: Invoke;

  constructor(
    session: S,
    statement: ClauseElement,
    parameters: LoadParameters | undefined,
    options: ExecutionOptionsInput,
    invoke: Invoke,
    purpose: LoadPurpose | null = null,
  ) {
    this.session = session;
    this.statement = statement as Executable;
    this.parameters = parameters;
    this.executionOptions = options;
    this.isRelationshipLoad = purpose?.kind === "relationship";
    this.isColumnLoad = purpose?.kind === "column";
    const from = purpose?.kind === "relationship" ? purpose.state : undefined;
    this.lazyLoadedFrom = from === undefined ? null : new InstanceInspection(from);
    this.loaderStrategyPath = purpose?.property === undefined ? null : String(purpose.property);
    this.#invoke = invoke;
  }

  /** It is a SELECT, or a set operation. */
  get isSelect(): boolean {
    return this.statement.kind === "select" || this.statement.kind === "compoundSelect";
  }
  /** It is an INSERT. */
  get isInsert(): boolean {
    return this.statement.kind === "insert";
  }
  /** It is an UPDATE. */
  get isUpdate(): boolean {
    return this.statement.kind === "update";
  }
  /** It is a DELETE. */
  get isDelete(): boolean {
    return this.statement.kind === "delete";
  }

  /** The statement is `select(…).fromStatement(…)`. */
  get isFromStatement(): boolean {
    return this.statement.kind === "fromStatement";
  }
  /** It speaks of mapped classes. */
  get isOrmStatement(): boolean {
    return this.allMappers.length > 0;
  }
  /** A list of parameter sets was given. */
  get isExecutemany(): boolean {
    return Array.isArray(this.parameters);
  }
  /** The mappers that the statement speaks of at its top: its columns and FROM, or what it writes to. */
  get allMappers(): readonly Mapper[] {
    const { rawColumns = [], fromClauses = [], target = null } = this.statement as Partial<StatementParts>;
    const found = [...rawColumns, ...fromClauses, target].flatMap(
      (node) => (entityOfNode(node) ?? attributeEntity(node))?.mapper ?? [],
    );
    return [...new Set(found)];
  }
  /** The first of {@link allMappers}: its engine executes. */
  get bindMapper(): Mapper | null {
    return this.allMappers[0] ?? null;
  }

  /** Options given with the statement by `options()`. */
  get userDefinedOptions(): readonly StatementOption[] {
    return (this.statement as Partial<Executable>).givenOptions ?? [];
  }

  /** Adds options. */
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
