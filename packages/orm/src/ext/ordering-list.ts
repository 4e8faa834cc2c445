/** Lists whose objects know their place: `collectionClass: orderingList("position")`. */
import { ArgumentError } from "@athanor/core";
import type { CollectionAdapter, CollectionLink } from "../collections/adapter.ts";
import type { CustomCollection } from "../collections/choose.ts";
import { listAdapter, RelatedList } from "../collections/list.ts";
import type { ListOf } from "../declarative/types.ts";

type Ordered = Record<string, unknown>;

/** Options of {@link orderingList}. */
export interface OrderingListOptions {
  /** The first place. Default 0. */
  readonly countFrom?: number;
  /** The value of a place; default: the place plus {@link countFrom}. */
  readonly orderingFunc?: (index: number, list: readonly object[]) => unknown;
  /** Objects that have a place already get a new one when they are appended. Default false. */
  readonly reorderOnAppend?: boolean;
}

/** Places from 0. */
export const countFrom0 = (index: number): number => index;
/** Places from 1. */
export const countFrom1 = (index: number): number => index + 1;
/** Places from a number. */
export const countFromNFactory =
  (start: number) =>
  (index: number): number =>
    index + start;

/** What such an attribute holds: a list that numbers its objects. Plain arrays can be assigned, so {@link reorder} is a function. */
export type Ordering<T> = ListOf<T>;

/**
 * Numbers all objects of an ordering list anew; in JavaScript, and where types do not matter, also `list.reorder()`.
 *
 * @throws ArgumentError for a list that is none of {@link orderingList}.
 * @example reorder(slide.bullets)
 */
export function reorder(list: Ordering<unknown>): void {
  const renumber = (list as { reorder?: unknown }).reorder;
  if (typeof renumber !== "function")
    throw new ArgumentError("reorder() takes the value of an attribute with collectionClass: orderingList(…)", {
      fix: "read the attribute of an object, as in reorder(slide.bullets); an array that was assigned to it is not it",
    });
  renumber.call(list);
}

/**
 * A list that keeps an attribute of its objects equal to their place. Removing, inserting and sorting numbers all of them anew;
 * appending numbers the object that has no place yet.
 *
 * @example
 * bullets: () => many(Bullet, { orderBy: () => Bullet.$.position, collectionClass: orderingList<Bullet>("position") })
 */
export function orderingList<T = object>(
  attribute: string,
  options: OrderingListOptions = {},
): CustomCollection<Ordering<T>> {
  const { countFrom = 0, orderingFunc = countFromNFactory(countFrom), reorderOnAppend = false } = options;

  class OrderingList extends RelatedList {
    constructor(link: CollectionLink | null = null) {
      super(link);
    }

    #place(index: number, value: object, always: boolean): void {
      const object = value as Ordered;
      const present = object[attribute];
      if (present !== null && present !== undefined && !always) return;
      const place = orderingFunc(index, this);
      if (present !== place) object[attribute] = place;
    }

    reorder(): void {
      this.forEach((value, index) => {
        this.#place(index, value, true);
      });
    }

    override addRaw(value: object): void {
      super.addRaw(value);
      this.#place(this.length - 1, value, reorderOnAppend);
    }

    override splice(start: number, ...rest: [deleteCount?: number, ...items: object[]]): object[] {
      const removed = super.splice(start, ...rest);
      this.reorder();
      return removed;
    }

    override sort(compare?: (a: object, b: object) => number): this {
      super.sort(compare);
      this.reorder();
      return this;
    }

    override reverse(): this {
      super.reverse();
      this.reorder();
      return this;
    }

    override remove(value: object): boolean {
      const removed = super.remove(value);
      if (removed) this.reorder();
      return removed;
    }
  }

  return {
    adapter(): CollectionAdapter {
      const plain = listAdapter(OrderingList);
      return {
        ...plain,
        remove(collection, value) {
          plain.remove(collection, value);
          (collection as OrderingList).reorder();
        },
      };
    },
  };
}
