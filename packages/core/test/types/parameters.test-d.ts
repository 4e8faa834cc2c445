/** Parameter sets of INSERT, UPDATE and DELETE are typed by the table. */
import {
  bindparam,
  type Connection,
  type CursorResult,
  column,
  delete_,
  insert,
  MetaData,
  select,
  t,
  table,
  text,
  update,
} from "@athanor/core";

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const same = <A, B>(_equal: Equal<A, B>): void => {};

declare const connection: Connection;
const users = table("users", new MetaData(), {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(50), { nullable: false }),
  price: column(t.numeric(10, 2)),
});

connection.execute(insert(users), { name: "Ada", price: 5 });
connection.execute(insert(users), [
  { name: "Ada", price: "5.50" },
  { name: "Bob", price: null },
]);
// @ts-expect-error a number is no name
connection.execute(insert(users), { name: 5 });
// @ts-expect-error the second row
connection.execute(insert(users), [{ name: "Ada" }, { name: 5 }]);
// @ts-expect-error the name is not null
connection.execute(insert(users), [{ name: null }]);
// @ts-expect-error a truth value is no price
connection.execute(update(users).where(users.c.id.eq(bindparam("key"))), [{ key: 1, price: true }]);
connection.execute(update(users).where(users.c.id.eq(bindparam("key"))), [{ key: 1, price: "2" }]);
connection.execute(delete_(users).where(users.c.id.eq(bindparam("key"))), { key: 1 });
const returned = connection.execute(insert(users).returning(users.c.id), [{ name: "Ada" }]);
same<typeof returned, CursorResult<[number], object & { readonly id: number }>>(true);
connection.scalars(insert(users).returning(users.c.id), [{ name: "Ada" }]);
// @ts-expect-error a number is no name
connection.scalars(insert(users).returning(users.c.id), [{ name: 5 }]);
// Others take what they like.
connection.execute(select(users.c.id).where(users.c.name.eq(bindparam("name"))), { name: 5 });
connection.execute(text("SELECT :a"), { a: 1 });

// Through a helper
function add(rows: readonly { name: string }[]): void {
  connection.execute(insert(users), rows);
}
add([{ name: "Ada" }]);
function wrong(rows: readonly { name: number }[]): void {
  // @ts-expect-error numbers are no names
  connection.execute(insert(users), rows);
}
wrong([]);
