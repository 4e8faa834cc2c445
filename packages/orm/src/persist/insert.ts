/** INSERTs: many rows in one call where nothing has to come back, with RETURNING where it has, one by one where neither goes. */
import { type ConnectionCore, executeStep, type Insert, type Table } from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { OrmClasses } from "../base/classes.ts";
import { FlushError } from "../base/errors.ts";
import { executeManyStep } from "./execute.ts";
import { takeBackAll, takeBackStep } from "./finalize.ts";
import { groups, type WriteRecord } from "./records.ts";
import type { FlushScope } from "./scope.ts";
import type { TablePlan, WriteColumn } from "./write-plan.ts";

type Mapper = OrmClasses["mapper"];
type Row = Readonly<Record<string, unknown>>;

/** Writes the rows of one table, and tells the objects what the database made of them. */
export function* insertRowsStep(
  base: Mapper,
  mapper: Mapper,
  table: Table,
  records: readonly WriteRecord[],
  scope: FlushScope,
): Step<void> {
  for (const group of groups(records)) {
    const [first] = group as readonly [WriteRecord];
    const { connection } = first.writing;
    const fetches =
      !first.hasAllDefaults &&
      fetchesDefaults(base, first.plan, connection) &&
      table.implicitReturning &&
      connection.dialect.capabilities.insertReturning;
    if (first.hasAllKeys && first.expressions === null && !fetches) yield* insertPlainStep(connection, group, scope);
    else yield* insertFetchingStep(base, mapper, connection, group, scope);
  }
}

/** Whether values that the database makes are brought back at once. */
export function fetchesDefaults(base: Mapper, plan: TablePlan, connection: ConnectionCore): boolean {
  const { eagerDefaults = "auto" } = base.options;
  if (eagerDefaults !== "auto") return eagerDefaults;
  return (
    plan.table.implicitReturning &&
    plan.serverDefaults.length > 0 &&
    connection.dialect.capabilities.insertManyReturning
  );
}

/** Every key is known and nothing has to come back. */
function* insertPlainStep(connection: ConnectionCore, group: readonly WriteRecord[], scope: FlushScope): Step<void> {
  yield* executeManyStep(
    connection,
    (group[0] as WriteRecord).plan.insert,
    group.map(({ params }) => params),
  );
  if (group.some(({ plan }) => plan.equated.length > 0))
    for (const record of group) yield* takeBackStep(record, null, scope);
  else takeBackAll(group);
}

function* insertFetchingStep(
  base: Mapper,
  mapper: Mapper,
  connection: ConnectionCore,
  group: readonly WriteRecord[],
  scope: FlushScope,
): Step<void> {
  const [first] = group as readonly [WriteRecord];
  const { plan } = first;
  const { capabilities } = connection.dialect;
  const inOne =
    plan.table.implicitReturning &&
    first.expressions === null &&
    group.length > 1 &&
    capabilities.insertReturning &&
    capabilities.insertManyReturning;
  // A key that is a SQL expression is known to the database only.
  const { expressions } = first;
  const returnsExpression =
    expressions !== null &&
    capabilities.insertReturning &&
    plan.table.implicitReturning &&
    plan.primary.some(({ name }) => expressions.some(([given]) => given === name));
  const fetchesValues = !first.hasAllDefaults && fetchesDefaults(base, plan, connection);
  const fetchesVersion = mapper.versionIdCol !== null && plan.version !== null;
  const statement = insertFor(plan, fetchesValues, fetchesVersion, inOne || returnsExpression);
  if (inOne) {
    const result = yield* executeStep(
      connection,
      statement,
      group.map(({ params }) => params),
    );
    const keys = plan.primary.map((_, position) => result.insertedKeyValues(position));
    const defaults = fetchesValues || fetchesVersion || hearsOfRefreshes(base) ? result.returnedDefaultsRows : null;
    if ((result.returnedRaw?.length ?? group.length) !== group.length) {
      throw new FlushError(
        `Multi-row INSERT statement for ${plan.mapper} did not produce the correct number of INSERTed rows for RETURNING.  Ensure there are no triggers or special driver issues preventing INSERT from functioning properly.`,
      );
    }
    group.forEach((record, index) => {
      takeKey(record, (position) => keys[position]?.[index]);
    });
    if (defaults === null && plan.equated.length === 0) takeBackAll(group);
    else {
      for (const [index, record] of group.entries())
        yield* takeBackStep(record, (defaults?.[index] as Row | undefined) ?? null, scope);
    }
    return;
  }
  for (const record of group) {
    const own = record.expressions === null ? statement : statement.values(record.expressions as never);
    const result = yield* executeStep(connection, own, record.params);
    const key = result.insertedPrimaryKey;
    takeKey(record, (position) => key[position]);
    yield* takeBackStep(record, (result.returnedDefaults as Row | null) ?? null, scope);
  }
}

/** Someone wants to know which values a flush brought back. */
function hearsOfRefreshes(base: Mapper): boolean {
  return base.selfAndDescendants.some((mapper) => !mapper.dispatch.of("refreshFlush").empty);
}

const statements = new WeakMap<TablePlan, Map<string, Insert>>();

/** The INSERT of a plan with what it brings back; one object for each form, so that it is compiled once. */
function insertFor(plan: TablePlan, fetchesValues: boolean, fetchesVersion: boolean, fetchesKeys: boolean): Insert {
  let forms = statements.get(plan);
  if (forms === undefined) statements.set(plan, (forms = new Map()));
  const form = `${fetchesValues}${fetchesVersion}${fetchesKeys}`;
  let statement = forms.get(form);
  if (statement !== undefined) return statement;
  const sorted = { sortByParameterOrder: true };
  statement = plan.insert;
  if (fetchesValues)
    statement = statement.returnDefaults(...plan.serverDefaults.map(({ column }) => column as never), sorted);
  if (fetchesVersion) statement = statement.returnDefaults((plan.version as WriteColumn).column as never, sorted);
  else if (fetchesKeys)
    statement = statement.returnDefaults(...plan.primary.map(({ column }) => column as never), sorted);
  forms.set(form, statement);
  return statement;
}

/** Gives the object the key that the database made. */
function takeKey({ writing, plan, expressions }: WriteRecord, key: (position: number) => unknown): void {
  const { dict } = writing.state;
  for (let index = 0; index < plan.primary.length; index++) {
    const { key: attribute, name } = plan.primary[index] as WriteColumn;
    const present = dict[attribute];
    if (present === undefined || present === null || expressions?.some(([given]) => given === name) === true) {
      dict[attribute] = key(index);
    }
  }
}
