/**
 * Objects that stay, one of each class whose objects come and go with every statement. V8 forgets how the objects of a class are
 * laid out when it collects garbage and finds none, and throws away the optimized code that relied on it: after a few collections
 * without a statement on its way, all would have to be optimized anew. What stands here keeps the layouts known.
 */
const specimens: object[] = [];

/** Keeps objects for as long as the program runs. */
export function keepSpecimen(...objects: readonly object[]): void {
  specimens.push(...objects);
}

/**
 * Keeps an object that a package made for a statement that is over, without what it holds: no value of a statement and no
 * connection stays with it. Numbers stay, since a field that has had nothing but numbers is laid out for them.
 */
export function keepEmptied(object: object): void {
  if (Array.isArray(object)) object.length = 0;
  for (const key of Reflect.ownKeys(object)) {
    const { value, writable } = Reflect.getOwnPropertyDescriptor(object, key) as PropertyDescriptor;
    if (writable === true && typeof value !== "number") Reflect.set(object, key, null);
  }
  keepSpecimen(object);
}
