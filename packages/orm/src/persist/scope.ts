/** What writing rows asks of the flush and of the session. Implemented by ../flush/unit-of-work.ts and ../session. */
import type { Column, ConnectionCore } from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { OrmClasses } from "../base/classes.ts";
import type { SessionPort } from "../base/session-port.ts";
import type { IdentityMap } from "../identity/identity-map.ts";
import type { InstanceState } from "../state/instance-state.ts";

type Mapper = OrmClasses["mapper"];

/** The session, as a flush sees it. */
export interface FlushSession extends SessionPort {
  readonly identityMap: IdentityMap;
  /** The connection for a mapper's rows, in the session's transaction. */
  connectionStep(mapper: Mapper, state?: InstanceState): Step<ConnectionCore>;
  /** Objects of one mapper may belong to different databases. */
  readonly routesByState: boolean;
  /** The states with changes that were noted by `registerModified`. */
  readonly modified: ReadonlySet<InstanceState>;
}

/** One flush, as the writers of rows see it. */
export interface FlushScope {
  readonly session: FlushSession;
  /** Whether the state is to be deleted in this flush. */
  isDeleted(state: InstanceState): boolean;
  /** Whether the state's DELETE was flushed earlier. */
  wasAlreadyDeleted(state: InstanceState): boolean;
  /** The state's row goes on under another object: no DELETE for it. */
  dropActions(state: InstanceState): void;
  /** Notes that the database carries a changed key on to this column by itself. */
  noteCascaded(state: InstanceState, column: Column): void;
  isCascaded(state: InstanceState, column: Column): boolean;
}
