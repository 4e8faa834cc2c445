/** Two copies of this package in one program: what one of them made is refused by the other, and the error says why. */
import { expect, test, vi } from "vitest";
import * as core from "../src/index.ts";

vi.resetModules();
const other = (await import("../src/index.ts")) as typeof core;

const make = (copy: typeof core) =>
  copy.table("users", new copy.MetaData(), {
    id: copy.column(copy.t.integer, { primaryKey: true }),
    name: copy.column(copy.t.text),
  });
const own = make(core);
const foreign = make(other);
const reason =
  /another copy of @athanor\/core \(the program has 2 copies of @athanor\/core \(file:.*core, file:.*core\)/;

test("there are two", () => {
  expect(other.select).not.toBe(core.select);
  expect(String(other.select(foreign.c.id))).toBe("SELECT users.id \nFROM users");
});

test.each<[string, () => unknown]>([
  ["a column as an operand", () => own.c.id.eq(foreign.c.id)],
  ["a column of a statement", () => core.select(foreign.c.id)],
  ["a table", () => core.select(own).join(foreign as never)],
  ["a condition", () => core.select(own).where(foreign.c.id.eq(1))],
  [
    "a value",
    () =>
      core
        .insert(own)
        .values({ name: foreign.c.name as never })
        .compile(),
  ],
  ["a factory of types", () => core.column(other.t.integer)],
  ["a type", () => core.column(other.t.string(5))],
  ["the type of a cast", () => core.cast(own.c.id, other.t.text)],
  ["a MetaData", () => core.table("t", new other.MetaData() as never, {})],
])("%s of the other copy", (_what, use) => {
  expect(use).toThrow(core.AthanorError);
  expect(use).toThrow(reason);
});

test("a dialect that registered itself with the other copy", () => {
  other.registerDialect("elsewhere", { defaultDriver: "none", drivers: {}, create: () => null as never });
  expect(() => core.dialectDefinition("elsewhere")).toThrow(/Can't load the dialect "elsewhere".*has 2 copies/s);
});
