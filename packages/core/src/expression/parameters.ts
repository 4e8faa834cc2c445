/** Values for named parameters inside of elements, and the comparison of elements. Adds the methods to all of them. */
import { CacheKeyBuilder } from "../ast/cache-key.ts";
import { replacementTraverse } from "../ast/traverse.ts";
import { deepEqual } from "../types/deep-equal.ts";
import { BindParameter } from "./bind.ts";
import { ClauseElement } from "./clause-element.ts";
import { refuseUndefined } from "./coerce.ts";

/** Values of parameters, by name. */
export type ParameterValues = Readonly<Record<string, unknown>>;

declare module "./clause-element.ts" {
  interface ClauseElement {
    /** A copy in which named parameters have these values; other names are left aside. @throws ArgumentError for `undefined`. */
    params(values: ParameterValues): this;
    /**
     * The same as {@link params}, but all named parameters get names of their own (`:x_1`), so that the copies can stand in one
     * statement with different values.
     */
    uniqueParams(values: ParameterValues): this;
    /** Whether another element is the same SQL with the same values. Tables and their columns are the same only as themselves. */
    compare(other: ClauseElement): boolean;
  }
}

function withParameters<E extends ClauseElement>(element: E, values: ParameterValues, unique: boolean): E {
  for (const [name, value] of Object.entries(values)) refuseUndefined(value, `parameter ${JSON.stringify(name)}`);
  // One parameter that stands in several places stays one.
  const copies = new Map<BindParameter, BindParameter>();
  return replacementTraverse(element, (node) => {
    if (!(node instanceof BindParameter) || node.bindKey === null) return undefined;
    const isGiven = Object.hasOwn(values, node.bindKey);
    if (!unique) return isGiven ? node.withValue(values[node.bindKey]) : undefined;
    let copy = copies.get(node);
    if (copy === undefined) {
      const own = node.withUniqueName();
      copies.set(node, (copy = isGiven ? own.withValue(values[node.bindKey]) : own));
    }
    return copy;
  });
}

function keyOf(element: ClauseElement): CacheKeyBuilder<BindParameter> {
  const key = new CacheKeyBuilder<BindParameter>();
  element.appendCacheKey(key as unknown as CacheKeyBuilder);
  return key;
}

Object.defineProperties(ClauseElement.prototype, {
  params: {
    configurable: true,
    writable: true,
    value(this: ClauseElement, values: ParameterValues): ClauseElement {
      return withParameters(this, values, false);
    },
  },
  uniqueParams: {
    configurable: true,
    writable: true,
    value(this: ClauseElement, values: ParameterValues): ClauseElement {
      return withParameters(this, values, true);
    },
  },
  compare: {
    value(this: ClauseElement, other: ClauseElement): boolean {
      if (this === other) return true;
      if (!(other instanceof ClauseElement)) return false;
      const own = keyOf(this);
      const its = keyOf(other);
      if (own.uncacheable || its.uncacheable || own.binds.length !== its.binds.length) return false;
      return (
        deepEqual(own.finish().parts, its.finish().parts) &&
        own.binds.every((bind, index) =>
          deepEqual(bind.effectiveValue, (its.binds[index] as BindParameter).effectiveValue),
        )
      );
    },
  },
});
