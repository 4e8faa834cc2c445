/**
 * Classes that wait for their mapper: their tables are read from a database first. The classes themselves are made by
 * ./make-class.ts; they are mapped when the base's `prepare()` is called.
 */
import type { FromClause, MetaData } from "@athanor/core";
import { deferClass, findMapper } from "../mapping/class-map.ts";
import type { MappedClass, Mapper, MapperOptions } from "../mapping/mapper.ts";
import type { Registry } from "../mapping/registry.ts";
import type { Shape } from "./types.ts";

/** What a class is made of. */
export interface ClassParts {
  readonly registry: Registry;
  /** Where its tables are, and those that its relationships name. */
  readonly metadata: MetaData;
  readonly parent: MappedClass | null;
  /** Null: the parent's table. */
  readonly table: FromClause | null;
  readonly shape: Shape;
  readonly options: MapperOptions;
  /** Takes classes that are mapped later; null: the class is mapped at once. */
  readonly defer: ((waiting: DeferredClass) => void) | null;
}

/** A class without a mapper, and what its mapper will be made of. */
export class DeferredClass {
  /** What `mapped()` returned. */
  readonly made: MappedClass;
  /** The program's class; until it is seen, the one that was made. */
  class: MappedClass;
  readonly parts: ClassParts;
  mapper: Mapper | null = null;

  constructor(made: MappedClass, parts: ClassParts) {
    this.made = made;
    this.class = made;
    this.parts = parts;
    waiting.set(made, this);
    deferClass(made);
  }

  /** The class's table, or that of the hierarchy that it is part of. */
  get table(): FromClause {
    const { table, parent } = this.parts;
    return table ?? (deferredOf(parent) as DeferredClass).table;
  }

  /** Takes the mapper that was made for the class. */
  take(mapper: Mapper): void {
    this.mapper = mapper;
    if (this.class !== this.made) findMapper(this.class);
  }
}

const waiting = new WeakMap<object, DeferredClass>();

/** What a class waits for, or waited for; undefined for classes that were mapped at once. Takes note of the program's class. */
export function deferredOf(type: unknown): DeferredClass | undefined {
  if (typeof type !== "function") return undefined;
  const own = waiting.get(type);
  if (own !== undefined) return own;
  const above = waiting.get(Object.getPrototypeOf(type) as object);
  if (above === undefined || (above.class !== above.made && above.class !== type)) return undefined;
  above.class = type as MappedClass;
  return above;
}
