/** A statement as a step, for listeners that serve sessions of either API. */
import {
  type ClauseElement,
  type ColumnElement,
  ConnectionCore,
  type CursorResult,
  executeStep as connectionStep,
  type Dml,
  type Executable,
  type Result,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { LoadParameters } from "../load/session.ts";
import { type ExecuteOptions, executeArguments } from "../session/arguments.ts";
import { executeStep as sessionStep } from "../session/steps/execute.ts";
import type { SessionMembers } from "./members.ts";

/** A session, or the connection that mapper listeners are given; of either API. */
export interface StepTarget {
  readonly core: SessionMembers["core"] | ConnectionCore;
}

/**
 * Executes a statement for `yield*` in a listener that is a generator: the same listener serves synchronous sessions and
 * asynchronous ones. All rows are fetched. On a session it flushes first (autoflush), but not while a flush is going on.
 *
 * @example
 * listen(Session, "afterFlush", function* (session) { yield* executeStep(session, insert(log).values({ what: "flush" })); });
 * listen(User, "afterInsert", function* (mapper, connection, user) { yield* executeStep(connection, insert(log), { id: user.id }); });
 */
export function executeStep<C extends object, V extends readonly unknown[], O extends object>(
  target: StepTarget,
  statement: Dml<C, V, O>,
  params?: LoadParameters | ExecuteOptions,
  options?: ExecuteOptions,
): Step<CursorResult<V, O>>;
export function executeStep<V extends readonly unknown[], O extends object>(
  target: StepTarget,
  statement: Executable<V, O>,
  params?: LoadParameters | ExecuteOptions,
  options?: ExecuteOptions,
): Step<Result<V, O>>;
export function executeStep<T>(
  target: StepTarget,
  statement: ColumnElement<T>,
  params?: LoadParameters | ExecuteOptions,
  options?: ExecuteOptions,
): Step<Result<[T]>>;
export function executeStep(
  target: StepTarget,
  statement: ClauseElement,
  params?: LoadParameters | ExecuteOptions,
  options?: ExecuteOptions,
): Step<Result<unknown[]>>;
export function* executeStep(
  { core }: StepTarget,
  statement: ClauseElement,
  params?: LoadParameters | ExecuteOptions,
  options?: ExecuteOptions,
): Step<never> {
  const given = executeArguments(params, options);
  const result: Result =
    core instanceof ConnectionCore
      ? yield* connectionStep(core, statement, given.params as never, given.options)
      : yield* sessionStep(core, statement, given.params, given.options, given.bindArguments);
  if (!result.feed.isBuffered) yield* result.feed.fill(null);
  return result as never;
}
