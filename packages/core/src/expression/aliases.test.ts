import {
  ArgumentError,
  aggregateOrderBy,
  column,
  func,
  funcfilter,
  label,
  MetaData,
  NextValue,
  nullslast,
  over,
  select,
  sequence,
  t,
  table,
  text,
  update,
  withinGroup,
} from "@athanor/core";
import { describe, expect, it } from "vitest";

const users = table("users", new MetaData(), {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(50)),
  age: column(t.integer),
});
const sql = (element: object): string => String(element).replaceAll(/\s+/g, " ").trim();

describe("SQLAlchemy's other names", () => {
  it("stand beside the methods", () => {
    const { id, name } = users.c;
    expect(sql(over(func.count(), { partitionBy: id }))).toBe("count(*) OVER (PARTITION BY users.id)");
    expect(sql(funcfilter(func.count(id), id.gt(1)))).toBe("count(users.id) FILTER (WHERE users.id > :id_1)");
    expect(sql(withinGroup(func.mode() as never, id))).toBe("mode() WITHIN GROUP (ORDER BY users.id)");
    expect(sql(aggregateOrderBy(func.max(id), name))).toBe("max(users.id ORDER BY users.name)");
    expect(sql(select(label("n", id)).orderBy(nullslast(id.desc()), name.nullsfirst()))).toBe(
      "SELECT users.id AS n FROM users ORDER BY users.id DESC NULLS LAST, users.name NULLS FIRST",
    );
    expect(sql(name.notilike("x"))).toBe(sql(name.notIlike("x")));
    expect(sql(name.notlike("x"))).toBe(sql(name.notLike("x")));
    expect(sql(name.isnot(null))).toBe("users.name IS NOT NULL");
    expect(sql(id.notin([1]))).toBe(sql(id.notIn([1])));
    expect(sql(id.isnotDistinctFrom(1))).toBe(sql(id.isNotDistinctFrom(1)));
  });

  it("make statements of tables", () => {
    expect(sql(users.insert().values({ name: "a" }))).toBe("INSERT INTO users (name) VALUES (:name)");
    expect(sql(users.update().values({ age: 1 }).where(users.c.id.eq(2)))).toBe(
      "UPDATE users SET age=:age WHERE users.id = :id_1",
    );
    expect(sql(users.delete().where(users.c.id.eq(2)))).toBe("DELETE FROM users WHERE users.id = :id_1");
  });
});

describe("func", () => {
  it("takes names as text, with their packages", () => {
    expect(sql(func("my_function")(1))).toBe("my_function(:my_function_1)");
    expect(sql(func("pkg", "f")(users.c.id))).toBe("pkg.f(users.id)");
    expect(sql(func.lower(users.c.name))).toBe("lower(users.name)");
    expect(() => (func as unknown as () => unknown)()).toThrow(ArgumentError);
    expect(() => func("")).toThrow(ArgumentError);
  });

  it("takes sequences, and only these, for the next value", () => {
    const ids = sequence("ids", { schema: "app" });
    const next = func("next_value")(ids) as unknown as NextValue;
    expect(next).toBeInstanceOf(NextValue);
    expect(next.sequence).toBe(ids);
    expect(() => func("next_value")(5)).toThrow(/takes a sequence/);
  });

  it("gives a member of what it returns", () => {
    const member = func.unnest(users.c.name).scalarTableValued("part", t.string);
    expect(sql(select(member))).toBe("SELECT (unnest(users.name)).part FROM users");
  });
});

describe("IN lists", () => {
  const typeOf = (values: readonly unknown[]): string => {
    const list = users.c.id.in(values as number[]) as unknown as { right: { type: { constructor: { name: string } } } };
    return list.right.type.constructor.name;
  };

  it("have a type that holds all of their values, in any order", () => {
    expect(typeOf([1, 2])).toBe("Integer");
    expect(typeOf([1, 2.5])).toBe(typeOf([2.5, 1]));
    expect(typeOf([1, null, 2n ** 60n])).toBe("BigInteger");
    expect(typeOf([1, 2.5])).not.toBe("Integer");
    expect(typeOf([null])).toBe("Integer");
  });
});

describe("statements", () => {
  it("know their own columns", () => {
    const both = select(users.c.id, users.c.name.label("n")).unionAll(select(users.c.age, users.c.name));
    expect(sql(both.orderBy(both.selectedColumns.n.desc(), users.c.id))).toMatch(/ ORDER BY n DESC, id$/);
    expect(select(users.c.id).selectedColumns.id).toBe(users.c.id);
  });

  it("take numbers as columns, text beside operators, and refuse values behind ordered ones", () => {
    expect(sql(select(1))).toBe("SELECT 1");
    expect(sql(func.now().sub(text("interval '1 day'")))).toBe("now() - interval '1 day'");
    expect(() => update(users).orderedValues(["age", 5]).values({ name: "x" })).toThrow(/already has ordered values/);
  });
});
