/** Visitors and traversal, as SQLAlchemy's chapter "Visitor and Traversal Utilities" has them. */
import {
  and,
  BindParameter,
  bindparam,
  ColumnClause,
  clonedTraverse,
  column,
  func,
  iterate,
  MetaData,
  type Node,
  replacementTraverse,
  select,
  t,
  table,
  traverse,
} from "@athanor/core";
import { describe, expect, test } from "vitest";

const metadata = new MetaData();
const users = table("users", metadata, { id: column(t.integer), name: column(t.string(20)) });
const people = table("people", metadata, { id: column(t.integer), name: column(t.string(20)) });
const statement = select(users.c.id, func.lower(users.c.name)).where(
  and(users.c.id.gt(5), users.c.name.in(["a", "b"]), users.c.name.eq(bindparam("who", "x"))),
);
const fold = (element: { toString(): string }): string => element.toString().replaceAll(/\s+/g, " ");

describe("iterate()", () => {
  test("gives every element once, parents first", () => {
    const found = [...iterate(statement)];
    expect(found[0]).toBe(statement);
    expect(new Set(found).size).toBe(found.length);
    expect(found.filter((node) => node instanceof BindParameter)).toHaveLength(3);
    expect(new Set(found.filter((node) => node instanceof ColumnClause))).toEqual(
      new Set<Node>([users.c.id, users.c.name]),
    );
  });
});

describe("traverse()", () => {
  test("calls the visitors by kind, with options or without", () => {
    const names: unknown[] = [];
    traverse(statement, { column: (each: ColumnClause) => void names.push(each.name) });
    expect(names.sort()).toEqual(["id", "name"]);
    let binds = 0;
    traverse(statement, {}, { bindparam: () => void binds++ });
    expect(binds).toBe(3);
  });
});

describe("replacementTraverse()", () => {
  const onPeople = (node: Node): Node | undefined =>
    node instanceof ColumnClause && node.table === users ? people.c[node.name as "id" | "name"] : undefined;

  test("puts other elements in place, and leaves the original alone", () => {
    const before = fold(statement);
    const adapted = replacementTraverse(statement, {}, onPeople);
    expect(fold(adapted)).toBe(before.replaceAll("users", "people"));
    expect(fold(statement)).toBe(before);
  });

  test("what is to stop is kept with all below it", () => {
    const [first] = statement.whereClauses;
    const adapted = replacementTraverse(statement, { stopOn: [first as Node] }, onPeople);
    expect(adapted.whereClauses[0]).toBe(first);
    expect(fold(adapted)).toContain("SELECT people.id");
  });

  test("where nothing is replaced, the element itself comes back", () => {
    expect(replacementTraverse(statement, () => undefined)).toBe(statement);
  });
});

describe("clonedTraverse()", () => {
  test("visitors change the copies", () => {
    const changed = clonedTraverse(
      statement,
      {},
      {
        bindparam: (bind: { value: unknown; bindKey: string | null }) => {
          if (bind.bindKey === "who") bind.value = "somebody else";
        },
      },
    );
    expect(changed.compile().params).toMatchObject({ who: "somebody else" });
    expect(statement.compile().params).toMatchObject({ who: "x" });
    expect(fold(changed)).toBe(fold(statement));
  });

  test("tables and columns stay themselves", () => {
    const copy = clonedTraverse(statement, {});
    expect(copy).not.toBe(statement);
    expect([...iterate(copy)].filter((node) => node instanceof ColumnClause)).toEqual(
      [...iterate(statement)].filter((node) => node instanceof ColumnClause),
    );
  });
});
