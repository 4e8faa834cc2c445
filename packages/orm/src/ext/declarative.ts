/** Declarative extensions, named as in SQLAlchemy: mapped classes over tables that are read from the database later. */
export { DeferredReflection, deferredReflection } from "./deferred-reflection.ts";
