/**
 * Values that can be changed in place, and whose changes are written: `mutable(column(t.json()))` for whole documents, however
 * deep; `MutableDict`, `MutableList`, `MutableSet` and classes of one's own under SQLAlchemy's names; `MutableComposite`.
 */
export { MutableDict, MutableList, MutableSet } from "./mutable-collections.ts";
export { MutableComposite } from "./mutable-composite.ts";
export { mutable } from "./mutable-deep.ts";
export { changed, Mutable, type MutableClass, unwrap } from "./mutable-value.ts";
