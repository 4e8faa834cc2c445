/** Related objects of many owners by the owners' keys: what second statements load, the next one sent before the rows of the last are read. */
import type { CursorResult, Select } from "@athanor/core";
import type { Step } from "@athanor/driver";
import { hashOfValue, hashOfValues, type IdentityHash } from "../identity/key.ts";
import { KeyTable } from "../identity/key-table.ts";
import { LOAD_PLAN, type LoadPlan } from "../query/plan.ts";
import { Ahead } from "./ahead.ts";
import { finishStep, heardStep, type LoadSettings, routedStep, runOf } from "./execute.ts";
import { type ItemReader, type PreparedPlan, preparePlan } from "./prepared-plan.ts";
import type { LoadRun } from "./run.ts";
import type { LoadingSession, LoadParameters } from "./session.ts";

/** Related objects by a key, and whether joined loading repeats them. */
export interface RelatedGroups {
  readonly groups: KeyTable<object[]>;
  readonly repeats: boolean;
  /** The execution for the next parameters, if it was begun. */
  readonly ahead: Ahead<CursorResult> | null;
}

/** For a statement that is executed several times: what was begun already, and the parameters of the next time. */
export interface GroupsAhead {
  readonly started: Ahead<CursorResult> | null;
  readonly next: LoadParameters;
}

const nothingAhead: GroupsAhead = { started: null, next: null };

/** Executes a SELECT of a key (in `width` columns) and an entity, and gives the objects by their keys. */
export function* selectGroupsStep(
  session: LoadingSession,
  given: Select,
  givenParams: LoadParameters | undefined,
  givenSettings: LoadSettings,
  width: number,
  { started, next }: GroupsAhead = nothingAhead,
): Step<RelatedGroups> {
  if (session.routing !== null && session.routing.identityToken === null) {
    const step = () => selectGroupsStep(session, given, givenParams, givenSettings, width);
    return joinGroups(yield* routedStep(session.routing, given, givenParams, givenSettings, step));
  }
  let [statement, params, settings] = [given, givenParams, givenSettings];
  if (session.loadsAreHeard) {
    const heard = yield* heardStep(session, statement, params, settings);
    if (heard.rows !== null) return groupsOfRows(heard.rows, width);
    ({ statement, params, settings } = heard);
  }
  const { options, mapper } = settings;
  const result =
    started === null ? yield* session.executeCoreStep(statement, params, options, mapper) : yield* started.join();
  const plan = result.compiled?.attachments.get(LOAD_PLAN) as LoadPlan;
  const prepared = preparePlan(plan, result.shape);
  const run = runOf(session, statement, plan, prepared, settings);
  const ahead =
    next === null || !mayGoAhead(session, run, plan)
      ? null
      : new Ahead(session.executeCoreStep(statement, next, options, mapper));
  try {
    const groups = readGroups(result, prepared, run, width);
    yield* finishStep(run, statement, params, settings);
    return { groups, repeats: plan.needsUnique, ahead };
  } catch (error) {
    if (ahead !== null) yield* ahead.settle();
    throw error;
  }
}

/** Whether a statement may be sent before the rows of another are read: drivers wait, and the rows ask for nothing more. */
function mayGoAhead(session: LoadingSession, run: LoadRun, plan: LoadPlan): boolean {
  return (
    !session.loadsImplicitly &&
    !session.loadsAreHeard &&
    session.routing === null &&
    !run.collectsEvents &&
    plan.entities.every(({ posts, polymorphic }) => posts.length === 0 && polymorphic.length === 0)
  );
}

function readGroups(result: CursorResult, prepared: PreparedPlan, run: LoadRun, width: number): KeyTable<object[]> {
  const keys = prepared.readers.slice(0, width);
  const related = prepared.readers[width] as ItemReader;
  const readKey = keys[0] as ItemReader;
  const groups = new KeyTable<object[]>();
  const spent = result.takeRaw() as unknown[];
  let last: IdentityHash | undefined;
  let list: object[] = [];
  for (let index = 0; index < spent.length; index++) {
    const row = spent[index] as readonly unknown[];
    const object = related(row, run) as object | null;
    spent[index] = null;
    if (object === null) continue;
    const hash = width === 1 ? hashOfValue(readKey(row, run)) : hashOfValues(keys.map((read) => read(row, run)));
    if (hash !== last) {
      const known = groups.get(hash);
      list = known ?? [];
      if (known === undefined) groups.set(hash, list);
      last = hash;
    }
    // Repetitions that come from joined loading stand together.
    if (list[list.length - 1] !== object) list.push(object);
  }
  return groups;
}

function joinGroups(parts: readonly RelatedGroups[]): RelatedGroups {
  const groups = new KeyTable<object[]>();
  for (const part of parts)
    for (const [hash, objects] of part.groups.entries()) groups.set(hash, [...(groups.get(hash) ?? []), ...objects]);
  return { groups, repeats: parts.some((part) => part.repeats), ahead: null };
}

/** The same from rows that a listener gave. */
function groupsOfRows(rows: readonly (readonly unknown[])[], width: number): RelatedGroups {
  const groups = new KeyTable<object[]>();
  for (const row of rows) {
    const values = [...(row as Iterable<unknown>)];
    const object = values[width] as object | null;
    if (object === null) continue;
    const hash = width === 1 ? hashOfValue(values[0]) : hashOfValues(values.slice(0, width));
    const list = groups.get(hash);
    if (list === undefined) groups.set(hash, [object]);
    else list.push(object);
  }
  return { groups, repeats: true, ahead: null };
}
