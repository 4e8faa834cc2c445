/** Types of the `sql` tag, of `outer()`, and of what a table takes and gives. */

import type { Connection } from "@athanor/core";
import {
  column,
  func,
  type Insertable,
  insert,
  type Merge,
  MetaData,
  merge,
  mergeAction,
  outer,
  type Select,
  type Selectable,
  type SqlTemplate,
  select,
  sql,
  t,
  table,
  type Updatable,
  upsert,
} from "@athanor/core";

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const same = <A, B>(_equal: Equal<A, B>): void => {};
type V<S> = S extends Select<infer Values, object> ? Values : never;
type O<S> = S extends Select<readonly unknown[], infer Names> ? { [K in keyof Names]: Names[K] } : never;

const metadata = new MetaData();
const users = table("users", metadata, {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(50), { nullable: false }),
  age: column(t.integer),
});

// ---- sql ----
const count = sql<number>`count(*)`;
same<typeof count, SqlTemplate<number>>(true);
const counted = select(users.c.name, sql<number>`count(*)`.label("n"), sql`x`.returns(t.string).label("s"));
same<V<typeof counted>, [string, number, string]>(true);
same<O<typeof counted>, { readonly name: string; readonly n: number; readonly s: string }>(true);
select(users.c.id).where(sql`${users.c.id} = ${5}`, users.c.id.eq(sql<number>`1 + 1`));
const conn = null as unknown as Connection;
const whole = () => conn.execute(sql<{ id: number }>`SELECT id FROM ${users}`);
same<ReturnType<ReturnType<typeof whole>["one"]>["id"], number>(true);
// @ts-expect-error: misspelt
whole().one().idd;
const typed = sql`SELECT id FROM users`.columns({ id: t.integer });
const sub = select(typed.subquery("s").c.id);
same<V<typeof sub>, [number | null]>(true);
// @ts-expect-error: the columns were named
typed.subquery("s").c.idd;
// @ts-expect-error: names are strings
sql.identifier(5);
// @ts-expect-error: a tag, not a function of a string
sql("SELECT 1");

// ---- outer ----
const side = outer(users.alias("u"));
const joined = select(users.c.id, side.c.id.label("other"), side.c.name).outerjoin(side, side.c.id.eq(users.c.id));
same<V<typeof joined>, [number, number | null, string | null]>(true);
const all = select(side);
same<O<typeof all>, { readonly id: number | null; readonly name: string | null; readonly age: number | null }>(true);
// @ts-expect-error: no such column
side.c.nam;
// @ts-expect-error: a string
side.c.name.eq(5);
function named<C extends { readonly name: { readonly "~value": unknown; readonly "~input": unknown } }>(from: {
  readonly "~columns": C;
}) {
  return outer(from);
}
const helped = select(named(users).c.name);
same<V<typeof helped>[0], string | null>(true);
const cte = outer(select(users.c.id).cte("w"));
same<V<ReturnType<typeof fromCte>>, [number | null]>(true);
function fromCte() {
  return select(cte.c.id);
}
const strong = select(func.coalesce(side.c.name, "none"));
same<V<typeof strong>, [string]>(true);

// ---- Selectable, Insertable, Updatable ----
same<Selectable<typeof users>, { readonly id: number; readonly name: string; readonly age: number | null }>(true);
const row: Insertable<typeof users> = { name: "a" };
insert(users).values(row);
// @ts-expect-error: a name must be given
const missing: Insertable<typeof users> = { age: 3 };
// @ts-expect-error: misspelt
const wrong: Insertable<typeof users> = { name: "a", agee: 3 };
const change: Updatable<typeof users> = { age: null };
void [missing, wrong, change, count];

// ---- upsert ----
upsert(users).values({ id: 1, name: "a" }).onConflict("id", users.c.name).doUpdate({ name: "b" });
const back = upsert(users)
  .values([{ id: 1, name: "a" }])
  .doUpdate((excluded) => ({ name: excluded.name, age: users.c.age.add(1) }))
  .returning(users.c.id);
same<(typeof back)["~values"], [number]>(true);
// @ts-expect-error: no such column
upsert(users).onConflict("nam");
// @ts-expect-error: a number
upsert(users).doUpdate({ age: "old" });
// @ts-expect-error: no such column
upsert(users).doUpdate((excluded) => ({ name: excluded.nam }));

// ---- merge ----
const incoming = users.alias("incoming");
const merged = merge(users)
  .using(incoming, users.c.id.eq(incoming.c.id))
  .whenMatched(incoming.c.age.isNot(null))
  .thenUpdate({ age: incoming.c.age })
  .whenNotMatched()
  .thenInsert({ id: incoming.c.id, name: "new" })
  .returning(mergeAction(), users.c.name);
const mergedRow = () => conn.execute(merged).one();
same<ReturnType<typeof mergedRow>["mergeAction"], string>(true);
same<ReturnType<typeof mergedRow>["name"], string>(true);
// @ts-expect-error: not returned
mergedRow().age;
// @ts-expect-error: misspelt
merge(users).whenMatched().thenUpdate({ agee: 5 });
// @ts-expect-error: a number
merge(users).whenNotMatched().thenInsert({ age: "5" });
// @ts-expect-error: rows that are not there cannot be changed
merge(users).whenNotMatched().thenUpdate({ age: 5 });
// @ts-expect-error: rows that are there cannot be inserted
merge(users).whenMatched().thenInsert({ age: 5 });
/** Through a helper. */
const purge = <C extends object>(statement: Merge<C>): Merge<C> => statement.whenMatched().thenDelete();
purge(merge(users).using(incoming, true));
