/** `selectinload`: one statement for the relationship of many objects, `WHERE key IN (…)`. */
import {
  AnonName,
  BindParameter,
  type ClauseElement,
  type ColumnElement,
  LABEL_STYLE_NONE,
  operators,
  Select,
  Tuple,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { Entity } from "../../base/entity.ts";
import { hashOfValues, type IdentityHash } from "../../identity/key.ts";
import type { CollectionAttribute } from "../../instrument/collection-attribute.ts";
import type { Mapper } from "../../mapping/mapper.ts";
import { entityColumn, entityExpression } from "../../query/adapt.ts";
import { anonymousAlias, widenedEntity } from "../../query/alias-entity.ts";
import { nodeOf } from "../../query/entity.ts";
import { conjunction } from "../../query/lowering.ts";
import type { PostPlan } from "../../query/plan.ts";
import { relationshipJoin, relationshipOrder } from "../../query/relationship-join.ts";
import { trailOptions } from "../../query/trail-option.ts";
import { relationFacts } from "../../relationship/facts.ts";
import type { RelationshipProperty } from "../../relationship/relationship.ts";
import type { InstanceState } from "../../state/instance-state.ts";
import { type LoadSettings, selectRowsStep } from "../execute.ts";
import type { PostQueue } from "../post-loads.ts";
import { recursionOptions } from "../recursion.ts";
import { type GroupsAhead, type RelatedGroups, selectGroupsStep } from "../related-groups.ts";
import { attributesOf, type LoadRun, type Waiting } from "../run.ts";
import { firstOfEach } from "./first-of-each.ts";
import { noneRelated, storeRelated } from "./store-related.ts";

const chunkSize = 500;

/** Loads a relationship for all objects that wait for it. */
export function* selectInLoad(run: LoadRun, post: PostPlan, waiting: Waiting, queue: PostQueue): Step<void> {
  const { property } = post;
  const parentNode = run.node(post.owner);
  const node = parentNode.child(property.key);
  const step = parentNode.step(property.key);
  const target = step?.ofType ? widenedEntity(property.entity, step.ofType) : property.entity;
  const facts = relationFacts(property);
  const window = parentNode.relationship(property.key)?.window ?? null;
  const settings: LoadSettings = {
    mapper: property.mapper,
    populateExisting: run.populateExisting,
    purpose: { kind: "relationship", property },
    queue,
  };
  const makeStatement = (
    columns: readonly ColumnElement[],
    join: ((select: Select, criteria: readonly ClauseElement[]) => Select) | null,
    order: boolean,
  ): Select => {
    const values = new BindParameter(
      new AnonName("primary_keys"),
      "primary_keys",
      [],
      (columns[0] as ColumnElement).type,
      { required: true },
    );
    const left = columns.length === 1 ? (columns[0] as ColumnElement) : new Tuple(columns);
    const criteria = (step?.criteria ?? []).map((criterion) => entityExpression(target, criterion));
    const conditions = [
      left.in(
        values.withExpanding(operators.in, columns.length === 1 ? null : columns.map((column) => column.type)) as never,
      ),
      ...(join === null ? criteria : []),
    ];
    // What is said of the related class stands where the class does: in the condition that joins it.
    const base = (select: Select): Select => (join === null ? select : join(select, criteria));
    const orderBy =
      window === null || window.orderBy.length === 0
        ? relationshipOrder(property, target, null)
        : window.orderBy.map((element) => entityExpression(target, element) as ColumnElement);
    let select: Select;
    if (window === null || window.limit === null) {
      select = base(new Select([...columns, nodeOf(target)]).setLabelStyle(LABEL_STYLE_NONE)).where(
        ...(conditions as never[]),
      );
      if (order) select = select.orderBy(...orderBy);
    } else {
      const from = (ranked: Select): Select =>
        base(property.secondary === null && facts.childColumns !== null ? ranked.selectFrom(nodeOf(target)) : ranked);
      select = firstOfEach({ columns, target, orderBy, limit: window.limit }, (ranked) =>
        from(ranked).where(...(conditions as never[])),
      );
    }
    const options = [
      ...node.asOptions(),
      ...recursionOptions(property, post.choice === null ? null : { ...post.choice, window }),
      ...trailOptions(target.mapper, node, [...post.trail, { property, byOption: post.choice !== null }]),
    ];
    return options.length === 0 ? select : select.options(...options);
  };
  const memo =
    node.isTrivial && step === null && window === null && post.choice?.recursionDepth == null
      ? statementMemo(post)
      : null;
  if (facts.usesGet) {
    const groups = groupByKey(property, facts.keyColumns, waiting);
    if (groups !== null) {
      const statement = memoised(memo, "get", () =>
        makeStatement(
          property.mapper.primaryKey.map((column) => entityColumn(target, column)),
          null,
          false,
        ),
      );
      yield* loadByRelatedKey(run, property, groups, statement, settings);
      return;
    }
  }
  const columns = facts.childColumns;
  const statement =
    columns !== null
      ? memoised(memo, "direct", () =>
          makeStatement(
            columns.map((column) => (property.secondary !== null ? column : entityColumn(target, column))),
            property.secondary === null
              ? null
              : (select, criteria) => overSecondary(select, property, target, criteria),
            true,
          ),
        )
      : memoised(memo, "join", () => {
          const alias = anonymousAlias(property.parent as Mapper);
          return makeStatement(
            alias.mapper.primaryKey.map((column) => entityColumn(alias, column)),
            (select, criteria) => joined(select, property, alias, target, criteria),
            true,
          );
        });
  yield* loadByParentKey(run, property, waiting, statement, settings, window !== null && window.limit !== null);
}

function* loadByParentKey(
  run: LoadRun,
  property: RelationshipProperty,
  waiting: Waiting,
  statement: Select,
  settings: LoadSettings,
  isPartial: boolean,
): Step<void> {
  const { states } = waiting;
  const width = states[0]?.identity?.length ?? 1;
  const paramsOf = (start: number): { readonly primary_keys: readonly unknown[] } | null => {
    const end = Math.min(start + chunkSize, states.length);
    if (start >= end) return null;
    const keys: unknown[] = new Array(end - start);
    for (let index = start; index < end; index++) {
      const state = states[index] as InstanceState;
      keys[index - start] = width === 1 ? state.identityValue : state.identity;
    }
    return { primary_keys: keys };
  };
  let params = paramsOf(0);
  let started: GroupsAhead["started"] = null;
  for (let start = 0; start < states.length; start += chunkSize) {
    const next = paramsOf(start + chunkSize);
    const ahead: GroupsAhead = { started, next };
    const loaded: RelatedGroups = yield* selectGroupsStep(run.session, statement, params, settings, width, ahead);
    started = loaded.ahead;
    params = next;
    try {
      storeAll(property, waiting, start, loaded, isPartial);
    } catch (error) {
      // Listeners of collections may refuse.
      if (started !== null) yield* started.settle();
      throw error;
    }
  }
}

function storeAll(
  property: RelationshipProperty,
  waiting: Waiting,
  start: number,
  { groups, repeats }: RelatedGroups,
  isPartial: boolean,
): void {
  const { key } = property;
  const attributeOf = attributesOf(key);
  const { states } = waiting;
  const end = Math.min(start + chunkSize, states.length);
  for (let place = start; place < end; place++) {
    const state = states[place] as InstanceState;
    if (state.dict[key] !== undefined && !waiting.at(place)) continue;
    const objects = groups.get(state.identityHash as IdentityHash);
    const related = objects === undefined ? noneRelated : repeats ? [...new Set(objects)] : objects;
    const attribute = attributeOf(state);
    if (isPartial) (attribute as CollectionAttribute).setPartial(state, related);
    else storeRelated(property, attribute, state, related);
  }
}

interface KeyGroup {
  readonly key: readonly unknown[];
  readonly states: [InstanceState, boolean][];
}

interface KeyGroups {
  readonly groups: Map<IdentityHash, KeyGroup>;
  readonly without: [InstanceState, boolean][];
}

/** Objects by the key that they refer to; null where some foreign key is not loaded. */
function groupByKey(
  property: RelationshipProperty,
  keyColumns: readonly ColumnElement[],
  waiting: Waiting,
): KeyGroups | null {
  const groups = new Map<IdentityHash, KeyGroup>();
  const without: [InstanceState, boolean][] = [];
  const keys = keyColumns.map((column) => (property.parent as Mapper).propertyOf(column).key);
  for (const [state, overwrite] of waiting) {
    const key = keys.map((name) => state.dict[name]);
    if (key.includes(undefined)) return null;
    if (key.includes(null)) {
      without.push([state, overwrite]);
      continue;
    }
    const hash = hashOfValues(key);
    const group = groups.get(hash);
    if (group === undefined) groups.set(hash, { key, states: [[state, overwrite]] });
    else group.states.push([state, overwrite]);
  }
  return { groups, without };
}

function* loadByRelatedKey(
  run: LoadRun,
  property: RelationshipProperty,
  { groups, without }: KeyGroups,
  statement: Select,
  settings: LoadSettings,
): Step<void> {
  const all = [...groups];
  for (let start = 0; start < all.length; start += chunkSize) {
    const chunk = all.slice(start, start + chunkSize);
    const width = chunk[0]?.[1].key.length ?? 1;
    const keys = chunk.map(([, { key }]) => (width === 1 ? key[0] : key));
    const rows = yield* selectRowsStep(run.session, statement, { primary_keys: keys }, settings);
    const found = new Map<IdentityHash, object>();
    for (const row of rows) if (row[width] !== null) found.set(hashOfValues(row.slice(0, width)), row[width] as object);
    for (const [hash, { states }] of chunk) {
      for (const [state, overwrite] of states)
        if (overwrite || state.dict[property.key] === undefined) storeOne(property, state, found.get(hash) ?? null);
    }
  }
  for (const [state, overwrite] of without)
    if (overwrite || state.dict[property.key] === undefined) storeOne(property, state, null);
}

function storeOne(property: RelationshipProperty, state: InstanceState, related: object | null): void {
  state.mapper
    .attribute(property.key)
    .setCommitted(state, property.uselist ? (related === null ? [] : [related]) : related);
}

function overSecondary(
  select: Select,
  property: RelationshipProperty,
  target: Entity,
  criteria: readonly ClauseElement[],
): Select {
  const { secondary } = relationshipJoin(property, property.parent as Mapper, target, { aliasSecondary: false });
  if (secondary === null) return select;
  return select
    .selectFrom(secondary.table)
    .join(nodeOf(target), conjunction([secondary.condition, ...criteria]) as never);
}

function joined(
  select: Select,
  property: RelationshipProperty,
  source: Entity,
  target: Entity,
  criteria: readonly ClauseElement[],
): Select {
  const { primary, secondary } = relationshipJoin(property, source, target, { aliasSecondary: true });
  const base = select.selectFrom(nodeOf(source));
  if (secondary === null) return base.join(nodeOf(target), conjunction([primary, ...criteria]) as never);
  return base
    .join(secondary.table, primary as never)
    .join(nodeOf(target), conjunction([secondary.condition, ...criteria]) as never);
}

type Memo = Map<string, Select>;
const memos = new WeakMap<PostPlan, Memo>();

function statementMemo(post: PostPlan): Memo {
  let memo = memos.get(post);
  if (memo === undefined) memos.set(post, (memo = new Map()));
  return memo;
}

function memoised(memo: Memo | null, name: string, make: () => Select): Select {
  if (memo === null) return make();
  let select = memo.get(name);
  if (select === undefined) memo.set(name, (select = make()));
  return select;
}
