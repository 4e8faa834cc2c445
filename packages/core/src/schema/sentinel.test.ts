import { describe, expect, it } from "vitest";
import { type Column, column, foreignKey, identity, insertSentinel, MetaData, sequence, t, table } from "../index.ts";
import { sentinelOf } from "./sentinel.ts";

const key = { primaryKey: true } as const;
const source = (id: Column) => sentinelOf(table("t", new MetaData(), { id })).source;

describe("sentinelOf()", () => {
  it("finds the numbered column, or a key that is known before", () => {
    expect(sentinelOf(table("t", new MetaData(), { id: column(t.integer, key) }))).toMatchObject({
      isAutoincrement: true,
      isExplicit: false,
      source: "none",
    });
    expect(source(column(t.integer, identity(), key))).toBe("identity");
    expect(source(column(t.integer, sequence("s"), key))).toBe("sequence");
    expect(source(column(t.uuid, { ...key, default: () => "x" }))).toBe("client");
    expect(source(column(t.integer, foreignKey("a.id"), key))).toBe("client");
    expect(source(column(t.uuid, { ...key, serverDefault: "x" }))).toBe("unknown");
    expect(source(column(t.integer))).toBe("unknown");
    // As SQLite's catalog says of INTEGER PRIMARY KEY.
    expect(source(column(t.integer, { primaryKey: true, nullable: true }))).toBe("none");
  });

  it("takes a marked column", () => {
    const made = table("t", new MetaData(), column("id", t.uuid, { ...key, serverDefault: "x" }), insertSentinel("s"));
    expect(sentinelOf(made)).toMatchObject({ isExplicit: true, source: "sentinel" });
    expect(sentinelOf(made).columns?.map((each) => each.name)).toEqual(["s"]);
    expect(() => sentinelOf(table("u", new MetaData(), { s: column(t.integer, { insertSentinel: true }) }))).toThrow(
      "nullable: false",
    );
    expect(() => table("v", new MetaData(), insertSentinel("a"), insertSentinel("b"))).toThrow(
      "only one explicit sentinel",
    );
  });

  it("trusts no numbers that fall", () => {
    expect(source(column(t.integer, identity({ increment: -1 }), key))).toBe("unknown");
    expect(() =>
      sentinelOf(
        table("t", new MetaData(), { s: column(t.integer, identity({ increment: -1 }), { insertSentinel: true }) }),
      ),
    ).toThrow("negative increment");
  });
});
