/** Columns of subqueries, CTEs, set operations, scalar subqueries and joins keep their types and names. */
import {
  type ColumnElement,
  column,
  columnClause,
  func,
  insert,
  join,
  lateral,
  MetaData,
  outer,
  type Select,
  select,
  t,
  table,
  tableClause,
  text,
  union,
  values,
} from "@athanor/core";

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const same = <A, B>(_equal: Equal<A, B>): void => {};

const metadata = new MetaData();
const users = table("users", metadata, {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(50), { nullable: false }),
  born: column(t.dateTime),
  price: column(t.numeric(10, 2)),
  big: column(t.bigInteger),
  meta: column(t.json<{ city: string }>()),
});
const addresses = table("addresses", metadata, {
  id: column(t.integer, { primaryKey: true }),
  userId: column("user_id", t.integer),
  email: column(t.string(100)),
});
const books = tableClause("books", columnClause("id", t.integer), columnClause("title", t.string));

// ---- a column accepts what it accepted in its table, and nothing else ----
const picked = select(users.c.id, users.c.name, users.c.price, users.c.big, users.c.meta, users.c.born);
const sub = picked.subquery("s");
for (const { c } of [sub, picked.cte("w"), picked.lateral("l"), picked.alias("a"), lateral(picked), sub.alias("b")]) {
  c.id.eq(5);
  c.name.eq("x");
  c.price.gt(5);
  c.price.gt("5.50");
  c.price.gt(5n);
  c.big.eq(5n);
  c.big.eq(5);
  c.born.lt(new Date());
  same<(typeof c.price)["~value"], string | null>(true);
  same<(typeof c.name)["~name"], "name">(true);
  // @ts-expect-error text is not compared with a number
  c.name.eq(5);
  // @ts-expect-error a whole number is not compared with text
  c.id.eq("5");
  // @ts-expect-error a date is not compared with a number
  c.born.lt(5);
  // @ts-expect-error misspelt
  c.nmae;
}
// JSON keeps its paths
sub.c.meta.at("city").asString().eq("Rome");
outer(sub).c.meta.at("city");
outer(sub).c.price.gt(5);

// ---- set operations, text, values, RETURNING ----
const both = union(picked, picked).subquery("u");
both.c.price.gt(5);
// @ts-expect-error text
both.c.name.eq(5);
picked.unionAll(picked).selectedColumns.price.gt(5);
const typed = text("SELECT 1").columns({ total: t.numeric, label: t.string }).subquery("t");
typed.c.total.gt(5);
// @ts-expect-error text
typed.c.label.eq(5);
const given = values(columnClause("a", t.numeric), columnClause("b", t.string), { name: "v" }).data([["1", "x"]]);
given.alias("w").c.a.gt(5);
// @ts-expect-error text
given.alias("w").c.b.eq(5);
const inserted = insert(users).values({ name: "x" }).returning(users.c.price, users.c.name).cte("i");
inserted.c.price.gt(5);
// @ts-expect-error text
inserted.c.name.eq(5);
const keyed = select({ cost: users.c.price, who: users.c.name }).subquery();
keyed.c.cost.gt(5);
// @ts-expect-error text
keyed.c.who.eq(5);
const widened = select(users.c.id).addColumns(users.c.name, users.c.price).subquery();
widened.c.price.gt(5);
// @ts-expect-error text
widened.c.name.eq(5);

// ---- single values ----
select(func.max(users.c.price)).scalarSubquery().gt(9);
select(func.max(users.c.price)).label("top").gt(9);
same<ReturnType<typeof single>["~value"], string | null>(true);
function single(): ColumnElement<string | null> {
  return select(users.c.name).scalarSubquery();
}
// @ts-expect-error text
select(users.c.name).scalarSubquery().eq(9);
// @ts-expect-error text
select(users.c.name).label("n").eq(9);

// ---- repeated names are numbered ----
const twice = select(users.c.id, addresses.c.id, books.c.id).subquery();
twice.c.id_1.eq(5);
twice.c.id_2.eq(5);
// @ts-expect-error there are three
twice.c.id_3;
const whole = select(users, addresses).subquery();
whole.c.id_1.eq(1);
whole.c.userId.eq(1);
// @ts-expect-error text
whole.c.email.eq(1);

// ---- joins ----
const joined = users.join(addresses, users.c.id.eq(addresses.c.userId));
joined.c.users_id.eq(1);
joined.c.addresses_userId.eq(1);
joined.c.users_price.gt(5);
// @ts-expect-error text
joined.c.users_name.eq(5);
// @ts-expect-error the key has the table's name in front
joined.c.name;
// @ts-expect-error misspelt
joined.c.users_nmae;
const three = joined.outerjoin(books.alias("b"), books.c.id.eq(1));
three.c.b_title.eq("x");
three.c.users_id.eq(1);
// @ts-expect-error the alias gives the name
three.c.books_title;
const rows = three.select().subquery("j");
rows.c.name.eq("x");
rows.c.id_1.eq(1);
rows.c.id_2.eq(1);
// @ts-expect-error text
rows.c.title.eq(1);
select(joined).subquery().c.email.eq("x");
same<(typeof fromJoin)["~names"]["email"], string | null>(true);
const fromJoin = select(joined);
join(users, sub).c.s_price.gt(5);
// An alias without a name leaves the keys as they are.
users.join(addresses.alias()).c.email.eq("x");
users.join(picked.subquery()).c.name;
// A prefix that the types do not know.
declare const named: string;
users.join(addresses.alias(named)).c.whatever_email?.eq("x");

// ---- through helpers ----
function cheap<V extends readonly unknown[], O extends { readonly price: string | null }>(
  statement: Select<V, O>,
): ColumnElement<boolean> {
  return statement.subquery("h").c.price.eq("5");
}
cheap(picked);
// @ts-expect-error there is no price
cheap(select(users.c.id));
function byName(statement: Select<[number, string], { readonly id: number; readonly name: string }>) {
  const { c } = statement.subquery();
  // @ts-expect-error text
  c.name.eq(5);
  // @ts-expect-error misspelt
  c.nmae;
  return c.name.eq("x");
}
byName(select(users.c.id, users.c.name));
// @ts-expect-error the wrong columns
byName(select(users.c.name, users.c.id));
const both2 = <R extends Select<[number], { readonly id: number }>>(statement: R): R =>
  statement.where(users.c.id.gt(1));
both2(select(users.c.id)).subquery().c.id.eq(5);
// A decimal passes for a column of text, which it is.
const lowered = (text: ColumnElement<string | null>): ColumnElement<boolean> => text.eq("1.0");
lowered(users.c.price);
lowered(sub.c.price);
// @ts-expect-error a whole number does not
lowered(sub.c.id);
