/** For a dialect's map of types. */
import type { SqlType } from "./type.ts";

/** Makes of a type the same with the conversions of another class: its properties and its name in SQL are kept. */
export function retyped(type: { readonly prototype: SqlType }): (given: SqlType) => SqlType {
  return (given) => {
    const copy = Object.assign(Object.create(type.prototype) as SqlType, given);
    if (copy.visitName !== given.visitName) Object.defineProperty(copy, "visitName", { value: given.visitName });
    return copy;
  };
}
