/** What `String(statement)` shows of clauses that one database has. */
import { bindparam, column, delete_, func, MetaData, select, t, table, true_, update } from "@athanor/core";
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

test("hints of UPDATE and DELETE: for the table of the statement or another, in either form", () => {
  const statement = update(items).values({ name: "a" });
  for (const hinted of [
    statement.withHint("x"),
    statement.withHint("x", items, "*"),
    statement.withHint("x", { selectable: items }),
  ])
    expect(shown(hinted)).toBe("UPDATE items [x] SET name=:name");
  expect(shown(statement.withHint("x", { dialectName: "mssql" }))).toBe("UPDATE items SET name=:name");
  // @ts-expect-error misspelt
  void (() => statement.withHint("x", { dialect: "mssql" }).compilee());
  expect(() => statement.withHint("x", { dialect: "mssql" })).toThrow(/no option "dialect"/);
});

test("functions can be LATERAL", () => {
  const names = func.json_each(items.c.name).lateral("n");
  expect(shown(select(items.c.id).join(names, true_()))).toBe(
    "SELECT items.id FROM items JOIN LATERAL json_each(items.name) AS n ON true",
  );
});

test("extensions of UPDATE and DELETE as their database writes them, with named parameters", () => {
  expect(shown(update(items).values({ name: "a" }).ext(mysql.limit(5)))).toBe("UPDATE items SET name=:name LIMIT 5");
  const some = delete_(items)
    .where(items.c.id.gt(bindparam("from")))
    .ext(mysql.limit(2));
  expect(shown(some)).toBe("DELETE FROM items WHERE items.id > :from LIMIT 2");
});
