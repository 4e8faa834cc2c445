/** `selectinPolymorphic`: the columns of subclasses' tables, by one statement per subclass. */
import {
  AnonName,
  BindParameter,
  type ColumnElement,
  LABEL_STYLE_TABLENAME_PLUS_COL,
  operators,
  Select,
  Tuple,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { Mapper } from "../../mapping/mapper.ts";
import { OptionNode } from "../../options/tree.ts";
import { nodeOf } from "../../query/entity.ts";
import { OnlyKeysOption } from "../../query/only-keys.ts";
import type { EntityPlan } from "../../query/plan.ts";
import type { InstanceState } from "../../state/instance-state.ts";
import { selectRowsStep } from "../execute.ts";
import type { PostQueue } from "../post-loads.ts";
import type { ByMapper, LoadRun } from "../run.ts";

const chunkSize = 500;

/** Loads what the rows of the base class did not have. */
export function* subclassColumnsLoad(run: LoadRun, plan: EntityPlan, byMapper: ByMapper, queue: PostQueue): Step<void> {
  const levels = levelsOf(plan);
  const byLevel = new Map<Mapper, InstanceState[]>();
  for (const [mapper, states] of byMapper)
    for (const level of mapper.iterateToRoot())
      if (levels.has(level)) byLevel.set(level, [...(byLevel.get(level) ?? []), ...states]);
  for (const [target, states] of byLevel) {
    const node = optionsFor(run.node(plan), plan.mapper, target);
    const own = target.columnAttrs.filter(
      (property) =>
        target.primaryKeyProperties.includes(property) ||
        property.key === target.polymorphicKey ||
        (!isInherited(target, property.key) &&
          !(node.column(property.key, property.group)?.deferred ?? property.deferred)),
    );
    const keys = [
      ...own.map((property) => property.key),
      ...target.relationships.filter((property) => !isInherited(target, property.key)).map((property) => property.key),
    ];
    const columns = target.primaryKey as readonly ColumnElement[];
    const left = columns.length === 1 ? (columns[0] as ColumnElement) : new Tuple(columns);
    const bind = new BindParameter(
      new AnonName("primary_keys"),
      "primary_keys",
      [],
      (columns[0] as ColumnElement).type,
      { required: true },
    );
    const expanding = bind.withExpanding(
      operators.in,
      columns.length === 1 ? null : columns.map((column) => column.type),
    );
    const options = [new OnlyKeysOption(keys), ...node.asOptions()];
    const statement = new Select([nodeOf(target)])
      .setLabelStyle(LABEL_STYLE_TABLENAME_PLUS_COL)
      .where(left.in(expanding as never))
      .options(...options);
    for (let start = 0; start < states.length; start += chunkSize) {
      const chunk = states.slice(start, start + chunkSize);
      const values = chunk.map((state) => (columns.length === 1 ? state.identityValue : state.identity));
      yield* selectRowsStep(
        run.session,
        statement,
        { primary_keys: values },
        { mapper: target, populateExisting: run.populateExisting, purpose: { kind: "relationship" }, queue },
      );
    }
  }
}

/** The options that hold for a subclass's own columns: what is said of the columns of `base` is not said of them. */
function optionsFor(node: OptionNode, base: Mapper, target: Mapper): OptionNode {
  return new OptionNode(
    node.scope,
    node.entries.filter(
      ({ path, entity, action }) =>
        path.length > 0 ||
        (action.kind !== "column" && action.kind !== "polymorphic") ||
        (action.kind === "column" && entity !== null && entity.mapper !== base && target.isa(entity.mapper)),
    ),
  );
}

/** The classes whose columns are loaded: those that were named, and what lies between them and the class of the rows. */
function levelsOf(plan: EntityPlan): ReadonlySet<Mapper> {
  const levels = new Set<Mapper>();
  for (const { mapper } of plan.polymorphic)
    for (const each of mapper.iterateToRoot()) if (each !== plan.mapper && each.isa(plan.mapper)) levels.add(each);
  return levels;
}

/** Whether an attribute comes from the class above. */
function isInherited(mapper: Mapper, key: string): boolean {
  return mapper.inherits?.props.has(key) === true;
}
