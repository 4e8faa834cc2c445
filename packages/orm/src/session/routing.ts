/**
 * Sessions whose classes have rows in several databases: where executions go, and under which identity token their objects are
 * known. A router decides, see ../ext/horizontal-shard.ts.
 */
import {
  type ClauseElement,
  type ExecutionOptionsInput,
  InvalidRequestError,
  mergeOptions,
  type Result,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { OrmClasses } from "../base/classes.ts";
import type { LoadParameters, LoadPurpose, LoadRouting } from "../load/session.ts";
import type { Bind } from "./bind.ts";
import { invokeIn } from "./hear.ts";
import { OrmExecute } from "./orm-execute.ts";

type SessionCore = OrmClasses["session"];
type Mapper = OrmClasses["mapper"];
type InstanceState = OrmClasses["state"];

/** Decides between databases; a token stands for one. */
export interface SessionRouter {
  /** The database for a mapper, an object or a statement; `token` where it was chosen already. */
  bindFor(mapper: Mapper | null, state: InstanceState | null, clause: ClauseElement | null, token: unknown): Bind;
  /** Where an execution goes. */
  tokensFor(execution: OrmExecute): readonly unknown[];
  /** Where an object with this primary key may be; `from` is the object whose relationship asks. */
  tokensOfKey(mapper: Mapper, values: readonly unknown[], from: InstanceState | null): readonly unknown[];
}

/** The routing of one session: the database of the execution that is under way, and how others are chosen. */
export class Routing implements LoadRouting {
  readonly #session: SessionCore;
  readonly #router: SessionRouter;

  constructor(session: SessionCore, router: SessionRouter) {
    this.#session = session;
    this.#router = router;
  }

  get identityToken(): unknown {
    return this.#session.identityToken;
  }

  bindFor(mapper: Mapper | null, state: InstanceState | null, clause: ClauseElement | null): Bind {
    return this.#router.bindFor(mapper, state, clause, this.identityToken);
  }

  lookUp(mapper: Mapper, values: readonly unknown[], from: InstanceState | null): InstanceState | undefined {
    const { identityMap, identityToken } = this.#session;
    const hash = mapper.identityHashOf(values);
    const tokens = identityToken === null ? this.#router.tokensOfKey(mapper, values, from) : [identityToken];
    for (const token of tokens) {
      const found = identityMap.get(mapper, hash, token);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  *loadStep<T>(
    statement: ClauseElement,
    params: LoadParameters | undefined,
    options: ExecutionOptionsInput | undefined,
    purpose: LoadPurpose | undefined,
    step: () => Step<T>,
  ): Step<readonly T[]> {
    // Columns of an object come from where the object is.
    const own = purpose?.kind === "column" ? (purpose.state?.identityToken ?? null) : null;
    if (own !== null) return [yield* this.#session.withTokenStep(own, step)];
    const session = this.#session;
    const merged = mergeOptions(session.executionOptions, options);
    const execution = new OrmExecute(session.front, statement, params, merged, invokeIn(session), purpose ?? null);
    return yield* this.#eachStep(execution, step);
  }

  /** Executes a statement of the program in each database where it goes; the result has the rows of all. */
  *executeStep(execution: OrmExecute, step: () => Step<Result>): Step<Result> {
    // What is pending is written before a database is chosen: it may belong to others.
    if (execution.executionOptions["autoflush"] !== false) yield* this.#session.autoflushStep();
    const [first, ...others] = yield* this.#eachStep(execution, step);
    return others.length === 0 ? (first as Result) : (first as Result).merge(...others);
  }

  *#eachStep<T>(execution: OrmExecute, step: () => Step<T>): Step<readonly T[]> {
    const tokens = this.#router.tokensFor(execution);
    if (tokens.length === 0)
      throw new InvalidRequestError("no database was chosen for the statement", {
        code: "no_shard",
        fix: "executeChooser must give at least one shard",
      });
    const parts: T[] = [];
    for (const token of tokens) parts.push(yield* this.#session.withTokenStep(token, step));
    return parts;
  }
}
