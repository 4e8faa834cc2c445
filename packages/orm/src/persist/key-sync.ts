/** Copies key values from one object to another, along the column pairs of a relationship or of a joined hierarchy. */
import type { Column } from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { OrmClasses } from "../base/classes.ts";
import { AssertionError, UnmappedColumnError } from "../base/errors.ts";
import { NO_VALUE } from "../base/symbols.ts";
import type { ColumnPair } from "../relationship/relationship.ts";
import { noteChange } from "../state/changes.ts";
import type { InstanceState } from "../state/instance-state.ts";
import type { FlushScope } from "./scope.ts";

type Mapper = OrmClasses["mapper"];

/** Sets a column's value as the unit of work does: with history, without the user's listeners being able to veto. */
export function writeValue(state: InstanceState, key: string, value: unknown): void {
  const old = state.dict[key];
  if (old === value) return;
  const attribute = state.mapper.attributes.get(key);
  if (attribute !== undefined) attribute.set(state, value);
  else {
    noteChange(state, key, old);
    state.dict[key] = value;
  }
}

/** Loads the named columns of an object that expired, unless they have a value, or had one before a change. */
export function* loadExpiredStep(state: InstanceState, keys: Iterable<string>): Step<void> {
  if (state.expiredKeys === null || state.session === null) return;
  for (const key of keys) {
    if (state.dict[key] !== undefined || !state.expiredKeys.has(key)) continue;
    yield* state.mapper.attribute(key).getStep(state);
    return;
  }
}

/** Copies keys without loading; false when a value is not loaded, and nothing was copied. */
export function copyKeys(
  source: InstanceState,
  sourceMapper: Mapper,
  target: InstanceState,
  targetMapper: Mapper,
  pairs: readonly ColumnPair[],
  cascaded: FlushScope | null,
): boolean {
  for (const [from] of pairs)
    if (source.dict[keyOf(sourceMapper, from)] === undefined && source.identityHash !== null) return false;
  for (const [from, to] of pairs)
    set(source.dict[keyOf(sourceMapper, from)] ?? null, from, target, targetMapper, to, cascaded);
  return true;
}

/** Copies keys; a source that is expired is loaded. */
export function* copyKeysStep(
  source: InstanceState,
  sourceMapper: Mapper,
  target: InstanceState,
  targetMapper: Mapper,
  pairs: readonly ColumnPair[],
  cascaded: FlushScope | null,
): Step<void> {
  if (copyKeys(source, sourceMapper, target, targetMapper, pairs, cascaded)) return;
  for (const [from, to] of pairs)
    set(yield* valueStep(source, sourceMapper, from), from, target, targetMapper, to, cascaded);
}

function set(
  value: unknown,
  from: Column,
  target: InstanceState,
  targetMapper: Mapper,
  to: Column,
  cascaded: FlushScope | null,
): void {
  writeValue(target, keyOf(targetMapper, to), value);
  if (cascaded !== null && from.primaryKey && to.primaryKey && to.references(from)) cascaded.noteCascaded(target, to);
}

function* valueStep(state: InstanceState, mapper: Mapper, column: Column): Step<unknown> {
  const key = keyOf(mapper, column);
  const value: unknown = state.dict[key] ?? (yield* state.mapper.attribute(key).getStep(state));
  return typeof value === "symbol" ? null : value;
}

/** Empties the referring columns. @throws AssertionError where one is part of the primary key. */
export function clearKeys(target: InstanceState, targetMapper: Mapper, pairs: readonly ColumnPair[]): void {
  for (const [from, to] of pairs) {
    const key = keyOf(targetMapper, to);
    const present = target.dict[key];
    if (to.primaryKey && present !== null && present !== undefined) {
      throw new AssertionError(
        `Dependency rule on column '${from.description}' tried to blank-out primary key column '${to.description}' on instance '${target}'`,
        {
          fix: `delete the ${target.mapper.class.name} instead, or give the relationship cascade: "all, delete-orphan"`,
        },
      );
    }
    writeValue(target, key, null);
  }
}

/** Puts key values into a row of a table that is not mapped, by column key. */
export function* keysIntoRowStep(
  source: InstanceState,
  mapper: Mapper,
  row: Record<string, unknown>,
  pairs: readonly ColumnPair[],
): Step<void> {
  for (const [from, to] of pairs) {
    const value: unknown = source.dict[keyOf(mapper, from)];
    row[to.key as string] = value === undefined ? yield* valueStep(source, mapper, from) : value;
  }
}

/** Puts the keys as they are in the database into a row, under `old_` names. */
export function oldKeysIntoRow(
  source: InstanceState,
  mapper: Mapper,
  row: Record<string, unknown>,
  pairs: readonly ColumnPair[],
): void {
  for (const [from, to] of pairs) row[`old_${to.key}`] = committedValue(source, keyOf(mapper, from));
}

/** A value as it is in the database: before changes that were not flushed. */
export function committedValue(state: InstanceState, key: string): unknown {
  const committed = state.committed?.[key];
  return committed === undefined || committed === NO_VALUE ? (state.dict[key] ?? null) : committed;
}

function keyOf(mapper: Mapper, column: Column): string {
  const key = mapper.keyOf(column);
  if (key !== null) return key;
  // A concrete class has a column of its own for the attribute of the class above that a relationship is of.
  for (const above of mapper.iterateToRoot()) {
    const inherited = above.keyOf(column);
    if (inherited !== null && mapper.isExpirable(inherited)) return inherited;
  }
  throw new UnmappedColumnError(
    `Can't execute sync rule for column '${column.description}': it is not mapped by ${mapper}`,
    { fix: "map the column, or add viewonly: true to the relationship" },
  );
}
