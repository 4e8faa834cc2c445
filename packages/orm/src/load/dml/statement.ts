/** `session.execute()`: finds out what a statement is and who executes it. */
import {
  type ClauseElement,
  CompoundSelect,
  Delete,
  Dml,
  type ExecutionOptionsInput,
  Insert,
  Merge,
  type Result,
  Select,
  Update,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { Mapper } from "../../mapping/mapper.ts";
import { FromStatement } from "../../query/from-statement.ts";
import { attributeEntity, entityOfNode, relationshipOf } from "../../query/marks.ts";
import { mentionsEntities } from "../../query/transform.ts";
import { executeSelectStep } from "../execute.ts";
import type { LoadingSession, LoadParameters } from "../session.ts";
import { executeInsertStep } from "./insert.ts";
import { executeMergeStep } from "./merge.ts";
import { targetEntity } from "./target.ts";
import { executeFilteredStep } from "./update-delete.ts";

/** Executes any statement in a session; rows of entities give the session's objects. */
export function* executeOrmStep(
  session: LoadingSession,
  statement: ClauseElement,
  params: LoadParameters | undefined,
  given: ExecutionOptionsInput | undefined,
): Step<Result> {
  const options = given === undefined || isEmpty(given) ? undefined : given;
  if (statement instanceof Select || statement instanceof FromStatement) {
    if (statement instanceof FromStatement || mentionsEntities(statement)) {
      const own = statement.givenExecutionOptions["autoflush"];
      if ((options?.["autoflush"] ?? own) !== false) yield* session.autoflushStep();
      return yield* executeSelectStep(session, statement as Select, params, {
        mapper: mapperOf(statement as Select),
        options,
      });
    }
  } else if (statement instanceof Dml) {
    const entity = targetEntity(statement);
    const strategy = options?.["dmlStrategy"] ?? statement.givenExecutionOptions["dmlStrategy"];
    if (entity !== null && strategy !== "core_only" && strategy !== "raw") {
      entity.mapper.configure();
      if (statement instanceof Insert) return yield* executeInsertStep(session, statement, entity, params, options);
      if (statement instanceof Update || statement instanceof Delete)
        return yield* executeFilteredStep(session, statement, entity, params, options);
      if (statement instanceof Merge) return yield* executeMergeStep(session, statement, entity, params, options);
    }
  }
  // What names no entity may be about the tables of some: only the session's own setting counts.
  if (options?.["autoflush"] !== false || !mentionsAny(statement)) yield* session.autoflushStep();
  // A list of one is one execution.
  const sets = Array.isArray(params) && params.length === 1 ? (params[0] as LoadParameters) : params;
  return yield* session.executeCoreStep(statement, sets, options, null);
}

function isEmpty(options: object): boolean {
  for (const _ in options) return false;
  return true;
}

function mentionsAny(statement: ClauseElement): boolean {
  if (statement instanceof Select) return mentionsEntities(statement);
  return (
    statement instanceof CompoundSelect && statement.selects.some((member) => mentionsAny(member as ClauseElement))
  );
}

/** The mapper whose engine executes a SELECT: that of its first entity. */
function mapperOf(statement: Select): Mapper | null {
  for (const node of [...statement.rawColumns, ...(statement.fromClauses ?? [])]) {
    const entity = entityOfNode(node) ?? attributeEntity(node) ?? relationshipOf(node)?.parent;
    if (entity !== undefined) return entity.mapper;
  }
  return null;
}
