/** Keeps loaded objects in step with UPDATE and DELETE statements: in memory where that is certain, by keys otherwise. */
import {
  ArgumentError,
  type BindParameter,
  type ClauseElement,
  type ColumnClause,
  type ColumnElement,
  type Node,
} from "@athanor/core";
import type { Entity } from "../../base/entity.ts";
import type { Mapper } from "../../mapping/mapper.ts";
import { type Evaluate, type EvaluatorContext, evaluator, UNKNOWN, UnevaluatableError } from "../../query/evaluator.ts";
import { conjunction } from "../../query/lowering.ts";
import { commitKeys, expireKeys } from "../../state/changes.ts";
import type { InstanceState } from "../../state/instance-state.ts";
import type { LoadingSession } from "../session.ts";

/** How loaded objects follow a statement. */
export type Synchronization = "auto" | "evaluate" | "fetch" | false;

/** The choice of the statement's options. @throws ArgumentError */
export function synchronizationOf(options: Readonly<Record<string, unknown>> | undefined): Synchronization {
  const given = options?.["synchronizeSession"];
  if (given === undefined || given === null) return "auto";
  if (given === "auto" || given === "evaluate" || given === "fetch" || given === false) return given;
  throw new ArgumentError("Valid strategies for session synchronization are 'auto', 'evaluate', 'fetch', false");
}

/** Objects that a condition holds for; `unsure` are those whose values are not all loaded. */
export interface Matched {
  readonly states: readonly InstanceState[];
  readonly unsure: readonly InstanceState[];
}

/** What evaluation needs: attribute keys of columns, values of parameters. */
export function evaluatorContext(mapper: Mapper, params: Readonly<Record<string, unknown>> | null): EvaluatorContext {
  return {
    keyOf: (column: ColumnClause) => mapper.keyOf(column as ColumnElement),
    valueOf: (bind: BindParameter) => {
      const name = bind.bindKey;
      return name !== null && params !== null && Object.hasOwn(params, name) ? params[name] : bind.effectiveValue;
    },
  };
}

/** The objects of a session that conditions hold for. @throws UnevaluatableError */
export function matchInMemory(
  session: LoadingSession,
  entity: Entity,
  conditions: readonly ClauseElement[],
  params: Readonly<Record<string, unknown>> | null,
): Matched {
  const { mapper } = entity;
  const test: Evaluate =
    conditions.length === 0 ? () => true : evaluator(conjunction(conditions), evaluatorContext(mapper, params));
  const states: InstanceState[] = [];
  const unsure: InstanceState[] = [];
  for (const state of session.identityMap.tableFor(mapper, session.identityToken).values()) {
    if (!state.mapper.isa(mapper) || state.expired) continue;
    const result = test(state.dict);
    if (result === true) states.push(state);
    else if (result === UNKNOWN) unsure.push(state);
  }
  return { states, unsure };
}

/** Writes an UPDATE's values to objects; what cannot be computed in memory is expired. */
export function applyValues(
  states: readonly InstanceState[],
  mapper: Mapper,
  assignments: ReadonlyMap<string | ColumnElement, Node>,
  params: Readonly<Record<string, unknown>> | null,
): void {
  const context = evaluatorContext(mapper, params);
  const computed = new Map<string, Evaluate>();
  const expired: string[] = [];
  for (const [target, value] of assignments) {
    const key = typeof target === "string" ? keyOfColumn(mapper, target) : mapper.keyOf(target);
    if (key === null) continue;
    try {
      computed.set(key, evaluator(value as ClauseElement, context));
    } catch (error) {
      if (!(error instanceof UnevaluatableError)) throw error;
      expired.push(key);
    }
  }
  for (const state of states) {
    const toExpire = expired.filter((key) => state.dict[key] !== undefined);
    const values: [string, unknown][] = [];
    for (const [key, evaluate] of computed) {
      if (state.dict[key] === undefined || state.committed?.[key] !== undefined) continue;
      let value: unknown;
      try {
        value = evaluate(state.dict);
      } catch (error) {
        if (!(error instanceof UnevaluatableError)) throw error;
        value = UNKNOWN;
      }
      if (value === UNKNOWN) toExpire.push(key);
      else values.push([key, value]);
    }
    for (const [key, value] of values) state.dict[key] = value;
    commitKeys(
      state,
      values.map(([key]) => key),
    );
    if (toExpire.length > 0) expireKeys(state, toExpire);
  }
}

function keyOfColumn(mapper: Mapper, columnKey: string): string | null {
  if (mapper.props.has(columnKey)) return columnKey;
  for (const property of mapper.columnAttrs) if (property.column?.key === columnKey) return property.key;
  return null;
}
