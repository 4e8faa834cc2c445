/** Arrays, and the operators of their expressions. */
import {
  type ArrayOps,
  type ArrayOptions,
  ArrayType,
  arrayComparator,
  type ColumnElement,
  defineVisitName,
  factories,
  isTypeLike,
  type NestedInput,
  type NestedItem,
  type Operator,
  type Processor,
  quoteString,
  type SqlExpression,
  type TypeDialect,
  type TypeLike,
} from "@athanor/core";
import { formatArray, parseArray } from "../array-text.ts";
import { arrayOids } from "../oids.ts";
import { containedBy, contains, overlap } from "../operators.ts";
import { compareBy, installComparator } from "./comparator.ts";
import { fromText } from "./from-text.ts";
import { itemText } from "./parameter-text.ts";

/** What array expressions have in PostgreSQL. */
export interface PgArrayOps<T = unknown> extends Omit<ArrayOps, "at" | "slice"> {
  /** The element at an index; SQL counts from 1 unless the type says `zeroIndexes`. */
  at(index: number | SqlExpression): ColumnElement<T> & PgArrayOps<T>;
  /** The elements from `start` to `stop`, both included. */
  slice(start: number | SqlExpression, stop: number | SqlExpression): ColumnElement<T[]> & PgArrayOps<T>;
  /** `a @> b`: every element of the other array is among these. */
  contains(other: readonly unknown[] | SqlExpression): ColumnElement<boolean>;
  /** `a <@ b` */
  containedBy(other: readonly unknown[] | SqlExpression): ColumnElement<boolean>;
  /** `a && b`: they have an element in common. */
  overlap(other: readonly unknown[] | SqlExpression): ColumnElement<boolean>;
  /** `value = ANY (a)`, or another comparison. */
  any(other: unknown, operator?: Operator): ColumnElement<boolean>;
  /** `ANY (a)`, as one side of a comparison. */
  any(): ColumnElement;
  /** `value = ALL (a)`, or another comparison. */
  all(other: unknown, operator?: Operator): ColumnElement<boolean>;
  /** `ALL (a)`, as one side of a comparison. */
  all(): ColumnElement;
}

const itemOids: ReadonlyMap<number, number> = new Map([...arrayOids].map(([item, array]) => [array, item]));

/** An array in PostgreSQL. */
export class PgArray<T = unknown, Ops = PgArrayOps<T>, Input = T> extends ArrayType<T, Ops, Input> {
  /** Arrays of built-in types come parsed from the driver; others (enumerations, domains) as text. */
  override resultProcessor(dialect: TypeDialect, typeCode?: number | string): Processor {
    const itemCode = this.readsText ? undefined : itemOids.get(typeCode as number);
    const item = dialect.adaptType(this.itemType).resultProcessor(dialect, itemCode);
    const convert = this.eachItem(item, false);
    if (itemCode !== undefined) return item === null && !this.asTuple ? null : convert;
    const read = fromText(this.itemType, dialect);
    const freeze = this.eachItem(null, false);
    return (value) => {
      if (typeof value !== "string") return convert === null ? value : convert(value);
      const items = parseArray(value, read);
      return freeze === null ? items : freeze(items);
    };
  }

  override literalProcessor(dialect: TypeDialect): Processor<unknown, string> {
    const type = dialect.adaptType(this.itemType);
    const item = type.literalProcessor(dialect);
    if (item === null) return null;
    const isPlain = plainItems.has(type.visitName.toLowerCase());
    const asText = (value: readonly unknown[]): string => {
      const sent = this.bindProcessor(dialect)?.(value) as readonly unknown[];
      return quoteString(formatArray(sent, itemText), dialect);
    };
    const deepest = this.dimensions ?? Number.POSITIVE_INFINITY;
    const render = (value: unknown, depth: number): string => {
      if (value === null || value === undefined) return "NULL";
      if (!Array.isArray(value) || depth >= deepest) return item(value);
      return `ARRAY[${value.map((each) => render(each, depth + 1)).join(", ")}]`;
    };
    // `ARRAY[]` and `ARRAY[NULL]` have no type, `ARRAY['2024-01-01']` is of texts and `ARRAY[1.5]` of numerics: a text alone
    // becomes what is wanted.
    return (value) => {
      if (!Array.isArray(value)) return render(value, 0);
      if (value.length === 0 || hasNull(value)) return asText(value);
      return isPlain ? render(value, 0) : asText(value);
    };
  }
}

/** Types whose literals are of the type itself, so that an array of them is. */
const plainItems: ReadonlySet<string> = new Set([
  "integer",
  "numeric",
  "decimal",
  "boolean",
  "string",
  "varchar",
  "text",
  "unicode",
  "unicodetext",
]);

function hasNull(items: readonly unknown[]): boolean {
  return items.some((item) => item === null || item === undefined || (Array.isArray(item) && hasNull(item)));
}
defineVisitName(PgArray, "ARRAY");

installComparator(PgArray, {
  ...arrayComparator,
  contains(this: ColumnElement, other: unknown) {
    return compareBy(contains, this, listOperand.of(this, other));
  },
  containedBy(this: ColumnElement, other: unknown) {
    return compareBy(containedBy, this, listOperand.of(this, other));
  },
  overlap(this: ColumnElement, other: unknown) {
    return compareBy(overlap, this, listOperand.of(this, other));
  },
});

/** Options of {@link ARRAY}. */
export type PgArrayOptions<D extends number = number> = ArrayOptions & { readonly dimensions?: D | undefined };

/** Filled by ./array-literal.ts: beside `ARRAY[…]`, lists are written in the same way. */
export const listOperand: { of(left: ColumnElement, other: unknown): unknown } = { of: (_left, other) => other };

/** `pg.ARRAY(t.string, { dimensions: 2 })`, or `pg.ARRAY({ itemType: t.string, dimensions: 2 })` */
export type PgArrayFactory = <Item extends TypeLike, const D extends number = 1>(
  ...args:
    | readonly [itemType: Item, options?: PgArrayOptions<D>]
    | readonly [options: PgArrayOptions<D> & { readonly itemType: Item }]
) => PgArray<NestedItem<Item["~value"], D>, PgArrayOps<Item["~value"]>, NestedInput<Item["~input"], D>>;

/** An array type: `pg.ARRAY(t.integer)`. Several dimensions are one type. */
export const ARRAY: PgArrayFactory = ((
  item: TypeLike | (ArrayOptions & { readonly itemType: TypeLike }),
  options?: ArrayOptions,
) =>
  !isTypeLike(item) && typeof item === "object" && item !== null
    ? new PgArray(item.itemType, item)
    : new PgArray(item as TypeLike, options)) as PgArrayFactory;
factories.add(ARRAY);
