/** What is computed once of a mapper and kept, until the class gets a further attribute: `addProperty()`. */
import type { Entity } from "../base/entity.ts";

const memos: WeakMap<Entity, unknown>[] = [];

/** A memo by mapper that {@link forgetMemos} knows of. */
export function mapperMemo<T, K extends Entity = Entity>(): WeakMap<K, T> {
  const memo = new WeakMap<K, T>();
  memos.push(memo as WeakMap<Entity, unknown>);
  return memo;
}

/** Drops what is kept of a mapper. */
export function forgetMemos(mapper: Entity): void {
  for (const memo of memos) memo.delete(mapper);
}
