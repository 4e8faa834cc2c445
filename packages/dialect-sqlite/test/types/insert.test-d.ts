/** Types of SQLite's INSERT and types: rows, `excluded`, wrong names and wrong values. */
import { column, MetaData, t, table } from "@athanor/core";
import * as sqlite from "@athanor/dialect-sqlite";

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
const expectTrue = <T extends true>(): T => true as T;

const users = table("users", new MetaData(), {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(50), { nullable: false }),
  seen: column(sqlite.DATETIME),
  meta: column(sqlite.JSON<{ tags: string[] }>()),
  binary: column(sqlite.JSONB),
});

const statement = sqlite.insert(users).values({ name: "Ada", seen: new Date(), meta: { tags: ["a"] } });

const upsert = statement.onConflictDoUpdate({
  indexElements: ["id", users.c.name],
  indexWhere: users.c.id.gt(5),
  set: { name: statement.excluded.name },
  where: users.c.seen.is(null),
});
upsert.onConflictDoNothing();
upsert.onConflictDoUpdate({ set: [[users.c.name, "x"]] });
upsert.onConflictDoUpdate({ set: statement.excluded });

expectTrue<
  Equal<
    ReturnType<typeof upsert.returning<[typeof users.c.id]>> extends sqlite.Insert<infer _C, infer V, infer _O>
      ? V
      : never,
    [number]
  >
>();

// @ts-expect-error no such column
statement.onConflictDoUpdate({ set: { nope: 1 } });
// @ts-expect-error a string is wanted
statement.onConflictDoUpdate({ set: { name: 1 } });
// @ts-expect-error no such column
void statement.excluded.nope;
// @ts-expect-error no such column
sqlite.insert(users).values({ nope: 1 });
// @ts-expect-error tags are strings
sqlite.insert(users).values({ name: "x", meta: { tags: [1] } });
// @ts-expect-error set is wanted
statement.onConflictDoUpdate({});
// @ts-expect-error no such option
sqlite.DATETIME({ format: "x" });

const when = sqlite.DATETIME({ truncateMicroseconds: true });
expectTrue<Equal<(typeof when)["~value"], Date>>();
const day = sqlite.DATE({ storageFormat: "%(year)d" });
expectTrue<Equal<(typeof day)["~value"], string>>();
expectTrue<Equal<(typeof sqlite.JSONB)["~value"], unknown>>();
