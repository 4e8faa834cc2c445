/** Conditions that are none, and constants where a condition is wanted. */
import {
  alias,
  and,
  CompileError,
  case_,
  column,
  createEngine,
  delete_,
  func,
  insert,
  MetaData,
  not,
  onWarning,
  or,
  select,
  t,
  table,
  update,
} from "@athanor/core";
import { PostgresDialect } from "@athanor/dialect-postgres";
import "@athanor/dialect-sqlite";
import { afterAll, beforeEach, describe, expect, test } from "vitest";

const metadata = new MetaData();
const users = table("users", metadata, { id: column(t.integer, { primaryKey: true }), name: column(t.string(20)) });
const fold = (element: { toString(): string }): string => element.toString().replaceAll(/\s+/g, " ");

const warnings: string[] = [];
const restore = onWarning((message) => void warnings.push(message));
afterAll(restore);
beforeEach(() => void warnings.splice(0));

describe("without conditions", () => {
  test("and() is left out of WHERE, HAVING and AND", () => {
    expect(fold(select(users.c.id).where(and()))).toBe("SELECT users.id FROM users");
    expect(fold(select(users.c.id).groupBy(users.c.id).having(and()))).toBe(
      "SELECT users.id FROM users GROUP BY users.id",
    );
    expect(fold(select(users.c.id).where(and(), users.c.id.eq(1)))).toBe(
      "SELECT users.id FROM users WHERE users.id = :id_1",
    );
    expect(fold(update(users).values({ name: "x" }).where(and(and())))).toBe("UPDATE users SET name=:name");
    expect(select(users.c.id).where(and()).whereclause).toBeNull();
  });

  test("or() deletes nothing", () => {
    using conn = createEngine("sqlite:///:memory:").connect();
    metadata.createAll(conn);
    conn.execute(insert(users), [{ name: "a" }, { name: "b" }]);
    conn.execute(delete_(users).where(or()));
    conn.execute(delete_(users).where(users.c.id.gt(0), or()));
    conn.execute(delete_(users).where(and(or(), users.c.id.gt(0))));
    expect(conn.execute(select(func.count(users.c.id))).scalarOne()).toBe(2);
    expect(
      conn
        .execute(select(users.c.id).where(or(or(), users.c.id.eq(2))))
        .scalars()
        .all(),
    ).toEqual([2]);
    expect(
      conn
        .execute(select(users.c.id).where(or(and(), users.c.id.eq(2))))
        .scalars()
        .all(),
    ).toEqual([1, 2]);
    expect(conn.execute(select(case_([and(), "all"], { else: "none" }))).scalarOne()).toBe("all");
    expect(conn.execute(select(users.c.id).where(not(and()))).all()).toEqual([]);
  });

  test("both warn, and say what to write", () => {
    and();
    or();
    expect(warnings).toEqual([
      expect.stringContaining("and(true, ...conditions)"),
      expect.stringContaining("or(false, ...conditions)"),
    ]);
  });
});

describe("constants", () => {
  test("not(true) and case_([true, …]) are parameters and answer as they should", () => {
    using conn = createEngine("sqlite:///:memory:").connect();
    metadata.createAll(conn);
    conn.execute(insert(users), { name: "a" });
    expect(conn.execute(select(users.c.id).where(not(true))).all()).toHaveLength(0);
    expect(conn.execute(select(users.c.id).where(not(false))).all()).toHaveLength(1);
    expect(conn.execute(select(case_([false, 1], [true, 2], { else: 3 }))).scalarOne()).toBe(2);
    expect(not(true).compile({ dialect: new PostgresDialect() }).sql).toBe("NOT $1");
  });
});

describe("FROM", () => {
  test("DELETE of a join says what to do", () => {
    const joined = users.join(alias(users, "u"), users.c.id.eq(1));
    expect(() => delete_(joined).compile({ dialect: new PostgresDialect() })).toThrow(CompileError);
    expect(() => delete_(joined).toString()).toThrow(/delete from one table/i);
  });

  test("a function's alias is selected as its one column", () => {
    const statement = select(users.c.id, func.unnest(users.c.name).alias("u"));
    expect(fold(statement)).toBe("SELECT users.id, u FROM users, unnest(users.name) AS u");
  });
});
