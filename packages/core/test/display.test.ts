/** What `String(statement)` shows of clauses that one database has. */
import { bindparam, column, delete_, MetaData, select, t, table, update } from "@athanor/core";
import * as mysql from "@athanor/dialect-mysql";
import * as pg from "@athanor/dialect-postgres";
import { expect, test } from "vitest";

const items = table("items", new MetaData(), { id: column(t.integer, { primaryKey: true }), name: column(t.string) });
const shown = (statement: unknown): string => String(statement).replace(/\s+/g, " ");

test("extensions of SELECT, as SQLAlchemy shows them", () => {
  const first = select(items.c.id).ext(pg.distinctOn(items.c.name));
  expect(shown(first)).toBe("SELECT DISTINCT ON (items.name) items.id FROM items");
  expect(shown(select(first.subquery("s").c.id))).toBe(
    "SELECT s.id FROM (SELECT DISTINCT ON (items.name) items.id AS id FROM items) AS s",
  );
});

test("extensions of UPDATE and DELETE as their database writes them, with named parameters", () => {
  expect(shown(update(items).values({ name: "a" }).ext(mysql.limit(5)))).toBe("UPDATE items SET name=:name LIMIT 5");
  const some = delete_(items)
    .where(items.c.id.gt(bindparam("from")))
    .ext(mysql.limit(2));
  expect(shown(some)).toBe("DELETE FROM items WHERE items.id > :from LIMIT 2");
});
