/** What the types of MySQL's own constructs are. Compiled only. */
import { column, MetaData, select, t, table } from "@athanor/core";
import * as mysql from "@athanor/dialect-mysql";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const check = <_Same extends true>(): void => {};
const rowOf = <V extends readonly unknown[]>(statement: { readonly "~row"?: V } & object): V =>
  statement as unknown as V;

const users = table("users", new MetaData(), {
  id: column(mysql.INTEGER({ unsigned: true }), { primaryKey: true }),
  name: column(mysql.VARCHAR(20, { charset: "utf8mb4" }), { nullable: false }),
  kind: column(mysql.ENUM("a", "b", { charset: "latin1" }), { nullable: false }),
  tags: column(mysql.SET("x", "y"), { nullable: false }),
  total: column(mysql.DECIMAL(10, 2, { unsigned: true }), { nullable: false }),
  rate: column(mysql.DOUBLE({ unsigned: true }), { nullable: false }),
  exact: column(mysql.DOUBLE({ asdecimal: true }), { nullable: false }),
  big: column(mysql.BIGINT({ unsigned: true }), { nullable: false }),
  count: column(mysql.BIGINT({ mode: "number" }), { nullable: false }),
  seen: column(mysql.DATETIME({ fsp: 6 }), { nullable: false }),
  year: column(mysql.YEAR, { nullable: false }),
  bytes: column(mysql.LONGBLOB, { nullable: false }),
  meta: column(mysql.JSON<{ readonly a: number }>(), { nullable: false }),
});

type ValueOf<C> = C extends { readonly "~value": infer T } ? T : never;
type Columns = typeof users.c;

check<Equal<ValueOf<Columns["id"]>, number>>();
check<Equal<ValueOf<Columns["name"]>, string>>();
check<Equal<ValueOf<Columns["kind"]>, "a" | "b">>();
check<Equal<ValueOf<Columns["tags"]>, Set<"x" | "y">>>();
check<Equal<ValueOf<Columns["total"]>, string>>();
check<Equal<ValueOf<Columns["rate"]>, number>>();
check<Equal<ValueOf<Columns["exact"]>, string>>();
check<Equal<ValueOf<Columns["big"]>, bigint>>();
check<Equal<ValueOf<Columns["count"]>, number>>();
check<Equal<ValueOf<Columns["seen"]>, Date>>();
check<Equal<ValueOf<Columns["year"]>, number>>();
check<Equal<ValueOf<Columns["bytes"]>, Uint8Array>>();
check<Equal<ValueOf<Columns["meta"]>, { readonly a: number }>>();

const insert = mysql.insert(users).values({ id: 1, name: "x", kind: "a", tags: ["x"] });
insert.onDuplicateKeyUpdate({ name: insert.inserted.name, total: users.c.total.add("1.5") });
insert.onDuplicateKeyUpdate([
  ["name", "y"],
  [users.c.kind, "b"],
]);
check<Equal<ValueOf<(typeof insert.inserted)["kind"]>, "a" | "b">>();

// @ts-expect-error no such column
insert.onDuplicateKeyUpdate({ nope: 1 });
// @ts-expect-error not a value of the enumeration
mysql.insert(users).values({ kind: "c" });
// @ts-expect-error a SET has these values only
mysql.insert(users).values({ tags: ["z"] });
// @ts-expect-error the row is there for reading
insert.inserted.nope;
// @ts-expect-error a text to look for is needed
mysql.match(users.c.name);

const matched = mysql.match(users.c.name, { against: "gold" }).inBooleanMode();
check<Equal<ValueOf<typeof matched>, number>>();
void rowOf(select(matched.label("score")));
void t;
