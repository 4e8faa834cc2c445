/** A plan with its readers, made for the columns of a result. Used by ./execute.ts. */
import { ResultKeys, RowShape } from "@athanor/core";
import type { EntityPlan, LoadPlan, ResultItem, Slot } from "../query/plan.ts";
import { resultNames } from "../query/result-names.ts";
import { type EntityReader, readerOf } from "./reader.ts";
import type { LoadRun } from "./run.ts";

/** Reads one value of a result row. */
export type ItemReader = (row: readonly unknown[], run: LoadRun) => unknown;

/** See {@link preparePlan}. */
export interface PreparedPlan {
  readonly shape: RowShape;
  readonly readers: readonly ItemReader[];
  /** The reader, where a row is one entity and nothing else. */
  readonly only: EntityReader | null;
  readonly resultShape: RowShape;
  readonly sources: ReadonlyMap<EntityPlan, number>;
}

/** The readers of a plan for a result; made once for each shape that results have. */
export function preparePlan(plan: LoadPlan, shape: RowShape): PreparedPlan {
  const memo = plan.memo as PreparedPlan | undefined;
  if (memo !== undefined && memo.shape === shape) return memo;
  if (plan.byName === true) placeByName(plan, shape);
  const sources = new Map<EntityPlan, number>();
  const names = resultNames(plan.items);
  const elements: (readonly object[])[] = [];
  for (const item of plan.items) {
    if (item.kind === "entity") {
      sources.set(item.plan, item.source);
      elements.push([item.owner, item.plan.entity]);
    } else if (item.kind === "bundle") {
      noteSources(item.items, sources);
      elements.push([item.bundle]);
    } else {
      elements.push([
        item.slot.element,
        ...(item.slot.element.canonical === item.slot.element ? [] : [item.slot.element.canonical]),
      ]);
    }
  }
  for (const entity of plan.entities)
    entity.meetsOthers = plan.entities.some(
      (other) => other !== entity && other.mapper.baseMapper === entity.mapper.baseMapper,
    );
  const readers = plan.items.map((item) => itemReader(item, shape));
  const first = plan.items[0];
  const prepared: PreparedPlan = {
    shape,
    readers,
    only: plan.items.length === 1 && first?.kind === "entity" ? readerOf(first.plan, shape) : null,
    resultShape: new RowShape(
      new ResultKeys(names, elements),
      names.map(() => null),
    ),
    sources,
  };
  (plan as { memo: unknown }).memo = prepared;
  return prepared;
}

/** Rows of text: each column stands where the database says. */
function placeByName(plan: LoadPlan, shape: RowShape): void {
  const place = (slot: Slot): number => shape.keys.names.indexOf(String((slot.element as { name?: unknown }).name));
  for (const entity of plan.entities) {
    for (const [column, slot] of entity.slots) {
      slot.index = place(slot);
      if (slot.index < 0) entity.slots.delete(column);
    }
  }
  for (const item of plan.items) if (item.kind === "column") item.slot.index = place(item.slot);
}

function noteSources(items: readonly ResultItem[], sources: Map<EntityPlan, number>): void {
  for (const item of items) {
    if (item.kind === "entity") sources.set(item.plan, item.source);
    else if (item.kind === "bundle") noteSources(item.items, sources);
  }
}

function itemReader(item: ResultItem, shape: RowShape): ItemReader {
  if (item.kind === "entity") {
    const reader = readerOf(item.plan, shape);
    return (row, run) => reader.read(row, run)?.obj ?? null;
  }
  if (item.kind === "column") {
    const { index } = item.slot;
    const source = shape.sources[index] as number;
    const processor = shape.processors[index] ?? null;
    return processor === null ? (row) => row[source] : (row) => processor(row[source]);
  }
  const readers = item.items.map((inner) => itemReader(inner, shape));
  return (row, run) => item.bundle.create(readers.map((read) => read(row, run)));
}
