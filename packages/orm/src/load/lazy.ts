/** Loads one relationship of one object: what touching an unloaded attribute does. */
import {
  type ColumnElement,
  InvalidRequestError,
  LABEL_STYLE_NONE,
  LABEL_STYLE_TABLENAME_PLUS_COL,
  Select,
  warn,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { SessionPort } from "../base/session-port.ts";
import {
  DEFERRED_HISTORY_LOAD,
  LOAD_AGAINST_COMMITTED,
  NO_AUTOFLUSH,
  NO_RAISE,
  NO_VALUE,
  NOT_LOADED,
  type Passive,
  RELATED_OK,
  SQL_OK,
} from "../base/symbols.ts";
import type { Mapper } from "../mapping/mapper.ts";
import { OptionNode } from "../options/tree.ts";
import { entityExpression } from "../query/adapt.ts";
import { nodeOf } from "../query/entity.ts";
import { type BoundCondition, boundCondition, relationshipOrder } from "../query/relationship-join.ts";
import { TrailOption, trailOptions } from "../query/trail-option.ts";
import { relationFacts } from "../relationship/facts.ts";
import type { RelationshipProperty } from "../relationship/relationship.ts";
import type { InstanceState } from "../state/instance-state.ts";
import { selectEntitiesStep } from "./execute.ts";
import { fromIdentityStep } from "./identity.ts";
import { byKeyStatement, byPartialKeyStatement, keyParameters } from "./key-statement.ts";
import type { PostQueue } from "./post-loads.ts";
import { recursionOptions } from "./recursion.ts";
import { loadColumnsStep } from "./refresh.ts";
import type { LoadingSession } from "./session.ts";

/** The options that an object was loaded with. */
export function optionsOf(state: InstanceState): OptionNode | null {
  return state.loadPath instanceof OptionNode ? state.loadPath : null;
}

/**
 * Loads a relationship of one object and gives the related object, null, or a list; NOT_LOADED where `passive` forbids it.
 * With a `queue` the second statements that follow from it wait there.
 *
 * @throws InvalidRequestError where the relationship is `lazy: "raise"`.
 */
export function* lazyLoadStep(
  port: SessionPort,
  state: InstanceState,
  property: RelationshipProperty,
  passive: Passive,
  queue?: PostQueue,
): Step<unknown> {
  const session = port as LoadingSession;
  const node = optionsOf(state);
  const choice = node?.relationship(property.key) ?? null;
  const strategy = choice?.strategy ?? property.lazy;
  if (strategy === "noload") return property.uselist ? [] : null;
  const facts = relationFacts(property);
  if (!facts.usesGet && (passive & SQL_OK) === 0) return NOT_LOADED;
  // A look into the identity map, for history, is no access.
  const isAccess = (passive & NO_RAISE) === 0 && (!facts.usesGet || (passive & RELATED_OK) !== 0);
  if (strategy === "raise" && isAccess) throw refused(property, "raise");
  const refusesSql = strategy === "raiseOnSql" && (passive & NO_RAISE) === 0;
  if (facts.usesGet) return yield* loadByGet(session, state, property, node, { passive, refusesSql, queue });
  if ((passive & RELATED_OK) === 0) return NOT_LOADED;
  const { statement, bound } = lazyStatement(property, node);
  const params: Record<string, unknown> = {};
  for (const { bind, column } of bound.binds) {
    const value = yield* columnValue(session, state, column, passive);
    if (value === NOT_LOADED) return NOT_LOADED;
    params[bind.bindKey as string] = value === NO_VALUE ? null : value;
  }
  if (state.identityHash === null && Object.values(params).includes(null)) return NO_VALUE;
  if (refusesSql) throw refused(property, "raise_on_sql");
  if ((passive & NO_AUTOFLUSH) === 0) yield* session.autoflushStep();
  if ((passive & DEFERRED_HISTORY_LOAD) === 0 && state.dict[property.key] !== undefined)
    return state.dict[property.key];
  const objects = yield* selectEntitiesStep(session, statement, params, {
    mapper: property.mapper,
    purpose: { kind: "relationship", state, property },
    queue,
  });
  if (property.uselist) return objects;
  if (objects.length > 1) warn(`Multiple rows returned with uselist=False for lazily-loaded attribute '${property}' `);
  return objects[0] ?? null;
}

/** Where SQL would be needed. @throws InvalidRequestError for `lazy: "raise"` and `"raiseOnSql"`. */
export function checkSqlAllowed(state: InstanceState, property: RelationshipProperty, passive: Passive): void {
  if ((passive & NO_RAISE) !== 0) return;
  const strategy = optionsOf(state)?.relationship(property.key)?.strategy ?? property.lazy;
  if (strategy === "raise") throw refused(property, "raise");
  if (strategy === "raiseOnSql") throw refused(property, "raise_on_sql");
}

function refused(property: RelationshipProperty, how: string): InvalidRequestError {
  return new InvalidRequestError(`'${property}' is not available due to lazy='${how}'`, {
    code: "lazy_raise",
    fix: `load it with the statement: options(selectinload(${(property.parent as Mapper).class.name}.$.${property.key}))`,
  });
}

/** How {@link loadByGet} may go about it. */
interface GetManner {
  readonly passive: Passive;
  readonly refusesSql: boolean;
  readonly queue: PostQueue | undefined;
}

/** Many-to-one to the primary key: the identity map is asked first. */
function* loadByGet(
  session: LoadingSession,
  state: InstanceState,
  property: RelationshipProperty,
  node: OptionNode | null,
  { passive, refusesSql, queue }: GetManner,
): Step<unknown> {
  const values: unknown[] = [];
  for (const column of relationFacts(property).keyColumns) {
    const value = yield* columnValue(session, state, column, passive);
    if (value === NOT_LOADED) return NOT_LOADED;
    if (value === NO_VALUE) return NO_VALUE;
    values.push(value);
  }
  const { mapper } = property;
  const nulls = values.flatMap((value, position) => (value === null ? [position] : []));
  if (nulls.length === values.length || (nulls.length > 0 && mapper.options.allowPartialPks === false)) return null;
  const below = node?.child(property.key) ?? null;
  const step = node?.step(property.key) ?? null;
  if (step === null || step.criteria.length === 0) {
    const known = yield* fromIdentityStep(session, mapper, values, passive, state);
    if (known !== undefined) return known;
  }
  if ((passive & SQL_OK) === 0 || (passive & RELATED_OK) === 0) return NOT_LOADED;
  if (refusesSql) throw refused(property, "raise_on_sql");
  if ((passive & NO_AUTOFLUSH) === 0) yield* session.autoflushStep();
  const byKey = nulls.length === 0 ? byKeyStatement(property.entity) : byPartialKeyStatement(mapper, nulls);
  let statement = byKey.setLabelStyle(LABEL_STYLE_NONE);
  for (const criterion of step?.criteria ?? []) statement = statement.where(criterion as never);
  const options = [
    ...(below === null || below.isTrivial ? [] : below.asOptions()),
    ...recursionOptions(property, node?.relationship(property.key) ?? null),
    ...trailOptions(mapper, below, [{ property, byOption: false, isLazy: true }]),
  ];
  if (options.length > 0) statement = statement.options(...options);
  const objects = yield* selectEntitiesStep(session, statement, keyParameters(values), {
    mapper,
    purpose: { kind: "relationship", state, property },
    queue,
  });
  return objects[0] ?? null;
}

/** The value of one of the object's columns, loaded if it must be. */
function* columnValue(
  session: LoadingSession,
  state: InstanceState,
  column: ColumnElement,
  passive: Passive,
): Step<unknown> {
  const { key } = state.mapper.propertyOf(column);
  if ((passive & LOAD_AGAINST_COMMITTED) !== 0) {
    const committed = state.committed?.[key];
    if (committed !== undefined && committed !== NO_VALUE && committed !== NOT_LOADED) return committed;
    if (committed === NO_VALUE) return NO_VALUE;
  }
  let value = state.dict[key];
  if (value !== undefined) return value;
  if (state.gaps?.includes(key) === true) return null;
  const position = state.mapper.primaryKey.indexOf(column as never);
  // An expired object is loaded first, as if its key had been read.
  if (position >= 0 && state.identity !== null && state.expiredKeys?.has(key) !== true) return state.identity[position];
  if (state.identityHash === null) return NO_VALUE;
  if ((passive & SQL_OK) === 0) return NOT_LOADED;
  yield* loadColumnsStep(session, state, [key], passive);
  value = state.dict[key];
  return value === undefined ? NO_VALUE : value;
}

interface LazyStatement {
  readonly statement: Select;
  readonly bound: BoundCondition;
}

const statements = new WeakMap<RelationshipProperty, LazyStatement>();

/** The statement that loads a relationship; made once where no options travel along. */
function lazyStatement(property: RelationshipProperty, node: OptionNode | null): LazyStatement {
  let made = statements.get(property);
  if (made === undefined) {
    const bound = boundCondition(property, "source");
    const target = property.entity;
    let statement = new Select([nodeOf(target)])
      .setLabelStyle(property.lazy === "dynamic" ? LABEL_STYLE_TABLENAME_PLUS_COL : LABEL_STYLE_NONE)
      .where(entityExpression(target, bound.condition) as never);
    if (property.secondary !== null) statement = statement.selectFrom(nodeOf(target), property.secondary);
    const order = relationshipOrder(property, target, null);
    if (order.length > 0) statement = statement.orderBy(...order);
    const trail = trailOptions(property.mapper, null, [{ property, byOption: false, isLazy: true }]);
    if (trail.length > 0) statement = statement.options(...trail);
    made = { statement, bound };
    statements.set(property, made);
  }
  if (node === null) return made;
  const below = node.child(property.key);
  const choice = node.relationship(property.key);
  // What `and()` said in an option of another strategy was said of that load, not of this one.
  const step = choice === null || choice.strategy === "select" ? node.step(property.key) : null;
  let { statement } = made;
  for (const criterion of step?.criteria ?? []) statement = statement.where(criterion as never);
  const options = [...(below.isTrivial ? [] : below.asOptions()), ...recursionOptions(property, choice)];
  if (options.length > 0) {
    if (below.hasWildcard) options.push(new TrailOption([{ property, byOption: false, isLazy: true }]) as never);
    statement = statement.options(...options);
  }
  return statement === made.statement ? made : { statement, bound: made.bound };
}
