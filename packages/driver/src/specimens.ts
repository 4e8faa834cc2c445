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
