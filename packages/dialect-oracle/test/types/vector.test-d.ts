/** What the types of vectors are. Compiled only. */
import { type ColumnElement, column, MetaData, select, table } from "@athanor/core";
import * as oracle from "@athanor/dialect-oracle";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const check = <_Same extends true>(): void => {};

const items = table("items", new MetaData(), {
  place: column(oracle.VECTOR({ dim: 3, storageType: oracle.VectorStorageType.DENSE }), { nullable: false }),
  raw: column(oracle.JSON({ useBlob: true })),
});

const near = items.c.place.l2Distance([1, 2, 3]);
check<Equal<typeof near, ColumnElement<number>>>();
select(items.c.place.cosineDistance(items.c.place)).orderBy(near);

/** Through a helper. */
const distance = <C extends { readonly place: typeof items.c.place }>(columns: C): ColumnElement<number> =>
  columns.place.innerProduct([0, 0, 1]);
distance(items.c);

// @ts-expect-error: vectors are numbers
items.c.place.l2Distance(["1"]);
// @ts-expect-error: misspelt
items.c.place.l2distance([1]);
// @ts-expect-error: misspelt
oracle.VECTOR({ dims: 3 });
