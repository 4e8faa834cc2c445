/** bulkSaveObjects() and its companions: rows without a unit of work, in the session's transaction. */
import type { Step } from "@athanor/driver";
import { expandedRow } from "../../load/dml/target.ts";
import type { Mapper } from "../../mapping/mapper.ts";
import { type BulkInsertOptions, bulkInsertStep, bulkUpdateStep } from "../../persist/bulk.ts";
import type { InstanceState } from "../../state/instance-state.ts";
import type { SessionCore } from "../session-core.ts";
import { SessionTransaction } from "../transaction.ts";

type Row = Readonly<Record<string, unknown>>;

/** Options of `bulkSaveObjects()`. */
export interface BulkSaveOptions {
  /** Fetch primary keys and other values that the database makes; slower. Default false. */
  readonly returnDefaults?: boolean | undefined;
  /** Write only attributes that were changed. Default true. */
  readonly updateChangedOnly?: boolean | undefined;
  /** Keep the order of the objects; otherwise rows of one table are written together. Default true. */
  readonly preserveOrder?: boolean | undefined;
}

/** INSERTs objects without a row, UPDATEs the others. They do not become part of the session. */
export function* bulkSaveStep(
  session: SessionCore,
  states: readonly InstanceState[],
  options: BulkSaveOptions,
): Step<void> {
  const groups = groupsOf(session, states, options.preserveOrder ?? true);
  yield* inTransaction(session, function* () {
    for (const { mapper, isUpdate, states: group } of groups) {
      if (isUpdate) yield* bulkUpdateStep(session, mapper, group, { onlyChanged: options.updateChangedOnly ?? true });
      else {
        yield* bulkInsertStep(session, mapper, group, { returnDefaults: options.returnDefaults });
        if (options.returnDefaults === true) for (const state of group) mapper.setIdentity(state);
      }
    }
  });
}

/** INSERTs values by attribute key. */
export function* bulkInsertMappingsStep(
  session: SessionCore,
  mapper: Mapper,
  rows: readonly Row[],
  options: BulkInsertOptions,
): Step<void> {
  const expanded = rows.map((row) => expandedRow(mapper, row));
  yield* inTransaction(session, () => bulkInsertStep(session, mapper, expanded, options));
}

/** UPDATEs values by attribute key; the primary key finds the row. */
export function* bulkUpdateMappingsStep(session: SessionCore, mapper: Mapper, rows: readonly Row[]): Step<void> {
  const expanded = rows.map((row) => expandedRow(mapper, row));
  yield* inTransaction(session, () => bulkUpdateStep(session, mapper, expanded, {}));
}

interface Group {
  readonly mapper: Mapper;
  /** Where the rows go, if objects of one class may go to several databases. */
  readonly bind: object | null;
  readonly isUpdate: boolean;
  readonly states: InstanceState[];
}

function groupsOf(session: SessionCore, states: readonly InstanceState[], preserveOrder: boolean): Group[] {
  const groups: Group[] = [];
  for (const state of states) {
    const isUpdate = state.identityHash !== null;
    const bind = session.routesByState ? session.bindFor(state.mapper, state) : null;
    const fits = (group: Group): boolean =>
      group.mapper === state.mapper && group.isUpdate === isUpdate && group.bind === bind;
    const last = groups.at(-1);
    const group = preserveOrder ? (last !== undefined && fits(last) ? last : undefined) : groups.find(fits);
    if (group === undefined) groups.push({ mapper: state.mapper, bind, isUpdate, states: [state] });
    else group.states.push(state);
  }
  return groups;
}

function* inTransaction(session: SessionCore, work: () => Step<void>): Step<void> {
  const outer = session.autobegin();
  outer.check("bulk operation");
  const transaction = new SessionTransaction(session, "flush", outer);
  session.flushing = true;
  try {
    yield* work();
    yield* transaction.commitStep();
  } catch (error) {
    if (transaction.status !== "closed") yield* transaction.rollbackStep(error);
    throw error;
  } finally {
    session.flushing = false;
  }
}
