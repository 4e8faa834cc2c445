/** Writes the rows of new and changed objects of one hierarchy. Next: ./insert.ts, ./update.ts, ./delete.ts. */
import { type ConnectionCore, warn } from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { OrmClasses } from "../base/classes.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { insertRecords, isSql } from "./collect-insert.ts";
import { updateRecordsStep } from "./collect-update.ts";
import { finalizeStep } from "./finalize.ts";
import { insertRowsStep } from "./insert.ts";
import { committedValue, loadExpiredStep } from "./key-sync.ts";
import { inWritingOrder } from "./order-states.ts";
import type { Writing } from "./records.ts";
import type { FlushScope } from "./scope.ts";
import { updateRowsStep } from "./update.ts";
import { tablesOf } from "./write-plan.ts";

type Mapper = OrmClasses["mapper"];

/** INSERTs and UPDATEs for the given objects of a hierarchy: table by table, in as few statements as they fit in. */
export function* saveRowsStep(base: Mapper, states: readonly InstanceState[], scope: FlushScope): Step<void> {
  const ordered = inWritingOrder(states);
  if (base.options.batch === false) for (const state of ordered) yield* saveBatchStep(base, [state], scope);
  else yield* saveBatchStep(base, ordered, scope);
}

function* saveBatchStep(base: Mapper, states: readonly InstanceState[], scope: FlushScope): Step<void> {
  const inserts: Writing[] = [];
  const updates: Writing[] = [];
  let last: Mapper | null = null;
  let connection: ConnectionCore = null as never;
  let before: ReturnType<typeof listenersOf> = null as never;
  const { routesByState } = scope.session;
  for (let index = 0; index < states.length; index++) {
    const state = states[index] as InstanceState;
    const { mapper } = state;
    if (mapper !== last || routesByState) {
      connection = yield* scope.session.connectionStep(mapper, state);
      before = listenersOf(mapper);
      last = mapper;
    }
    if (!routesByState && before.update.empty && before.insert.empty && mapper.versionIdProperty === null) {
      index = collectAlike(states, index, connection, scope, inserts, updates) - 1;
      continue;
    }
    checkDiscriminator(state, acceptableIdentities(mapper));
    const hadRow = state.identityHash !== null;
    const listeners = hadRow ? before.update : before.insert;
    if (!listeners.empty) yield* listeners.run(mapper, connection.front as never, state.obj as never);
    const replaced = hadRow ? null : findReplaced(state, scope);
    const isUpdate = hadRow || replaced !== null;
    if (hadRow && state.expiredKeys !== null && mapper.versionIdProperty !== null)
      yield* loadExpiredStep(state, [mapper.versionIdProperty.key]);
    const version =
      isUpdate && mapper.versionIdProperty !== null
        ? committedValue(replaced ?? state, mapper.versionIdProperty.key)
        : undefined;
    (isUpdate ? updates : inserts).push({ state, connection, isUpdate: hadRow, version });
  }
  for (const [table, mapper] of tablesOf(base)) {
    if (updates.length > 0)
      yield* updateRowsStep(base, mapper, table, yield* updateRecordsStep(table, updates, scope), scope);
    if (inserts.length > 0) yield* insertRowsStep(base, mapper, table, insertRecords(table, inserts), scope);
  }
  yield* finalizeStep(base, updates, scope);
  yield* finalizeStep(base, inserts, scope);
}

/** Collects the objects from `start` on that are of the same mapper: nobody listens, none has a version. Gives where they end. */
function collectAlike(
  states: readonly InstanceState[],
  start: number,
  connection: ConnectionCore,
  scope: FlushScope,
  inserts: Writing[],
  updates: Writing[],
): number {
  const { mapper } = states[start] as InstanceState;
  const identities = acceptableIdentities(mapper);
  let index = start;
  for (; index < states.length; index++) {
    const state = states[index] as InstanceState;
    if (state.mapper !== mapper) break;
    if (identities !== null) checkDiscriminator(state, identities);
    const isUpdate = state.identityHash !== null;
    const into = isUpdate || findReplaced(state, scope) !== null ? updates : inserts;
    into.push({ state, connection, isUpdate, version: undefined });
  }
  return index;
}

const acceptable = new WeakMap<Mapper, { readonly below: number; readonly identities: ReadonlySet<unknown> }>();

/** The discriminators under which the objects of a class are found again; null without a discriminator. */
function acceptableIdentities(mapper: Mapper): ReadonlySet<unknown> | null {
  if (mapper.polymorphicKey === null) return null;
  const same = mapper.selfAndDescendants.filter((each) => each.persistSelectable === mapper.persistSelectable);
  let known = acceptable.get(mapper);
  if (known === undefined || known.below !== same.length) {
    known = { below: same.length, identities: new Set(same.map((each) => each.polymorphicIdentity)) };
    acceptable.set(mapper, known);
  }
  return known.identities;
}

function checkDiscriminator(state: InstanceState, identities: ReadonlySet<unknown> | null): void {
  if (identities === null) return;
  const value = state.dict[state.mapper.polymorphicKey as string];
  if (value === undefined || identities.has(value) || (typeof value === "object" && value !== null)) return;
  warn(
    `Flushing object ${state} with incompatible polymorphic identity ${JSON.stringify(value)}; the object may not refresh and/or load correctly`,
  );
}

function listenersOf({ dispatch }: Mapper) {
  return { update: dispatch.of("beforeUpdate"), insert: dispatch.of("beforeInsert") };
}

/** A new object with the key of one that is deleted in the same flush takes over its row. */
function findReplaced(state: InstanceState, scope: FlushScope): InstanceState | null {
  const { mapper } = state;
  const { primaryKeyProperties } = mapper;
  for (const { key } of primaryKeyProperties) {
    const value = state.dict[key];
    if (value === undefined || value === null || (typeof value === "object" && isSql(value))) return null;
  }
  const existing = scope.session.identityMap.get(
    mapper,
    mapper.identityHashOf(mapper.primaryKeyOf(state)),
    state.identityToken,
  );
  if (existing === undefined || scope.wasAlreadyDeleted(existing)) return null;
  if (!scope.isDeleted(existing)) {
    warn(
      `New instance ${state} with identity key (${mapper.baseMapper.class.name}, ${JSON.stringify(mapper.primaryKeyOf(state).map(String))}) conflicts with persistent instance ${existing}`,
    );
    return null;
  }
  scope.dropActions(existing);
  return existing;
}
