/** Attributes of related objects as if they were one's own: `post.tagNames` for the names of `post.tags`. */
import type { ListOf } from "../declarative/types.ts";
import type { AssociationProxyAttribute } from "./association-attribute.ts";
import { type AssociationProxyOptions, AssociationProxyProperty } from "./association-property.ts";

export { AssociationProxyAttribute } from "./association-attribute.ts";
export { type AssociationProxyOptions, AssociationProxyProperty } from "./association-property.ts";
export { AssociationMap, AssociationSet } from "./association-views.ts";

/** What one related object holds: an item of a list or set, a value of a map, or the value itself. */
export type ProxiedValue<V> =
  V extends ReadonlyMap<unknown, infer T> ? T : V extends string ? V : V extends Iterable<infer T> ? T : V;

/** What can be assigned: arrays for lists and sets, objects for maps. */
export type ProxiedInput<V> =
  | V
  | (V extends ReadonlyMap<infer K, infer T>
      ? ReadonlyMap<K, T> | Readonly<Record<K & string, T>>
      : V extends string
        ? never
        : V extends Iterable<infer T>
          ? readonly T[]
          : never);

/** A declared proxy. */
export interface AssociationProxyOf<V> {
  readonly "~value": V;
  readonly "~input": ProxiedInput<V>;
  readonly "~attribute": AssociationProxyAttribute<ProxiedValue<V>>;
}

/**
 * The attribute `attribute` of the related objects of `relationship`: for a list of objects a list, for a Set a Set, for a keyed
 * map a Map, for one object a value. The attribute may be a column, a relationship, or another proxy. What is added makes a
 * related object; what is removed removes it. In statements: conditions about the related objects, as EXISTS.
 *
 * @example
 * tagNames: associationProxy<ListOf<string>>("tags", "name", { creator: (name: string) => new Tag({ name }) })
 * keywords: associationProxy<Map<string, string>>("byKey", "keyword", {
 *   creator: (key: string, keyword: string) => new UserKeyword({ specialKey: key, keyword }),
 * })
 * // user.tagNames.push("new"); user.keywords.set("k", "v"); select(User).where(User.$.tagNames.eq("new"))
 */
export function associationProxy<V = ListOf<unknown>>(
  relationship: string,
  attribute: string,
  options: AssociationProxyOptions = {},
): AssociationProxyOf<V> {
  return new AssociationProxyProperty(relationship, attribute, options) as unknown as AssociationProxyOf<V>;
}
