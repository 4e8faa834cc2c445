import { column, MetaData, select, t, table } from "@athanor/core";
import { expect, test } from "vitest";

const metadata = new MetaData();
const users = table("users", metadata, { id: column(t.integer, { primaryKey: true }), name: column(t.string) });
const addresses = table(
  "addresses",
  metadata,
  { id: column(t.integer, { primaryKey: true }), userId: column("user_id", t.integer) },
  { schema: "app" },
);

test("columns of a join are keyed by table, with its schema; those of an anonymous alias keep their keys", () => {
  const joined = users.join(addresses, users.c.id.eq(addresses.c.userId));
  expect(joined.c.keys()).toEqual(["users_id", "users_name", "app_addresses_id", "app_addresses_userId"]);
  expect(joined.c.users_id).toBe(users.c.id);
  expect(joined.c.app_addresses_id).toBe(addresses.c.id);
  const anonymous = users.join(addresses.alias(), users.c.id.eq(1));
  expect(anonymous.c.keys()).toEqual(["users_id", "users_name", "id", "userId"]);
});

test("names that a join has twice are numbered in a subquery of it", () => {
  const rows = users.join(addresses, users.c.id.eq(addresses.c.userId)).select().subquery("j");
  expect(rows.c.keys()).toEqual(["id", "name", "id_1", "userId"]);
  expect(String(select(rows.c.id_1))).toMatch(/^SELECT j\.id_1/);
});
