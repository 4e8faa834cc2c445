/** What loading asks of a session. Implemented by ../session; the same steps run in synchronous and asynchronous fronts. */
import type { ClauseElement, CursorResult, Dialect, ExecutionOptionsInput, Result } from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { SessionPort } from "../base/session-port.ts";
import type { IdentityMap } from "../identity/identity-map.ts";
import type { Mapper } from "../mapping/mapper.ts";
import type { RelationshipProperty } from "../relationship/relationship.ts";
import type { InstanceState } from "../state/instance-state.ts";

/** Parameters as a program gives them. */
export type LoadParameters = Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[] | null;

/** Why a loader executes a statement, for those who listen to executions. */
export interface LoadPurpose {
  /** A lazy or a second statement of a relationship; columns of one object (expired, deferred, refreshed); an object by key. */
  readonly kind: "relationship" | "column" | "entity";
  /** The object whose attribute is loaded. */
  readonly state?: InstanceState;
  /** The relationship that is loaded. */
  readonly property?: RelationshipProperty;
}

/** A loader's statement after listeners have seen it; `result` where one of them answered it. */
export interface HeardLoad {
  readonly statement: ClauseElement;
  readonly params: LoadParameters | undefined;
  readonly options: ExecutionOptionsInput | undefined;
  readonly result: Result | null;
}

/** Where the rows of one class may be in several databases. */
export interface LoadRouting {
  /** The token of the database of the execution that is under way; null: none was chosen. */
  readonly identityToken: unknown;
  /** What a loader's statement gives in each database where it goes. */
  loadStep<T>(
    statement: ClauseElement,
    params: LoadParameters | undefined,
    options: ExecutionOptionsInput | undefined,
    purpose: LoadPurpose | undefined,
    step: () => Step<T>,
  ): Step<readonly T[]>;
  /** The state of an identity, where the session has it; `from` is the object whose relationship asks. */
  lookUp(mapper: Mapper, values: readonly unknown[], from: InstanceState | null): InstanceState | undefined;
}

/** The session, as loaders and ORM statements see it. */
export interface LoadingSession extends SessionPort {
  readonly identityMap: IdentityMap;
  /** Executes a statement on the connection that serves a mapper, beginning a transaction where there is none. */
  executeCoreStep(
    statement: ClauseElement,
    params: LoadParameters | undefined,
    options: ExecutionOptionsInput | undefined,
    mapper: Mapper | null,
  ): Step<CursorResult>;
  /** Where the rows of one class may be in several databases: which one it is. Null for most sessions. */
  readonly routing: LoadRouting | null;
  /** Under which token the objects of the present execution are known: its database's, or one of the program's; else null. */
  readonly identityToken: unknown;
  /** Runs a step whose objects are known under a token, in the token's database where there are several. */
  withTokenStep<T>(token: unknown, step: () => Step<T>): Step<T>;
  /** Begins the session's transaction on the connection that serves a mapper. */
  connectionStep(mapper: Mapper | null): Step<unknown>;
  /** The engine or connection that serves a mapper. */
  bindFor(mapper: Mapper | null): { readonly dialect: Dialect };
  /** Flushes, if autoflush is on and nothing forbids it. */
  autoflushStep(): Step<void>;
  /** Someone listens to executions: {@link hearLoadStep} is called before a loader executes. */
  readonly loadsAreHeard: boolean;
  hearLoadStep(
    statement: ClauseElement,
    params: LoadParameters | undefined,
    options: ExecutionOptionsInput | undefined,
    purpose: LoadPurpose,
  ): Step<HeardLoad>;
  /** Someone listens to objects that are loaded: {@link tellLoaded} is called for each. */
  readonly loadedIsHeard: boolean;
  tellLoaded(state: InstanceState): void;
  /** Objects whose rows a bulk DELETE removed become deleted: out of the identity map, restored by rollback. */
  removeDeleted(states: readonly InstanceState[]): void;
}
