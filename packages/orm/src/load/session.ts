/** What loading asks of a session. Implemented by ../session; the same steps run in synchronous and asynchronous fronts. */
import type { ClauseElement, CursorResult, Dialect, ExecutionOptionsInput } from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { SessionPort } from "../base/session-port.ts";
import type { IdentityMap } from "../identity/identity-map.ts";
import type { Mapper } from "../mapping/mapper.ts";
import type { InstanceState } from "../state/instance-state.ts";

/** Parameters as a program gives them. */
export type LoadParameters = Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[] | null;

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
  /** Begins the session's transaction on the connection that serves a mapper. */
  connectionStep(mapper: Mapper | null): Step<unknown>;
  /** The engine or connection that serves a mapper. */
  bindFor(mapper: Mapper | null): { readonly dialect: Dialect };
  /** Flushes, if autoflush is on and nothing forbids it. */
  autoflushStep(): Step<void>;
  /** Objects whose rows a bulk DELETE removed become deleted: out of the identity map, restored by rollback. */
  removeDeleted(states: readonly InstanceState[]): void;
}
