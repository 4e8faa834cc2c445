/** Collections of columns, and subqueries as values. */
import {
  type Column,
  type ColumnElement,
  column,
  MetaData,
  type ScalarSubquery,
  select,
  t,
  table,
} from "@athanor/core";

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const same = <A, B>(_equal: Equal<A, B>): void => {};

const users = table("users", new MetaData(), { id: column(t.integer, { primaryKey: true }), name: column(t.string) });
const keys = users.c.keys();
same<typeof keys, string[]>(true);
const found = users.c.get("name");
same<typeof found, Column | null>(true);
const items = users.c.items();
same<typeof items, [string, Column][]>(true);
const inner = select(users).subquery().c.values();
same<typeof inner, ColumnElement[]>(true);
users.c.containsColumn(users.c.id);
// @ts-expect-error: a column
users.c.containsColumn("id");
// @ts-expect-error: no such column
users.c.nam;

const count = select(users.c.id).where(users.c.name.eq("a")).scalarSubquery();
same<typeof count, ScalarSubquery<number | null, number>>(true);
const correlated = count.correlate(users).where(users.c.id.gt(1));
same<typeof correlated, ScalarSubquery<number | null, number>>(true);
const one = select(users.c.id).exists().correlate(users).where(users.c.id.eq(1)).select();
same<(typeof one)["~values"], [boolean]>(true);
function keysOf(columns: { keys(): string[] }): string[] {
  return columns.keys();
}
keysOf(users.c);
