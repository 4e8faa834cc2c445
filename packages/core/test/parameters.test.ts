/** `params()` and `uniqueParams()` of everything that has parameters, `compare()`, and what statements tell of themselves. */
import { bindparam, column, delete_, insert, MetaData, or, select, t, table, text, union, update } from "@athanor/core";
import { describe, expect, test } from "vitest";
import { engineWithUsers, users as rows } from "./story.ts";

const users = table("users", new MetaData(), { id: column(t.integer, { primaryKey: true }), name: column(t.string) });
const byId = users.c.id.eq(bindparam("x"));
const valuesOf = (element: { compile(): { readonly params: unknown } }) => element.compile().params;

describe("uniqueParams()", () => {
  test("gives copies of expressions parameters of their own", () => {
    expect(String(byId.uniqueParams({ x: 5 }))).toBe("users.id = :x_1");
    expect(valuesOf(or(byId.uniqueParams({ x: 5 }), byId.uniqueParams({ x: 6 })))).toEqual({ x_1: 5, x_2: 6 });
    expect(valuesOf(byId)).toEqual({ x: null });
    // @ts-expect-error misspelt
    expect(() => byId.uniqueparams({ x: 5 })).toThrow(TypeError);
    expect(() => byId.uniqueParams({ x: undefined })).toThrow(/undefined/);
  });

  test("of statements, text and subqueries, also executed", () => {
    const found = select(rows.c.name).where(rows.c.id.eq(bindparam("x")));
    expect(valuesOf(text("a = :x").uniqueParams({ x: 5 }))).toEqual({ x_1: 5 });
    const sub = select(users.c.id).where(byId).subquery("s");
    expect(valuesOf(select(sub.uniqueParams({ x: 7 }).c.id))).toEqual({ x_1: 7 });
    const { engine } = engineWithUsers({}, "a", "b", "c");
    using connection = engine.connect();
    expect(connection.scalars(union(found.uniqueParams({ x: 1 }), found.uniqueParams({ x: 3 }))).all()).toEqual([
      "a",
      "c",
    ]);
  });
});

test("params() of FROM elements", () => {
  const sub = select(users.c.id).where(byId).subquery("s");
  expect(valuesOf(select(sub.params({ x: 5 })))).toEqual({ x: 5 });
  expect(valuesOf(select(select(users.c.id).where(byId).cte("c").params({ x: 6 })))).toEqual({ x: 6 });
});

test("compare() tells the same SQL with the same values", () => {
  const id = users.c.id;
  expect(id.eq(5).compare(id.eq(5))).toBe(true);
  expect(id.eq(5).compare(id.eq(6))).toBe(false);
  expect(id.eq(5).compare(users.c.name.eq("5"))).toBe(false);
  expect(id.in([1, 2]).compare(id.in([1, 2]))).toBe(true);
  expect(select(users).where(byId).compare(select(users).where(byId))).toBe(true);
  expect(users.alias().compare(users.alias())).toBe(true);
  expect(users.alias("a").compare(users.alias("b"))).toBe(false);
});

test("statements tell what they are", () => {
  const kinds = [
    select(users),
    union(select(users), select(users)),
    text("x").columns(users.c.id),
    insert(users),
    update(users),
    delete_(users),
  ];
  expect(
    kinds.map((kind) => [kind.isSelect, kind.isInsert, kind.isUpdate, kind.isDelete, kind.isDml].map(Number).join("")),
  ).toEqual(["10000", "10000", "10000", "01001", "00101", "00011"]);
  expect(String(delete_(users).filter(users.c.id.eq(1)))).toBe(String(delete_(users).where(users.c.id.eq(1))));
  expect(select(users.c.id).selectFrom(users.alias("a")).columnsClauseFroms).toEqual([users]);
  expect(select(users).getLabelStyle()).toBe("disambiguateOnly");
  expect(users.exportedColumns).toBe(users.c);
  expect(bindparam("x", 5).renderLiteralExecute().literalExecute).toBe(true);
});
