/** The order in which the rows of one flush are written: new objects as they were added, others by primary key. */
import type { InstanceState } from "../state/instance-state.ts";

/** New objects first, in the order in which they were added; then those with rows, by primary key. */
export function inWritingOrder(states: readonly InstanceState[]): InstanceState[] {
  const fresh: InstanceState[] = [];
  const present: InstanceState[] = [];
  for (const state of states) (state.identityHash === null ? fresh : present).push(state);
  fresh.sort((a, b) => a.insertOrder - b.insertOrder);
  present.sort(byIdentity(present[0]?.mapper.primaryKey.map(({ type }) => type.sortKeyFunction) ?? []));
  return fresh.length === 0 ? present : present.length === 0 ? fresh : [...fresh, ...present];
}

/** By the columns of the key, in the order that their types give. */
function byIdentity(
  keys: readonly (((value: never) => unknown) | undefined)[],
): (a: InstanceState, b: InstanceState) => number {
  const ordered = (x: unknown, y: unknown, index: number): number => {
    const key = keys[index];
    return key === undefined ? compare(x, y) : compare(key(x as never), key(y as never));
  };
  return (a, b) => {
    const [x, y] = [a.identityValue, b.identityValue];
    if (!Array.isArray(x) || !Array.isArray(y)) return ordered(x, y, 0);
    for (let index = 0; index < x.length; index++) {
      const order = ordered(x[index], y[index], index);
      if (order !== 0) return order;
    }
    return 0;
  };
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  if (typeof a !== typeof b || typeof a === "object") return compare(String(a), String(b));
  return (a as string) < (b as string) ? -1 : (a as string) > (b as string) ? 1 : 0;
}
