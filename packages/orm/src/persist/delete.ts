/** DELETEs: the rows of a hierarchy, subclasses' tables first. */

import type { ConnectionCore, Table } from "@athanor/core";
import { executeStep, warn } from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { OrmClasses } from "../base/classes.ts";
import { FlushError, StaleDataError } from "../base/errors.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { identityOf } from "./collect-update.ts";
import { executeManyStep } from "./execute.ts";
import { committedValue, loadExpiredStep } from "./key-sync.ts";
import { inWritingOrder } from "./order-states.ts";
import type { FlushScope } from "./scope.ts";
import { plansOf, type TablePlan, tablesOf } from "./write-plan.ts";

type Mapper = OrmClasses["mapper"];
type Params = Record<string, unknown>;

interface Deletion {
  readonly state: InstanceState;
  readonly connection: ConnectionCore;
}

/** Deletes the rows of the given objects of a hierarchy. */
export function* deleteRowsStep(base: Mapper, states: readonly InstanceState[], scope: FlushScope): Step<void> {
  const deletions: Deletion[] = [];
  for (const state of inWritingOrder(states)) {
    const { mapper } = state;
    const connection = yield* scope.session.connectionStep(mapper, state);
    const listeners = mapper.dispatch.of("beforeDelete");
    if (!listeners.empty) yield* listeners.run(mapper, connection.front as never, state.obj as never);
    deletions.push({ state, connection });
  }
  for (const [table, mapper] of [...tablesOf(base)].reverse()) {
    // ON DELETE CASCADE takes care of the rows of subclasses' tables.
    if (mapper.inherits !== null && mapper.options.passiveDeletes === true) continue;
    yield* deleteFromStep(base, table, deletions);
  }
  for (const { state, connection } of deletions) {
    const listeners = state.mapper.dispatch.of("afterDelete");
    if (!listeners.empty) yield* listeners.run(state.mapper, connection.front as never, state.obj as never);
  }
}

function* deleteFromStep(base: Mapper, table: Table, deletions: readonly Deletion[]): Step<void> {
  let plan: TablePlan | undefined;
  let rows: Params[] = [];
  let connection: ConnectionCore | null = null;
  for (const deletion of deletions) {
    const own = plansOf(deletion.state.mapper).get(table);
    if (own === undefined) continue;
    if (connection !== null && connection !== deletion.connection) {
      yield* emitStep(base, table, plan as TablePlan, connection, rows);
      rows = [];
    }
    plan = own;
    connection = deletion.connection;
    if (deletion.state.expiredKeys !== null)
      yield* loadExpiredStep(
        deletion.state,
        own.version === null ? own.primaryKeys : [...own.primaryKeys, own.version.key],
      );
    rows.push(keysOf(own, deletion.state));
  }
  if (connection !== null && rows.length > 0) yield* emitStep(base, table, plan as TablePlan, connection, rows);
}

function keysOf(plan: TablePlan, state: InstanceState): Params {
  const params: Params = {};
  for (const { key, name, column } of plan.primary) {
    const value = committedValue(state, key) ?? identityOf(state, key);
    if (value === null || value === undefined)
      throw new FlushError(
        `Can't delete from table ${plan.table.name} using NULL for primary key value on column ${column.description}`,
      );
    params[name] = value;
  }
  if (plan.version !== null) params[plan.version.name] = committedValue(state, plan.version.key);
  return params;
}

function* emitStep(
  base: Mapper,
  table: Table,
  plan: TablePlan,
  connection: ConnectionCore,
  rows: readonly Params[],
): Step<void> {
  const { capabilities } = connection.dialect;
  const isVersioned = plan.version !== null;
  let matched = -1;
  if (isVersioned && !capabilities.saneMultiRowCount) {
    if (capabilities.saneRowCount) {
      matched = 0;
      for (const row of rows) matched += (yield* executeStep(connection, plan.delete, row)).rowcount;
    } else {
      warn(`Dialect ${connection.dialect.name} does not support deleted rowcount - versioning cannot be verified.`);
      yield* executeManyStep(connection, plan.delete, rows);
    }
  } else matched = (yield* executeManyStep(connection, plan.delete, rows)).rowcount;
  if (base.options.confirmDeletedRows === false || matched < 0 || matched === rows.length) return;
  if (!capabilities.saneRowCount || !(capabilities.saneMultiRowCount || rows.length === 1 || isVersioned)) return;
  const message = `DELETE statement on table '${table.description}' expected to delete ${rows.length} row(s); ${matched} were matched.  Please set confirm_deleted_rows=False within the mapper configuration to prevent this warning.`;
  if (isVersioned) throw new StaleDataError(message);
  warn(message);
}
