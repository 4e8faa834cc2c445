import {
  ArgumentError,
  createEngine,
  func,
  InvalidRequestError,
  insert,
  PendingRollbackError,
  QueuePool,
  ResourceClosedError,
  select,
  text,
} from "@athanor/core";
import { describe, expect, it } from "vitest";
import { engineWithUsers, users } from "./story.ts";

const countOf = select(func.count()).selectFrom(users);
const add = (name: string) => insert(users).values({ name });

describe("a connection", () => {
  it("begins by itself and rolls back what was not committed", () => {
    const { engine, log } = engineWithUsers();
    {
      using connection = engine.connect();
      expect(connection.inTransaction()).toBe(false);
      connection.execute(add("a"));
      expect(connection.inTransaction()).toBe(true);
    }
    expect(log.take().filter((line) => /^[A-Z]+( \(|$)/.test(line) && !line.startsWith("INSERT"))).toEqual([
      "BEGIN (implicit)",
      "ROLLBACK",
    ]);
    using connection = engine.connect();
    expect(connection.scalar(countOf)).toBe(0);
  });

  it("goes on after a commit with a new transaction", () => {
    const { engine } = engineWithUsers();
    using connection = engine.connect();
    connection.execute(add("a"));
    connection.commit();
    connection.execute(add("b"));
    connection.rollback();
    expect(connection.scalar(countOf)).toBe(1);
    connection.rollback();
    connection.commit();
  });

  it("refuses a second beginning", () => {
    const { engine } = engineWithUsers();
    using connection = engine.connect();
    connection.execute(countOf);
    expect(() => connection.begin()).toThrow(
      /already initialized a Transaction\(\) object via begin\(\) or autobegin; can't call begin\(\) here unless rollback\(\) or commit\(\) is called first/,
    );
    connection.rollback();
    const transaction = connection.begin();
    expect(() => connection.begin()).toThrow(InvalidRequestError);
    transaction.rollback();
  });

  it("is closed for good", () => {
    const { engine } = engineWithUsers();
    const connection = engine.connect();
    connection.close();
    connection.close();
    expect(connection.closed).toBe(true);
    expect(() => connection.execute(countOf)).toThrow(ResourceClosedError);
    expect(() => connection.begin()).toThrow("This Connection is closed");
    expect(() => connection.execDriverSql("SELECT 1")).toThrow(ResourceClosedError);
  });
});

describe("engine.begin", () => {
  it("commits what the callback did, and returns its value", () => {
    const { engine } = engineWithUsers();
    expect(engine.begin((connection) => connection.execute(add("a")).rowcount)).toBe(1);
    expect(engine.begin((connection) => connection.scalar(countOf))).toBe(1);
  });

  it("rolls back when the callback throws", () => {
    const { engine, log } = engineWithUsers();
    expect(() =>
      engine.begin((connection) => {
        connection.execute(add("a"));
        throw new Error("mine");
      }),
    ).toThrow("mine");
    expect(log.take().at(-1)).toBe("ROLLBACK");
    expect(engine.begin((connection) => connection.scalar(countOf))).toBe(0);
  });

  it("refuses to go on in a transaction that was ended inside", () => {
    const { engine } = engineWithUsers();
    engine.begin((connection) => {
      connection.execute(add("a"));
      connection.commit();
      expect(() => connection.execute(countOf)).toThrow(/Can't operate on closed transaction inside context manager/);
    });
    expect(engine.begin((connection) => connection.scalar(countOf))).toBe(1);
  });

  it("refuses a callback that returns a promise", () => {
    const { engine } = engineWithUsers();
    expect(() => engine.begin(async () => 1)).toThrow(/asynchronous/);
  });
});

describe("savepoints", () => {
  it("are released and rolled back to", () => {
    const { engine, log } = engineWithUsers();
    using connection = engine.connect();
    connection.execute(add("a"));
    const outer = connection.beginNested();
    connection.execute(add("b"));
    const inner = connection.beginNested();
    connection.execute(add("c"));
    expect(connection.inNestedTransaction()).toBe(true);
    inner.rollback();
    expect(inner.isActive).toBe(false);
    expect(connection.scalar(countOf)).toBe(2);
    outer.commit();
    connection.commit();
    expect(connection.scalar(countOf)).toBe(2);
    expect(log.take().filter((line) => line.includes("SAVEPOINT"))).toEqual([
      "SAVEPOINT sa_savepoint_1",
      "SAVEPOINT sa_savepoint_2",
      "ROLLBACK TO SAVEPOINT sa_savepoint_2",
      "RELEASE SAVEPOINT sa_savepoint_1",
    ]);
  });

  it("take a callback", () => {
    const { engine } = engineWithUsers();
    engine.begin((connection) => {
      connection.execute(add("a"));
      expect(() =>
        connection.beginNested(() => {
          connection.execute(add("b"));
          throw new Error("inner");
        }),
      ).toThrow("inner");
      connection.beginNested(() => connection.execute(add("c")));
    });
    expect(engine.begin((connection) => connection.scalars(select(users.c.name).orderBy(users.c.id)).all())).toEqual([
      "a",
      "c",
    ]);
  });

  it("end with the transaction around them", () => {
    const { engine } = engineWithUsers();
    using connection = engine.connect();
    const savepoint = connection.beginNested();
    connection.commit();
    expect(savepoint.isActive).toBe(false);
    expect(() => savepoint.commit()).toThrow("This nested transaction is inactive");
    savepoint.rollback();
  });

  it("survive an error inside", () => {
    const { engine } = engineWithUsers({}, "a");
    engine.begin((connection) => {
      expect(() => connection.beginNested(() => connection.execute(add("a")))).toThrow(/UNIQUE/);
      connection.execute(add("b"));
    });
    expect(engine.begin((connection) => connection.scalar(countOf))).toBe(2);
  });
});

describe("isolation", () => {
  it("of AUTOCOMMIT begins nothing", () => {
    const { engine, log } = engineWithUsers();
    {
      using connection = engine.connect().executionOptions({ isolationLevel: "AUTOCOMMIT" });
      connection.execute(add("a"));
      connection.rollback();
    }
    expect(log.take().filter((line) => line.includes("autocommit")).length).toBe(2);
    using connection = engine.connect();
    expect(connection.scalar(countOf)).toBe(1);
    expect(() => connection.executionOptions({ isolationLevel: "AUTOCOMMIT" })).toThrow(
      /isolationLevel may not be altered/,
    );
    connection.rollback();
    expect(() => connection.executionOptions({ isolationLevel: "NONSENSE" as never })).toThrow(
      /Valid isolation levels/,
    );
  });

  it("is inherited from an engine with options", () => {
    const { engine } = engineWithUsers();
    const autocommit = engine.executionOptions({ isolationLevel: "AUTOCOMMIT" });
    {
      using connection = autocommit.connect();
      connection.execute(add("a"));
      expect(connection.getIsolationLevel()).toBe("AUTOCOMMIT");
    }
    using connection = engine.connect();
    expect(connection.scalar(countOf)).toBe(1);
    expect(connection.getIsolationLevel()).toBe("READ COMMITTED");
  });
});

it("an isolation level that the database does not have is refused", () => {
  const { engine } = engineWithUsers();
  using connection = engine.connect();
  // @ts-expect-error: no such level
  expect(() => connection.executionOptions({ isolationLevel: "CHAOS" })).toThrow(ArgumentError);
  // @ts-expect-error: no such level
  const chaotic = createEngine("small://", { isolationLevel: "CHAOS" });
  expect(() => chaotic.connect()).toThrow(
    /Invalid value 'CHAOS' for isolationLevel. Valid isolation levels for 'small'/,
  );
});

it("a read-only transaction is refused where there is none, instead of one that writes", () => {
  const { engine } = engineWithUsers();
  using connection = engine.connect().executionOptions({ readOnly: true });
  expect(() => connection.execute(add("a"))).toThrow(/The small dialect has no read-only transactions/);
  connection.executionOptions({ readOnly: false });
  expect(connection.scalar(countOf)).toBe(0);
});

describe("a lost connection", () => {
  it("is replaced once its transaction was rolled back", () => {
    const { engine } = engineWithUsers({}, "a");
    using connection = engine.connect();
    connection.execute(countOf);
    (connection.lease.connection.native as { close(): void }).close();
    let error: unknown;
    try {
      connection.execute(text("SELECT 2"));
    } catch (failure) {
      error = failure;
    }
    expect(error).toMatchObject({ connectionInvalidated: true, kind: "disconnect" });
    expect(connection.invalidated).toBe(true);
    expect(() => connection.execute(text("SELECT 1"))).toThrow(PendingRollbackError);
    connection.rollback();
    expect(connection.scalar(text("SELECT 1"))).toBe(1);
    expect(connection.invalidated).toBe(false);
  });

  it("keeps its transaction and savepoints until they are rolled back, as SQLAlchemy does", () => {
    const { engine } = engineWithUsers();
    const connection = engine.connect();
    const outer = connection.begin();
    const inner = connection.beginNested();
    connection.invalidate();
    expect([outer.isActive, outer.isValid, inner.isActive, connection.inTransaction()]).toEqual([
      true,
      false,
      true,
      true,
    ]);
    expect(() => connection.execute(text("SELECT 1"))).toThrow(/invalid savepoint transaction is rolled back/);
    inner.rollback();
    expect(() => connection.execute(text("SELECT 1"))).toThrow(/invalid transaction is rolled back/);
    expect(() => connection.begin()).toThrow(/already initialized/);
    expect(() => outer.commit()).toThrow(PendingRollbackError);
    expect([outer.isActive, connection.inTransaction()]).toEqual([false, false]);
    expect(() => connection.execute(text("SELECT 1"))).toThrow(PendingRollbackError);
    outer.rollback();
    expect(connection.scalar(text("SELECT 1"))).toBe(1);
    connection.close();
    expect(() => connection.invalidate()).toThrow(ResourceClosedError);
  });

  it("is given up by hand, or taken out of the pool", () => {
    const { engine } = engineWithUsers();
    const connection = engine.connect();
    connection.invalidate();
    expect(connection.scalar(text("SELECT 1"))).toBe(1);
    connection.rollback();
    connection.detach();
    expect(connection.scalar(text("SELECT 1"))).toBe(1);
    connection.close();
    expect(connection.closed).toBe(true);
  });
});

describe("what a connection says of its transactions", () => {
  it("is the objects that the program has", () => {
    const { engine } = engineWithUsers();
    using connection = engine.connect();
    const transaction = connection.begin();
    const savepoint = connection.beginNested();
    expect(connection.getTransaction()).toBe(transaction);
    expect(connection.getNestedTransaction()).toBe(savepoint);
    transaction.rollback();
    connection.execute(countOf);
    expect(connection.getTransaction()).not.toBe(transaction);
    expect(connection.getTransaction()).toBe(connection.getTransaction());
  });

  it("takes isolation levels as configurations write them", () => {
    const { engine } = engineWithUsers({ isolationLevel: "read_uncommitted" as never });
    using connection = engine.connect();
    expect(connection.getIsolationLevel()).toBe("READ UNCOMMITTED");
    connection.executionOptions({ isolationLevel: "autocommit" as never });
    expect(connection.getIsolationLevel()).toBe("AUTOCOMMIT");
    expect(() => connection.executionOptions({ isolationLevel: "read_something" as never })).toThrow(
      /'READ SOMETHING' for isolationLevel/,
    );
  });

  it("of a statement: AUTOCOMMIT counts for it alone", () => {
    const { engine, log } = engineWithUsers();
    using connection = engine.connect();
    connection.execute(add("a"), undefined, { isolationLevel: "AUTOCOMMIT" });
    expect(connection.inTransaction()).toBe(false);
    connection.execute(add("b").executionOptions({ autocommit: true }));
    connection.execDriverSql("DELETE FROM users WHERE name = ?", ["b"], { isolationLevel: "AUTOCOMMIT" });
    expect(connection.inTransaction()).toBe(false);
    connection.execute(add("b"), undefined, { autocommit: true });
    expect(connection.getIsolationLevel()).toBe("READ COMMITTED");
    expect(log.take().filter((line) => line.includes("autocommit")).length).toBe(8);
    connection.execute(add("c"));
    expect(connection.inTransaction()).toBe(true);
    expect(() => connection.execute(add("d"), undefined, { isolationLevel: "AUTOCOMMIT" })).toThrow(
      /already initialized a Transaction.*isolationLevel of a statement may not be another one/,
    );
    connection.rollback();
    expect(connection.scalar(countOf)).toBe(2);
  });

  it("of a statement that fails is put back", () => {
    const { engine } = engineWithUsers({}, "a");
    using connection = engine.connect();
    expect(() => connection.execute(add("a"), undefined, { isolationLevel: "AUTOCOMMIT" })).toThrow(/UNIQUE/);
    expect(() => connection.execute(add("b"), undefined, { isolationLevel: "NONSENSE" as never })).toThrow(
      /Valid isolation levels/,
    );
    expect(connection.inTransaction()).toBe(false);
    connection.execute(add("c"));
    connection.rollback();
    expect(connection.scalar(countOf)).toBe(1);
  });

  it("of a statement counts for the transaction that it begins", () => {
    const { engine } = engineWithUsers();
    for (const end of ["commit", "rollback"] as const) {
      using connection = engine.connect();
      connection.execute(countOf, undefined, { isolationLevel: "READ UNCOMMITTED" });
      expect(connection.inTransaction()).toBe(true);
      expect(connection.getIsolationLevel()).toBe("READ UNCOMMITTED");
      connection[end]();
      expect(connection.getIsolationLevel()).toBe("READ COMMITTED");
    }
    using serial = engine.connect().executionOptions({ isolationLevel: "READ UNCOMMITTED" });
    serial.execute(countOf, undefined, { isolationLevel: "AUTOCOMMIT" });
    expect(serial.getIsolationLevel()).toBe("READ UNCOMMITTED");
  });

  it("of a statement is not put back onto a connection that was lost", () => {
    const { engine } = engineWithUsers({ poolclass: QueuePool });
    const connection = engine.connect().executionOptions({ isolationLevel: "READ COMMITTED" });
    connection.execute(select(text("1")), undefined, { isolationLevel: "READ UNCOMMITTED" });
    connection.invalidate();
    connection.close();
    expect((engine.pool as QueuePool).checkedout()).toBe(0);
    using again = engine.connect().executionOptions({ isolationLevel: "READ UNCOMMITTED" });
    again.execute(select(text("1")), undefined, { isolationLevel: "READ COMMITTED" });
    again.invalidate();
    again.rollback();
    expect(again.getIsolationLevel()).toBe("READ UNCOMMITTED");
    again.execute(select(text("1")));
    expect(again.getIsolationLevel()).toBe("READ UNCOMMITTED");
  });

  it("statements have no cache of their own", () => {
    expect(() => countOf.executionOptions({ compiledCache: null })).toThrow(/compiledCache may only be specified on/);
    expect(() => text("SELECT 1").executionOptions({ compiledCache: null })).toThrow(ArgumentError);
  });

  it("options of a statement count however often it is executed", () => {
    // Nobody listens and nothing is logged: the short way is open.
    const engine = createEngine("small://");
    using connection = engine.connect();
    const plain = select(text("1"));
    for (let time = 0; time < 5; time++) connection.execute(plain);
    connection.rollback();
    const once = plain.executionOptions({ autocommit: true });
    for (let time = 0; time < 5; time++) {
      connection.execute(once);
      expect(connection.inTransaction()).toBe(false);
    }
  });
});
