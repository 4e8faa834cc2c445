import { describe, expect, test } from "vitest";
import { compileElement } from "../dialect/stringify.ts";
import { bindparam, columnClause, DefaultDialect, select, t, tableClause, tuple } from "../index.ts";
import type { BindStyle } from "./dialect-port.ts";
import { renderExpanded } from "./expanding.ts";
import { ListTexts } from "./list-texts.ts";

const a = tableClause("a", columnClause("id", t.integer), columnClause("day", t.date), columnClause("name", t.text));
const { id, day, name } = a.c;

function dialectOf(bindStyle: BindStyle): DefaultDialect {
  return Object.assign(new DefaultDialect(), { bindStyle });
}

const statement = select(id).where(
  id.in(bindparam("ids", { expanding: true })),
  name.eq(bindparam("name")),
  name.ne(bindparam("name")),
  day.in(bindparam("days", { expanding: true })),
  id.notIn(bindparam("ids", { expanding: true })),
);

describe.each(["qmark", "numeric_dollar"] as const)("texts of lists: %s", (style) => {
  const compiled = compileElement(statement, dialectOf(style));
  const names = compiled.binds.map((entry) => entry.name);
  const valuesOf = (given: Readonly<Record<string, unknown>>): unknown[] => names.map((each) => given[each]);

  test.each([
    [{ ids: [1, 2, 3], name: "x", days: ["1970-01-01", null] }],
    [{ ids: [4, 5, 6], name: null, days: ["2001-09-09", "1970-01-01"] }],
    [{ ids: [7], name: "y", days: ["1970-01-01"] }],
    [{ ids: [], name: "y", days: ["1970-01-01"] }],
    [{ ids: new Set([1, 2]), name: "y", days: ["1970-01-01"] }],
  ])("are those of rendering anew: %o", (given) => {
    const texts = ListTexts.of(compiled) as ListTexts;
    const values = valuesOf(given);
    const expected = renderExpanded(compiled, values);
    for (let turn = 0; turn < 3; turn++) expect(texts.render(values)).toEqual(expected);
  });

  test("differ with the lengths", () => {
    const texts = ListTexts.of(compiled) as ListTexts;
    const one = texts.render(valuesOf({ ids: [1, 11], name: "x", days: [null] })).sql;
    const other = texts.render(valuesOf({ ids: [1], name: "x", days: [null, null] })).sql;
    expect(one).not.toBe(other);
    for (let count = 1; count < 20; count++) {
      const values = valuesOf({ ids: Array.from({ length: count }, () => count), name: "x", days: [null] });
      expect(texts.render(values)).toEqual(renderExpanded(compiled, values));
    }
  });
});

test("texts of tuples and of named parameters are made anew", () => {
  const pairs = select(id).where(tuple(id, name).in([[1, "x"]]));
  expect(ListTexts.of(compileElement(pairs, dialectOf("qmark")))).toBeNull();
  expect(ListTexts.of(compileElement(statement, dialectOf("named")))).toBeNull();
});
