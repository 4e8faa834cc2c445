/** Many-to-many: a table between holds the keys of both sides. */
import {
  and,
  bindparam,
  type Column,
  type ColumnElement,
  delete_,
  insert,
  type Table,
  update,
  warn,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import { StaleDataError } from "../../base/errors.ts";
import { INCLUDE_PENDING, PASSIVE_NO_INITIALIZE, PASSIVE_OFF } from "../../base/symbols.ts";
import { cascadeStep } from "../../persist/cascade.ts";
import { executeManyStep } from "../../persist/execute.ts";
import { keysIntoRowStep, oldKeysIntoRow } from "../../persist/key-sync.ts";
import type { InstanceState } from "../../state/instance-state.ts";
import type { FlushWork } from "../work.ts";
import { type Around, type AroundState, RelationshipProcessor } from "./relationship-processor.ts";

type Row = Record<string, unknown>;
/** Pairs of objects whose row the other side of the relationship has written already. */
type Processed = Map<InstanceState, Set<InstanceState>>;

export class ManyToManyProcessor extends RelationshipProcessor {
  protected orderAround(work: FlushWork, a: Around): void {
    work.before(a.parentSaves, a.afterSave);
    work.before(a.childSaves, a.afterSave);
    work.before(a.afterSave, a.childDeletes);
    // A row that goes on under another object may take its deletion back: the save then comes after.
    work.before(a.beforeDelete, a.parentSaves);
    work.before(a.beforeDelete, a.parentDeletes);
    work.before(a.beforeDelete, a.childDeletes);
    work.before(a.beforeDelete, a.childSaves);
  }

  protected orderState(work: FlushWork, { isDelete, parent, process, child, childIsDelete }: AroundState): void {
    if (isDelete) {
      if (child !== null) work.before(process, child);
      work.before(process, parent);
      return;
    }
    work.before(parent, process);
    if (child === null) return;
    if (childIsDelete) work.before(process, child);
    else work.before(child, process);
  }

  *presortStep(work: FlushWork, states: readonly InstanceState[], isDelete: boolean): Step<void> {
    const { property } = this;
    if (isDelete) {
      if (property.passiveDeletes === false)
        for (const state of states) yield* this.history(work, state, this.deletePassive);
      return;
    }
    if (!property.passiveUpdates)
      for (const state of states) if (this.keysChanged(state)) yield* this.history(work, state, PASSIVE_OFF);
    if (!property.cascade.deleteOrphan) return;
    for (const state of states) {
      const now = this.historyNow(work, state, PASSIVE_NO_INITIALIZE);
      const changes = now === undefined ? yield* this.history(work, state, PASSIVE_NO_INITIALIZE) : now;
      for (const child of changes?.deleted ?? []) {
        if (child === null || this.hasParent(child)) continue;
        work.register(child, { isDelete: true, operation: "delete", property });
        for (const related of yield* cascadeStep("delete", child)) work.register(related, { isDelete: true });
      }
    }
  }

  *processStep(work: FlushWork, states: readonly InstanceState[], isDelete: boolean): Step<void> {
    if (!work.session.routesByState) return yield* this.#processAlike(work, states, isDelete);
    for (const token of new Set(states.map((state) => state.identityToken)))
      yield* this.#processAlike(
        work,
        states.filter((state) => state.identityToken === token),
        isDelete,
      );
  }

  /** The rows of objects that are in one database. */
  *#processAlike(work: FlushWork, states: readonly InstanceState[], isDelete: boolean): Step<void> {
    const inserts: Row[] = [];
    const updates: Row[] = [];
    const deletes: Row[] = [];
    const processed = this.#processed(work);
    const written: (readonly [InstanceState, InstanceState])[] = [];
    for (const state of states) {
      const keysChange = !isDelete && !this.property.passiveUpdates && this.keysChanged(state);
      const changes = yield* this.history(
        work,
        state,
        isDelete ? this.deletePassive : (keysChange ? PASSIVE_OFF : PASSIVE_NO_INITIALIZE) | INCLUDE_PENDING,
      );
      if (changes === null) continue;
      const removed = isDelete ? [...changes.unchanged, ...changes.deleted] : changes.deleted;
      if (!isDelete)
        for (const child of changes.added) yield* this.#add(work, state, child, processed, inserts, "add", written);
      for (const child of removed) yield* this.#add(work, state, child, processed, deletes, "delete", written);
      if (keysChange) {
        for (const child of changes.unchanged) {
          if (child === null) continue;
          const row: Row = {};
          oldKeysIntoRow(state, this.parent, row, this.property.synchronizePairs);
          oldKeysIntoRow(child, this.mapper, row, this.property.secondarySynchronizePairs);
          if (yield* this.#keys(state, child, row)) updates.push(row);
        }
      }
    }
    if (processed !== null) for (const [state, child] of written) note(processed, child, state);
    yield* this.#write(work, states[0], deletes, updates, inserts);
  }

  *#add(
    work: FlushWork,
    state: InstanceState,
    child: InstanceState | null,
    processed: Processed | null,
    rows: Row[],
    operation: string,
    written: (readonly [InstanceState, InstanceState])[],
  ): Step<void> {
    if (child === null) return;
    written.push([state, child]);
    if (processed?.get(state)?.has(child)) return;
    if (!work.session.containsState(child)) {
      if (!child.deleted)
        warn(
          `Object of type <${child.mapper.class.name}> not in session, ${operation} operation along '${this.property}' won't proceed`,
        );
      return;
    }
    this.checkClass(child);
    const row: Row = {};
    if (yield* this.#keys(state, child, row)) rows.push(row);
  }

  *#keys(state: InstanceState, child: InstanceState, row: Row): Step<boolean> {
    yield* keysIntoRowStep(state, this.parent, row, this.property.synchronizePairs);
    yield* keysIntoRowStep(child, this.mapper, row, this.property.secondarySynchronizePairs);
    return true;
  }

  /** What both sides of a two-way relationship share, so that a row is written once. */
  #processed(work: FlushWork): Processed | null {
    const { property } = this;
    if (property.reverse.size === 0) return null;
    const names = [property, ...property.reverse].map(String).sort();
    return work.memo(`reverse ${names.join(" ")}`, () => new Map() as Processed);
  }

  *#write(
    work: FlushWork,
    state: InstanceState | undefined,
    deletes: readonly Row[],
    updates: readonly Row[],
    inserts: readonly Row[],
  ): Step<void> {
    const secondary = this.property.secondary as Table;
    if (deletes.length === 0 && updates.length === 0 && inserts.length === 0) return;
    const connection = yield* work.session.connectionStep(this.mapper, state);
    const { capabilities } = connection.dialect;
    const check = (verb: string, matched: number, rows: readonly Row[]): void => {
      const known = rows.length === 1 ? capabilities.saneRowCount : capabilities.saneMultiRowCount;
      if (!known || matched === -1 || matched === rows.length) return;
      throw new StaleDataError(
        `${verb} statement on table '${secondary.description}' expected to ${verb.toLowerCase()} ${rows.length} row(s); Only ${matched} were matched.`,
      );
    };
    if (deletes.length > 0) {
      const columns = columnsOf(secondary, deletes[0] as Row);
      const statement = delete_(secondary).where(and(...columns.map((column) => equal(column, column.key as string))));
      check("DELETE", (yield* executeManyStep(connection, statement, deletes)).rowcount, deletes);
    }
    if (updates.length > 0) {
      const columns = columnsOf(secondary, updates[0] as Row);
      const statement = update(secondary).where(and(...columns.map((column) => equal(column, `old_${column.key}`))));
      check("UPDATE", (yield* executeManyStep(connection, statement, updates)).rowcount, updates);
    }
    if (inserts.length > 0) yield* executeManyStep(connection, insert(secondary), inserts);
  }
}

function equal(column: Column, name: string): ColumnElement<boolean> {
  return (column as ColumnElement).eq(bindparam(name, { type: column.type }) as never) as ColumnElement<boolean>;
}

function columnsOf(table: Table, row: Row): Column[] {
  return [...(table.c as Iterable<Column>)].filter((column) => (column.key as string) in row);
}

function note(processed: Processed, first: InstanceState, second: InstanceState): void {
  const known = processed.get(first);
  if (known === undefined) processed.set(first, new Set([second]));
  else known.add(second);
}
