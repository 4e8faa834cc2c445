/** Reading SQL text for its markers and its end. */
import { expect, test } from "vitest";
import { findMarkers, statementEnd } from "./markers.ts";

test.each([
  ["SELECT 1", 0],
  ["SELECT ?, ?", 2],
  ["SELECT '?', \"?\", `?`, [?], ? -- ?\n, /* ? */ ?", 2],
  ["SELECT 'it''s ?', ?", 1],
  ["SELECT a -> '$.b', a ->> ?", 1],
  ["SELECT '12:30:00', ?", 1],
])("%s has %i markers", (sql, count) => {
  expect(findMarkers(sql)).toEqual({ count, names: [] });
});

test("names", () => {
  expect(findMarkers("SELECT :a, @b, $c, :a, ?2, ':d'")).toEqual({ count: 0, names: ["a", "b", "c", "?2"] });
});

test.each([
  ["SELECT 1", 8],
  ["SELECT 1;", 9],
  ["SELECT ';' ; SELECT 2", 12],
  ["-- nothing\n ; ", 0],
  ["  ", 0],
  ["/* ; */ SELECT 1; x", 17],
  ["CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 1; END;", 55],
])("%s ends at %i", (sql, end) => {
  expect(statementEnd(sql)).toBe(end);
});
