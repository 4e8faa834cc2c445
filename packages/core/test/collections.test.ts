/** What collections of columns answer, and statements that are compiled without a word about the database. */
import { column, columnClause, MetaData, select, t, table } from "@athanor/core";
import * as mssql from "@athanor/dialect-mssql";
import * as mysql from "@athanor/dialect-mysql";
import * as oracle from "@athanor/dialect-oracle";
import * as pg from "@athanor/dialect-postgres";
import * as sqlite from "@athanor/dialect-sqlite";
import { describe, expect, it } from "vitest";

const users = table("users", new MetaData(), {
  id: column(t.integer, { primaryKey: true }),
  name: column("user_name", t.string),
  data: column(t.json),
});

describe("columns", () => {
  it("by their keys", () => {
    expect(users.c.keys()).toEqual(["id", "name", "data"]);
    expect(users.c.values()).toEqual([users.c.id, users.c.name, users.c.data]);
    expect(users.c.items()[1]).toEqual(["name", users.c.name]);
    expect(users.c.get("name")).toBe(users.c.name);
    expect(users.c.get("nobody")).toBeNull();
    expect(users.c.containsColumn(users.c.id)).toBe(true);
    expect(users.c.containsColumn(columnClause("id"))).toBe(false);
    expect(select(users.c.id, users.c.name).subquery().c.keys()).toEqual(["id", "name"]);
  });

  it("that are called as the methods are stand before them", () => {
    const odd = table("odd", new MetaData(), { keys: column(t.integer), values: column(t.string) });
    expect(String(select(odd.c.keys, odd.c.values))).toBe("SELECT odd.keys, odd.values \nFROM odd");
    expect([...odd.c]).toHaveLength(2);
  });
});

describe("compile()", () => {
  it("writes what only some databases have, where no dialect is named", () => {
    expect(select(users.c.data.at("a")).compile().sql).toBe(String(select(users.c.data.at("a"))));
  });

  it("writes values into the text, also as SQLAlchemy is asked for it", () => {
    const statement = select(users.c.id).where(users.c.id.in([1, 2]));
    const expected = "SELECT users.id \nFROM users \nWHERE users.id IN (1, 2)";
    expect(statement.compile({ literalBinds: true, renderPostcompile: true }).sql).toBe(expected);
    expect(statement.compile({ compileKwargs: { literalBinds: true, renderPostcompile: true } }).sql).toBe(expected);
  });

  it.each([
    ["postgresql", pg.dialect(), "$1"],
    ["mysql", mysql.dialect(), "?"],
    ["sqlite", sqlite.dialect(), "?"],
    ["mssql", mssql.dialect(), "@id_1"],
    ["oracle", oracle.dialect(), ":id_1"],
  ])("takes %s by its dialect()", (name, dialect, marker) => {
    expect(dialect.name).toBe(name);
    const { sql } = select(users.c.id).where(users.c.id.eq(1)).compile({ dialect });
    expect(sql).toContain(`users.id = ${marker}`);
  });
});
