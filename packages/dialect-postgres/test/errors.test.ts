/** Each kind of error, provoked on the server, as an engine gives it to the program. */
import {
  DataError,
  type DBAPIError,
  IntegrityError,
  InternalError,
  NotSupportedError,
  OperationalError,
  ProgrammingError,
  text,
} from "@athanor/core";
import { beforeAll, describe, expect, test } from "vitest";
import { isDisconnect, translateError } from "../src/errors.ts";
import { drivers, url } from "./database.ts";

const setup = `
DROP TABLE IF EXISTS parent, child, booking CASCADE; DROP VIEW IF EXISTS ones;
CREATE TABLE parent (id integer PRIMARY KEY, code varchar(3) NOT NULL, UNIQUE (code, id));
CREATE TABLE child (id integer, parent_id integer CONSTRAINT fk_parent REFERENCES parent, n integer CONSTRAINT positive CHECK (n > 0));
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE TABLE booking (room integer, during int4range, CONSTRAINT no_overlap EXCLUDE USING gist (room WITH =, during WITH &&));
CREATE VIEW ones AS SELECT 1 AS one;
INSERT INTO parent VALUES (1, 'a'); INSERT INTO child VALUES (1, 1, 1); INSERT INTO booking VALUES (1, '[1,5)');`;

describe.skipIf(url === null).each(drivers)("errors of the server over $name", ({ connectionOf, engineOf }) => {
  beforeAll(async () => {
    await (await connectionOf()).execute(setup, []);
  });

  const failure = async (sql: string): Promise<DBAPIError> => {
    await using connection = await engineOf({ poolSize: 1 }).connect();
    try {
      await connection.execute(text(sql));
    } catch (error) {
      return error as DBAPIError;
    }
    throw new Error(`no error: ${sql}`);
  };

  test.each([
    [
      "INSERT INTO parent VALUES (1, 'b')",
      IntegrityError,
      { kind: "unique", constraint: "parent_pkey", table: "parent", columns: ["id"], sqlState: "23505" },
    ],
    [
      "INSERT INTO child VALUES (2, 99, 1)",
      IntegrityError,
      { kind: "foreignKey", constraint: "fk_parent", table: "child", columns: ["parent_id"], sqlState: "23503" },
    ],
    ["DELETE FROM parent", IntegrityError, { kind: "foreignKey", constraint: "fk_parent", table: "child" }],
    ["INSERT INTO parent (id) VALUES (5)", IntegrityError, { kind: "notNull", table: "parent", columns: ["code"] }],
    ["INSERT INTO child (n) VALUES (0)", IntegrityError, { kind: "check", constraint: "positive", table: "child" }],
    [
      "INSERT INTO booking VALUES (1, '[2,3)')",
      IntegrityError,
      { kind: "exclusion", constraint: "no_overlap", table: "booking" },
    ],
    ["SELEC 1", ProgrammingError, { kind: "syntax", sqlState: "42601" }],
    ["SELECT * FROM nowhere", ProgrammingError, { kind: "undefinedTable" }],
    ["SELECT nothing FROM parent", ProgrammingError, { kind: "undefinedColumn" }],
    ["CREATE TABLE parent (id integer)", ProgrammingError, { kind: "duplicateObject" }],
    ["INSERT INTO parent VALUES (7, 'long')", DataError, { kind: "dataTooLong" }],
    ["SELECT 2147483647 + 1", DataError, { kind: "outOfRange" }],
    ["SELECT 1 / 0", DataError, { kind: "divisionByZero" }],
    ["SELECT 'x'::integer", DataError, { kind: "invalidValue" }],
    ["SELECT '2024-13-45'::date", DataError, { kind: "outOfRange" }],
    ["ALTER TABLE ones ADD COLUMN b integer", ProgrammingError, { sqlState: "42809" }],
    ["SELECT 1 FROM parent FOR UPDATE UNION SELECT 2", ProgrammingError, { kind: "syntax" }],
    ["SELECT count(*) FROM parent FOR UPDATE", NotSupportedError, { sqlState: "0A000" }],
    [
      "DO $$ BEGIN RAISE EXCEPTION 'mine'; END $$",
      InternalError,
      { sqlState: "P0001", message: expect.stringContaining("mine") },
    ],
  ])("%s", async (sql, Class, facts) => {
    const error = await failure(sql);
    expect(error).toBeInstanceOf(Class);
    expect(error).toMatchObject(facts);
    expect(error.statement).toBe(sql);
    expect(error.nativeCode).toBe(error.sqlState);
    expect(error.connectionInvalidated).toBe(false);
  });

  test("constraints over several columns", async () => {
    await using connection = await engineOf().connect();
    await connection.execute(text('CREATE TEMPORARY TABLE several (a integer, "B c" text, UNIQUE (a, "B c"))'));
    await connection.execute(text("INSERT INTO several VALUES (1, 'x')"));
    await expect(connection.execute(text("INSERT INTO several VALUES (1, 'x')"))).rejects.toMatchObject({
      kind: "unique",
      columns: ["a", "B c"],
    });
  });

  test("a read-only transaction, and permissions", async () => {
    const engine = engineOf();
    await using readOnly = await engine.connect();
    await readOnly.executionOptions({ readOnly: true });
    await expect(readOnly.execute(text("INSERT INTO child (n) VALUES (1)"))).rejects.toMatchObject({
      kind: "readOnly",
    });
    await using connection = await engine.connect();
    await connection.execute(text("CREATE ROLE athanor_nobody"));
    await connection.execute(text("SET LOCAL ROLE athanor_nobody"));
    await expect(connection.execute(text("SELECT * FROM parent"))).rejects.toMatchObject({ kind: "permission" });
  });

  test("serialization failures and deadlocks", async () => {
    const engine = engineOf();
    const bump = (id: number): ReturnType<typeof text> => text(`UPDATE parent SET code = 'z' WHERE id = ${id}`);
    await using one = await engine.connect();
    await using other = await engine.connect();
    await one.executionOptions({ isolationLevel: "SERIALIZABLE" });
    await other.executionOptions({ isolationLevel: "SERIALIZABLE" });
    await one.execute(text("SELECT * FROM parent"));
    await other.execute(text("SELECT * FROM parent"));
    await one.execute(bump(1));
    await one.commit();
    await expect(other.execute(bump(1))).rejects.toMatchObject({ kind: "serialization", sqlState: "40001" });
    await other.rollback();
    await other.execute(text("INSERT INTO parent VALUES (2, 'b')"));
    await other.commit();
    await one.execute(bump(1));
    await other.execute(bump(2));
    const waiting = one.execute(bump(2)).catch((error: unknown) => error);
    const crossed = other.execute(bump(1)).catch((error: unknown) => error);
    // The server picks the victim; the other goes on at once, and may be heard of first.
    const failures = (await Promise.all([waiting, crossed])).filter((outcome) => outcome instanceof Error);
    expect(failures).toMatchObject([{ kind: "deadlock" }]);
    expect(failures[0]).toBeInstanceOf(OperationalError);
    await one.rollback();
    await other.rollback();
  });

  test("locks that are not waited for", async () => {
    const engine = engineOf();
    await using one = await engine.connect();
    await using other = await engine.connect();
    await one.execute(text("SELECT * FROM parent FOR UPDATE"));
    await expect(other.execute(text("SELECT * FROM parent FOR UPDATE NOWAIT"))).rejects.toMatchObject({
      kind: "lockTimeout",
    });
    await other.rollback();
    await other.execute(text("SET LOCAL lock_timeout = 20"));
    await expect(other.execute(text("SELECT * FROM parent FOR UPDATE"))).rejects.toMatchObject({ kind: "lockTimeout" });
  });

  test("time-outs", async () => {
    await using connection = await engineOf().connect();
    await expect(connection.execute(text("SELECT pg_sleep(10)"), null, { statementTimeout: 50 })).rejects.toMatchObject(
      { kind: "timeout" },
    );
    await connection.rollback();
    await connection.execute(text("SET LOCAL statement_timeout = 50"));
    await expect(connection.execute(text("SELECT pg_sleep(10)"))).rejects.toMatchObject({ kind: "timeout" });
  });

  test("a lost connection invalidates the pool, and the next one works", async () => {
    const engine = engineOf({ poolSize: 2 });
    await using connection = await engine.connect();
    const id = await connection.scalar(text("SELECT pg_backend_pid()"));
    await connection.rollback();
    await (await connectionOf()).execute("SELECT pg_terminate_backend($1::int)", [id]);
    await expect(connection.execute(text("SELECT 1"))).rejects.toMatchObject({
      kind: "disconnect",
      connectionInvalidated: true,
    });
    await connection.rollback();
    expect(await connection.scalar(text("SELECT 1"))).toBe(1);
  });

  test("a ping replaces a connection that died in the pool", async () => {
    const engine = engineOf({ poolSize: 1, poolPrePing: true });
    let id: unknown;
    {
      await using connection = await engine.connect();
      id = await connection.scalar(text("SELECT pg_backend_pid()"));
    }
    await (await connectionOf()).execute("SELECT pg_terminate_backend($1::int)", [id]);
    await using connection = await engine.connect();
    expect(await connection.scalar(text("SELECT pg_backend_pid()"))).not.toBe(id);
  });

  test("a connection that cannot be made", async () => {
    await expect(engineOf({ connectArgs: { user: "nobody_of_this_name" } }).connect()).rejects.toMatchObject({
      kind: "authentication",
    });
    const refused = engineOf({ connectArgs: { hosts: [{ host: "127.0.0.1", port: 1 }] } }).connect();
    await expect(refused).rejects.toBeInstanceOf(OperationalError);
    await expect(refused).rejects.toMatchObject({ kind: "disconnect" });
  });
});

describe("errors of drivers", () => {
  const coded = (code: string, message = "x"): Error => Object.assign(new Error(message), { code });

  test.each([
    [coded("57P01"), true],
    [coded("08006"), true],
    [coded("ECONNRESET"), true],
    [coded("CONNECTION_CLOSED"), true],
    [new Error("Connection terminated unexpectedly"), true],
    [new AggregateError([coded("ECONNREFUSED")], ""), true],
    [coded("23505", "Connection terminated"), false],
    [new Error("something else"), false],
    ["Connection terminated", false],
  ])("%s is a lost connection: %s", (error, lost) => {
    expect(isDisconnect(error)).toBe(lost);
  });

  test("other errors are the driver's own", () => {
    expect(translateError(new TypeError("bad"))).toMatchObject({
      message: "bad",
      class: expect.objectContaining({ name: "InterfaceError" }),
    });
    expect(translateError("text")).toMatchObject({ message: "text" });
    expect(translateError(coded("ZZ000"))).toMatchObject({
      class: expect.objectContaining({ name: "DatabaseError" }),
      kind: "other",
    });
  });
});
