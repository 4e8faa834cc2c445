/** Mapped classes over tables that are read from the database later: `deferredReflection()`. */
import { type MetaData, type ReflectBind, type ReflectOptions, Table } from "@athanor/core";
import { type BaseOptions, DeclarativeBase } from "../declarative/base.ts";
import type { DeferredClass } from "../declarative/deferred.ts";
import { mapClass } from "../declarative/make-class.ts";

/**
 * A base whose classes are mapped when {@link prepare} is called: their tables are read from the database then. Columns that
 * a shape names stay as they are written there.
 */
export class DeferredReflection extends DeclarativeBase {
  /** Classes that wait for their mappers, in the order of their definition. */
  readonly #waiting: DeferredClass[] = [];

  protected override get defer(): (waiting: DeferredClass) => void {
    return (waiting) => {
      this.#waiting.push(waiting);
    };
  }

  /** The classes that wait. */
  protected get waiting(): readonly DeferredClass[] {
    return this.#waiting;
  }

  /**
   * Reads the tables of all classes that were defined since the last call, and maps the classes.
   *
   * @param bind An engine or a connection; of an asynchronous one the result is a promise.
   * @param options Those of `metadata.reflect()`, such as `resolveFks`. Which tables are read is for the classes to say.
   * @throws InvalidRequestError for tables that the database does not have.
   * @example
   * const Reflected = deferredReflection(Base);
   * class Order extends Reflected.mapped("orders", { customer: () => one(Customer) }) {}
   * Reflected.prepare(engine);          // await Reflected.prepare(asyncEngine)
   */
  prepare<R>(bind: ReflectBind<R>, options: ReflectOptions = {}): R {
    const { metadata } = this;
    const reads = [...bySchema(this.#waiting, metadata)].map(
      ([schema, only]) =>
        () =>
          metadata.reflect(bind, {
            views: true,
            ...options,
            only,
            schema,
            extendExisting: true,
            autoloadReplace: false,
          }),
    );
    return inTurn(bind, reads, () => this.mapWaiting());
  }

  /** Maps the classes that wait. */
  protected mapWaiting(): void {
    for (const each of this.#waiting.splice(0)) each.take(mapClass(each.made, each.parts));
  }
}

/**
 * A base for classes whose tables are read from the database by {@link DeferredReflection.prepare}; with a base, classes of
 * both are of one registry and may refer to each other.
 */
export function deferredReflection(base: BaseOptions = {}): DeferredReflection {
  return new DeferredReflection(base);
}

/** The tables of classes by schema; those of another MetaData are the program's own affair. */
function bySchema(classes: readonly DeferredClass[], metadata: MetaData): ReadonlyMap<string | null, string[]> {
  const names = new Map<string | null, string[]>();
  for (const { parts } of classes) {
    const { table } = parts;
    if (!(table instanceof Table) || table.metadata !== metadata) continue;
    const known = names.get(table.schema);
    if (known === undefined) names.set(table.schema, [table.name]);
    else known.push(table.name);
  }
  return names;
}

/** Does one thing after the other, then the last; those that an asynchronous bind answers are waited for. */
export function inTurn<R>(bind: ReflectBind<R>, steps: readonly (() => R)[], last: () => void): R {
  if (bind._isAsync === true) return afterAll(steps, last) as R;
  for (const step of steps) step();
  return last() as R;
}

async function afterAll(steps: readonly (() => unknown)[], last: () => void): Promise<void> {
  for (const step of steps) await step();
  last();
}
