/** Any-of: one table whose rows belong to rows of any of several classes. Text: docs/recipes/any-of.md */
import { and, type ColumnElement, column, t } from "@athanor/core";
import type { EventDispatcher } from "@athanor/driver";
import { type AttributeEvents, foreign, listen, remote } from "@athanor/orm";

/** Columns of a class whose objects belong to one of any kind: `Base.mapped("comments", { …ownedColumns, … })`. */
export const ownedColumns = {
  ownerType: column("owner_type", t.string(20), { nullable: false }),
  ownerId: column("owner_id", t.integer, { nullable: false }),
};

/** A class with {@link ownedColumns}. */
interface OwnedClass {
  readonly $: { readonly ownerType: ColumnElement<string>; readonly ownerId: ColumnElement<number> };
}

/** An object of such a class. */
interface Owned {
  ownerType: string;
}

/** Options of `many()`. */
interface Owning {
  readonly primaryjoin: object;
  readonly cascade: string;
}

/** Options of `one()`. */
interface BelongingTo {
  readonly primaryjoin: object;
  readonly viewonly: true;
}

/**
 * Options of the collection on an owner's side: `many(Comment, { ...ownedBy("post", Comment, Post.$.id), overlaps: "comments" })`,
 * where `overlaps` names the collections of the other owners, which write the same column.
 */
export function ownedBy(type: string, owned: OwnedClass, ownerId: ColumnElement<number>): Owning {
  return {
    primaryjoin: and(remote(foreign(owned.$.ownerId)).eq(ownerId), remote(owned.$.ownerType).eq(type)),
    cascade: "all, delete-orphan",
  };
}

/** Options of the way back: `one(Post, ownerOf("post", Comment, Post.$.id))`, null where the owner is of another class. */
export function ownerOf(type: string, owned: OwnedClass, ownerId: ColumnElement<number>): BelongingTo {
  return {
    primaryjoin: and(foreign(owned.$.ownerId).eq(remote(ownerId)), owned.$.ownerType.eq(type)),
    viewonly: true,
  };
}

/** A collection of such objects: `Post.$.comments`. */
interface Collection<O> {
  readonly dispatch: EventDispatcher<AttributeEvents<O, Owned>>;
}

/** Says of what goes into a collection whose it is: `markOwned(Post.$.comments, "post")`. */
export function markOwned<O>(collection: Collection<O>, type: string): void {
  listen(collection, "append", (_owner, owned) => {
    owned.ownerType = type;
  });
}
