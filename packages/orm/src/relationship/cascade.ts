/** Which operations go on from an object to its related ones. */
import { ArgumentError } from "@athanor/core";

const names = ["save-update", "merge", "refresh-expire", "expunge", "delete", "delete-orphan"] as const;
const known = new Set<string>([...names, "all", "none", ""]);

/** Cascades as flags, and as their names; made by {@link parseCascade}. */
export interface Cascade extends Iterable<string> {
  readonly saveUpdate: boolean;
  readonly merge: boolean;
  readonly refreshExpire: boolean;
  readonly expunge: boolean;
  readonly delete: boolean;
  readonly deleteOrphan: boolean;
}

/** Reads `"all, delete-orphan"`, or a list of names. @throws ArgumentError for names that do not exist. */
export function parseCascade(given: string | readonly string[]): Cascade {
  const words = (typeof given === "string" ? given.split(",") : given).map((word) =>
    word.trim().toLowerCase().replaceAll("_", "-").replaceAll(" ", "-"),
  );
  const unknown = words.filter((word) => !known.has(word));
  if (unknown.length > 0) {
    throw new ArgumentError(`Invalid cascade option(s): ${unknown.map((word) => `'${word}'`).join(", ")}`, {
      fix: `the cascades are ${names.join(", ")}, all and none`,
    });
  }
  const set = new Set(words);
  const all = set.has("all");
  const none = set.has("none");
  const has = (name: string): boolean => !none && (all || set.has(name));
  const cascade: Omit<Cascade, typeof Symbol.iterator> = {
    saveUpdate: has("save-update"),
    merge: has("merge"),
    refreshExpire: has("refresh-expire"),
    expunge: has("expunge"),
    delete: has("delete"),
    deleteOrphan: !none && set.has("delete-orphan"),
  };
  return Object.defineProperty(cascade, Symbol.iterator, {
    value: () => cascadeNames(cascade)[Symbol.iterator](),
  }) as Cascade;
}

/** The names of the cascades that are on, sorted, as SQLAlchemy shows them. */
export function cascadeNames(cascade: Omit<Cascade, typeof Symbol.iterator>): string[] {
  const on: string[] = [];
  if (cascade.delete) on.push("delete");
  if (cascade.deleteOrphan) on.push("delete-orphan");
  if (cascade.expunge) on.push("expunge");
  if (cascade.merge) on.push("merge");
  if (cascade.refreshExpire) on.push("refresh-expire");
  if (cascade.saveUpdate) on.push("save-update");
  return on;
}
