/** The driver under faults: cancelling, time limits, streams, lost connections, errors, several results. */
import { literal, select, t, text } from "@athanor/core";
import { describe, expect, it } from "vitest";
import { scene } from "./connect.ts";
import type { TdsColumn } from "./tds/column.ts";

const { server, connect, engine } = scene();

const number: readonly TdsColumn[] = [{ name: "n", type: "int" }];
function* numbers(count: number): Generator<readonly number[]> {
  for (let index = 0; index < count; index++) yield [index];
}
/** Wide rows: what stands in the buffers of the sockets is few of them. */
const wide: readonly TdsColumn[] = [...number, { name: "s", type: "nvarchar" }];
function* wideRows(onRow: () => void = () => {}): Generator<readonly unknown[]> {
  for (let index = 0; ; index++) {
    onRow();
    yield [index, "x".repeat(3000)];
  }
}
const one = { results: [{ columns: number, rows: [[1]] }] };

describe("results", () => {
  it("gives the first result with rows, and the further ones", async () => {
    server.script(/EXEC/, {
      info: [{ number: 0, message: "hello" }],
      results: [
        { count: 3 },
        { columns: number, rows: [[1], [2]] },
        { count: 1 },
        { columns: [{ name: "s", type: "nvarchar" }], rows: [["x"]] },
      ],
    });
    const result = await (await connect()).execute("EXEC p", []);
    expect(result).toMatchObject({ rowCount: 2, rows: [[1], [2]], further: [{ rows: [["x"]], rowCount: 1 }] });
  });

  it("counts the statement itself, not its triggers", async () => {
    server.script(/UPDATE/, { results: [{ count: 10 }, { count: 2 }] });
    expect((await (await connect()).execute("UPDATE t SET a = 1", [])).rowCount).toBe(2);
  });

  it("hears what the server says", async () => {
    server.script(/PRINT/, { info: [{ number: 5701, message: "hello" }], results: [{ count: null }] });
    const connection = await connect();
    const heard: string[] = [];
    connection.native.on("infoMessage", (info) => heard.push(info.message));
    expect(await connection.execute("PRINT 'hello'", [])).toMatchObject({ columns: null, rowCount: -1 });
    expect(heard).toEqual(["hello"]);
  });

  it("takes positional parameters", async () => {
    const connection = await connect();
    await connection.execute("SELECT @p1, @p2", ["a", 1]);
    expect(server.statements(/@p1/)[0]?.declarations).toBe("@p1 nvarchar(4000), @p2 int");
  });
});

describe("streams", () => {
  it("reads no further than it is asked", async () => {
    let made = 0;
    const rows = wideRows(() => {
      made++;
    });
    server.script(/big/, { results: [{ columns: wide, rows }] });
    const connection = await connect();
    const cursor = await connection.stream("SELECT n FROM big", [], { batchSize: 10 });
    expect(cursor.columns[0]).toEqual({ name: "n", typeCode: "IntN" });
    expect((await cursor.fetchMany(3)).map(([n]) => n)).toEqual([0, 1, 2]);
    // The rows have no end, so that they are made until the buffers between are full: the client reads no more by itself.
    const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));
    let before = -1;
    for (let tries = 0; tries < 200 && before !== made; tries++) {
      before = made;
      await rest();
    }
    expect(made).toBe(before);
    expect((await cursor.fetchMany(1000)).length).toBe(1000);
    expect(made).toBeLessThan(before + 2000);
    await cursor.close();
    await cursor.close();
    expect(server.log.filter((entry) => entry.type === "attention").length).toBe(1);
    // The connection is free again.
    server.script(/SELECT 1/, one);
    expect((await connection.execute("SELECT 1", [])).rows).toEqual([[1]]);
  });

  it("reads to the end in portions", async () => {
    server.script(/some/, { results: [{ columns: number, rows: numbers(250) }] });
    const cursor = await (await connect()).stream("SELECT n FROM some", [], { batchSize: 100 });
    const sizes: number[] = [];
    for (;;) {
      const rows = await cursor.fetchMany(100);
      if (rows.length === 0) break;
      sizes.push(rows.length);
    }
    expect(sizes).toEqual([100, 100, 50]);
  });

  it("throws the error that comes instead of rows, and the one between them", async () => {
    const wrong = { number: 208, message: "Invalid object name 'big'." };
    server.script(/absent/, { errors: [wrong] });
    server.script(/broken/, {
      results: [{ columns: number, rows: numbers(5) }],
      errors: [{ number: 8134, message: "Divide by zero" }],
    });
    const connection = await connect();
    await expect(connection.stream("SELECT n FROM absent", [])).rejects.toMatchObject({ number: 208 });
    const cursor = await connection.stream("SELECT n FROM broken", []);
    await expect(
      (async () => {
        while ((await cursor.fetchMany(2)).length > 0);
      })(),
    ).rejects.toMatchObject({ number: 8134 });
    server.script(/SELECT 1/, one);
    expect((await connection.execute("SELECT 1", [])).rows).toEqual([[1]]);
  });

  it("fails when the connection is cut between rows", async () => {
    server.script(/cut/, { results: [{ columns: number, rows: numbers(100_000) }], drop: "midway" });
    const connection = await connect();
    const read = async (): Promise<void> => {
      const cursor = await connection.stream("SELECT n FROM cut", []);
      while ((await cursor.fetchMany(100)).length > 0);
    };
    await expect(read()).rejects.toThrow(/hang up|closed|lost|reset|end of|socket/i);
    expect(connection.isOpen()).toBe(false);
  });

  it("serves results of an engine", async () => {
    server.script(/n FROM some/, { results: [{ columns: number, rows: numbers(1000) }] });
    await using conn = await engine().connect();
    const statement = text("SELECT n FROM some").columns({ n: t.integer });
    const seen: unknown[] = [];
    for await (const row of await conn.stream(statement, undefined, { yieldPer: 64 })) seen.push(row[0]);
    expect(seen.length).toBe(1000);
  });
});

describe("cancelling", () => {
  it("sends an attention when the signal is aborted, and goes on", async () => {
    server.script(/WAITFOR/, { hang: true });
    server.script(/SELECT 1/, one);
    const connection = await connect();
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("enough")), 30);
    await expect(connection.execute("WAITFOR DELAY '1'", [], { signal: controller.signal })).rejects.toMatchObject({
      name: "CancelledError",
      cause: expect.objectContaining({ message: "enough" }),
    });
    expect(server.story).toContain("ATTENTION");
    expect((await connection.execute("SELECT 1", [])).rows).toEqual([[1]]);
    await expect(connection.execute("SELECT 1", [], { signal: controller.signal })).rejects.toThrow(/cancelled/);
  });

  it("keeps the transaction", async () => {
    server.script(/WAITFOR/, { hang: true });
    const connection = await connect();
    await connection.begin();
    await expect(connection.execute("WAITFOR DELAY '1'", [], { signal: AbortSignal.timeout(30) })).rejects.toThrow(
      /cancelled/,
    );
    await connection.commit();
    expect(server.story.slice(-4)).toEqual(["BEGIN", "WAITFOR DELAY '1'", "ATTENTION", "COMMIT"]);
  });

  it("ends statements whose time is over, also between rows", async () => {
    server.script(/WAITFOR/, { hang: true });
    server.script(/endless/, { results: [{ columns: wide, rows: wideRows() }] });
    const source = engine({ statementTimeout: 50 });
    await using conn = await source.connect();
    await expect(conn.execute(text("WAITFOR DELAY '1'"))).rejects.toMatchObject({
      name: "OperationalError",
      kind: "timeout",
    });
    await expect(conn.execute(text("SELECT n FROM endless"))).rejects.toMatchObject({ kind: "timeout" });
    server.script(/SELECT 1/, one);
    expect((await conn.execute(text("SELECT 1"))).scalar()).toBe(1);
  });

  it("does nothing to a statement that has ended", async () => {
    server.script(/SELECT 1/, one);
    const connection = await connect();
    const controller = new AbortController();
    await connection.execute("SELECT 1", [], { signal: controller.signal, statementTimeout: 20 });
    controller.abort();
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(server.story).not.toContain("ATTENTION");
  });

  it("cancels by the driver's call", async () => {
    server.script(/WAITFOR/, { hang: true });
    const connection = await connect();
    setTimeout(() => connection.cancel(), 20);
    await expect(connection.execute("WAITFOR DELAY '1'", [])).rejects.toMatchObject({ code: "ECANCEL" });
  });
});

describe("transactions", () => {
  it("leaves the level to the session, and rolls back only what is open", async () => {
    const connection = await connect();
    await connection.begin();
    expect(server.log.at(-1)).toEqual({ type: "begin", level: 0 });
    await connection.rollback();
    await connection.rollback();
    expect(server.story.filter((line) => line === "ROLLBACK").length).toBe(1);
  });

  it("does not roll back what the server has rolled back already", async () => {
    server.script(/UPDATE/, {
      errors: [{ number: 1205, message: "Transaction (Process ID 52) was deadlocked on lock resources", severity: 13 }],
      rollsBack: true,
    });
    const source = engine();
    await expect(source.begin((conn) => conn.execute(text("UPDATE t SET a = 1")))).rejects.toMatchObject({
      name: "OperationalError",
      kind: "deadlock",
      nativeCode: 1205,
    });
    expect(server.story).not.toContain("ROLLBACK");
  });

  it("does not take a transaction for committed that the server has given up", async () => {
    server.script(/UPDATE/, { errors: [{ number: 1205, message: "deadlock" }], rollsBack: true });
    const connection = await connect();
    await connection.begin();
    await connection.execute("UPDATE t SET a = 1", []).catch(() => {});
    await expect(connection.commit()).rejects.toMatchObject({ number: 3902 });
  });

  it.each([
    [1222, "lockTimeout", "Lock request time out period exceeded."],
    [3960, "serialization", "Snapshot isolation transaction aborted due to update conflict."],
  ])("maps %d to %s", async (number, kind, message) => {
    server.script(/UPDATE/, { errors: [{ number, message }] });
    await expect(engine().begin((conn) => conn.execute(text("UPDATE t SET a = 1")))).rejects.toMatchObject({ kind });
    expect(server.story.at(-1)).toBe("ROLLBACK");
  });
});

describe("connections", () => {
  it("tells the server's version, and its own name", async () => {
    server.script(/SERVERPROPERTY/, {
      results: [
        {
          columns: [
            { name: "v", type: "nvarchar" },
            { name: "s", type: "nvarchar" },
          ],
          rows: [["15.0.2000.5", "sales"]],
        },
      ],
    });
    const source = engine();
    await using _ = await source.connect();
    expect(source.dialect.serverVersion).toEqual([15, 0, 2000, 5]);
    expect(source.dialect.defaultSchema).toBe("sales");
    expect(server.log.find((entry) => entry.type === "login")).toMatchObject({ user: "sa", database: "shop" });
  });

  it("reports a refused login", async () => {
    server.login = (user) => ({ number: 18_456, message: `Login failed for user '${user}'.`, severity: 14 });
    await expect(engine().connect()).rejects.toMatchObject({ name: "OperationalError", kind: "authentication" });
  });

  it("reports a server that is not there", async () => {
    const { createAsyncEngine } = await import("@athanor/async");
    const gone = createAsyncEngine("mssql://sa:secret@127.0.0.1:1/shop?encrypt=false");
    await expect(gone.connect()).rejects.toMatchObject({ name: "OperationalError", kind: "disconnect" });
  });

  it("gives lost connections up and opens new ones", async () => {
    server.script(/SELECT 1/, one);
    const source = engine({ poolSize: 1, maxOverflow: 0 });
    {
      await using conn = await source.connect();
      server.script(/lost/, { drop: "before" });
      await expect(conn.execute(text("SELECT lost"))).rejects.toMatchObject({
        kind: "disconnect",
        connectionInvalidated: true,
      });
      await conn.rollback();
      expect((await conn.execute(text("SELECT 1"))).scalar()).toBe(1);
    }
    expect(server.log.filter((entry) => entry.type === "login").length).toBe(2);
  });

  it("replaces idle connections that the server has cut, with pre-ping", async () => {
    server.script(/SELECT 1/, one);
    const source = engine({ poolPrePing: true });
    await (await source.connect()).close();
    server.dropAll();
    await new Promise((resolve) => setTimeout(resolve, 30));
    await using conn = await source.connect();
    expect((await conn.execute(text("SELECT 1"))).scalar()).toBe(1);
  });

  it("ends a statement that runs when its connection is closed", async () => {
    server.script(/WAITFOR/, { hang: true });
    const connection = await connect();
    const running = connection.execute("WAITFOR DELAY '1'", []);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await Promise.all([expect(running).rejects.toThrow(), connection.terminate()]);
    expect(connection.isOpen()).toBe(false);
    await connection.close();
  });

  it("resets connections with a rollback", async () => {
    const source = engine();
    const conn = await source.connect();
    await conn.execute(select(literal(1)));
    await conn.close();
    expect(server.story.at(-1)).toBe("ROLLBACK");
    expect(server.connections).toBe(1);
  });

  it("is refused behind the synchronous API", async () => {
    const { createEngine } = await import("@athanor/core");
    expect(() => createEngine(server.url())).toThrow(/tedious is an asynchronous driver/);
  });
});
