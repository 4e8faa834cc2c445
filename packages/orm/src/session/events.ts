/** Events of sessions: `listen(session, "beforeFlush", …)`, or on `Session` itself for all of them. */
import { EventDispatcher, type ListenerResult } from "@athanor/driver";
import type { OrmExecute } from "./orm-execute.ts";

/** The events; `session` is the front that the program holds. Where it says ListenerResult, promises and steps are waited for. */
export interface SessionEvents {
  /** Statements, and loads of attributes, before they are executed; the statement may be replaced. */
  doOrmExecute(execution: OrmExecute): ListenerResult;
  afterTransactionCreate(session: never, transaction: never): void;
  afterTransactionEnd(session: never, transaction: never): void;
  /** A connection joined the session's transaction. */
  afterBegin(session: never, transaction: never, connection: never): ListenerResult;
  beforeCommit(session: never): ListenerResult;
  afterCommit(session: never): ListenerResult;
  /** A transaction of the database was rolled back. */
  afterRollback(session: never): ListenerResult;
  /** Any transaction of the session, also one inside another, was rolled back. */
  afterSoftRollback(session: never, previous: never): ListenerResult;
  beforeFlush(session: never, context: never, objects: readonly object[] | null): ListenerResult;
  afterFlush(session: never, context: never): ListenerResult;
  afterFlushPostexec(session: never, context: never): ListenerResult;
  beforeAttach(session: never, instance: never): void;
  afterAttach(session: never, instance: never): void;
  afterBulkUpdate(context: never): void;
  afterBulkDelete(context: never): void;
  transientToPending(session: never, instance: never): void;
  pendingToTransient(session: never, instance: never): void;
  pendingToPersistent(session: never, instance: never): void;
  persistentToTransient(session: never, instance: never): void;
  persistentToDeleted(session: never, instance: never): void;
  deletedToPersistent(session: never, instance: never): void;
  deletedToDetached(session: never, instance: never): void;
  detachedToPersistent(session: never, instance: never): void;
  persistentToDetached(session: never, instance: never): void;
  loadedAsPersistent(session: never, instance: never): void;
}

export type SessionDispatcher = EventDispatcher<SessionEvents>;

const names: readonly (keyof SessionEvents)[] = [
  "doOrmExecute",
  "afterTransactionCreate",
  "afterTransactionEnd",
  "afterBegin",
  "beforeCommit",
  "afterCommit",
  "afterRollback",
  "afterSoftRollback",
  "beforeFlush",
  "afterFlush",
  "afterFlushPostexec",
  "beforeAttach",
  "afterAttach",
  "afterBulkUpdate",
  "afterBulkDelete",
  "transientToPending",
  "pendingToTransient",
  "pendingToPersistent",
  "persistentToTransient",
  "persistentToDeleted",
  "deletedToPersistent",
  "deletedToDetached",
  "detachedToPersistent",
  "persistentToDetached",
  "loadedAsPersistent",
];

/** Listens to all sessions. */
export const allSessions: SessionDispatcher = new EventDispatcher<SessionEvents>(names);
