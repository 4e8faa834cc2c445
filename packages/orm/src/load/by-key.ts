/** Loads one object by its primary key. */
import { ArgumentError, type ForUpdateOptions, InvalidRequestError, type StatementOption, warn } from "@athanor/core";
import type { Step } from "@athanor/driver";
import type { Entity } from "../base/entity.ts";
import type { Mapper } from "../mapping/mapper.ts";
import { selectEntitiesStep } from "./execute.ts";
import { fromIdentityStep } from "./identity.ts";
import { byKeyStatement, byPartialKeyStatement, keyParameters } from "./key-statement.ts";
import type { LoadingSession } from "./session.ts";

/** Options of `session.get()`. */
export interface GetOptions {
  /** Loader options. */
  readonly options?: readonly StatementOption[] | undefined;
  /** Loads again what is there already. Default false. */
  readonly populateExisting?: boolean | undefined;
  /** `FOR UPDATE`; loads in any case. */
  readonly withForUpdate?: unknown;
  /** Options of this execution. */
  readonly executionOptions?: Readonly<Record<string, unknown>> | undefined;
  /** Under which token the object is known: objects of one row under several tokens are apart. Of a session with several databases: its shard. */
  readonly identityToken?: unknown;
}

/** The values of a primary key as users give them: one value, a list, or an object by attribute key. */
export function keyValues(mapper: Mapper, given: unknown): readonly unknown[] {
  if (given === undefined)
    throw new ArgumentError(`the primary key for ${mapper.class.name} is undefined`, { code: "undefined_value" });
  const properties = mapper.primaryKeyProperties;
  if (given !== null && typeof given === "object" && Object.getPrototypeOf(given) === Object.prototype) {
    const values = given as Record<string, unknown>;
    const keys = Object.keys(values);
    if (keys.length !== properties.length || properties.some(({ key }) => !Object.hasOwn(values, key))) {
      throw new InvalidRequestError(
        `Incorrect names of values in identifier to formulate primary key for session.get(); primary key attribute names are ${properties.map(({ key }) => `'${key}'`).join(",")} (synonym names are also accepted)`,
      );
    }
    return properties.map(({ key }) => values[key]);
  }
  const values = Array.isArray(given) ? (given as unknown[]) : [given];
  if (values.length !== properties.length) {
    const names = mapper.primaryKey.map(
      (column) =>
        `'${(column as { table?: { description?: string } }).table?.description ?? ""}.${String(column.name)}'`,
    );
    throw new InvalidRequestError(
      `Incorrect number of values in identifier to formulate primary key for session.get(); primary key columns are ${names.join(",")}`,
    );
  }
  return values;
}

/** `session.get()`: from the identity map, or by SELECT; null where there is no such row. */
export function* getStep(
  session: LoadingSession,
  entity: Entity,
  given: unknown,
  options: GetOptions = {},
): Step<object | null> {
  const { mapper } = entity;
  mapper.configure();
  const values = keyValues(mapper, given);
  const lock = options.withForUpdate ?? false;
  if (options.populateExisting !== true && lock === false && mapper.options.alwaysRefresh !== true) {
    const known = yield* fromIdentityStep(session, mapper, values);
    if (known !== undefined) return known as object | null;
  }
  return yield* loadByKeyStep(session, mapper, values, options);
}

/** Loads one object by its key, whatever the identity map has. @throws StaleDataError where a lock finds another version than the object's. */
export function* loadByKeyStep(
  session: LoadingSession,
  mapper: Mapper,
  values: readonly unknown[],
  options: GetOptions = {},
): Step<object | null> {
  const nulls = values.flatMap((value, position) => (value === null ? [position] : []));
  if (nulls.length === values.length)
    warn(
      "fully NULL primary key identity cannot load any object.  This condition may raise an error in a future release.",
    );
  let statement = nulls.length === 0 ? byKeyStatement(mapper) : byPartialKeyStatement(mapper, nulls);
  if (options.options !== undefined && options.options.length > 0) statement = statement.options(...options.options);
  const lock = options.withForUpdate ?? false;
  if (lock !== false)
    statement = statement.withForUpdate(lock === true || lock === null ? {} : (lock as ForUpdateOptions));
  const populateExisting = options.populateExisting === true || lock !== false || mapper.options.alwaysRefresh === true;
  if (options.executionOptions?.["autoflush"] !== false) yield* session.autoflushStep();
  const objects = yield* selectEntitiesStep(session, statement, keyParameters(values), {
    mapper,
    purpose: { kind: "entity" },
    ...(populateExisting ? { populateExisting } : {}),
    checksVersion: lock !== false,
    ...(options.executionOptions === undefined ? {} : { options: options.executionOptions }),
  });
  return objects[0] ?? null;
}
