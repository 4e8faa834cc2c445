/** UPDATEs of references between rows that refer to each other, once all of the rows are there. */
import { type Column, executeStep, type Table } from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { OrmClasses } from "../base/classes.ts";
import { StaleDataError } from "../base/errors.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { identityOf } from "./collect-update.ts";
import { noteDefaults } from "./defaults.ts";
import { executeManyStep } from "./execute.ts";
import { committedValue, writeValue } from "./key-sync.ts";
import { inWritingOrder } from "./order-states.ts";
import { groups, type WriteRecord } from "./records.ts";
import type { FlushScope } from "./scope.ts";
import { plansOf, tablesOf } from "./write-plan.ts";

type Mapper = OrmClasses["mapper"];

/** Updates the asked columns of the given objects' rows. */
export function* postUpdateStep(
  base: Mapper,
  states: readonly InstanceState[],
  columns: ReadonlyMap<InstanceState, ReadonlySet<Column>>,
  scope: FlushScope,
): Step<void> {
  const ordered = inWritingOrder(states);
  for (const [table] of tablesOf(base)) {
    const records: WriteRecord[] = [];
    for (const state of ordered) {
      const plan = plansOf(state.mapper).get(table);
      if (plan === undefined) continue;
      const params: Record<string, unknown> = {};
      let given = 0;
      for (const column of plan.columns) {
        if (!(columns.get(state)?.has(column.column) ?? false)) continue;
        // A row that is about to be deleted lets go of the others.
        const value = state.dict[column.key] ?? null;
        const isChanged = state.committed?.[column.key] !== undefined || scope.isDeleted(state);
        if (!isChanged) continue;
        params[column.name] = value;
        given += column.bit;
      }
      if (given === 0 && Object.keys(params).length === 0) continue;
      const connection = yield* scope.session.connectionStep(state.mapper, state);
      const writing = {
        state,
        connection,
        isUpdate: true,
        version: plan.version === null ? undefined : committedValue(state, plan.version.key),
      };
      if (plan.hasOnupdate) noteDefaults("onupdate", plan, writing, params, null);
      plan.primary.forEach(({ key }, index) => {
        params[plan.primaryNames[index] as string] = state.dict[key] ?? identityOf(state, key);
      });
      const { versionIdGenerator } = plan.mapper;
      if (plan.version !== null && plan.versionName !== null) params[plan.versionName] = state.dict[plan.version.key];
      // A row of this flush keeps the version that its INSERT gave it.
      if (plan.version !== null && versionIdGenerator !== false && state.identityHash !== null) {
        const next = versionIdGenerator(state.dict[plan.version.key]);
        params[plan.version.name] = next;
        writeValue(state, plan.version.key, next);
      }
      records.push({
        writing,
        plan,
        params,
        expressions: null,
        signature: given,
        hasAllKeys: true,
        hasAllDefaults: true,
        isComplete: false,
      });
    }
    for (const group of groups(records)) yield* emitStep(table, group);
  }
}

function* emitStep(table: Table, group: readonly WriteRecord[]): Step<void> {
  const [first] = group as readonly [WriteRecord];
  const { connection } = first.writing;
  const { capabilities } = connection.dialect;
  let matched = 0;
  let isChecked = capabilities.saneRowCount;
  if (first.plan.version !== null && !capabilities.saneMultiRowCount) {
    for (const { params } of group) matched += (yield* executeStep(connection, first.plan.update, params)).rowcount;
  } else {
    matched = (yield* executeManyStep(
      connection,
      first.plan.update,
      group.map(({ params }) => params),
    )).rowcount;
    isChecked &&= group.length === 1 || capabilities.saneMultiRowCount;
  }
  if (isChecked && matched !== group.length) {
    throw new StaleDataError(
      `UPDATE statement on table '${table.description}' expected to update ${group.length} row(s); ${matched} were matched.`,
    );
  }
}
