/** All mappers that belong together: those of one declarative base, or of one imperative registry. */
import { InvalidRequestError, type MetaData } from "@athanor/core";
import { unmapClass } from "./class-map.ts";
import { baseDispatch, type MapperDispatcher } from "./events.ts";
import type { Mapper } from "./mapper.ts";

/** Sets up the relationships of mappers: `setUpMappers` of ../relationship/configure.ts. */
export type Configurator = (mappers: readonly Mapper[]) => void;

const registries = new Set<WeakRef<Registry>>();

/**
 * Sets up the relationships of all mappers that wait for it, of every declarative base and registry. It happens by itself
 * when they are first needed; called at the program's start, a mistake in a mapping is found there.
 */
export function configureMappers(): void {
  for (const registry of openRegistries()) registry.configure();
}

/** Unmaps all classes of all registries: between the tests of a program that maps its classes anew. */
export function clearMappers(): void {
  for (const registry of openRegistries()) registry.dispose({ cascade: true });
}

function openRegistries(): Registry[] {
  return [...registries].flatMap((reference) => {
    const registry = reference.deref();
    if (registry === undefined) registries.delete(reference);
    return registry ?? [];
  });
}

/** The mappers of an application. */
export class Registry {
  readonly metadata: MetaData;
  readonly mappers: Mapper[] = [];
  /** Listeners of all its classes: those that are registered with `propagate`. */
  readonly dispatch: MapperDispatcher = baseDispatch();
  #waiting: Mapper[] = [];
  #configuring = false;
  readonly #configurator: Configurator;

  constructor(metadata: MetaData, configurator: Configurator) {
    this.metadata = metadata;
    this.#configurator = configurator;
    registries.add(new WeakRef(this));
  }

  /** @internal */
  add(mapper: Mapper): void {
    this.mappers.push(mapper);
    this.#waiting.push(mapper);
  }

  /** Sets a mapper up once more, because it got further relationships. @internal */
  reconfigure(mapper: Mapper): void {
    if (this.#waiting.includes(mapper)) return;
    mapper.markConfigured(false);
    this.#waiting.push(mapper);
  }

  /**
   * Sets up the relationships of all mappers that wait for it. Called by itself when they are first needed. Before it, classes
   * with a static method `declareFirst()` have it called, after it those with `declareLast()`.
   */
  configure(): void {
    if (this.#waiting.length === 0 || this.#configuring) return;
    this.#configuring = true;
    this.dispatch.of("beforeConfigured").fire();
    this.#declare("declareFirst");
    const waiting = [...this.#waiting];
    try {
      this.#configurator(waiting);
      this.#waiting = this.#waiting.filter((mapper) => !waiting.includes(mapper));
    } finally {
      this.#configuring = false;
    }
    // Thunks may have brought in modules with further classes.
    if (this.#waiting.length > 0) this.configure();
    else {
      this.dispatch.of("afterConfigured").fire();
      this.#declare("declareLast");
    }
  }

  /** Calls the static methods `declareFirst()` or `declareLast()` of classes that have one of their own. */
  #declare(name: "declareFirst" | "declareLast"): void {
    for (const { class: type } of this.mappers) {
      const method: unknown = Object.hasOwn(type, name) ? Reflect.get(type, name) : undefined;
      if (typeof method === "function") method.call(type);
    }
  }

  /**
   * Unmaps all classes of this registry: they can be mapped again, and their objects belong to no mapper any more. Tables stay.
   *
   * @throws InvalidRequestError where classes of other registries refer to them, unless `cascade` unmaps those too.
   */
  dispose({ cascade = false }: { readonly cascade?: boolean } = {}): void {
    const dependent = openRegistries().filter((other) => other !== this && other.#dependsOn(this));
    if (dependent.length > 0 && !cascade)
      throw new InvalidRequestError(
        "Registry has dependent registries that are not disposed; pass cascade: true to clear these also",
      );
    const mappers = this.mappers.splice(0);
    this.#waiting = [];
    for (const mapper of mappers.reverse()) {
      unmapClass(mapper);
      const siblings = mapper.inherits?.subclasses ?? [];
      if (siblings.includes(mapper)) siblings.splice(siblings.indexOf(mapper), 1);
      for (const [identity, other] of mapper.polymorphicMap)
        if (other === mapper) mapper.polymorphicMap.delete(identity);
    }
    for (const other of dependent) other.dispose({ cascade });
  }

  /** Some class here inherits from one of another registry, or has a relationship to one. */
  #dependsOn(other: Registry): boolean {
    return this.mappers.some(
      (mapper) =>
        mapper.inherits?.registry === other ||
        (mapper.configured && mapper.relationships.some((property) => property.mapper.registry === other)),
    );
  }
}

declare module "../base/classes.ts" {
  interface OrmClasses {
    registry: Registry;
  }
}
