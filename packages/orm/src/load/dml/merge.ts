/** MERGE into the table of an entity. */
import type { ClauseElement, ExecutionOptionsInput, Merge, Result } from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { Entity } from "../../base/entity.ts";
import { loadResult } from "../execute.ts";
import type { LoadingSession, LoadParameters } from "../session.ts";
import { lowerReturning } from "./target.ts";

/**
 * Executes a MERGE. Objects that RETURNING gives are brought up to date; others that the session holds keep what they
 * have until they are refreshed or expired.
 */
export function* executeMergeStep(
  session: LoadingSession,
  statement: Merge,
  { mapper }: Entity,
  params: LoadParameters | undefined,
  options: ExecutionOptionsInput | undefined,
): Step<Result> {
  if ({ ...statement.givenExecutionOptions, ...options }["autoflush"] !== false) yield* session.autoflushStep();
  const { statement: lowered, plan } = lowerReturning(statement);
  const result = yield* session.executeCoreStep(lowered as ClauseElement, params, options, mapper);
  if (plan === null) return result;
  return yield* loadResult(session, statement, result, plan, params, { mapper, options, populateExisting: true });
}
