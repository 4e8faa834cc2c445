import { describe, expect, it } from "vitest";
import { batchColumns, bulkBatch, bulkInsert, columnArrays } from "./bulk-insert.ts";

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

  it("keeps the comment of an engine's tags", () => {
    const tags = " /*application='shop',route='%2F%2A'*/";
    expect(bulkInsert(`INSERT INTO t (a) VALUES ($1::INTEGER)${tags}`)?.sql).toBe(
      `INSERT INTO t (a) SELECT v.c1 FROM unnest($1::INTEGER[]) AS v(c1)${tags}`,
    );
    const batch =
      "INSERT INTO t (a) SELECT p0::INTEGER FROM (VALUES ($1::INTEGER, 0), ($2::INTEGER, 1)) AS imp_sen(p0, sen_counter) ORDER BY sen_counter RETURNING t.id";
    expect(bulkBatch(batch + tags)?.sql).toBe(`${bulkBatch(batch)?.sql}${tags}`);
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

const batch = (
  row: (first: number) => string,
  width: number,
  rows: number,
  tail = " RETURNING t.id, t.id AS id__1",
): string =>
  `INSERT INTO t (a, b) SELECT p0::INTEGER, p1::VARCHAR FROM (VALUES ${Array.from(
    { length: rows },
    (_, index) => `(${row(index * width + 1)}, ${index})`,
  ).join(", ")}) AS imp_sen(p0, p1, sen_counter) ORDER BY sen_counter${tail}`;

describe("INSERT of several rows", () => {
  const plain = (first: number): string => `$${first}::INTEGER, upper($${first + 1}::VARCHAR)`;

  it.each([2, 3, 1000])("takes columns in place of %d rows", (rows) => {
    expect(bulkBatch(batch(plain, 2, rows))).toEqual({
      sql:
        "INSERT INTO t (a, b) SELECT p0::INTEGER, p1::VARCHAR FROM (SELECT v.c1, upper(v.c2), v.n " +
        "FROM unnest($1::INTEGER[], $2::VARCHAR[]) WITH ORDINALITY AS v(c1, c2, n)) AS imp_sen(p0, p1, sen_counter) " +
        "ORDER BY sen_counter RETURNING t.id, t.id AS id__1",
      width: 2,
    });
  });

  it.each([
    ["one row", batch(plain, 2, 1)],
    ["parameters without a type", batch((n) => `$${n}::INTEGER, $${n + 1}`, 2, 3)],
    ["arrays", batch((n) => `$${n}::INTEGER, $${n + 1}::VARCHAR[]`, 2, 3)],
    ["boxes", batch((n) => `$${n}::INTEGER, $${n + 1}::BOX`, 2, 3)],
    ["texts", batch((n) => `$${n}::INTEGER, 'x' || $${n + 1}::VARCHAR`, 2, 3)],
    ["rows that differ", batch((n) => (n > 3 ? `$${n}::INTEGER, $${n + 1}::TEXT` : plain(n)), 2, 3)],
    ["rows that share a parameter", batch((n) => `$${n}::INTEGER, $2::VARCHAR`, 2, 3)],
    ["parameters behind the rows", batch(plain, 2, 3, " RETURNING t.id + $7::INTEGER")],
    ["no numbers", "INSERT INTO t (a) VALUES ($1::INTEGER), ($2::INTEGER) RETURNING t.id"],
  ])("leaves alone: %s", (_, sql) => {
    expect(bulkBatch(sql)).toBeNull();
  });

  it("turns the parameters of all rows into columns", () => {
    expect(batchColumns([1, "a b", 2, null], 2, String)).toEqual(["{1,2}", '{"a b",NULL}']);
    expect(batchColumns([1, undefined, 2, null], 2, String)).toBeNull();
    expect(batchColumns([1, ["a"], 2, null], 2, String)).toBeNull();
  });
});
