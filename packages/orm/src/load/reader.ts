/**
 * Reads instances from rows. One reader per entity plan and shape of row, for each mapper that the rows may belong to: the
 * identity map is asked first, then one object literal is filled. Code made at run time, with an interpreted twin.
 */
import { codegenAllowed, InvalidRequestError, type RowShape } from "@athanor/core";
import { AssertionError, StaleDataError } from "../base/errors.ts";
import { hashOfValue, hashOfValues, type IdentityHash } from "../identity/key.ts";
import { CollectionAttribute } from "../instrument/collection-attribute.ts";
import type { ColumnProperty } from "../mapping/column-property.ts";
import type { Mapper } from "../mapping/mapper.ts";
import type { EagerPlan, EntityPlan, PostPlan } from "../query/plan.ts";
import { InstanceState, type Values } from "../state/instance-state.ts";
import { attachNewState } from "../state/registry.ts";
import type { LoadRun } from "./run.ts";

type RawRow = readonly unknown[];
type Convert = ((value: unknown) => unknown) | null;

/** Where one attribute comes from. */
export interface Source {
  readonly key: string;
  readonly position: number;
  readonly convert: Convert;
}

/** What makes the values of a new instance from a row. */
type MakeValues = (row: RawRow) => Values;

/** Reads the instances of one mapper from rows of one plan. */
export class EntityReader {
  readonly plan: EntityPlan;
  readonly mapper: Mapper;
  readonly identity: readonly Source[];
  readonly sources: readonly Source[];
  readonly #shape: RowShape;
  readonly #makeValues: MakeValues;
  readonly #newObject: () => object;
  /** An object that stays, so that V8 goes on to know how they are laid out; see the driver's `keepSpecimen`. */
  readonly specimen: object | null = null;
  readonly #single: Source | null;
  readonly #discriminator: Source | null;
  readonly #eagers: readonly { readonly eager: EagerPlan; readonly reader: ReaderSlot }[];
  readonly #posts: readonly PostPlan[];
  readonly #hasMore: boolean;
  readonly #allowsPartialKeys: boolean;
  readonly #alwaysRefreshes: boolean;
  readonly #byMapper = new Map<unknown, EntityReader>();
  readonly #waitsForColumns: boolean;
  /** Objects of the class may have been read by a plan above, with fewer columns. */
  readonly #meetsAgain: boolean;
  readonly #root: EntityReader;

  constructor(plan: EntityPlan, shape: RowShape, mapper: Mapper = plan.mapper, root: EntityReader | null = null) {
    this.plan = plan;
    this.mapper = mapper;
    this.#shape = shape;
    this.#root = root ?? this;
    const source = (key: string, position: number): Source => ({
      key,
      position: shape.sources[position] as number,
      convert: (shape.processors[position] ?? null) as Convert,
    });
    this.identity = mapper.primaryKeyProperties.flatMap((property) => {
      const slot = plan.slotOf(property);
      return slot === undefined ? [] : [source(property.key, slot.index)];
    });
    this.sources = mapper.columnAttrs.flatMap((property: ColumnProperty) => {
      const slot = plan.slotOf(property);
      return slot === undefined ? [] : [source(property.key, slot.index)];
    });
    this.#single = this.identity.length === 1 && mapper.primaryKey.length === 1 ? (this.identity[0] as Source) : null;
    this.#allowsPartialKeys = mapper.options.allowPartialPks !== false;
    this.#alwaysRefreshes = mapper.options.alwaysRefresh === true;
    this.#discriminator = plan.discriminator === null ? null : source("", plan.discriminator.index);
    const Shell = shellOf(mapper.class.prototype as object);
    this.#newObject = mapper.takenUp ? () => new Shell() : () => mapper.newInstance();
    if (mapper.takenUp) {
      this.specimen = new Shell();
      attachNewState(this.specimen, new InstanceState(this.specimen, mapper, {}));
    }
    this.#makeValues = codegenAllowed() ? generatedValues(this.sources) : interpretedValues(this.sources);
    this.#eagers = plan.eagers
      .filter(({ property }) => mapper.isa(property.parent as Mapper))
      .map((eager) => ({ eager, reader: readerSlot(eager.plan, shape) }));
    this.#posts = plan.posts.filter(({ property }) => mapper.isa(property.parent as Mapper));
    this.#waitsForColumns = plan.polymorphic.some(
      (entity) =>
        mapper !== plan.mapper &&
        [...mapper.iterateToRoot()].some(
          (each) => each !== plan.mapper && each.isa(plan.mapper) && entity.mapper.isa(each),
        ),
    );
    this.#meetsAgain = plan.parent !== null && mapper.inherits !== null && hasAbove(plan.parent, mapper);
    this.#hasMore =
      this.#eagers.length > 0 || this.#posts.length > 0 || plan.noloads.length > 0 || this.#waitsForColumns;
  }

  /** The instance of a row; null where an outer join found none. */
  read(row: RawRow, run: LoadRun): InstanceState | null {
    let value: unknown;
    let hash: IdentityHash;
    if (run.refresh !== null && this.plan.parent === null) return this.#refresh(run.refresh, row, run);
    const single = this.#single;
    if (single !== null) {
      value = single.convert === null ? row[single.position] : single.convert(row[single.position]);
      if (value === null || value === undefined) return null;
      hash = typeof value === "number" || typeof value === "string" ? value : hashOfValue(value);
    } else {
      const values = this.identity.map(({ position, convert }) =>
        convert === null ? row[position] : convert(row[position]),
      );
      const isMissing = (each: unknown): boolean => each === null || each === undefined;
      if (this.#allowsPartialKeys ? values.every(isMissing) : values.some(isMissing)) return null;
      if (values.length === 0)
        throw new InvalidRequestError(`The rows have no primary key for ${this.mapper.class.name}`, {
          fix: "select all columns of the primary key",
        });
      value = values;
      hash = hashOfValues(values);
    }
    if (this.#discriminator !== null && this.#root === this) {
      const { position, convert } = this.#discriminator;
      const reader = this.#readerFor(convert === null ? row[position] : convert(row[position]));
      if (reader !== this) return reader.#instance(value, hash, row, run);
    }
    return this.#instance(value, hash, row, run);
  }

  #instance(value: unknown, hash: IdentityHash, row: RawRow, run: LoadRun): InstanceState {
    const { mapper } = this;
    const table = run.table(mapper);
    const known = table.get(hash);
    if (known !== undefined) return this.#existing(known, row, run);
    const object = this.#newObject();
    const state = new InstanceState(object, mapper, this.#makeValues(row));
    attachNewState(object, state);
    state.identityHash = hash;
    state.identityValue = value;
    if (run.identityToken !== null) state.identityToken = run.identityToken;
    state.session = run.session;
    state.runId = run;
    const node = run.node(this.plan);
    if (!node.isTrivial) state.loadPath = node;
    table.set(hash, state);
    if (this.#hasMore) this.#more(state, row, run, true);
    if (run.collectsEvents) run.events.push({ state, isLoad: true });
    run.isFirst = true;
    return state;
  }

  #existing(state: InstanceState, row: RawRow, run: LoadRun): InstanceState {
    if (state.runId === run) {
      if (this.#meetsAgain) this.#fillGaps(state, row);
      const { meetsOthers } = this.plan;
      if (this.#eagers.length > 0) this.#readEagers(state, row, run, meetsOthers, false, false);
      if (meetsOthers) for (const post of this.#posts) run.wait(post, state, false, false);
      run.isFirst = false;
      return state;
    }
    state.runId = run;
    const node = run.node(this.plan);
    if (run.populateExisting || this.#alwaysRefreshes) {
      if (run.checksVersion) this.#checkVersion(state, row);
      this.#overwrite(state, row);
      state.loadPath = node.isTrivial ? null : node;
      if (this.#hasMore) this.#more(state, row, run, true);
      if (run.collectsEvents) run.events.push({ state, isLoad: false, keys: null });
      run.isFirst = true;
      return state;
    }
    if (state.partialKeys !== null) this.#dropPartial(state);
    const wasExpired = state.expired;
    // Upstream tells of every object that something is unloaded of, a lazy relationship too.
    const unloaded = run.collectsEvents ? this.#unloadedKeys(state) : null;
    const isPartial = this.#fillGaps(state, row);
    if (wasExpired && !node.isTrivial) state.loadPath = node;
    if (this.#hasMore && (isPartial || this.#eagers.length > 0 || this.#hasUnloaded(state)))
      this.#more(state, row, run, false);
    if (unloaded !== null && (unloaded.length > 0 || this.#eagers.length > 0))
      run.events.push({ state, isLoad: false, keys: unloaded });
    run.isFirst = true;
    return state;
  }

  #refresh(state: InstanceState, row: RawRow, run: LoadRun): InstanceState {
    if (state.runId === run) {
      if (this.#eagers.length > 0) this.#readEagers(state, row, run, false, true, false);
      return state;
    }
    state.runId = run;
    const reader = state.mapper === this.mapper ? this : this.#readerOf(state.mapper);
    reader.#overwrite(state, row);
    const node = run.node(this.plan);
    if (!node.isTrivial) state.loadPath = node;
    if (reader.#hasMore) reader.#more(state, row, run, true);
    if (run.collectsEvents) run.events.push({ state, isLoad: false, keys: run.refreshKeys });
    return state;
  }

  #checkVersion(state: InstanceState, row: RawRow): void {
    const key = this.mapper.versionIdProperty?.key;
    const source = this.sources.find((each) => each.key === key);
    if (key === undefined || source === undefined) return;
    const { position, convert } = source;
    const loaded = convert === null ? row[position] : convert(row[position]);
    const own = state.committed?.[key] ?? state.dict[key];
    if (own === undefined || own === loaded) return;
    throw new StaleDataError(
      `Instance '${state}' has version id '${String(own)}' which does not match database-loaded version id '${String(loaded)}'.`,
      { fix: "refresh the object, and decide anew what to write" },
    );
  }

  #overwrite(state: InstanceState, row: RawRow): void {
    const { dict, committed, expiredKeys } = state;
    for (const { key, position, convert } of this.sources) {
      dict[key] = convert === null ? row[position] : convert(row[position]);
      if (committed !== null && committed[key] !== undefined) delete committed[key];
      expiredKeys?.delete(key);
    }
    settle(state);
  }

  /** Sets what is not loaded; tells whether anything was missing. */
  #fillGaps(state: InstanceState, row: RawRow): boolean {
    const { dict, expiredKeys } = state;
    let missing = false;
    for (const { key, position, convert } of this.sources) {
      if (dict[key] !== undefined || (state.committed !== null && state.committed[key] !== undefined)) continue;
      dict[key] = convert === null ? row[position] : convert(row[position]);
      expiredKeys?.delete(key);
      missing = true;
    }
    if (missing) settle(state);
    return missing;
  }

  /** What was loaded with a limit does not do for another load of the same collections. */
  #dropPartial(state: InstanceState): void {
    for (const { property } of [...this.#posts, ...this.#eagers.map(({ eager }) => eager)]) {
      const attribute = state.mapper.attribute(property.key);
      if (attribute instanceof CollectionAttribute) attribute.dropPartial(state);
    }
  }

  #hasUnloaded(state: InstanceState): boolean {
    const { dict } = state;
    for (const key of state.mapper.props.keys()) if (dict[key] === undefined) return true;
    return false;
  }

  #unloadedKeys(state: InstanceState): string[] {
    const { dict, mapper, committed } = state;
    return [...mapper.attributes.keys()].filter(
      (key) => dict[key] === undefined && (committed === null || committed[key] === undefined),
    );
  }

  #more(state: InstanceState, row: RawRow, run: LoadRun, overwrite: boolean): void {
    if (this.#eagers.length > 0) this.#readEagers(state, row, run, true, overwrite, true);
    for (const post of this.#posts) run.wait(post, state, overwrite, true);
    for (const property of this.plan.noloads) {
      if (overwrite || state.dict[property.key] === undefined)
        state.mapper.attribute(property.key).setCommitted(state, property.uselist ? [] : null);
    }
    if (this.#waitsForColumns) run.waitForColumns(this.plan, state);
  }

  /** `setsScalars`: single related objects are stored too; `isNew`: the load had not met the object before. */
  #readEagers(
    state: InstanceState,
    row: RawRow,
    run: LoadRun,
    setsScalars: boolean,
    overwrite: boolean,
    isNew: boolean,
  ): void {
    for (const { eager, reader } of this.#eagers) {
      const related = reader.get().read(row, run);
      const { key, uselist } = eager.property;
      if (!uselist) {
        if (setsScalars && (overwrite || state.dict[key] === undefined))
          state.mapper.attribute(key).setCommitted(state, related === null ? null : related.obj);
        continue;
      }
      const objects = run.gathered(eager, state, overwrite || state.dict[key] === undefined, isNew);
      if (related !== null) objects?.add(related.obj);
    }
  }

  #readerFor(discriminator: unknown): EntityReader {
    const known = this.#byMapper.get(discriminator);
    if (known !== undefined) return known;
    const mapper =
      discriminator === null || discriminator === undefined
        ? this.mapper
        : this.mapper.polymorphicMap.get(discriminator);
    if (mapper === undefined)
      throw new AssertionError(`No such polymorphic_identity '${String(discriminator)}' is defined`, {
        fix: "map a class with this polymorphicIdentity",
      });
    if (!mapper.isa(this.mapper)) {
      throw new InvalidRequestError(
        `Row can't be loaded into an object; the polymorphic discriminator column '${String(discriminator)}' refers to ${mapper}, which is not a sub mapper of the requested ${this.mapper}`,
      );
    }
    const reader = mapper === this.mapper ? this : this.#readerOf(mapper);
    this.#byMapper.set(discriminator, reader);
    return reader;
  }

  #readerOf(mapper: Mapper): EntityReader {
    let reader = this.#byMapper.get(mapper);
    if (reader === undefined)
      this.#byMapper.set(mapper, (reader = new EntityReader(this.plan, this.#shape, mapper, this.#root)));
    return reader;
  }
}

function hasAbove(plan: EntityPlan, mapper: Mapper): boolean {
  for (let each: EntityPlan | null = plan; each !== null; each = each.parent)
    if (each.mapper.baseMapper === mapper.baseMapper) return true;
  return false;
}

/** A constructor that does nothing: V8 makes its objects faster than those of `Object.create`. */
function shellOf(prototype: object): new () => object {
  function Shell(): void {}
  Shell.prototype = prototype;
  return Shell as unknown as new () => object;
}

/** After values were stored: nothing is expired any more where no key is left. */
function settle(state: InstanceState): void {
  if (state.expiredKeys !== null && state.expiredKeys.size === 0) state.expiredKeys = null;
  state.expired = false;
  if (state.committed !== null) {
    for (const key in state.committed) if (state.committed[key] !== undefined) return;
    state.committed = null;
    state.modified = false;
  }
}

/** Makes a child's reader when it is first needed. */
class ReaderSlot {
  #reader: EntityReader | null = null;
  readonly #plan: EntityPlan;
  readonly #shape: RowShape;

  constructor(plan: EntityPlan, shape: RowShape) {
    this.#plan = plan;
    this.#shape = shape;
  }

  get(): EntityReader {
    return (this.#reader ??= new EntityReader(this.#plan, this.#shape));
  }
}

function readerSlot(plan: EntityPlan, shape: RowShape): ReaderSlot {
  return new ReaderSlot(plan, shape);
}

/** One object literal per row, made by code for this very list of attributes. */
function generatedValues(sources: readonly Source[]): MakeValues {
  if (sources.length > 500 || sources.some(({ key }) => key === "__proto__")) return interpretedValues(sources);
  const converts = sources.map(({ convert }) => convert);
  const fields = sources.map(
    ({ key, position, convert }, index) =>
      `${JSON.stringify(key)}:${convert === null ? `r[${position}]` : `c${index}(r[${position}])`}`,
  );
  const build = new Function(
    ...converts.map((_, index) => `c${index}`),
    `"use strict";return(r)=>({${fields.join(",")}});`,
  ) as (...args: unknown[]) => MakeValues;
  return build(...converts);
}

function interpretedValues(sources: readonly Source[]): MakeValues {
  return (row) => {
    const values: Values = {};
    for (const { key, position, convert } of sources)
      values[key] = convert === null ? row[position] : convert(row[position]);
    return values;
  };
}

/** The reader of a plan for rows of a shape; made once. */
export function readerOf(plan: EntityPlan, shape: RowShape): EntityReader {
  const memo = plan.memo as { readonly shape: RowShape; readonly reader: EntityReader } | undefined;
  if (memo !== undefined && memo.shape === shape) return memo.reader;
  const reader = new EntityReader(plan, shape);
  plan.memo = { shape, reader };
  return reader;
}
