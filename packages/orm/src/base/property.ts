/** One attribute of a mapped class, as the mapper knows it. The kinds are in ../mapping and ../relationship. */
import type { OrmClasses } from "./classes.ts";

type Mapper = OrmClasses["mapper"];

/** What an attribute is made of. */
export type PropertyKind = "column" | "relationship" | "synonym" | "composite" | "proxy" | "late";

/** Anything mapped under an attribute key. */
export abstract class MapperProperty {
  abstract readonly kind: PropertyKind;
  /** The attribute's name on instances. Set when the mapper takes the property. */
  key = "";
  /** The mapper that the property was declared on (an ancestor, for inherited ones). Set with {@link key}. */
  parent: Mapper = null as never;
  readonly doc: string | null;
  /** Notes of the user's own. */
  readonly info: Record<PropertyKey, unknown>;

  constructor(
    options: {
      readonly doc?: string | null | undefined;
      readonly info?: Readonly<Record<PropertyKey, unknown>> | undefined;
    } = {},
  ) {
    this.doc = options.doc ?? null;
    this.info = { ...options.info };
  }

  /** Takes the value away from an object; only attributes that are made of others have a way of their own. */
  remove?(object: object): void;

  /** A copy for a mapper that inherits this property and needs one of its own. */
  abstract copy(): MapperProperty;

  /** `User.addresses`, for messages. */
  toString(): string {
    const parent = this.parent as { readonly class?: { readonly name: string } } | null;
    return `${parent?.class?.name ?? "?"}.${this.key}`;
  }
}
