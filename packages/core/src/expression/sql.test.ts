import {
  ArgumentError,
  and,
  column,
  foreignKey,
  func,
  insert,
  MetaData,
  select,
  sql,
  t,
  table,
  update,
} from "@athanor/core";
import { describe, expect, it } from "vitest";
import { engineWithUsers, users as stored } from "../../test/story.ts";

const metadata = new MetaData();
const users = table("users", metadata, {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(50)),
  age: column(t.integer),
});
const orders = table("orders", metadata, {
  id: column(t.integer, { primaryKey: true }),
  userId: column("user_id", t.integer, foreignKey("users.id")),
});
const text = (element: object): string => String(element).replaceAll(/\s+/g, " ").trim();

describe("sql", () => {
  it("stands as a column, a condition, in ORDER BY and GROUP BY", () => {
    expect(
      text(
        select(sql`count(*)`, sql`${users.c.name} || ${"x"}`.label("n"))
          .where(sql`${users.c.id} = ${5} OR 1 = 1`, users.c.age.gt(3))
          .groupBy(sql`${users.c.name}`)
          .orderBy(sql`random()`, sql`n`.desc()),
      ),
    ).toBe(
      "SELECT count(*) AS anon_1, users.name || :param_1 AS n FROM users WHERE (users.id = :param_2 OR 1 = 1) AND users.age > :age_1 GROUP BY users.name ORDER BY random(), n DESC",
    );
  });

  it("stands in FROM and as the target of a join", () => {
    expect(text(select(sql`f.x`).selectFrom(sql`foo AS f`).join(sql`bar AS b`, sql`f.x = b.x`))).toBe(
      "SELECT f.x AS anon_1 FROM foo AS f JOIN bar AS b ON f.x = b.x",
    );
  });

  it("does not add the tables of its own FROM to that of the statement", () => {
    expect(
      text(select(users.c.id).where(sql`EXISTS (SELECT 1 FROM ${orders} WHERE ${orders.c.userId} = ${users.c.id})`)),
    ).toBe("SELECT users.id FROM users WHERE EXISTS (SELECT 1 FROM orders WHERE orders.user_id = users.id)");
  });

  it("puts statements into one pair of parentheses, and correlates them", () => {
    const inner = select(orders.c.id).where(orders.c.userId.eq(users.c.id));
    const expected =
      "SELECT users.id FROM users WHERE EXISTS (SELECT orders.id FROM orders WHERE orders.user_id = users.id)";
    expect(text(select(users.c.id).where(sql`EXISTS ${inner}`))).toBe(expected);
    expect(text(select(users.c.id).where(sql`EXISTS (${inner})`))).toBe(expected);
  });

  it("parenthesises operators, and itself beside operators", () => {
    expect(text(sql`${users.c.age.add(1)} * 2`)).toBe("(users.age + :age_1) * 2");
    expect(text(sql`a + b`.returns(t.integer).mul(2))).toBe("(a + b) * :param_1");
    expect(text(and(sql`a OR b`, sql`c`))).toBe("(a OR b) AND (c)");
  });

  it("composes", () => {
    const condition = sql`${users.c.age} > ${18}`;
    expect(text(sql`SELECT 1 FROM ${users} WHERE ${condition} ${sql.empty}${sql.raw("LIMIT 1")}`)).toBe(
      "SELECT 1 FROM users WHERE users.age > :param_1 LIMIT 1",
    );
    expect(text(sql`f(${sql.join([1, users.c.id, sql`now()`])})`)).toBe("f(:param_1, users.id, now())");
    expect(text(sql.join([sql`a`, sql`b`], sql` AND `))).toBe("a AND b");
  });

  it("quotes identifiers, whatever is in them", () => {
    expect(text(sql`SELECT * FROM ${sql.identifier("app", 'x"; DROP TABLE users')}`)).toBe(
      'SELECT * FROM app."x""; DROP TABLE users"',
    );
    expect(() => sql.identifier("")).toThrow(ArgumentError);
    expect(() => sql.identifier()).toThrow(ArgumentError);
  });

  it("refuses undefined, empty lists, functions and calls without a template", () => {
    expect(() => sql`${undefined}`).toThrow(/value 1 of the sql template is undefined/);
    expect(() => sql`a IN ${[1, undefined]}`).toThrow(/is undefined/);
    expect(() => sql`a IN ${[]}`).toThrow(/empty list/);
    expect(() => sql`${() => 1}`).toThrow(ArgumentError);
    expect(() => (sql as unknown as (text: string) => unknown)("DROP TABLE users")).toThrow(/template tag/);
  });

  it("is executed as a whole, with lists of any length, and its values are never text", () => {
    const { engine } = engineWithUsers({}, "a", "b");
    using connection = engine.connect();
    const named = (...names: string[]) => sql<{ name: string }>`SELECT name FROM ${stored} WHERE name IN ${names}`;
    expect(connection.execute(named("a")).all()).toMatchObject([{ name: "a" }]);
    expect(connection.execute(named("b", "a", "'); DROP TABLE users; --")).all()).toHaveLength(2);
    const name = "x'); DROP TABLE users; --";
    connection.execute(sql`INSERT INTO ${stored} (name) VALUES (${name})`);
    const typed = sql`SELECT name FROM ${stored} WHERE name = ${name}`.columns({ name: t.string });
    expect(connection.execute(typed).one().name).toBe(name);
    const sub = typed.subquery("s");
    expect(connection.scalar(select(func.count(sub.c.name)))).toBe(1);
    connection.execute(
      update(stored)
        .values({ name: sql`upper(${"q"})` as never })
        .where(sql`name = ${name}`),
    );
    connection.execute(insert(stored).values({ name: sql`lower(${"W"})` as never }));
    expect(connection.scalars(select(stored.c.name).orderBy(sql`1`)).all()).toEqual(["Q", "a", "b", "w"]);
  });

  it("gets one compiled form for all values", () => {
    const statement = (value: number) => select(users.c.id).where(sql`${users.c.age} > ${value}`);
    const text1 = statement(1).compile();
    const text2 = statement(2).compile();
    expect(text1.sql).toBe(text2.sql);
    expect(text2.params).toEqual({ param_1: 2 });
  });
});
