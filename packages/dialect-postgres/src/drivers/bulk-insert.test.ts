import { describe, expect, it } from "vitest";
import { bulkInsert, columnArrays } from "./bulk-insert.ts";

describe("bulk INSERT", () => {
  it("takes typed parameters, also inside of expressions", () => {
    expect(bulkInsert("INSERT INTO t (a, b) VALUES ($1::INTEGER, upper($2::VARCHAR))")).toEqual({
      sql: "INSERT INTO t (a, b) SELECT v.c1, upper(v.c2) FROM unnest($1::INTEGER[], $2::VARCHAR[]) AS v(c1, c2)",
      width: 2,
    });
    expect(bulkInsert("INSERT INTO s.t (a) VALUES ($1::TIMESTAMP WITH TIME ZONE) ON CONFLICT DO NOTHING")?.sql).toBe(
      "INSERT INTO s.t (a) SELECT v.c1 FROM unnest($1::TIMESTAMP WITH TIME ZONE[]) AS v(c1) ON CONFLICT DO NOTHING",
    );
  });

  it.each([
    "INSERT INTO t (a, b) VALUES ($1::INTEGER, $2)",
    "INSERT INTO t (a) VALUES ($1::INTEGER[])",
    "INSERT INTO t (a) VALUES ($1::BIT(5))",
    "INSERT INTO t (a) VALUES (nextval('s'))",
    "INSERT INTO t (a, b) VALUES ($1::INTEGER, '$2::INTEGER')",
    "INSERT INTO t (a) VALUES ($1::INTEGER) RETURNING id",
    "INSERT INTO t (a) VALUES ($1::INTEGER) ON CONFLICT (a) DO UPDATE SET a = $1::INTEGER",
    "INSERT INTO t (a) VALUES ($2::INTEGER)",
    "INSERT INTO t (a) VALUES (now())",
    "INSERT INTO t DEFAULT VALUES",
    "WITH x AS (SELECT 1) INSERT INTO t (a) VALUES ($1::INTEGER)",
    "UPDATE t SET a = $1::INTEGER",
  ])("leaves alone: %s", (sql) => {
    expect(bulkInsert(sql)).toBeNull();
  });

  it("turns rows into columns", () => {
    expect(
      columnArrays(
        [
          ["a,b", 1],
          [null, 2],
        ],
        2,
        String,
      ),
    ).toEqual(['{"a,b",NULL}', "{1,2}"]);
  });
});
