/** Transactions, levels and pools, through the engine. */
import { createEngine, type Engine, makeUrl, QueuePool, SingletonPool, StaticPool } from "@athanor/core";
import { describe, expect, test } from "vitest";
import { SQLiteDialect } from "../src/index.ts";
import { both, newFile } from "./both.ts";

describe.each(both)("$scheme", ({ scheme }) => {
  const filled = (rest = ""): Engine => {
    const engine = createEngine(`${scheme}://${rest}`);
    engine.begin((connection) => connection.execDriverSql("CREATE TABLE t (x)"));
    return engine;
  };
  const values = (engine: Engine): unknown[] =>
    engine.connect().execDriverSql("SELECT x FROM t ORDER BY x").scalars().all();

  test("commit, rollback, savepoints", () => {
    const engine = filled();
    engine.begin((connection) => {
      connection.execDriverSql("INSERT INTO t VALUES (1)");
      const inner = connection.beginNested();
      connection.execDriverSql("INSERT INTO t VALUES (2)");
      inner.rollback();
      const kept = connection.beginNested();
      connection.execDriverSql("INSERT INTO t VALUES (3)");
      kept.commit();
    });
    expect(() =>
      engine.begin((connection) => {
        connection.execDriverSql("INSERT INTO t VALUES (9)");
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(values(engine)).toEqual([1, 3]);
  });

  test("DDL is part of a transaction", () => {
    const engine = filled();
    const connection = engine.connect();
    connection.execDriverSql("CREATE TABLE u (y)");
    connection.rollback();
    expect(connection.execDriverSql("SELECT name FROM sqlite_master ORDER BY name").scalars().all()).toEqual(["t"]);
  });

  test("levels", () => {
    const engine = filled();
    const connection = engine.connect();
    expect(connection.getIsolationLevel()).toBe("SERIALIZABLE");
    connection.executionOptions({ isolationLevel: "READ UNCOMMITTED" });
    expect(connection.getIsolationLevel()).toBe("READ UNCOMMITTED");
    expect(connection.execDriverSql("PRAGMA read_uncommitted").scalar()).toBe(1);
    connection.close();
    expect(engine.connect().getIsolationLevel()).toBe("SERIALIZABLE");
    expect(() => engine.connect().executionOptions({ isolationLevel: "READ COMMITTED" })).toThrow(/READ COMMITTED/);
  });

  test("AUTOCOMMIT", () => {
    const engine = filled();
    const connection = engine.connect().executionOptions({ isolationLevel: "AUTOCOMMIT" });
    connection.execDriverSql("INSERT INTO t VALUES (1)");
    connection.rollback();
    connection.close();
    expect(values(engine)).toEqual([1]);
  });

  test("transaction_mode=immediate takes the lock at once", () => {
    const file = newFile();
    const engine = filled(`/${file}?transaction_mode=immediate&timeout=0.01`);
    const first = engine.connect();
    first.execDriverSql("SELECT 1").all();
    expect(() => engine.connect().execDriverSql("SELECT 1")).toThrow(/locked/);
    first.close();
    engine.dispose();
  });

  test("settings of the URL hold on every connection", () => {
    const engine = createEngine(`${scheme}:///${newFile()}?foreign_keys=1&journal_mode=wal&synchronous=normal`);
    const [first, second] = [engine.connect(), engine.connect()];
    for (const connection of [first, second]) {
      expect(connection.execDriverSql("PRAGMA foreign_keys").scalar()).toBe(1);
      expect(connection.execDriverSql("PRAGMA journal_mode").scalar()).toBe("wal");
      connection.close();
    }
    engine.dispose();
    expect(createEngine(`${scheme}://`).connect().execDriverSql("PRAGMA foreign_keys").scalar()).toBe(0);
  });

  test("a database in memory is one for all connections of an engine, and gone with it", () => {
    const engine = filled();
    engine.begin((connection) => connection.execDriverSql("INSERT INTO t VALUES (1)"));
    expect(values(engine)).toEqual([1]);
    engine.dispose();
    expect(() => values(engine)).toThrow(/no such table/);
  });

  test("read-only and existing files", () => {
    const file = newFile();
    expect(() => createEngine(`${scheme}:///${file}?mode=rw`).connect()).toThrow();
    filled(`/${file}`).dispose();
    expect(
      createEngine(`${scheme}:///${file}?mode=rw`).connect().execDriverSql("SELECT count(*) FROM t").scalar(),
    ).toBe(0);
    expect(
      createEngine(`${scheme}:///${file}?mode=ro`).connect().execDriverSql("SELECT count(*) FROM t").scalar(),
    ).toBe(0);
  });

  test("the server's version is read", () => {
    const engine = filled();
    expect(engine.dialect.serverVersion[0]).toBe(3);
    expect(engine.dialect.serverVersion).toHaveLength(3);
  });
});

test("which pool", () => {
  const dialect = new SQLiteDialect();
  expect(dialect.poolClass(makeUrl("sqlite://"), false)).toBe(SingletonPool);
  expect(dialect.poolClass(makeUrl("sqlite://"), true)).toBe(StaticPool);
  expect(dialect.poolClass(makeUrl("sqlite:///x.db"), false)).toBe(QueuePool);
  expect(dialect.poolClass(makeUrl("sqlite:///x?mode=memory"), false)).toBe(SingletonPool);
});

test("node:sqlite opens URIs, better-sqlite3 says that it does not", () => {
  const file = newFile();
  createEngine(`sqlite:///${file}`).begin((connection) => connection.execDriverSql("CREATE TABLE t (x)"));
  expect(
    createEngine(`sqlite+node:///${file}?immutable=1&mode=ro`)
      .connect()
      .execDriverSql("SELECT count(*) FROM t")
      .scalar(),
  ).toBe(0);
  expect(() => createEngine(`sqlite:///${file}?immutable=1`).connect()).toThrow(/sqlite\+node/);
  const [one, two] = [1, 2].map(() => createEngine("sqlite+node:///shared?mode=memory&cache=shared"));
  one?.begin((connection) => connection.execDriverSql("CREATE TABLE shared (x)"));
  expect(two?.connect().execDriverSql("SELECT count(*) FROM shared").scalar()).toBe(0);
});
