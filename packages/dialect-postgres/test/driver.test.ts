/** The driver's connection: values, prepared statements, batches, streams, cancelling, lost connections. */

import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { makeUrl } from "@athanor/core";
import { CancelledError } from "@athanor/driver";
import { describe, expect, test } from "vitest";
import { type HostAddress, optionsFromUrl } from "../src/connect-options.ts";
import { isDisconnect } from "../src/errors.ts";
import { PgConnection, PgDriver, type PostgresjsConnection, PostgresjsDriver, range } from "../src/index.ts";
import { drivers, url } from "./database.ts";

describe.skipIf(url === null).each(drivers)("$name", ({ connectionOf, driver, name, processOf }) => {
  const one = async (sql: string, parameters: readonly unknown[] = []): Promise<readonly unknown[]> => {
    const { rows } = await (await connection).execute(sql, parameters);
    return rows[0] as readonly unknown[];
  };
  const connection = url === null ? (undefined as never) : connectionOf();

  describe("values", () => {
    test.each([
      ["1::int2", 1],
      ["(-2147483648)::int4", -2147483648],
      ["9223372036854775807::int8", 9223372036854775807n],
      ["12345678901234567890123456789012345678::numeric", "12345678901234567890123456789012345678"],
      ["1.50::numeric(10,3)", "1.500"],
      ["'NaN'::numeric", "NaN"],
      ["1.5::float4", 1.5],
      ["'-Infinity'::float8", Number.NEGATIVE_INFINITY],
      ["true", true],
      ["'ü'::text", "ü"],
      ["'ab'::char(4)", "ab  "],
      ["'\\x00ff'::bytea", Uint8Array.of(0, 255)],
      ["'0044-03-15'::date", "0044-03-15"],
      ["'08:09:10.5'::time", "08:09:10.5"],
      ["'2024-02-29 08:09:10.123456'::timestamp", new Date("2024-02-29T08:09:10.123Z")],
      ["'2024-02-29 08:09:10.5+02'::timestamptz", new Date("2024-02-29T06:09:10.500Z")],
      ["'1883-01-01 00:00:00'::timestamptz", new Date("1883-01-01T00:00:00Z")],
      ["'infinity'::timestamptz", Number.POSITIVE_INFINITY],
      ["'1 mon -2 days 03:04:05.6'::interval", "P1M-2DT3H4M5.6S"],
      [`'{"a": [1, null]}'::jsonb`, { a: [1, null] }],
      ["'null'::json", null],
      ["'00000000-0000-0000-0000-00000000000a'::uuid", "00000000-0000-0000-0000-00000000000a"],
      ["'10.0.0.1/8'::inet", "10.0.0.1/8"],
      ["B'101'", "101"],
      ["ARRAY[1, NULL]", [1, null]],
      [
        "ARRAY[[1, 2], [3, 4]]",
        [
          [1, 2],
          [3, 4],
        ],
      ],
      [`ARRAY['a,b', '"', NULL]`, ["a,b", '"', null]],
      ["ARRAY['2024-01-01'::timestamptz]", [new Date("2024-01-01T00:00:00Z")]],
      ["ARRAY['\\x01'::bytea]", [Uint8Array.of(1)]],
      ["'[1,5)'::int4range", range(1, 5)],
      ["'(,2024-01-01]'::tsrange", range(null, new Date("2024-01-01T00:00:00Z"), { bounds: "(]" })],
      ["'empty'::numrange", range(null, null, { empty: true })],
      ["'{[1,3),[5,6)}'::int8multirange", [range(1n, 3n), range(5n, 6n)]],
    ])("SELECT %s", async (sql, value) => {
      const [read] = await one(`SELECT ${sql}`);
      expect(read).toEqual(value);
      if (value instanceof Uint8Array) expect((read as object).constructor).toBe(Uint8Array);
    });

    test("parameters without a type", async () => {
      const sent = [
        1,
        2n,
        "ü",
        true,
        null,
        new Date("2024-02-29T08:09:10.123Z"),
        Uint8Array.of(0, 255),
        ["a,b", null],
        { a: 1 },
        range(1, 5),
      ];
      const types = ["int", "int8", "text", "bool", "text", "timestamptz", "bytea", "text[]", "jsonb", "int4range"];
      expect(await one(`SELECT ${types.map((type, index) => `$${index + 1}::${type}`).join(", ")}`, sent)).toEqual(
        sent,
      );
      expect(await one("SELECT $1::timestamp", [new Date("2024-02-29T08:09:10.123Z")])).toEqual([
        new Date("2024-02-29T08:09:10.123Z"),
      ]);
      await expect(connection.then((each) => each.execute("SELECT $1", [undefined]))).rejects.toThrow(/undefined/);
    });

    test("a session is in UTC", async () => {
      expect(await one("SELECT '2024-06-01 12:00'::timestamp::timestamptz")).toEqual([
        new Date("2024-06-01T12:00:00Z"),
      ]);
      const other = await connectionOf({ timezone: "America/New_York" });
      expect((await other.execute("SELECT '2024-06-01 12:00'::timestamp::timestamptz", [])).rows[0]).toEqual([
        new Date("2024-06-01T16:00:00Z"),
      ]);
    });
  });

  test("columns, row counts, and scripts", async () => {
    const each = await connection;
    expect(await each.execute("SELECT 1 AS a, 'x' AS b WHERE false", [])).toEqual({
      columns: [
        { name: "a", typeCode: 23 },
        { name: "b", typeCode: 25 },
      ],
      rows: [],
      rowCount: 0,
    });
    await each.execute("CREATE TEMPORARY TABLE counted (a integer)", []);
    expect(await each.execute("INSERT INTO counted VALUES (1), (2)", [])).toEqual({
      columns: null,
      rows: [],
      rowCount: 2,
    });
    expect((await each.execute("UPDATE counted SET a = a + 1", [])).rowCount).toBe(2);
    expect((await each.execute("DROP TABLE counted", [])).rowCount).toBe(-1);
    expect((await each.execute("SELECT 1; SELECT 2 AS b", [])).rows).toEqual([[2]]);
    expect((await each.execute("SELECT 1; SET application_name = 'x'", [])).columns).toBeNull();
    expect((await each.execute("", [])).columns).toBeNull();
  });

  describe("prepared statements", () => {
    test("a text gets a name when it comes again", async () => {
      const each = await connectionOf();
      for (let round = 0; round < 4; round++)
        expect((await each.execute("SELECT $1::int + 1", [round])).rows).toEqual([[round + 1]]);
      expect(each.preparedCount).toBe(1);
      expect((await each.execute("SELECT count(*) FROM pg_prepared_statements", [])).rows).toEqual([[1n]]);
    });

    test("the store is bounded", async () => {
      const each = await connectionOf({ preparedStatements: "named", statementCacheSize: 3 });
      for (let number = 0; number < 10; number++) await each.execute(`SELECT ${number}, $1::int`, [number]);
      const { rows } = await each.execute("SELECT count(*) FROM pg_prepared_statements", [], { prepare: false });
      expect(Number(rows[0]?.[0])).toBeLessThanOrEqual(3);
    });

    test("off means off", async () => {
      const each = await connectionOf({ preparedStatements: "off" });
      for (let round = 0; round < 4; round++) await each.execute("SELECT $1::int", [round]);
      expect((await each.execute("SELECT count(*) FROM pg_prepared_statements", [])).rows).toEqual([[0n]]);
    });

    test("a name that the server has lost is no error; the second time names are given up", async () => {
      const each = await connectionOf();
      const ask = async (): Promise<unknown> => (await each.execute("SELECT $1::int", [7])).rows[0]?.[0];
      for (let round = 0; round < 3; round++) {
        await ask();
        await ask();
        await each.execute("DEALLOCATE ALL", [], { prepare: false });
        expect(await ask()).toBe(7);
      }
      expect(each.preparedCount).toBe(0);
    });

    test("a plan that does not fit any more is made anew, also where the transaction begins with it", async () => {
      const each = await connectionOf();
      await each.execute("CREATE TEMPORARY TABLE changing (a integer)", []);
      await each.execute("INSERT INTO changing VALUES (1)", []);
      for (let round = 0; round < 3; round++) await each.execute("SELECT * FROM changing", []);
      await each.execute("ALTER TABLE changing ADD b integer", []);
      expect((await each.execute("SELECT * FROM changing", [])).rows).toEqual([[1, null]]);
      for (let round = 0; round < 3; round++) await each.execute("SELECT * FROM changing", []);
      await each.execute("ALTER TABLE changing ADD c integer", []);
      await each.begin();
      expect((await each.execute("SELECT * FROM changing", [])).rows).toEqual([[1, null, null]]);
      await each.commit();
    });

    test("an error leaves the statement usable", async () => {
      const each = await connectionOf({ preparedStatements: "named" });
      await expect(each.execute("SELECT 1 / $1::int", [0])).rejects.toThrow(/division by zero/);
      await expect(each.execute("SELECT 1 / $1::int", [0])).rejects.toThrow(/division by zero/);
      expect((await each.execute("SELECT 1 / $1::int", [1])).rows).toEqual([[1]]);
      await expect(each.execute("SELECT $1::int", ["x"])).rejects.toMatchObject({ code: "22P02" });
      expect((await each.execute("SELECT $1::int", [1])).rows).toEqual([[1]]);
    });
  });

  describe("transactions", () => {
    test("BEGIN travels with the first statement; an empty transaction costs nothing", async () => {
      const each = await connectionOf();
      expect(each.begin()).toBeUndefined();
      expect(each.rollback()).toBeUndefined();
      await each.begin();
      await each.execute("CREATE TEMPORARY TABLE kept (a integer)", []);
      await each.commit();
      await each.begin("BEGIN READ ONLY");
      await expect(each.execute("CREATE TABLE not_kept (a integer)", [])).rejects.toMatchObject({ code: "25006" });
      await each.rollback();
      expect((await each.execute("SELECT count(*) FROM kept", [])).rows).toEqual([[0n]]);
    });

    test("a COMMIT that could only roll back is an error", async () => {
      const each = await connectionOf();
      await each.begin();
      await expect(each.execute("SELECT 1/0", [])).rejects.toThrow();
      await expect(each.commit()).rejects.toMatchObject({ code: "25P02" });
      expect((await each.execute("SELECT 1", [])).rows).toEqual([[1]]);
    });

    test("an error in the statement that begins a transaction leaves it to be rolled back", async () => {
      const each = await connectionOf();
      await each.begin();
      await expect(each.execute("SELECT 1/0", [])).rejects.toThrow();
      await expect(each.execute("SELECT 1", [])).rejects.toMatchObject({ code: "25P02" });
      await each.rollback();
      expect((await each.execute("SELECT 1", [])).rows).toEqual([[1]]);
    });

    test("a rollback waits for a statement that nobody waited for", async () => {
      const each = await connectionOf();
      await each.begin();
      const running = each.execute("CREATE TEMPORARY TABLE gone AS SELECT 1 AS a FROM pg_sleep(0.05)", []);
      await each.rollback();
      await running;
      await expect(each.execute("SELECT * FROM gone", [])).rejects.toMatchObject({ code: "42P01" });
    });

    test("the native client sees the transaction", async () => {
      const each = await connectionOf();
      await each.begin();
      const sql = "CREATE TEMPORARY TABLE by_client (a integer)";
      if (each instanceof PgConnection)
        await (each.native as unknown as { query(sql: string): Promise<void> }).query(sql);
      else await (each as PostgresjsConnection).native.unsafe(sql);
      await each.rollback();
      await expect(each.execute("SELECT * FROM by_client", [])).rejects.toMatchObject({ code: "42P01" });
    });
  });

  test("many parameter sets in one exchange", async () => {
    const each = await connectionOf();
    await each.execute("CREATE TEMPORARY TABLE many (a integer PRIMARY KEY, b text)", []);
    const sets = Array.from({ length: 2_345 }, (_, index) => [index, `row ${index}`]);
    expect((await each.executeMany("INSERT INTO many VALUES ($1::int, $2)", sets)).rowCount).toBe(2_345);
    expect((await each.executeMany("UPDATE many SET b = 'x' WHERE a < $1::int", [[10], [20]])).rowCount).toBe(30);
    const clash = sets.map(([index], position) => [position === 700 ? 5 : Number(index) + 10_000, "y"]);
    await expect(each.executeMany("INSERT INTO many VALUES ($1::int, $2)", clash)).rejects.toMatchObject({
      code: "23505",
    });
    expect((await each.execute("SELECT count(*) FROM many", [])).rows).toEqual([[2_345n]]);
    expect((await each.executeMany("DELETE FROM many WHERE a = $1::int", [])).rowCount).toBe(0);
  });

  test("many parameter sets are written all or none, also where there is no transaction", async () => {
    const each = await connectionOf();
    await each.execute("CREATE TEMPORARY TABLE whole (a integer PRIMARY KEY)", []);
    await expect(each.executeMany("INSERT INTO whole VALUES ($1)", [[1], [2], [1]])).rejects.toThrow(/duplicate key/);
    expect(each.isIdle()).toBe(true);
    expect((await each.execute("SELECT * FROM whole", [])).rows).toEqual([]);
    expect((await each.executeMany("INSERT INTO whole VALUES ($1)", [[1], [2]])).rowCount).toBe(2);
  });

  test("COPY needs its functions, and leaves the connection usable", async () => {
    const each = await connectionOf();
    await each.execute("CREATE TEMPORARY TABLE copied (a integer)", []);
    await expect(each.execute("COPY copied FROM STDIN", [])).rejects.toThrow(/needs copyFrom\(\)/);
    await expect(each.execute("COPY copied FROM STDIN;", [])).rejects.toThrow(/needs copyFrom\(\)/);
    expect((await each.execute("SELECT * FROM copied", [])).rows).toEqual([]);
  });

  describe("streams", () => {
    test("of statements that write", async () => {
      const each = await connectionOf();
      await each.execute("CREATE TEMPORARY TABLE written (a integer)", []);
      const cursor = await each.stream("INSERT INTO written SELECT generate_series(1, $1::int) RETURNING a", [5]);
      const rows = [...(await cursor.fetchMany(2)), ...(await cursor.fetchMany(10)), ...(await cursor.fetchMany(10))];
      await cursor.close();
      expect(rows).toEqual([[1], [2], [3], [4], [5]]);
      expect((await each.execute("SELECT count(*) FROM written", [])).rows).toEqual([[5n]]);
    });

    test("leave the connection free inside of a transaction", async () => {
      const each = await connectionOf();
      await each.begin();
      const cursor = await each.stream("SELECT n, 'x' || n AS t FROM generate_series(1, $1::int) AS n", [1_000], {
        batchSize: 100,
      });
      expect(cursor.columns.map((column) => column.name)).toEqual(["n", "t"]);
      let count = 0;
      for (let rows = await cursor.fetchMany(70); rows.length > 0; rows = await cursor.fetchMany(70)) {
        count += rows.length;
        expect((await each.execute("SELECT $1::int", [count])).rows).toEqual([[count]]);
      }
      expect(count).toBe(1_000);
      await cursor.close();
      await each.commit();
    });

    test("keep the connection to themselves outside of one", async () => {
      const each = await connectionOf();
      const cursor = await each.stream("SELECT n FROM generate_series(1, 10) AS n", [], { batchSize: 3 });
      expect(await cursor.fetchMany(2)).toEqual([[1], [2]]);
      expect(() => each.execute("SELECT 1", [])).toThrow(/keeps its connection/);
      expect(await cursor.fetchMany(5)).toEqual([[3]]);
      expect(await cursor.fetchMany(5)).toEqual([[4], [5], [6], [7], [8]]);
      await cursor.close();
      await cursor.close();
      expect((await each.execute("SELECT 1", [])).rows).toEqual([[1]]);
    });

    test("fail in the middle", async () => {
      const each = await connectionOf();
      const sql = "SELECT 10 / (5 - n) FROM generate_series(1, 10) AS n";
      const alone = await each.stream(sql, [], { batchSize: 2 });
      await alone.fetchMany(2);
      await expect(alone.fetchMany(5)).rejects.toThrow(/division by zero/);
      await alone.close();
      await each.begin();
      const shared = await each.stream(sql, [], { batchSize: 2 });
      await shared.fetchMany(2);
      await expect(shared.fetchMany(5)).rejects.toThrow(/division by zero/);
      await each.rollback();
      await expect(each.stream("SELECT nonsense", [])).rejects.toMatchObject({ code: "42703" });
      expect((await each.execute("SELECT 1", [])).rows).toEqual([[1]]);
    });
  });

  describe("cancelling", () => {
    const slow = `SELECT pg_sleep(10) /* ${name} */`;

    test("by time", async () => {
      const each = await connectionOf();
      const started = performance.now();
      await expect(each.execute(slow, [], { statementTimeout: 100 })).rejects.toThrow(
        "canceling statement due to statement timeout",
      );
      expect(performance.now() - started).toBeLessThan(5_000);
      expect((await each.execute("SELECT 1", [])).rows).toEqual([[1]]);
    });

    test("by a signal, also inside of a transaction", async () => {
      const each = await connectionOf();
      await each.begin();
      await each.execute("SELECT 1", []);
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 50);
      await expect(each.execute(slow, [], { signal: controller.signal })).rejects.toThrow(CancelledError);
      await each.rollback();
      expect(() => each.execute("SELECT 1", [], { signal: controller.signal })).toThrow(CancelledError);
      const { rows } = await each.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE query = $1 AND state = 'active'",
        [slow],
      );
      expect(rows).toEqual([[0n]]);
    });

    test("in the middle of a batch", async () => {
      const each = await connectionOf();
      const sets = Array.from({ length: 300 }, () => [0.1]);
      const batch = each.executeMany("SELECT pg_sleep($1::float8)", sets, { statementTimeout: 200 });
      await expect(batch).rejects.toMatchObject({ code: "57014" });
      expect((await each.execute("SELECT 1", [])).rows).toEqual([[1]]);
    });

    test("by hand", async () => {
      const each = await connectionOf();
      const running = expect(each.execute(slow, [])).rejects.toMatchObject({ code: "57014" });
      setTimeout(() => void each.cancel(), 50);
      await running;
    });
  });

  describe("lost connections", () => {
    test("a terminated backend", async () => {
      const each = await connectionOf();
      const other = await connectionOf();
      const processId = await processOf(each);
      const running = expect(each.execute("SELECT pg_sleep(10)", [])).rejects.toMatchObject(
        // postgres.js forgets what the server said about its end.
        name === "pg" ? { code: "57P01" } : { message: "Connection terminated unexpectedly" },
      );
      await new Promise((resolve) => setTimeout(resolve, 50));
      await other.execute("SELECT pg_terminate_backend($1::int)", [processId]);
      await running;
      expect(each.isOpen()).toBe(false);
      await expect(each.execute("SELECT 1", [])).rejects.toThrow();
      await each.close();
    });

    test("a cut socket", async () => {
      const each = await connectionOf();
      const running = expect(each.execute("SELECT pg_sleep(10)", [])).rejects.toThrow(/terminated/i);
      each.terminate();
      await running;
      expect(each.isOpen()).toBe(false);
    });

    test("closing is polite and may come twice", async () => {
      const each = await connectionOf();
      await each.close();
      await each.close();
      expect(each.isOpen()).toBe(false);
    });
  });

  describe("connecting", () => {
    const options = url === null ? {} : optionsFromUrl(makeUrl(url));

    test("to the first server that answers", async () => {
      const [host] = options.hosts ?? [];
      const each = await driver.connect({ ...options, hosts: [{ host: "127.0.0.1", port: 1 }, host as never] });
      expect((await each.execute("SELECT 1", [])).rows).toEqual([[1]]);
      await each.close();
    });

    test("with settings of the session", async () => {
      const each = await connectionOf({
        settings: { statement_timeout: "1234" },
        applicationName: "test of athanor",
        options: "-c search_path=pg_catalog",
      });
      expect(
        (
          await each.execute(
            "SELECT current_setting('statement_timeout'), current_setting('application_name'), current_setting('search_path')",
            [],
          )
        ).rows,
      ).toEqual([["1234ms", "test of athanor", "pg_catalog"]]);
    });

    test("to a primary, not to a standby", async () => {
      const each = await driver.connect({ ...options, targetSessionAttrs: "primary" });
      await each.close();
      await expect(driver.connect({ ...options, targetSessionAttrs: "standby" })).rejects.toThrow(/is not standby/);
      const any = await driver.connect({ ...options, targetSessionAttrs: "prefer-standby" });
      await any.close();
    });

    test("with TLS where the server has it, and only with it where that is asked for", async () => {
      const plain = await connectionOf({ sslMode: "disable" });
      const isOn = (await plain.execute("SHOW ssl", [])).rows[0]?.[0] === "on";
      await (await driver.connect({ ...options, sslMode: "prefer" })).close();
      const secure = driver.connect({ ...options, sslMode: "require" });
      if (isOn) await (await secure).close();
      else await expect(secure).rejects.toThrow("The server does not support SSL connections");
    });

    test("to a server that hangs up, or says nothing", async () => {
      const server = createServer((socket) => socket.end()).listen(0, "127.0.0.1");
      const mute = createServer(() => {}).listen(0, "127.0.0.1");
      await Promise.all([once(server, "listening"), once(mute, "listening")]);
      const at = (given: Server): HostAddress => ({ host: "127.0.0.1", port: (given.address() as AddressInfo).port });
      await expect(driver.connect({ ...options, hosts: [at(server)] })).rejects.toThrow(/terminated/);
      await expect(driver.connect({ ...options, hosts: [at(mute)], connectTimeout: 0.1 })).rejects.toSatisfy(
        isDisconnect,
      );
      server.close();
      mute.close();
    });

    test("fails clearly", async () => {
      await expect(driver.connect({ ...options, user: "nobody_of_this_name" })).rejects.toMatchObject({
        code: expect.stringMatching(/^28(000|P01)$/),
      });
      await expect(driver.connect({ ...options, database: "no_such_database" })).rejects.toMatchObject({
        code: "3D000",
      });
      await expect(driver.connect({ hosts: [{ host: "127.0.0.1", port: 1 }] })).rejects.toMatchObject({
        code: "ECONNREFUSED",
      });
      expect(() => new PgDriver({})).toThrow(/not the package pg/);
      expect(() => new PostgresjsDriver({})).toThrow(/not the package postgres/);
    });
  });
});
