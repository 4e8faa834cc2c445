/**
 * Several copies of this package in one program: to one of them, what another made is an unknown object. Errors that meet such
 * an object, or miss what was registered elsewhere, have to say so.
 */

/** A copy of this package, as the others see it. */
interface Copy {
  readonly folder: string;
}

const brand: unique symbol = Symbol.for("athanor.core.copy") as never;
const place: unique symbol = Symbol.for("athanor.core.copies") as never;

const shared = globalThis as { [place]?: Copy[] };
shared[place] ??= [];
const copies: Copy[] = shared[place];
const here: Copy = { folder: String(import.meta.url).replace(/\/(?:src|dist)\/util\/copies\.[jt]s(?:\?.*)?$/, "") };
copies.push(here);

/** Marks an object, or those that inherit from it, as made by this copy. */
export function markCopy(object: object): void {
  Object.defineProperty(object, brand, { value: here });
}

/** Whether another copy of this package made an object. */
export function isForeign(value: unknown): boolean {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return false;
  const copy = (value as { readonly [brand]?: Copy })[brand];
  return copy !== undefined && copy !== here;
}

/** Where the copies are and what to do about them; null where there is one. */
export function severalCopies(): string | null {
  if (copies.length < 2) return null;
  const folders = copies.map(({ folder }) => folder).join(", ");
  return `the program has ${copies.length} copies of @athanor/core (${folders}), which know nothing of each other: have one installed (npm ls @athanor/core), and in a bundle have it once`;
}
