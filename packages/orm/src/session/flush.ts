/** A flush: what is to be written is registered, the unit of work writes it, and objects learn that they have rows. */
import { InvalidRequestError, warn } from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { OrmClasses } from "../base/classes.ts";
import { UnitOfWork } from "../flush/unit-of-work.ts";
import { isOrphan } from "../persist/relation-values.ts";
import { commitAll } from "../state/changes.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { SessionTransaction } from "./transaction.ts";

type SessionCore = OrmClasses["session"];

/** Writes all changes, or those of the given objects only. */
export function* flushStep(
  session: SessionCore,
  objects: readonly InstanceState[] | null,
  warnSuffix: string,
): Step<void> {
  if (session.flushing) throw new InvalidRequestError("Session is already flushing");
  if (!session.needsFlush) {
    session.modified.clear();
    return;
  }
  session.flushing = true;
  try {
    yield* flushChangesStep(session, objects, warnSuffix);
  } finally {
    session.flushing = false;
  }
}

function* flushChangesStep(
  session: SessionCore,
  objects: readonly InstanceState[] | null,
  warnSuffix: string,
): Step<void> {
  const work = new UnitOfWork(session, warnSuffix);
  const beforeFlush = session.events.of("beforeFlush");
  if (!beforeFlush.empty)
    yield* beforeFlush.run(session.front as never, work as never, objects?.map((state) => state.obj) ?? null);
  register(session, work, objects === null ? null : new Set(objects));
  if (!work.hasWork) return;
  const outer = session.autobegin();
  outer.check("flush");
  const transaction = new SessionTransaction(session, "flush", outer);
  try {
    yield* work.runStep();
    const afterFlush = session.events.of("afterFlush");
    if (!afterFlush.empty) yield* afterFlush.run(session.front as never, work as never);
    const { saved, deleted } = work.outcome();
    session.registerDeleted(deleted);
    session.registerPersistent(saved);
    if (objects === null) forgetLateChanges(session);
    const afterwards = session.events.of("afterFlushPostexec");
    if (!afterwards.empty) yield* afterwards.run(session.front as never, work as never);
    yield* transaction.commitStep();
  } catch (error) {
    if (transaction.status !== "closed") yield* transaction.rollbackStep(error);
    throw error;
  }
}

function register(session: SessionCore, work: UnitOfWork, only: ReadonlySet<InstanceState> | null): void {
  const deleted = [...session.deletedStates];
  const dirty = session.dirtyStates();
  for (const states of [[...session.newStates], dirty]) {
    for (const state of states) {
      if ((only === null || only.has(state)) && !session.deletedStates.has(state)) registerSaved(session, work, state);
    }
  }
  for (const state of deleted)
    if (!work.has(state) && (only === null || only.has(state))) work.register(state, deletion);
}

const deletion = Object.freeze({ isDelete: true });

function registerSaved(session: SessionCore, work: UnitOfWork, state: InstanceState): void {
  if (!isOrphan(state)) work.register(state);
  else if (state.identityHash !== null) work.register(state, deletion);
  else if (state.orphanedOutside) session.expungeStates([state]);
  else work.register(state);
}

/** Changes that listeners made to objects which were not part of the flush are not seen by it. */
function forgetLateChanges(session: SessionCore): void {
  const late = session.dirtyStates();
  if (late.length === 0) {
    session.modified.clear();
    return;
  }
  for (const state of late) commitAll(state);
  session.modified.clear();
  warn(
    `Attribute history events accumulated on ${late.length} previously clean instances within inner-flush event handlers have been reset, and will not result in database updates. Consider using set_committed_value() within inner-flush event handlers to avoid this warning.`,
  );
}
