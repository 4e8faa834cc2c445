import { ArgumentError, column, foreignKey, MetaData, outer, select, t, table } from "@athanor/core";
import { expect, it } from "vitest";

const metadata = new MetaData();
const users = table("users", metadata, {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(50), { nullable: false }),
});
const addresses = table("addresses", metadata, {
  id: column(t.integer, { primaryKey: true }),
  userId: column("user_id", t.integer, foreignKey("users.id"), { nullable: false }),
});

it("is the selectable itself, for every kind of it", () => {
  const alias = addresses.alias("a");
  expect(outer(alias)).toBe(alias);
  const sub = select(addresses.c.id, addresses.c.userId).subquery("s");
  const side = outer(sub);
  expect(
    String(select(users.c.name, side.c.id).outerjoin(side, side.c.userId.eq(users.c.id))).replaceAll(/\s+/g, " "),
  ).toBe(
    "SELECT users.name, s.id FROM users LEFT OUTER JOIN (SELECT addresses.id AS id, addresses.user_id AS user_id FROM addresses) AS s ON s.user_id = users.id",
  );
  expect(outer(users)).toBe(users);
  expect(() => outer(users.c.id as never)).toThrow(ArgumentError);
});
