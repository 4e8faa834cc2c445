import {
  DataError,
  DBAPIError,
  IntegrityError,
  OperationalError,
  ProgrammingError,
  type TextClause,
  text,
} from "@athanor/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drivers, url } from "./connect.ts";

describe.skipIf(url === null).each(drivers)("errors of a real server by $name", ({ connect, engineOf }) => {
  const engine = engineOf();
  const tables = [
    "CREATE TABLE parent (id INT PRIMARY KEY) ENGINE=InnoDB",
    "CREATE TABLE child (id INT PRIMARY KEY AUTO_INCREMENT, pid INT NOT NULL, name VARCHAR(5), age INT, UNIQUE KEY uq_name (name), CONSTRAINT ck_age CHECK (age >= 0), CONSTRAINT fk_parent FOREIGN KEY (pid) REFERENCES parent (id)) ENGINE=InnoDB",
    "INSERT INTO parent VALUES (1), (2)",
    "INSERT INTO child (id, pid, name, age) VALUES (1, 1, 'a', 5)",
  ];

  beforeAll(async () => {
    await engine.begin(async (conn) => {
      for (const sql of tables) await conn.execDriverSql(sql);
    });
  });

  afterAll(async () => {
    await engine.begin(async (conn) => {
      await conn.execDriverSql("DROP TABLE child");
      await conn.execDriverSql("DROP TABLE parent");
    });
  });

  async function failureOf(statement: string | TextClause): Promise<DBAPIError> {
    await using conn = await engine.connect();
    const failure: unknown = await (typeof statement === "string"
      ? conn.execDriverSql(statement)
      : conn.execute(statement)
    ).then(
      () => null,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(DBAPIError);
    return failure as DBAPIError;
  }

  it.each([
    ["unique", "INSERT INTO child (pid, name) VALUES (1, 'a')", IntegrityError, { constraint: "uq_name" }],
    ["unique", "INSERT INTO parent VALUES (1)", IntegrityError, { constraint: "PRIMARY" }],
    [
      "foreignKey",
      "INSERT INTO child (pid) VALUES (9)",
      IntegrityError,
      { constraint: "fk_parent", table: "child", columns: ["pid"] },
    ],
    [
      "foreignKey",
      "DELETE FROM parent WHERE id = 1",
      IntegrityError,
      { constraint: "fk_parent", table: "child", columns: ["pid"] },
    ],
    ["notNull", "INSERT INTO child (pid) VALUES (NULL)", IntegrityError, { columns: ["pid"] }],
    ["notNull", "INSERT INTO child (name) VALUES ('b')", IntegrityError, { columns: ["pid"] }],
    ["check", "INSERT INTO child (pid, age) VALUES (1, -1)", IntegrityError, { constraint: "ck_age" }],
    ["dataTooLong", "INSERT INTO child (pid, name) VALUES (1, 'abcdef')", DataError, { columns: ["name"] }],
    ["outOfRange", "INSERT INTO child (pid) VALUES (99999999999)", DataError, { columns: ["pid"] }],
    ["invalidValue", "INSERT INTO child (pid) VALUES ('x')", DataError, { columns: ["pid"] }],
    ["undefinedTable", "SELECT * FROM nowhere_to_be_found", ProgrammingError, { table: "nowhere_to_be_found" }],
    ["undefinedColumn", "SELECT nope FROM parent", ProgrammingError, { columns: ["nope"] }],
    ["syntax", "SELEKT 1", ProgrammingError, {}],
    ["duplicateObject", "CREATE TABLE parent (id INT)", ProgrammingError, { columns: [] }],
  ])("%s: %s", async (kind, sql, Class, facts) => {
    const failure = await failureOf(sql);
    expect(failure).toBeInstanceOf(Class);
    expect(failure).toMatchObject({ kind, statement: sql, connectionInvalidated: false, ...facts });
    expect(failure.nativeCode).toBeTypeOf("number");
    expect(failure.sqlState).toMatch(/^[0-9A-Z]{5}$/);
    expect(failure.message).toContain(`[SQL: ${sql}]`);
  });

  it("carries the parameters, decimals readable", async () => {
    const failure = await failureOf(
      text("INSERT INTO child (pid, name) VALUES (:pid, :name)").bindparams({ pid: 1, name: "a" }),
    );
    expect(failure.message).toContain('[parameters: [1, "a"]]');
  });

  it("deadlock and lock timeout", async () => {
    const [a, b] = [await connect(), await connect()];
    const outcome = (work: Promise<unknown>) =>
      work.then(
        () => null,
        (error: unknown) => engine.dialect.translateError(error).kind,
      );
    for (const connection of [a, b]) {
      await connection.execute("SET SESSION innodb_lock_wait_timeout = 1", [], { returnsRows: false });
      await connection.begin();
    }
    await a.execute("UPDATE parent SET id = id WHERE id = ?", [1], { returnsRows: false });
    await b.execute("UPDATE parent SET id = id WHERE id = ?", [2], { returnsRows: false });
    const first = outcome(a.execute("SELECT * FROM parent WHERE id = 2 FOR UPDATE", []));
    const second = outcome(b.execute("SELECT * FROM parent WHERE id = 1 FOR UPDATE", []));
    expect([await first, await second].sort()).toEqual(["deadlock", null]);
    await a.rollback();
    await b.rollback();
    await a.begin();
    await a.execute("SELECT * FROM parent WHERE id = 1 FOR UPDATE", []);
    expect(await outcome(b.execute("SELECT * FROM parent WHERE id = 1 FOR UPDATE", []))).toBe("lockTimeout");
    expect(await outcome(b.execute("SELECT * FROM parent WHERE id = 1 FOR UPDATE NOWAIT", []))).toBe("lockTimeout");
    await a.rollback();
  });

  it("wrong passwords and databases are told when connecting", async () => {
    const wrong = (more: Readonly<Record<string, unknown>>) =>
      engineOf({ connectArgs: { allowPublicKeyRetrieval: true, ...more } })
        .connect()
        .then(String, (error: unknown) => error);
    expect(await wrong({ user: "nobody_at_all", password: "wrong" })).toMatchObject({ kind: "authentication" });
    const failure = await wrong({ database: "no_such_database_here" });
    expect(failure).toBeInstanceOf(OperationalError);
    expect(failure).toMatchObject({ nativeCode: 1049 });
  });

  it("a lost connection is replaced", async () => {
    const killer = await connect();
    const conn = await engine.connect();
    const id = await conn.scalar(text("SELECT CONNECTION_ID()"));
    await killer.execute(`KILL ${String(id)}`, [], { returnsRows: false });
    const failure: unknown = await conn.scalar(text("SELECT 1")).then(String, (error: unknown) => error);
    expect(failure).toMatchObject({ kind: "disconnect", connectionInvalidated: true });
    await conn.rollback();
    expect(await conn.scalar(text("SELECT 7"))).toSatisfy((value) => Number(value) === 7);
    await conn.close();
  });

  it("pre-ping notices that a connection is gone", async () => {
    const pinged = engineOf({ poolPrePing: true, poolSize: 1 });
    const killer = await connect();
    const first = await pinged.connect();
    const id = await first.scalar(text("SELECT CONNECTION_ID()"));
    await first.close();
    await killer.execute(`KILL ${String(id)}`, [], { returnsRows: false });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const second = await pinged.connect();
    expect(await second.scalar(text("SELECT CONNECTION_ID()"))).not.toBe(id);
    await second.close();
  });
});
