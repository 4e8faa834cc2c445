/** A session whose operations are steps: inside `session.run(function* (session) { … })`. */
import type {
  ColumnElement,
  ConnectionCore,
  CursorResult,
  Given,
  OtherClause,
  ParametersFor,
  Result,
  ScalarResult,
  StatementTypes,
} from "@athanor/core";
import type { Step } from "@athanor/driver";
import {
  type AttributeKey,
  type BindArguments,
  type BulkRow,
  type BulkSaveOptions,
  bulkInsertMappingsStep,
  bulkSaveStep,
  bulkUpdateMappingsStep,
  deleteStep,
  type EntityClass,
  type ExecuteOptions,
  entityOf,
  executeArguments,
  executeInSessionStep,
  type GetOptions,
  getOneStep,
  getStep,
  type LoadParameters,
  type MergeOptions,
  mergeStep,
  type RefreshOptions,
  refreshArguments,
  refreshStep,
  type SessionCore,
  SessionMembers,
  stateFor,
} from "@athanor/orm";
import { type StepConnection, stepConnection } from "../connection.ts";

/** How `session.connection()` may be told which one. */
export interface ConnectionOptions {
  /** The class whose bind is taken. */
  readonly mapper?: EntityClass<object>;
  readonly bindArguments?: BindArguments;
  /** Options of the connection, where the transaction takes it now. */
  readonly executionOptions?: Readonly<Record<string, unknown>>;
}

/** What `session.run(function* (session) { … })` works with: the session's operations as steps, for `yield*`. */
export class StepSession extends SessionMembers {
  /** Executes a statement; objects in its rows are those of this session. Flushes first (autoflush). */
  execute<V extends readonly unknown[], O extends object>(
    statement: StatementTypes<V, O>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Step<Result<V, O>>;
  execute<T>(
    statement: ColumnElement<T>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Step<Result<[T]>>;
  execute(
    statement: OtherClause,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Step<Result<unknown[]>>;
  execute<V extends readonly unknown[], O extends object, C extends object>(
    statement: StatementTypes<V, O, C>,
    params?: ParametersFor<C> | ExecuteOptions,
    options?: ExecuteOptions,
  ): Step<CursorResult<V, O>>;
  execute(statement: Given, params?: LoadParameters | ExecuteOptions, options?: ExecuteOptions): Step<unknown> {
    return bufferedStep(this.core, statement, params, options);
  }

  /** The first value of each row. */
  scalars<V extends readonly unknown[], O extends object>(
    statement: StatementTypes<V, O>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Step<ScalarResult<V[0]>>;
  scalars(
    statement: OtherClause,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Step<ScalarResult<unknown>>;
  scalars<V extends readonly unknown[], O extends object, C extends object>(
    statement: StatementTypes<V, O, C>,
    params?: ParametersFor<C> | ExecuteOptions,
    options?: ExecuteOptions,
  ): Step<ScalarResult<V[0]>>;
  *scalars(
    statement: Given,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Step<ScalarResult<unknown>> {
    return (yield* bufferedStep(this.core, statement, params, options)).scalars();
  }

  /** The first value of the first row; null when there is none. */
  scalar<V extends readonly unknown[], O extends object>(
    statement: StatementTypes<V, O>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Step<V[0] | null>;
  scalar<T>(
    statement: ColumnElement<T>,
    params?: LoadParameters | ExecuteOptions,
    options?: ExecuteOptions,
  ): Step<T | null>;
  scalar(statement: OtherClause, params?: LoadParameters | ExecuteOptions, options?: ExecuteOptions): Step<unknown>;
  scalar<V extends readonly unknown[], O extends object, C extends object>(
    statement: StatementTypes<V, O, C>,
    params?: ParametersFor<C> | ExecuteOptions,
    options?: ExecuteOptions,
  ): Step<V[0] | null>;
  *scalar(statement: Given, params?: LoadParameters | ExecuteOptions, options?: ExecuteOptions): Step<unknown> {
    return (yield* bufferedStep(this.core, statement, params, options)).scalar();
  }

  /** The object with a primary key, from the session or by SELECT; null when there is none. */
  get<T extends object>(entity: EntityClass<T>, ident: unknown, options?: GetOptions): Step<T | null> {
    return getStep(this.core, entity, ident, options) as Step<T | null>;
  }

  /** {@link get}. @throws NoResultFound when there is none. */
  getOne<T extends object>(entity: EntityClass<T>, ident: unknown, options?: GetOptions): Step<T> {
    return getOneStep(this.core, entity, ident, options) as Step<T>;
  }

  /** The value of an attribute, loaded where need be. */
  load<T extends object, K extends keyof T & string>(instance: T, key: K): Step<T[K]> {
    const state = stateFor(instance);
    return state.mapper.attribute(key).getStep(state) as Step<T[K]>;
  }

  /** Marks an object for deletion by the next flush; related objects that go with it are loaded. */
  delete(instance: object): Step<void> {
    return deleteStep(this.core, stateFor(instance));
  }

  /** {@link delete} of each. */
  *deleteAll(instances: Iterable<object>): Step<void> {
    for (const instance of instances) yield* this.delete(instance);
  }

  /** Copies an object's state onto the session's object of the same key, loaded where need be; gives that one. */
  merge<T extends object>(instance: T, options?: MergeOptions): Step<T> {
    return mergeStep(this.core, stateFor(instance), options) as Step<T>;
  }

  /** {@link merge} of each. */
  *mergeAll<T extends object>(instances: Iterable<T>, options?: MergeOptions): Step<T[]> {
    const merged: T[] = [];
    for (const instance of instances) merged.push(yield* this.merge(instance, options));
    return merged;
  }

  /** Loads an object's values again, or the named attributes: also relationships. */
  refresh<E extends object>(
    instance: E,
    attributes?: readonly AttributeKey<E>[] | null,
    options?: RefreshOptions,
  ): Step<void>;
  refresh(instance: object, options: RefreshOptions): Step<void>;
  refresh(
    instance: object,
    attributes?: readonly string[] | RefreshOptions | null,
    options?: RefreshOptions,
  ): Step<void> {
    const given = refreshArguments(attributes, options);
    return refreshStep(this.core, stateFor(instance), given.keys, given.options);
  }

  /** Writes all changes to the database, in the present transaction. */
  flush(objects?: Iterable<object> | null): Step<void> {
    return this.core.flushStep(objects === undefined || objects === null ? null : [...objects].map(stateFor));
  }

  /** Runs work in which queries do not flush. */
  *noAutoflush<T>(work: () => Step<T>): Step<T> {
    const { autoflush } = this.core;
    this.core.autoflush = false;
    try {
      return yield* work();
    } finally {
      this.core.autoflush = autoflush;
    }
  }

  /** Runs work in a savepoint: releases it when it ends and rolls back to it when it throws. */
  *beginNested<T>(work: () => Step<T>): Step<T> {
    const savepoint = yield* this.core.beginTransactionStep(true);
    try {
      const result = yield* work();
      if (savepoint.status !== "closed") yield* savepoint.commitStep();
      return result;
    } catch (error) {
      if (savepoint.status !== "closed") yield* savepoint.rollbackStep();
      throw error;
    }
  }

  /** INSERTs and UPDATEs objects in batches, without cascades and events; they do not become part of the session. */
  bulkSaveObjects(instances: Iterable<object>, options: BulkSaveOptions = {}): Step<void> {
    return bulkSaveStep(this.core, [...instances].map(stateFor), options);
  }

  /** INSERTs values by attribute key. */
  bulkInsertMappings<C extends EntityClass<object>>(
    entity: C,
    rows: Iterable<BulkRow<C>>,
    options: { readonly returnDefaults?: boolean; readonly renderNulls?: boolean } = {},
  ): Step<void> {
    return bulkInsertMappingsStep(
      this.core,
      entityOf(entity).mapper,
      [...rows] as Readonly<Record<string, unknown>>[],
      options,
    );
  }

  /** UPDATEs values by attribute key; the primary key finds the rows. */
  bulkUpdateMappings<C extends EntityClass<object>>(entity: C, rows: Iterable<BulkRow<C>>): Step<void> {
    return bulkUpdateMappingsStep(this.core, entityOf(entity).mapper, [...rows] as Readonly<Record<string, unknown>>[]);
  }

  /** Flushes and commits. */
  commit(): Step<void> {
    return this.core.commitStep();
  }

  /** Rolls back; objects return to what they were before the transaction. */
  rollback(): Step<void> {
    return this.core.rollbackStep();
  }

  /** The connection of the present transaction; begins one where there is none. */
  *connection(options: ConnectionOptions = {}): Step<StepConnection> {
    return stepConnection(yield* sessionConnectionStep(this.core, options));
  }
}

/** The connection that options name. */
export function sessionConnectionStep(core: SessionCore, options: ConnectionOptions): Step<ConnectionCore> {
  const mapper = options.mapper === undefined ? null : entityOf(options.mapper).mapper;
  const step = (): Step<ConnectionCore> => core.connectionStep(mapper, undefined, options.executionOptions);
  return options.bindArguments === undefined ? step() : core.boundStep(options.bindArguments, step);
}

/** Executes and fetches everything: the result's methods do not wait. */
export function* bufferedStep(
  core: SessionCore,
  statement: Given,
  params: LoadParameters | ExecuteOptions | undefined,
  options: ExecuteOptions | undefined,
): Step<Result> {
  const given = executeArguments(params, options);
  const result = yield* executeInSessionStep(core, statement, given.params, given.options, given.bindArguments);
  if (!result.feed.isBuffered) yield* result.feed.fill(null);
  return result;
}
