/** What constraints, indexes, sequences and defaults have in common. Tables and columns are clause elements instead. */
import { Node } from "../ast/node.ts";
import type { GivenDialectOptions } from "../selectable/dialect-options.ts";

/** Notes of the user's own on an element; Athanor never reads them. */
export type Info = Record<string, unknown>;

const noOptions: GivenDialectOptions = Object.freeze({});
const notes = new WeakMap<object, Info>();

/** The notes on an element, made when they are first asked for. */
export function infoOf(element: object): Info {
  let info = notes.get(element);
  if (info === undefined) {
    info = {};
    notes.set(element, info);
  }
  return info;
}

/** Sets the notes on an element. */
export function setInfo(element: object, info: Info | null | undefined): void {
  if (info !== undefined && info !== null) notes.set(element, info);
}

/** Whether there are notes on an element. */
export function copyInfo(from: object, to: object): void {
  const info = notes.get(from);
  if (info !== undefined) notes.set(to, { ...info });
}

/** Base of the parts of a schema that are no clause elements. They are mutable while a schema is being put together. */
export abstract class SchemaItem extends Node {
  static override readonly inheritCache: boolean = false;

  /** Options of single dialects, by the names they were given under. */
  dialectOptions: GivenDialectOptions = noOptions;

  /** Notes of the user's own. */
  get info(): Info {
    return infoOf(this);
  }
}
