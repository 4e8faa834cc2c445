/** The driver under faults: cancelling, time limits, streams, lost connections, sessions. */
import { literal, select, t, text } from "@athanor/core";
import { describe, expect, it } from "vitest";
import { scene } from "./connect.ts";
import { Broken, type FakeColumn } from "./fake/backend.ts";
import { fake, oracleError } from "./fake/install.ts";

const { server, connect, engine } = scene();
const number: readonly FakeColumn[] = [{ name: "N", type: "NUMBER", precision: 5, scale: 0 }];
const one = { columns: number, rows: [["1"]] };
const forever = (): Promise<never> => new Promise(() => {});
const numbers = (count: number): string[][] => Array.from({ length: count }, (_, index) => [String(index)]);

describe("sessions", () => {
  it("are set up for numbers and moments that mean one thing", async () => {
    await using _ = await engine().connect();
    expect(server.last(/ALTER SESSION/)?.sql).toMatch(/NLS_NUMERIC_CHARACTERS = '\.,'.*TIME_ZONE = '\+00:00'/);
  });

  it("tell their version and schema", async () => {
    server.script(/SYS_CONTEXT/, { columns: [{ name: "S", type: "VARCHAR" }], rows: [["SALES"]] });
    fake.version = "12.1.0.2.0";
    const source = engine();
    await using _ = await source.connect();
    expect(source.dialect.serverVersion).toEqual([12, 1, 0, 2, 0]);
    expect(source.dialect.defaultSchema).toBe("sales");
    expect(source.dialect.capabilities.maxIdentifierLength).toBe(30);
    expect(fake.connections[0]?.options).toMatchObject({
      user: "scott",
      password: "tiger",
      connectString:
        "(DESCRIPTION=(ADDRESS=(PROTOCOL=tcp)(HOST=localhost)(PORT=1521))(CONNECT_DATA=(SERVICE_NAME=FREEPDB1)))",
    });
  });

  it("report a refused login", async () => {
    fake.login = () => oracleError(1017, "invalid username/password; logon denied");
    await expect(engine().connect()).rejects.toMatchObject({
      name: "OperationalError",
      kind: "authentication",
      nativeCode: 1017,
    });
  });

  it("set the isolation level, and put it back", async () => {
    const source = engine();
    {
      await using conn = await source.connect();
      await conn.executionOptions({ isolationLevel: "SERIALIZABLE" });
      await conn.execute(select(literal(1)));
    }
    expect(server.story.filter((line) => /ISOLATION|ROLLBACK/.test(line))).toEqual([
      "ALTER SESSION SET ISOLATION_LEVEL = SERIALIZABLE",
      "ROLLBACK",
      "ALTER SESSION SET ISOLATION_LEVEL = READ COMMITTED",
    ]);
    await using conn = await source.connect();
    await expect(conn.executionOptions({ isolationLevel: "REPEATABLE READ" })).rejects.toThrow(/SERIALIZABLE/);
  });

  it("begin read-only transactions", async () => {
    await using conn = await engine().connect();
    await conn.executionOptions({ readOnly: true });
    await conn.execute(select(literal(1)));
    expect(server.story).toContain("SET TRANSACTION READ ONLY");
  });

  it("end a transaction only where there is something to end", async () => {
    const connection = await connect();
    await connection.begin();
    await connection.rollback();
    await connection.execute("DELETE FROM t", []);
    await connection.rollback();
    await connection.rollback();
    expect(server.story).toEqual(["DELETE FROM t", "ROLLBACK"]);
  });

  it("prepare and then forget a transaction that has only read", async () => {
    const connection = await connect();
    fake.backend = null;
    const { twoPhase } = connection;
    await twoPhase.begin("a");
    await twoPhase.prepare("a");
    await twoPhase.commit("a");
    expect(server.story).toEqual(["TPC BEGIN a", "TPC PREPARE", "TPC COMMIT"]);
  });
});

describe("streams", () => {
  it("fetch in portions, and close early", async () => {
    const connection = await connect();
    server.script(/some/, { columns: number, rows: numbers(250) });
    const cursor = await connection.stream("SELECT n FROM some", [], { batchSize: 100 });
    expect(cursor.columns[0]?.name).toBe("N");
    expect((await cursor.fetchMany(100)).length).toBe(100);
    expect((await cursor.fetchMany(100)).length).toBe(100);
    expect((await cursor.fetchMany(100)).length).toBe(50);
    expect(await cursor.fetchMany(100)).toEqual([]);
    await cursor.close();
    expect(server.last(/some/)?.options).toMatchObject({ fetchArraySize: 100, prefetchRows: 100 });
  });

  it("serve results of an engine", async () => {
    server.script(/n FROM some/, { columns: number, rows: numbers(1000) });
    await using conn = await engine().connect();
    const seen: unknown[] = [];
    const statement = text("SELECT n FROM some").columns({ n: t.integer });
    for await (const row of await conn.stream(statement, undefined, { yieldPer: 64 })) seen.push(row[0]);
    expect(seen.length).toBe(1000);
    expect(seen[999]).toBe(999);
  });

  it("throw the error that comes instead of rows", async () => {
    const connection = await connect();
    server.script(/absent/, oracleError(942, "table or view does not exist"));
    await expect(connection.stream("SELECT n FROM absent", [])).rejects.toMatchObject({ errorNum: 942 });
    server.script(/DUAL/, one);
    expect((await connection.execute("SELECT 1 FROM DUAL", [])).rows).toEqual([[1]]);
  });
});

describe("cancelling", () => {
  it("breaks the statement when the signal is aborted, and goes on", async () => {
    const connection = await connect();
    server.script(/sleep/, forever);
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("enough")), 20);
    await expect(connection.execute("BEGIN sleep; END;", [], { signal: controller.signal })).rejects.toMatchObject({
      name: "CancelledError",
      cause: expect.objectContaining({ message: "enough" }),
    });
    server.script(/DUAL/, one);
    expect((await connection.execute("SELECT 1 FROM DUAL", [])).rows).toEqual([[1]]);
    await expect(connection.execute("SELECT 1 FROM DUAL", [], { signal: controller.signal })).rejects.toThrow(
      /cancelled/,
    );
  });

  it("breaks by the driver's call", async () => {
    const connection = await connect();
    server.script(/sleep/, forever);
    setTimeout(() => void connection.cancel(), 20);
    await expect(connection.execute("BEGIN sleep; END;", [])).rejects.toMatchObject({ errorNum: 1013 });
  });

  it("ends statements whose time is over, and keeps no limit for the next", async () => {
    server.script(/sleep/, forever);
    const source = engine();
    await using conn = await source.connect();
    await expect(conn.execute(text("BEGIN sleep; END;"), undefined, { statementTimeout: 30 })).rejects.toMatchObject({
      name: "OperationalError",
      kind: "timeout",
    });
    await conn.execute(select(literal(1)));
    expect(server.last(/sleep/)?.timeout).toBe(30);
    expect(server.last(/FROM DUAL/)?.timeout).toBe(0);
  });
});

describe("connections", () => {
  it("are given up when they are lost, and opened anew", async () => {
    server.script(/lost/, () => Promise.reject(new Broken("gone")));
    server.script(/1 FROM DUAL/, one);
    const source = engine({ poolSize: 1, maxOverflow: 0 });
    await using conn = await source.connect();
    await expect(conn.execute(text("SELECT lost FROM t"))).rejects.toMatchObject({
      kind: "disconnect",
      connectionInvalidated: true,
      nativeCode: "NJS-500",
    });
    await conn.rollback();
    expect((await conn.execute(text("SELECT 1 FROM DUAL"))).scalar()).toBe(1);
    expect(fake.connections.length).toBe(2);
  });

  it("are pinged before they are handed out", async () => {
    const source = engine({ poolPrePing: true });
    await (await source.connect()).close();
    (fake.connections[0] as { isBroken: boolean }).isBroken = true;
    await using conn = await source.connect();
    await conn.execute(select(literal(1)));
    expect(fake.connections.length).toBe(2);
  });

  it("know that they are closed", async () => {
    const connection = await connect();
    expect(connection.isOpen()).toBe(true);
    await connection.close();
    await connection.terminate();
    expect(connection.isOpen()).toBe(false);
  });

  it("are refused behind the synchronous API", async () => {
    const { createEngine } = await import("@athanor/core");
    expect(() => createEngine("oracle://scott:tiger@localhost/?service_name=x")).toThrow(
      /oracledb is an asynchronous driver/,
    );
  });
});
