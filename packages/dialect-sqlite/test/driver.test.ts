/** The driver's connection over both libraries: values, columns, statements that are kept, streams. */
import { CancelledError, type DriverCursor, type DriverRow, TimeoutError } from "@athanor/driver";
import { describe, expect, test } from "vitest";
import { both, newFile } from "./both.ts";

const big = 9_007_199_254_740_993n;

describe.each(both)("$scheme", ({ connect }) => {
  const one = (sql: string, parameters: readonly unknown[] = [], options = {}): unknown[] => {
    const { rows } = connect().execute(sql, parameters, options);
    return [...(rows[0] as DriverRow)];
  };

  test("whole numbers are bound as INTEGER, others as REAL, booleans as 0 and 1", () => {
    expect(one("SELECT typeof(?), typeof(?), typeof(?), typeof(?)", [2, 2.5, 2n, true])).toEqual([
      "integer",
      "real",
      "integer",
      "integer",
    ]);
    expect(one("SELECT 5 / ?, json_array(?), 'a' || ?", [2, 1, 3])).toEqual([2, "[1]", "a3"]);
    expect(one("SELECT typeof(?), ? > 0", [1e300, Number.POSITIVE_INFINITY])).toEqual(["real", 1]);
  });

  test("the storage class stays the same however often a statement is executed", () => {
    const connection = connect();
    connection.execute("CREATE TABLE t (i INTEGER, n NUMERIC, r REAL, s TEXT, b, a ANY)", []);
    const types =
      "SELECT typeof(i), typeof(n), typeof(r), typeof(s), typeof(b), typeof(a), s FROM t WHERE t.i = ? AND t.s = ?";
    for (let round = 0; round < 10; round++) {
      connection.execute("DELETE FROM t", []);
      connection.execute("INSERT INTO t (i, n, r, s, b, a) VALUES (?, ?, ?, ?, ?, ?)", [5, 5, 5, 5, 5, 5]);
      expect(connection.execute(types, [5, 5]).rows).toEqual([
        ["integer", "integer", "real", "text", "integer", "integer", "5"],
      ]);
      expect(connection.execute("SELECT 5 / ?, json_array(?)", [2, 1]).rows).toEqual([[2, "[1]"]]);
    }
    connection.executeMany(
      "INSERT INTO t (i, s) VALUES (?, ?)",
      Array.from({ length: 9 }, () => [6, 6]),
    );
    expect(connection.execute("SELECT DISTINCT typeof(i), s FROM t WHERE t.i IN (?, ?)", [6, 7]).rows).toEqual([
      ["integer", "6"],
    ]);
  });

  test("text, bytes, NULL and dates", () => {
    const bytes = Uint8Array.of(0, 255, 7);
    expect(one("SELECT ?, ?, ?, ?", ["ü\u0000x", bytes, null, new Date("2024-02-29T08:09:10.123Z")])).toEqual([
      "ü\u0000x",
      bytes,
      null,
      "2024-02-29 08:09:10.123000",
    ]);
    const [read] = one("SELECT x'00ff'");
    expect((read as object).constructor).toBe(Uint8Array);
    expect(one("SELECT ?", [Buffer.from("ab")])).toEqual([Uint8Array.of(97, 98)]);
    expect(one("SELECT ?", [new Uint8Array()])).toEqual([new Uint8Array()]);
  });

  test.each([[{ a: 1 }], [[1, 2]], [undefined], [Symbol("x")], [() => 1], [new Date(Number.NaN)]])(
    "%s cannot be bound",
    (value) => {
      expect(() => connect().execute("SELECT ?", [value])).toThrow(/cannot be bound/);
    },
  );

  test("the number of values must be that of the markers", () => {
    const connection = connect();
    expect(() => connection.execute('SELECT ?, \'?\', "x?" FROM (SELECT 1 AS "x?") -- ?', [])).toThrow(/Too few/);
    expect(() => connection.execute("SELECT ?", [1, 2])).toThrow(/Too many/);
    expect(() => connection.execute("SELECT 1", [1])).toThrow(/Too many/);
  });

  test("values by name", () => {
    expect(connect().execute("SELECT :a, @b, $c", { a: 1, b: "x", c: null }).rows).toEqual([[1, "x", null]]);
  });

  test("more than one statement is refused; comments behind one are not", () => {
    const connection = connect();
    expect(() => connection.execute("SELECT 1; SELECT 2", [])).toThrow(/more than one statement/);
    expect(connection.execute("SELECT ';' -- ;\n; /* ; */", []).rows).toEqual([[";"]]);
    connection.execute("CREATE TABLE t (x)", []);
    connection.execute("CREATE TRIGGER tr AFTER INSERT ON t BEGIN UPDATE t SET x = 1; UPDATE t SET x = 2; END", []);
    connection.execute("INSERT INTO t VALUES (9)", []);
    expect(connection.execute("SELECT x FROM t", []).rows).toEqual([[2]]);
  });

  describe("integers", () => {
    test("columns declared BIGINT are bigint, others number", () => {
      const connection = connect();
      connection.execute("CREATE TABLE t (a BIGINT, b INTEGER, c INT8)", []);
      connection.execute("INSERT INTO t VALUES (?, ?, ?)", [1, 2, big]);
      expect(connection.execute("SELECT a, b, c, a + 1 FROM t", []).rows).toEqual([[1n, 2, big, 2]]);
    });

    test("the caller's word goes before the declared type", () => {
      const connection = connect();
      connection.execute("CREATE TABLE t (a BIGINT, b INTEGER)", []);
      connection.execute("INSERT INTO t VALUES (1, 2)", []);
      expect(connection.execute("SELECT a, b FROM t", [], { bigIntegers: [] }).rows).toEqual([[1, 2]]);
      expect(connection.execute("SELECT a, b FROM t", [], { bigIntegers: [1] }).rows).toEqual([[1, 2n]]);
      expect(connection.execute("SELECT a, b FROM t", []).rows).toEqual([[1n, 2]]);
    });

    test("no digit is lost where nobody expected a large one", () => {
      const connection = connect();
      expect(connection.execute("SELECT 9007199254740993, 1, 1e300, -9223372036854775808", []).rows).toEqual([
        [big, 1, 1e300, -(2n ** 63n)],
      ]);
      expect(connection.execute("SELECT 9007199254740993, 1, 1e300, -9223372036854775808", []).rows).toEqual([
        [big, 1, 1e300, -(2n ** 63n)],
      ]);
      expect(connection.execute("SELECT 9007199254740991", []).rows).toEqual([[9_007_199_254_740_991]]);
      connection.execute("CREATE TABLE t (x)", []);
      expect(connection.execute("INSERT INTO t VALUES (?) RETURNING x, 1", [big]).rows).toEqual([[big, 1]]);
      expect(connection.execute("WITH q AS (SELECT x FROM t) SELECT x FROM q", []).rows).toEqual([[big]]);
    });

    test("beyond 64 bits is an error", () => {
      expect(() => connect().execute("SELECT ?", [2n ** 63n])).toThrow(/too (?:big|large)/);
    });

    test("row ids keep their digits", () => {
      const connection = connect();
      connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY)", []);
      expect(connection.execute("INSERT INTO t VALUES (NULL)", []).lastRowId).toBe(1);
      expect(connection.execute("INSERT INTO t VALUES (?)", [big]).lastRowId).toBe(big);
      expect(connection.executeMany("INSERT INTO t VALUES (?)", [[5], [big + 2n]]).lastRowId).toBe(big + 2n);
    });
  });

  test("columns carry names and declared types", () => {
    const connection = connect();
    connection.execute("CREATE TABLE t (a VARCHAR(5), b)", []);
    expect(connection.execute("SELECT a AS x, b, 1 + 1 FROM t", []).columns).toEqual([
      { name: "x", typeCode: "VARCHAR(5)" },
      { name: "b", typeCode: undefined },
      { name: "1 + 1", typeCode: undefined },
    ]);
    expect(connection.execute("INSERT INTO t VALUES (1, 2)", []).columns).toBeNull();
  });

  test("counts", () => {
    const connection = connect();
    connection.execute("CREATE TABLE t (a)", []);
    expect(connection.execute("INSERT INTO t VALUES (1), (2), (3)", []).rowCount).toBe(3);
    expect(connection.execute("UPDATE t SET a = 5 WHERE a > ?", [1]).rowCount).toBe(2);
    expect(connection.execute("UPDATE t SET a = 5 RETURNING a", []).rowCount).toBe(3);
    expect(connection.executeMany("DELETE FROM t WHERE rowid = ?", [[1], [2], [77]]).rowCount).toBe(2);
    expect(connection.executeMany("INSERT INTO t VALUES (?) RETURNING a", [[1], [2]]).rowCount).toBe(2);
  });

  test("kept statements see changes of the schema, from here and from elsewhere", () => {
    const file = newFile();
    const connection = connect(`/${file}`);
    const other = connect(`/${file}`);
    connection.execute("CREATE TABLE t (a)", []);
    connection.execute("INSERT INTO t VALUES (1)", []);
    const names = (): (string | undefined)[] =>
      connection.execute("SELECT * FROM t", []).columns?.map(({ name }) => name) ?? [];
    expect(names()).toEqual(["a"]);
    connection.execute("ALTER TABLE t ADD COLUMN b BIGINT", []);
    expect(names()).toEqual(["a", "b"]);
    other.execute("ALTER TABLE t ADD COLUMN c", []);
    expect(names()).toEqual(["a", "b", "c"]);
    connection.begin();
    connection.execute("ALTER TABLE t RENAME COLUMN c TO d", []);
    expect(names()).toEqual(["a", "b", "d"]);
    connection.rollback();
    expect(names()).toEqual(["a", "b", "c"]);
    connection.close();
    other.close();
  });

  test("many different statements", () => {
    const connection = connect("?cached_statements=3");
    for (let round = 0; round < 3; round++) {
      for (let number = 0; number < 20; number++)
        expect(connection.execute(`SELECT ${number}`, []).rows).toEqual([[number]]);
    }
    expect(connection.execute("SELECT 7", [], { prepare: false }).rows).toEqual([[7]]);
  });

  describe("streams", () => {
    const numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n";
    const rest = (cursor: DriverCursor): unknown[] => (cursor.fetchMany(1000) as DriverRow[]).map(([value]) => value);

    test("portions, then nothing", () => {
      const cursor = connect().stream?.(numbers, []) as DriverCursor;
      expect(cursor.columns.map(({ name }) => name)).toEqual(["i"]);
      expect(cursor.fetchMany(3)).toEqual([[1], [2], [3]]);
      expect(rest(cursor)).toEqual([4, 5, 6, 7, 8, 9, 10]);
      expect(cursor.fetchMany(3)).toEqual([]);
      cursor.close();
    });

    test("the connection goes on working meanwhile, with the same text too", () => {
      const connection = connect();
      connection.execute("CREATE TABLE t (a)", []);
      connection.begin();
      const first = connection.stream?.(numbers, []) as DriverCursor;
      expect(first.fetchMany(2)).toEqual([[1], [2]]);
      const second = connection.stream?.(numbers, []) as DriverCursor;
      expect(second.fetchMany(1)).toEqual([[1]]);
      connection.execute("INSERT INTO t VALUES (1)", []);
      expect(connection.execute(numbers, []).rows).toHaveLength(10);
      second.close();
      expect(first.fetchMany(1)).toEqual([[3]]);
      connection.commit();
      first.close();
      first.close();
      expect(connection.execute("SELECT a FROM t", []).rows).toEqual([[1]]);
      connection.close();
    });

    test("integers are exact, bytes plain", () => {
      const cursor = connect().stream?.("SELECT 9007199254740993, 1, x'01'", []) as DriverCursor;
      expect(cursor.fetchMany(5)).toEqual([[big, 1, Uint8Array.of(1)]]);
    });

    test("a statement without rows", () => {
      const connection = connect();
      const cursor = connection.stream?.("CREATE TABLE t (a)", []) as DriverCursor;
      expect([cursor.columns, cursor.fetchMany(1)]).toEqual([[], []]);
      expect(connection.execute("SELECT * FROM t", []).rows).toEqual([]);
    });

    test("ended by the signal or by the time-out, between portions", async () => {
      const connection = connect();
      const abort = new AbortController();
      const cursor = connection.stream?.(numbers, [], { signal: abort.signal }) as DriverCursor;
      cursor.fetchMany(1);
      abort.abort();
      expect(() => cursor.fetchMany(1)).toThrow(CancelledError);
      const slow = connection.stream?.(numbers, [], { statementTimeout: 5 }) as DriverCursor;
      await new Promise((done) => setTimeout(done, 20));
      expect(() => slow.fetchMany(1)).toThrow(TimeoutError);
      expect(() => connection.execute("SELECT 1", [], { signal: abort.signal })).toThrow(CancelledError);
    });

    test("closing the connection closes them", () => {
      const connection = connect();
      const cursor = connection.stream?.(numbers, []) as DriverCursor;
      cursor.fetchMany(1);
      connection.close();
      connection.close();
      expect(connection.isOpen()).toBe(false);
      expect(cursor.fetchMany(1)).toEqual([]);
    });
  });

  test("transactions", () => {
    const connection = connect();
    connection.execute("CREATE TABLE t (a)", []);
    connection.begin();
    connection.execute("INSERT INTO t VALUES (1)", []);
    connection.rollback();
    connection.rollback();
    connection.begin("BEGIN IMMEDIATE");
    connection.execute("INSERT INTO t VALUES (2)", []);
    connection.commit();
    expect(connection.execute("SELECT a FROM t", []).rows).toEqual([[2]]);
    expect(() => connection.commit()).toThrow(/no transaction is active/);
  });

  test("holders of one connection share a transaction", () => {
    const connection = connect();
    const count = (): unknown => connection.execute("SELECT count(*) FROM t", []).rows[0]?.[0];
    connection.execute("CREATE TABLE t (a)", []);
    connection.begin();
    connection.execute("INSERT INTO t VALUES (1)", []);
    connection.begin();
    connection.execute("INSERT INTO t VALUES (2)", []);
    connection.commit();
    connection.execute("INSERT INTO t VALUES (3)", []);
    expect(count()).toBe(3);
    connection.rollback();
    expect(count()).toBe(2);
    connection.begin();
    connection.begin();
    connection.rollback();
    connection.commit();
    connection.begin();
    connection.execute("INSERT INTO t VALUES (4)", []);
    connection.rollback();
    expect(count()).toBe(2);
  });

  test("a transaction that an error has ended cannot be committed", () => {
    const connection = connect();
    connection.execute("CREATE TABLE t (a UNIQUE ON CONFLICT ROLLBACK)", []);
    connection.begin();
    connection.execute("INSERT INTO t VALUES (1)", []);
    expect(() => connection.execute("INSERT INTO t VALUES (1)", [])).toThrow(/UNIQUE/);
    expect(() => connection.commit()).toThrow(/no transaction is active/);
    connection.rollback();
    expect(connection.execute("SELECT a FROM t", []).rows).toEqual([]);
  });

  test("REGEXP, and functions of one's own", () => {
    expect(one("SELECT 'Änderung' REGEXP '^Ä.*g$', 'x' REGEXP NULL, 5 REGEXP '\\d', 'a' NOT REGEXP 'b'")).toEqual([
      1,
      null,
      1,
      1,
    ]);
    const connection = connect("", { functions: { shout: (text: string) => `${text.toUpperCase()}!` } });
    expect(connection.execute("SELECT shout('a')", []).rows).toEqual([["A!"]]);
  });
});
