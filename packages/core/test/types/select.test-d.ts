/** Row types follow from what is selected. */
import {
  type ColumnElement,
  case_,
  columnClause,
  func,
  insert,
  literal,
  type Select,
  select,
  t,
  tableClause,
  union,
  update,
  values,
} from "@athanor/core";

const users = tableClause(
  "users",
  columnClause("id", t.integer),
  columnClause("name", t.string),
  columnClause("price", t.numeric),
);

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const same = <A, B>(_equal: Equal<A, B>): void => {};
type V<S> = S extends Select<infer Values, object> ? Values : never;
type O<S> = S extends Select<readonly unknown[], infer Names> ? { [K in keyof Names]: Names[K] } : never;

const two = select(users.c.id, users.c.name);
same<V<typeof two>, [number, string]>(true);
same<O<typeof two>, { readonly id: number; readonly name: string }>(true);

const counted = select(users.c.name, func.count(users.c.id).label("n"));
same<V<typeof counted>, [string, number]>(true);
same<O<typeof counted>, { readonly name: string; readonly n: number }>(true);

const object = select({ id: users.c.id, shout: func.upper(users.c.name) });
same<O<typeof object>, { readonly id: number; readonly shout: string }>(true);

const whole = select(users);
same<O<typeof whole>["price"], string>(true);

const sub = select(users.c.id.label("key"), users.c.price).subquery("s");
const fromSub = select(sub.c.key, sub.c.price);
same<V<typeof fromSub>, [number, string]>(true);

const cte = two.cte("w");
const fromCte = select(cte.c.name);
same<V<typeof fromCte>, [string]>(true);

const cases = select(case_([users.c.id.gt(3), "big"], { else: "small" }).label("size"));
same<O<typeof cases>, { readonly size: string }>(true);

const scalar = select(select(func.max(users.c.id)).scalarSubquery().label("top"));
same<O<typeof scalar>, { readonly top: number | null }>(true);

const both = union(select(users.c.id), select(users.c.id));
void both;

// Operands
users.c.id.eq(5);
users.c.price.gt(3);
users.c.price.gt("3.5");
users.c.id.in([1, 2]);
users.c.id.eq(users.c.price);
users.c.name.like("a%");
// @ts-expect-error a string is no integer
users.c.id.eq("5");
// @ts-expect-error an object is no string
users.c.name.eq({});
// @ts-expect-error misspelt column
users.c.nmae;
// @ts-expect-error undefined is never a value
users.c.id.eq(undefined);

// DML
insert(users).values({ id: 1, name: "x", price: 3 });
insert(users).values([{ id: 1 }, { name: func.lower("X") }]);
update(users).values({ price: users.c.price.add(1) });
// @ts-expect-error misspelt
insert(users).values({ nmae: "x" });
// @ts-expect-error wrong type
update(users).values({ id: "x" });
const returned = insert(users).values({ id: 1 }).returning(users.c.id, users.c.name);
void (returned satisfies { readonly "~values": readonly [number, string] });

// Through a helper
const onlyPositive = <T extends ColumnElement<number>>(column: T): ColumnElement<boolean> => column.gt(0);
select(users.c.id).where(onlyPositive(users.c.id));
// @ts-expect-error a string column does not fit
onlyPositive(users.c.name);

const coalesced = select(func.coalesce(users.c.name, "none").label("n"));
same<O<typeof coalesced>, { readonly n: string }>(true);
const five = select(literal(5).label("five"));
same<O<typeof five>, { readonly five: number }>(true);

const given = values(columnClause("id", t.integer), { name: "v" }).data([[1]]);
given.c.id.gt(1);
// @ts-expect-error columns are made with columnClause()
values({ id: t.integer });

// ---- several tables in one SELECT ----
{
  const first = tableClause("first", columnClause("id", t.integer), columnClause("name", t.string));
  const second = tableClause("second", columnClause("id", t.string), columnClause("size", t.integer));
  const both = select(first, second).subquery();
  const { name, size, id } = both.c;
  name.like("x");
  size.add(1);
  // Of a name that both have, either value.
  const either: string | number = id["~value"];
  void either;
  // @ts-expect-error there is no such column
  both.c.nmae;
  const pair = (from: typeof first) => select(from, second).subquery().c.size;
  pair(first).add(1);
}

// ---- RETURNING in the order of the parameters ----
{
  const things = tableClause("things", columnClause("id", t.integer), columnClause("name", t.string));
  const ordered = insert(things).returning(things.c.id, things.c.name, { sortByParameterOrder: true });
  same<(typeof ordered)["~values"], [number, string]>(true);
  same<keyof (typeof ordered)["~names"], "id" | "name">(true);
  const plain = insert(things).returning(things.c.id);
  same<(typeof plain)["~values"], [number]>(true);
}
