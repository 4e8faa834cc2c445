import { CancelledError } from "@athanor/driver";
import { beforeAll, describe, expect, it } from "vitest";
import type { MySQLConnection } from "../src/drivers/connection.ts";
import { isDisconnect, translateError } from "../src/errors.ts";
import { DecimalParameter } from "../src/types/parameter.ts";
import { drivers, url } from "./connect.ts";

describe.skipIf(url === null).each(drivers)("$name", ({ connect, driver }) => {
  let connection: MySQLConnection;
  const run = (sql: string, parameters: readonly unknown[] = []) =>
    connection.execute(sql, parameters, { returnsRows: false });
  const rows = async (sql: string, parameters: readonly unknown[] = []) =>
    (await connection.execute(sql, parameters)).rows;

  beforeAll(async () => {
    connection = await connect();
    await run("DROP TABLE IF EXISTS numbers");
    await run("CREATE TABLE numbers (id INT PRIMARY KEY AUTO_INCREMENT, n BIGINT, name VARCHAR(20))");
  });

  it("sets up the session: UTC, autocommit, and names stay names", async () => {
    expect(await rows("SELECT @@time_zone, @@autocommit, @@character_set_client")).toEqual([
      ["+00:00", expect.toSatisfy((value) => Number(value) === 1), "utf8mb4"],
    ]);
    expect(await rows("SELECT @@sql_mode LIKE '%IGNORE_SPACE%'")).toEqual([
      [expect.toSatisfy((value) => Number(value) === 0)],
    ]);
  });

  it("reports keys, matched rows and row counts", async () => {
    expect(await run("INSERT INTO numbers (n) VALUES (?)", [5])).toEqual({
      columns: null,
      rows: [],
      rowCount: 1,
      lastRowId: 1,
    });
    expect((await run("UPDATE numbers SET n = ? WHERE id = ?", [5, 1])).rowCount).toBe(1);
    expect((await connection.execute("SELECT id FROM numbers", [])).rowCount).toBe(1);
    expect((await run("DELETE FROM numbers")).rowCount).toBe(1);
  });

  it("binds LIMIT and big integers exactly", async () => {
    await run("INSERT INTO numbers (n) VALUES (?), (?), (?)", [9007199254740993n, 9007199254740992n, -1]);
    expect(await rows("SELECT n FROM numbers WHERE n = ? LIMIT ?, ?", [9007199254740993n, 0, 5])).toEqual([
      [9007199254740993n],
    ]);
    await run("DELETE FROM numbers");
  });

  it("runs many parameter sets as few INSERTs, and other statements one by one", async () => {
    const sets = Array.from({ length: 2345 }, (_, index) => [index, `n${index}`]);
    expect((await connection.executeMany("INSERT INTO numbers (n, name) VALUES (?, ?)", sets)).rowCount).toBe(2345);
    expect(await rows("SELECT COUNT(*), SUM(n) FROM numbers")).toEqual([[2345n, "2748340"]]);
    expect(
      (
        await connection.executeMany("UPDATE numbers SET name = ? WHERE n = ?", [
          ["x", 1],
          ["y", 2],
          ["z", -5],
        ])
      ).rowCount,
    ).toBe(2);
    await run("DELETE FROM numbers");
  });

  it("runs many parameter sets of changing types, and of decimals in expressions, exactly", async () => {
    await run("CREATE TEMPORARY TABLE mixed (id INT PRIMARY KEY, n BIGINT, d DECIMAL(40,10), s VARCHAR(20), b BLOB)");
    const exact = new DecimalParameter("12345678901234567890.1234567891");
    const sets = [
      [1, null, null, null, null],
      [2, 2n ** 62n, exact, "x", Uint8Array.of(0, 255)],
      [3, -1, "0.5", 5, null],
      [4, null, 7, true, Uint8Array.of(1)],
    ];
    expect((await connection.executeMany("INSERT INTO mixed VALUES (?, ?, ?, ?, ?)", sets)).rowCount).toBe(4);
    expect(
      (
        await connection.executeMany("UPDATE mixed SET d = d + ? WHERE id = ?", [
          [exact, 2],
          [1, 3],
          [1, 99],
        ])
      ).rowCount,
    ).toBe(2);
    expect(await rows("SELECT * FROM mixed ORDER BY id")).toEqual([
      [1, null, null, null, null],
      [2, 2n ** 62n, "24691357802469135780.2469135782", "x", Uint8Array.of(0, 255)],
      [3, -1n, "1.5000000000", "5", null],
      [4, null, "7.0000000000", "1", Uint8Array.of(1)],
    ]);
    expect(
      await rows("SELECT id FROM mixed WHERE d = ?", [new DecimalParameter("24691357802469135780.2469135782")]),
    ).toEqual([[2]]);
    expect(
      await rows("SELECT id FROM mixed WHERE d = ?", [new DecimalParameter("24691357802469135780.2469135783")]),
    ).toEqual([]);
    const clash = [
      [5, null, null, null, null],
      [1, null, null, null, null],
    ];
    await expect(connection.executeMany("INSERT INTO mixed VALUES (?, ?, ?, ?, ?)", clash)).rejects.toMatchObject({
      errno: 1062,
    });
    await run("DROP TABLE mixed");
  });

  it("takes members of a SET as text", async () => {
    await run("CREATE TEMPORARY TABLE members (m SET('a', 'b'))");
    await run("INSERT INTO members VALUES ('b,a'), ('')");
    expect(await rows("SELECT m FROM members")).toEqual([["a,b"], [""]]);
    const cursor = await connection.stream("SELECT m FROM members", []);
    expect(await cursor.fetchMany(10)).toEqual([["a,b"], [""]]);
    await cursor.close();
    await run("DROP TABLE members");
  });

  it("streams a statement without rows", async () => {
    const cursor = await connection.stream("DO 1", []);
    expect(cursor.columns).toEqual([]);
    expect(await cursor.fetchMany(10)).toEqual([]);
    await cursor.close();
    expect(await rows("SELECT 1")).toHaveLength(1);
  });

  it("sends what cannot be prepared as text", async () => {
    expect((await connection.execute("SHOW WARNINGS", [])).columns?.map((column) => column.name)).toEqual([
      "Level",
      "Code",
      "Message",
    ]);
    await run("LOCK TABLES numbers WRITE");
    await connection.execute("UNLOCK TABLES", []);
  });

  it("takes one statement at a time only", async () => {
    await expect(connection.execute("SELECT 1; SELECT 2", [])).rejects.toMatchObject({ errno: 1064 });
  });

  it("gives a procedure's first rows", async () => {
    await run("DROP PROCEDURE IF EXISTS two_results");
    await run("CREATE PROCEDURE two_results(IN x INT) BEGIN DO 1; SELECT x AS a; SELECT 2 AS b; END");
    expect(await connection.execute("CALL two_results(?)", [7])).toMatchObject({
      rows: [[7]],
      columns: [{ name: "a" }],
    });
  });

  it("forgets a statement that is used once", async () => {
    const prepared = () => rows("SHOW SESSION STATUS LIKE 'Com_stmt_close'").then(([row]) => Number(row?.[1]));
    const before = await prepared();
    await connection.execute("SELECT 12345 + ?", [1], { prepare: false });
    expect(await prepared()).toBe(before + 1);
  });

  describe("transactions", () => {
    it("begin, commit, roll back", async () => {
      await connection.begin();
      await run("INSERT INTO numbers (n) VALUES (1)");
      await connection.rollback();
      expect(await rows("SELECT COUNT(*) FROM numbers")).toEqual([[0n]]);
      await connection.begin("START TRANSACTION READ ONLY");
      await expect(run("INSERT INTO numbers (n) VALUES (1)")).rejects.toMatchObject({ errno: 1792 });
      await connection.commit();
    });

    it("a rollback after nothing costs no round trip", async () => {
      await connection.rollback();
      const count = () => rows("SHOW SESSION STATUS LIKE 'Com_rollback'").then(([row]) => Number(row?.[1]));
      const before = await count();
      await connection.rollback();
      await connection.rollback();
      expect(await count()).toBe(before + 1);
    });
  });

  describe("streams", () => {
    beforeAll(async () => {
      await connection.executeMany(
        "INSERT INTO numbers (n) VALUES (?)",
        Array.from({ length: 3000 }, (_, index) => [index]),
      );
    });

    it("deliver all rows in portions", async () => {
      const cursor = await connection.stream("SELECT n FROM numbers WHERE n >= ? ORDER BY n", [0], { batchSize: 50 });
      expect(cursor.columns).toEqual([{ name: "n", typeCode: 8 }]);
      const sizes: number[] = [];
      let sum = 0n;
      for (;;) {
        const portion = await cursor.fetchMany(700);
        if (portion.length === 0) break;
        sizes.push(portion.length);
        for (const [n] of portion) sum += n as bigint;
      }
      expect(sizes).toEqual([700, 700, 700, 700, 200]);
      expect(sum).toBe(4498500n);
      await cursor.close();
      expect(await rows("SELECT 1")).toHaveLength(1);
    });

    it("can be left early: the server stops, the connection goes on", async () => {
      const cursor = await connection.stream("SELECT a.n FROM numbers a CROSS JOIN numbers b", []);
      expect(await cursor.fetchMany(10)).toHaveLength(10);
      await cursor.close();
      await cursor.close();
      expect(await rows("SELECT COUNT(*) FROM numbers")).toEqual([[3000n]]);
    });

    it("report errors where they happen", async () => {
      await expect(connection.stream("SELECT nope FROM numbers", [])).rejects.toMatchObject({ errno: 1054 });
      const cursor = await connection
        .stream("SELECT IF(n < 2000, n, (SELECT n FROM numbers)) FROM numbers ORDER BY n", [])
        .catch((error: unknown) => error);
      if (!(cursor instanceof Error))
        await expect((cursor as { fetchMany(size: number): Promise<unknown> }).fetchMany(5000)).rejects.toMatchObject({
          errno: 1242,
        });
      expect(await rows("SELECT 1")).toHaveLength(1);
    });
  });

  it("a stream whose connection is lost fails instead of waiting", async () => {
    const doomed = await connect();
    const cursor = await doomed.stream("SELECT a.n FROM numbers a CROSS JOIN numbers b", []);
    await cursor.fetchMany(10);
    await run(`KILL ${doomed.threadId}`);
    const drain = async () => {
      while ((await cursor.fetchMany(10_000)).length > 0);
    };
    expect(isDisconnect(await drain().then(String, (error: unknown) => error))).toBe(true);
    await cursor.close();
    const cut = await connect();
    const rest = await cut.stream("SELECT a.n FROM numbers a CROSS JOIN numbers b", []);
    const closing = Promise.resolve(rest.fetchMany(5_000_000)).then(String, (error: unknown) => error);
    await cut.terminate();
    expect(isDisconnect(await closing)).toBe(true);
  });

  describe("ending statements", () => {
    const slow = "SELECT COUNT(*) FROM numbers a, numbers b, numbers c WHERE a.n + b.n * c.n = ?";

    it("a signal ends the statement on the server", async () => {
      const controller = new AbortController();
      const reason = new Error("enough");
      setTimeout(() => controller.abort(reason), 100);
      const failure = await connection
        .execute(slow, [1], { signal: controller.signal })
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(CancelledError);
      expect(failure).toMatchObject({ cause: reason });
      expect(await rows("SELECT 1")).toHaveLength(1);
      await expect(connection.execute("SELECT 1", [], { signal: controller.signal })).rejects.toBeInstanceOf(
        CancelledError,
      );
    });

    it("a signal ends a batch, also between two of its statements", async () => {
      const sets = Array.from({ length: 3_000 }, () => [0.01]);
      const started = performance.now();
      const batch = connection.executeMany("DO SLEEP(?)", sets, { signal: AbortSignal.timeout(105) });
      await expect(batch).rejects.toBeInstanceOf(CancelledError);
      expect(performance.now() - started).toBeLessThan(10_000);
      expect(await rows("SELECT 1")).toHaveLength(1);
    });

    it("a transaction goes on after it", async () => {
      await connection.begin();
      await run("INSERT INTO numbers (n, name) VALUES (1, 'kept')");
      await expect(connection.execute(slow, [1], { signal: AbortSignal.timeout(100) })).rejects.toBeInstanceOf(
        CancelledError,
      );
      await connection.commit();
      expect(await rows("SELECT COUNT(*) FROM numbers WHERE name = 'kept'")).toEqual([[1n]]);
    });

    it("a time limit ends the statement, and only that one", async () => {
      const failure: unknown = await connection
        .execute(slow, [1], { statementTimeout: 100 })
        .catch((error: unknown) => error);
      expect(translateError(failure)).toMatchObject({ kind: "timeout" });
      expect(isDisconnect(failure)).toBe(false);
      await expect(
        connection.execute(`UPDATE numbers SET name = 'x' WHERE n = (${slow})`, [1], {
          statementTimeout: 100,
          returnsRows: false,
        }),
      ).rejects.toSatisfy(
        (error) => translateError(error).kind === "timeout" || (error as { errno: number }).errno === 1093,
      );
      expect(await rows("SELECT SLEEP(0.15)")).toHaveLength(1);
    });
  });

  describe("lost connections", () => {
    it("are told by the error, and by isOpen()", async () => {
      const doomed = await connect();
      expect(doomed.isOpen()).toBe(true);
      const pending = doomed.execute("SELECT SLEEP(5)", []).catch((error: unknown) => error);
      setTimeout(() => void run(`KILL ${doomed.threadId}`), 50);
      expect(isDisconnect(await pending)).toBe(true);
      expect(doomed.isOpen()).toBe(false);
      expect(isDisconnect(await doomed.execute("SELECT 1", []).catch((error: unknown) => error))).toBe(true);
      await doomed.close();
    });

    it("terminate() does not wait", async () => {
      const doomed = await connect();
      const pending = doomed.execute("SELECT SLEEP(5)", []).catch((error: unknown) => error);
      await doomed.terminate();
      expect(isDisconnect(await pending)).toBe(true);
    });

    it("refused ones are errors of the connection", async () => {
      const failure: unknown = await Promise.resolve(driver.connect({ host: "127.0.0.1", port: 1 })).then(
        String,
        (error: unknown) => error,
      );
      expect(translateError(failure)).toMatchObject({ kind: "disconnect", nativeCode: "ECONNREFUSED" });
    });
  });
});
