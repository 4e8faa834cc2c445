/** Collections of columns as columns, and what DML takes from other tables. */
import { column, delete_, MetaData, select, t, table, update } from "@athanor/core";

const metadata = new MetaData();
const users = table("users", metadata, {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(50), { nullable: false }),
});
const orders = table("orders", metadata, {
  id: column(t.integer, { primaryKey: true }),
  total: column(t.integer, { nullable: false }),
});

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const same = <A, B>(_equal: Equal<A, B>): void => {};
type Names<S> = S extends { readonly "~names": infer N } ? { [K in keyof N]: N[K] } : never;

const all = select(users.c);
same<Names<typeof all>["id"], number>(true);
same<Names<typeof all>["name"], string>(true);
const wide = select(users.c, orders.c.total);
same<Names<typeof wide>["total"], number>(true);
// @ts-expect-error no such column
type Missing = Names<typeof all>["nmae"];

/** Through a helper, the rows stay typed. */
function everything<C extends typeof users.c>(columns: C) {
  return select(columns);
}
same<Names<ReturnType<typeof everything<typeof users.c>>>["name"], string>(true);

const removed = delete_(users).using(orders).where(users.c.id.eq(orders.c.id));
removed.filterBy({ name: "x" });
// @ts-expect-error a misspelt key
removed.filterBy({ nmae: "x" });
// @ts-expect-error a text is no number
removed.filterBy({ id: "x" });
// Columns of another table need its type.
removed.filterBy<typeof orders.c>({ total: 5 });
// @ts-expect-error a column of another table
removed.filterBy({ total: 5 });
update(users).values({ name: "x" }).filterBy({ id: 1 });

export type { Missing };
