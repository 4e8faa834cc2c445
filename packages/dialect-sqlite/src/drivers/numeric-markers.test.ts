/** Which parameters may be bound as REAL. */
import { expect, test } from "vitest";
import { findNumericMarkers, hasNumericAffinity } from "./numeric-markers.ts";

const tables = new Map([
  [
    "t",
    new Map([
      ["id", "INTEGER"],
      ["n", "NUMERIC(10, 2)"],
      ["f", "FLOAT"],
      ["s", "VARCHAR(5)"],
      ["b", "BLOB"],
      ["x", ""],
      ["select", "BIGINT"],
    ]),
  ],
  ["u", new Map([["id", "INTEGER"]])],
]);
const found = (sql: string): string | null =>
  findNumericMarkers(sql, (table) => tables.get(table) ?? null)
    ?.map((flag) => (flag ? "y" : "n"))
    .join("") ?? null;

test.each([
  ["SELECT t.id FROM t WHERE t.id = ?", "y"],
  ["SELECT t.id FROM t WHERE T.ID = ? AND t.s = ? OR t.n >= ?", "yny"],
  ['SELECT t.id FROM t WHERE "t"."select" = ?', "y"],
  ["SELECT t.id FROM t WHERE t.s = ?", null],
  ["SELECT t.id FROM t WHERE t.b = ? OR t.x = ? OR t.nothing = ? OR v.id = ?", null],
  ["SELECT t.id FROM t WHERE id = ?", null],
  ["SELECT t.id FROM t WHERE t.id = ? + 1", null],
  ["SELECT t.id FROM t WHERE t.id + t.id = ?", null],
  ["SELECT t.id FROM t WHERE 'a' || t.id = ?", null],
  ["SELECT t.id FROM t WHERE -t.id = ?", null],
  ["SELECT ? / 2, t.id = ? FROM t", null],
  ["SELECT t.id FROM t WHERE (t.id = ?) AND NOT t.n < ?", "yy"],
  ["SELECT t.id FROM t WHERE t.id IN (?, ?) AND t.s IN (?) AND t.n NOT IN (?)", "yyny"],
  ["SELECT t.id FROM t WHERE t.id IN (?, ? + 1)", null],
  ["SELECT t.id FROM t LIMIT ? OFFSET ?", "yy"],
  ["SELECT t.id FROM t LIMIT ? + ? OFFSET ?", "nny"],
  ["SELECT t.id FROM u AS t WHERE t.id = ?", null],
  ["SELECT t.id FROM u t WHERE t.id = ?", null],
  ["SELECT t.id FROM (SELECT 'x' AS id) t WHERE t.id = ?", null],
  ["WITH t AS (SELECT 'x' AS id) SELECT t.id FROM t WHERE t.id = ?", null],
  ["SELECT s.t.id FROM s.t WHERE s.t.id = ?", null],
  ["SELECT t.id FROM t JOIN u ON u.id = t.id WHERE u.id = ? -- ?\n AND t.s = '?' ORDER BY t.id", "y"],
  ["INSERT INTO t (id, s, n, f) VALUES (?, ?, ?, ?)", "ynyy"],
  ["INSERT INTO t (id, s) VALUES (?, ?), (?, ?) RETURNING id, ?", "ynynn"],
  ["INSERT OR IGNORE INTO t (id, n) VALUES (abs(?), ?)", "ny"],
  ["INSERT INTO t (id, n) VALUES (? + ?, ?) ON CONFLICT (id) DO UPDATE SET n = ? WHERE t.id > ?", "nnyny"],
  ['INSERT INTO "t" ("select", x) VALUES (?, ?)', "yn"],
  ["INSERT INTO t VALUES (?, ?)", null],
  ["INSERT INTO s.t (id) VALUES (?)", null],
  ["INSERT INTO t (id) SELECT u.id FROM u WHERE u.id = ?", "y"],
  ["UPDATE t SET id=?, s=?, n=(n + ?), f=? WHERE t.id = ?", "ynnyy"],
  ["UPDATE t SET id=? + 1 WHERE t.s = ?", null],
  ["DELETE FROM t WHERE t.id = ?", "y"],
])("%s", (sql, expected) => {
  expect(found(sql)).toBe(expected);
});

test.each([
  ["INTEGER", true],
  ["BIGINT", true],
  ["CHARINT", true],
  ["VARCHAR(5)", false],
  ["text", false],
  ["BLOB", false],
  ["", false],
  ["ANY", false],
  ["DOUBLE PRECISION", true],
  ["NUMERIC(10, 2)", true],
  ["DATETIME", true],
  ["BOOLEAN", true],
])("%s", (declared, numeric) => {
  expect(hasNumericAffinity(declared)).toBe(numeric);
});
