/** What every mapped object has besides its attributes: JSON, a readable form for `console.log`. Neither loads anything. */

import type { InstanceState } from "../state/instance-state.ts";
import { stateOrNull } from "../state/registry.ts";

const inspectSymbol: unique symbol = Symbol.for("nodejs.util.inspect.custom") as never;

/** The loaded values of an object; objects that lead back to one that is being shown are left out. */
function toPlain(state: InstanceState, above: ReadonlySet<object>): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  const inside = new Set(above).add(state.obj);
  for (const key of state.mapper.attributes.keys()) {
    const value = shownValue(state, key);
    if (value === undefined) continue;
    const plain = plainValue(value, inside);
    if (plain !== undefined) shown[key] = plain;
  }
  return shown;
}

/** A loaded value; null for one that was never set and is NULL in the row. */
function shownValue(state: InstanceState, key: string): unknown {
  const value = state.dict[key];
  return value === undefined && state.gaps?.includes(key) === true ? null : value;
}

function plainValue(value: unknown, above: ReadonlySet<object>): unknown {
  if (typeof value === "bigint") return String(value);
  const state = stateOrNull(value);
  if (state !== null) return above.has(state.obj) ? undefined : toPlain(state, above);
  if (value instanceof Map)
    return Object.fromEntries(
      [...(value as Map<string, unknown>)].map(([key, item]) => [key, plainValue(item, above)]),
    );
  if (value instanceof Set || Array.isArray(value))
    return [...value].map((item) => plainValue(item, above)).filter((item) => item !== undefined);
  return value;
}

/** `JSON.stringify(user)`: what is loaded; back-references to objects that are being shown are left out. */
function toJSON(this: object): Record<string, unknown> {
  const state = stateOrNull(this);
  return state === null ? { ...this } : { ...toPlain(state, new Set()), ...this };
}

type Inspect = (value: unknown, options: object) => string;

/** `console.log(user)` shows `User { id: 1, name: 'x', addresses: [ … ] }`. */
function inspected(
  this: object,
  depth: number,
  options: { readonly depth?: number | null },
  inspect: Inspect,
): unknown {
  const state = stateOrNull(this);
  if (state === null) return this;
  const name = (this.constructor as { readonly name?: string }).name ?? state.mapper.class.name;
  if (depth < 0) return `[${name}]`;
  const shown: Record<string, unknown> = {};
  for (const key of state.mapper.attributes.keys()) {
    const value = shownValue(state, key);
    if (value !== undefined) shown[key] = value;
  }
  const body = inspect(
    { ...shown, ...this },
    { ...options, depth: options.depth === null || options.depth === undefined ? (options.depth ?? null) : depth - 1 },
  );
  const note = status(state);
  return `${name}${note === "" ? "" : ` (${note})`} ${body}`;
}

function status(state: InstanceState): string {
  if (state.detached) return "detached";
  if (state.wasDeleted) return "deleted";
  if (state.expired) return "expired";
  return "";
}

/** `await user.awaitable.addresses`: each attribute as a promise, loaded where need be. */
function awaitable(this: object): object {
  const state = stateOrNull(this);
  if (state === null) return {};
  return new Proxy(this, {
    get: (_, key): unknown =>
      typeof key === "string" && state.mapper.props.has(key) ? awaited(state, key) : undefined,
  });
}

async function awaited(state: InstanceState, key: string): Promise<unknown> {
  const present = shownValue(state, key);
  const attribute = state.mapper.attribute(key);
  if (present !== undefined || state.session === null)
    return attribute.kind === "scalar"
      ? (state.obj as Record<string, unknown>)[key]
      : (present ?? attribute.get(state));
  const loaded = await state.session.awaitStep(() => attribute.getStep(state), { state, key });
  // Values of columns may be shown through a view, as reading the attribute does.
  return attribute.kind === "scalar" ? (state.obj as Record<string, unknown>)[key] : loaded;
}

/** Installs the members on a class's prototype. */
export function installMembers(prototype: object): void {
  for (const [key, value] of [
    ["toJSON", toJSON],
    [inspectSymbol, inspected],
  ] as const) {
    if (!Object.hasOwn(prototype, key))
      Object.defineProperty(prototype, key, { value, writable: true, configurable: true });
  }
  if (!("awaitable" in prototype))
    Object.defineProperty(prototype, "awaitable", { get: awaitable, configurable: true });
}
