import { describe, expect, it } from "vitest";
import { bulkInsert, bulkSize, bulkText } from "./bulk.ts";

describe("bulkInsert", () => {
  it("repeats the row of an INSERT", () => {
    const bulk = bulkInsert("INSERT INTO t (a, b) VALUES (?, ?)");
    expect(bulk).toEqual({ head: "INSERT INTO t (a, b) VALUES ", row: "(?, ?)", tail: "", width: 2, isPlain: true });
    expect(bulk && bulkText(bulk, 3)).toBe("INSERT INTO t (a, b) VALUES (?, ?), (?, ?), (?, ?)");
  });

  it("keeps what stands behind the row", () => {
    expect(
      bulkInsert("INSERT IGNORE INTO t (a) VALUES (lower(?)) AS new ON DUPLICATE KEY UPDATE a = new.a"),
    ).toMatchObject({
      row: "(lower(?))",
      tail: " AS new ON DUPLICATE KEY UPDATE a = new.a",
      width: 1,
      isPlain: false,
    });
    expect(bulkInsert("replace into t (a) values (?)")).toMatchObject({ width: 1 });
  });

  it("is not misled by names and strings", () => {
    expect(bulkInsert("INSERT INTO `values (` (`va?lues`) VALUES (?, 'a)?''', \")\")")).toBeNull();
    expect(bulkInsert("INSERT INTO `values (` (`vaalues`) VALUES (?, 'a)?''', \")\")")).toMatchObject({
      head: "INSERT INTO `values (` (`vaalues`) VALUES ",
      width: 1,
    });
    expect(bulkInsert("INSERT INTO my_values (a) VALUES (?)")).toMatchObject({
      head: "INSERT INTO my_values (a) VALUES ",
    });
  });

  it.each([
    ["no INSERT", "UPDATE t SET a = ?"],
    ["a SELECT", "INSERT INTO t (a) SELECT ? FROM u"],
    ["several rows", "INSERT INTO t (a) VALUES (?), (?)"],
    ["a parameter behind the row", "INSERT INTO t (a) VALUES (?) ON DUPLICATE KEY UPDATE a = ?"],
    ["no parameters", "INSERT INTO t () VALUES ()"],
    ["comments", "INSERT INTO t (a) /* ? */ VALUES (?)"],
    ["RETURNING", "INSERT INTO t (a) VALUES (?) RETURNING a"],
    ["an open string", "INSERT INTO t (a) VALUES (?, 'x)"],
  ])("leaves %s alone", (_what, sql) => {
    expect(bulkInsert(sql)).toBeNull();
  });

  it("keeps to the protocol's number of parameters", () => {
    expect(bulkSize({ head: "", row: "", tail: "", width: 2, isPlain: true })).toBe(1000);
    expect(bulkSize({ head: "", row: "", tail: "", width: 100, isPlain: true })).toBe(655);
    expect(bulkSize({ head: "", row: "", tail: "", width: 65_535, isPlain: true })).toBe(1);
  });
});
