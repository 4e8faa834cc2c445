/** Functions under `noUncheckedIndexedAccess`: those of the databases are there, others are named. */
import { columnClause, func, type Select, type SqlFunction, select, t, tableClause } from "@athanor/core";

declare module "@athanor/core" {
  interface KnownFunctions {
    geo_distance(from: unknown, to: unknown): SqlFunction<number>;
  }
}
type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const same = <A, B>(_equal: Equal<A, B>): void => {};
type V<S> = S extends Select<infer Values, object> ? Values : never;

const users = tableClause("users", columnClause("id", t.integer), columnClause("name", t.string));
const known = select(func.lower(users.c.name), func.count(users.c.id), func.max(users.c.id));
same<V<typeof known>, [string, number, number | null]>(true);
const typed = select(
  func.json_extract(users.c.name, "$.a").returns(t.integer),
  func("my_function")(1).returns(t.string),
);
same<V<typeof typed>, [number, string]>(true);
select(func("my_package", "my_function")(users.c.id), func.date_trunc("day", users.c.id));
const declared = select(func.geo_distance(users.c.id, 2));
same<V<typeof declared>, [number]>(true);
// @ts-expect-error: two arguments
func.geo_distance(1);
// @ts-expect-error: a name
func();
function widest<E extends SqlFunction<number>>(element: E) {
  return select(element);
}
const helped = widest(func.char_length(users.c.name));
same<V<typeof helped>, [number]>(true);
// Names in capitals, as the standard writes them.
const capitals = select(func.COUNT(users.c.id), func.CURRENT_TIMESTAMP(), func.UTC_TIMESTAMP());
same<V<typeof capitals>, [number, Date, unknown]>(true);

// Functions in FROM keep names and types.
type Names<S> = S extends Select<readonly unknown[], infer O> ? keyof O : never;
const numbers = func.generate_series(1, 5).returns(t.integer).columnValued("n");
same<V<ReturnType<typeof ofNumbers>>, [number]>(true);
same<Names<ReturnType<typeof ofNumbers>>, "n">(true);
function ofNumbers() {
  return select(numbers).where(numbers.gt(2));
}
const each = func.json_each(users.c.name).tableValued("key", columnClause("value", t.string), { withOrdinality: "nr" });
const rows = select(each.c.value, each.c.nr, func("f")().scalarTableValued("part", t.integer));
same<V<typeof rows>, [string, unknown, number]>(true);
same<Names<typeof rows>, "value" | "nr" | "part">(true);
// @ts-expect-error: no such column
each.c.valeu;
