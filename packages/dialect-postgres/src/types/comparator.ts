/** How the methods of PostgreSQL's types build their expressions. */
import { type ColumnElement, type Operator, operations, type SqlType, type TypeLike, toType } from "@athanor/core";

/** `left op right`, a truth value. */
export function compareBy(operator: Operator, left: ColumnElement, right: unknown): ColumnElement<boolean> {
  return operations.operate(operator, left, right);
}

/** `left op right` of a given type. */
export function operateAs(operator: Operator, left: ColumnElement, right: unknown, type: TypeLike): ColumnElement {
  return operations.operate(operator, left, right, { returnType: type });
}

/** Gives every expression of a type class the methods, in addition to those of its parents. */
export function installComparator(type: { readonly prototype: SqlType }, methods: object): void {
  const inherited = Object.getPrototypeOf(type.prototype) as SqlType;
  const base = inherited.comparator;
  const value = Object.create(null) as object;
  for (const source of [base ?? {}, methods]) Object.defineProperties(value, Object.getOwnPropertyDescriptors(source));
  Object.defineProperty(type.prototype, "comparator", {
    value: Object.freeze(value),
    configurable: true,
    writable: true,
  });
}

/** A type as an instance. */
export const instance = (type: TypeLike): SqlType => toType(type);
