/** Events of sessions: `listen(session, "beforeFlush", …)`, or on `Session` itself for all of them. */
import { EventDispatcher, type ListenerResult } from "@athanor/driver";
import type { Mapper } from "../mapping/mapper.ts";
import type { OrmExecute } from "./orm-execute.ts";

/** What listeners of the legacy query's bulk statements are told. */
export interface BulkContext {
  /** The session as the program holds it. */
  readonly session: object;
  /** The query whose `update()` or `delete()` was called. */
  readonly query: object;
  /** The result of the statement. */
  readonly result: object;
  /** The mapper of the class that was changed. */
  readonly mapper: Mapper;
  /** What `update()` was given; null for `delete()`. */
  readonly values: Readonly<Record<string, unknown>> | null;
  /** How many rows were changed. */
  readonly rowcount: number;
}

/**
 * The events of sessions `S`, with transactions `T` and connections `C` as the program holds them. Where it says
 * ListenerResult, promises and steps are waited for. The objects may be of any mapped class.
 */
export interface SessionEvents<S extends object = never, T extends object = never, C extends object = never> {
  /** Statements, and loads of attributes, before they are executed; the statement may be replaced. */
  doOrmExecute(execution: OrmExecute<S>): ListenerResult;
  /** A transaction of the session began, also one inside another. */
  afterTransactionCreate(session: S, transaction: T): void;
  /** A transaction of the session ended, however it did. */
  afterTransactionEnd(session: S, transaction: T): void;
  /** A connection joined the session's transaction. */
  afterBegin(session: S, transaction: T, connection: C): ListenerResult;
  /** Before a commit flushes. */
  beforeCommit(session: S): ListenerResult;
  /** The transaction was committed; no SQL can be emitted. */
  afterCommit(session: S): ListenerResult;
  /** A transaction of the database was rolled back. */
  afterRollback(session: S): ListenerResult;
  /** Any transaction of the session, also one inside another, was rolled back. */
  afterSoftRollback(session: S, previous: T): ListenerResult;
  /** Before a flush; objects may be added and changed. `objects`: what `flush()` was given. */
  beforeFlush(session: S, context: object, objects: readonly object[] | null): ListenerResult;
  /** After the SQL of a flush; `session.new`, `dirty` and `deleted` still show what was flushed. */
  afterFlush(session: S, context: object): ListenerResult;
  /** After a flush, the objects in their new states. */
  afterFlushPostexec(session: S, context: object): ListenerResult;
  /** An object is about to become part of the session. */
  beforeAttach(session: S, instance: object): void;
  /** An object became part of the session. */
  afterAttach(session: S, instance: object): void;
  /** `query.update()` of the legacy query was executed. */
  afterBulkUpdate(context: BulkContext): void;
  /** `query.delete()` of the legacy query was executed. */
  afterBulkDelete(context: BulkContext): void;
  /** An object without a row was added. */
  transientToPending(session: S, instance: object): void;
  /** An added object left the session without having been flushed. */
  pendingToTransient(session: S, instance: object): void;
  /** An object was inserted. */
  pendingToPersistent(session: S, instance: object): void;
  /** The insertion of an object was rolled back. */
  persistentToTransient(session: S, instance: object): void;
  /** An object was deleted by a flush. */
  persistentToDeleted(session: S, instance: object): void;
  /** The deletion of an object was rolled back. */
  deletedToPersistent(session: S, instance: object): void;
  /** The deletion of an object was committed. */
  deletedToDetached(session: S, instance: object): void;
  /** An object with a row was added. */
  detachedToPersistent(session: S, instance: object): void;
  /** An object with a row left the session. */
  persistentToDetached(session: S, instance: object): void;
  /** An object was loaded, and was not part of the session before. */
  loadedAsPersistent(session: S, instance: object): void;
}

/** Dispatcher of {@link SessionEvents}. */
export type SessionDispatcher<
  S extends object = never,
  T extends object = never,
  C extends object = never,
> = EventDispatcher<SessionEvents<S, T, C>>;

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
