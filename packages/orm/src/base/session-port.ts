/** What an instance asks of the session it is in. Implemented by ../session; instances know no more of it than this. */
import type { Step } from "@athanor/driver";
import type { OrmClasses } from "./classes.ts";

type InstanceState = OrmClasses["state"];

/** What touched an attribute that has to be loaded; named in the error of sessions that never load implicitly. */
export interface ImplicitAccess {
  readonly state: InstanceState;
  readonly key: string;
}

/** The session, as its instances see it. */
export interface SessionPort {
  /** The session as the program holds it. */
  readonly front: object;
  /** False in asynchronous sessions: touching an unloaded attribute throws `MissingAwait`. */
  readonly loadsImplicitly: boolean;
  /** Runs a load that touching an attribute asked for, or throws `MissingAwait`. */
  runImplicit<T>(step: () => Step<T>, access: ImplicitAccess): T;
  /** Runs a load that `object.awaitable` asked for. */
  awaitStep<T>(step: () => Step<T>, access: ImplicitAccess): Promise<T>;
  /** Notes that a state has changes; called on the first change after a flush or a load. */
  registerModified(state: InstanceState): void;
  /** Whether the state is in this session (pending or persistent). */
  containsState(state: InstanceState): boolean;
  /** Whether the state is pending: added and not flushed yet. */
  isPending(state: InstanceState): boolean;
  /** The save-update cascade: brings a related object, and what it refers to, into the session. */
  saveOrUpdate(state: InstanceState): void;
  /** Takes a pending orphan out of the session. */
  expungePending(state: InstanceState): void;
  /** Whether the session is flushing just now; changes made to relationships meanwhile are warned about. */
  readonly flushing: boolean;
}
