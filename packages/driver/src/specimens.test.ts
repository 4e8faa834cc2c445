import { describe, expect, it } from "vitest";
import { keepEmptied } from "./specimens.ts";

describe("keepEmptied", () => {
  it("lets go of everything that is no number", () => {
    const hidden = Symbol("hidden");
    class Command {
      sql = "SELECT ?";
      values: unknown = ["secret"];
      id = 7;
      state = { connection: {} };
      readonly getter = undefined;
      [hidden] = new Error("from where");
    }
    const command = new Command();
    keepEmptied(command);
    expect(command).toEqual({ sql: null, values: null, id: 7, state: null, getter: null, [hidden]: null });
  });

  it("empties lists, and leaves what cannot be written", () => {
    const rows = Object.assign([["secret"]], { count: 1, statement: { name: "s1" } });
    Object.defineProperty(rows, "fixed", { value: "stays" });
    keepEmptied(rows);
    expect([...rows]).toEqual([]);
    expect(rows).toMatchObject({ count: 1, statement: null, fixed: "stays" });
  });
});
