import {
  Connection,
  createEngine,
  delete_,
  Engine,
  event,
  hasListener,
  InvalidRequestError,
  insert,
  listen,
  OperationalError,
  removeListener,
  select,
  t,
  text,
} from "@athanor/core";
import { contains, listen as listenTo } from "@athanor/driver";
import { describe, expect, it } from "vitest";
import { engineWithUsers, users } from "./story.ts";

describe("listeners whose return value counts", () => {
  it("of beforeCursorExecute replace SQL and parameters, one after the other", () => {
    const { engine } = engineWithUsers({}, "a", "b");
    listen(
      engine,
      "beforeCursorExecute",
      (_conn, _cursor, statement, parameters) => [`${statement} /* one */`, parameters],
      { retval: true },
    );
    const seen: unknown[] = [];
    listen(
      engine,
      "beforeCursorExecute",
      (conn, cursor, statement, _parameters, context, executemany) => {
        seen.push(conn instanceof Connection, cursor === context, statement.endsWith("/* one */"), executemany);
        return [statement, [2]];
      },
      { retval: true },
    );
    // Without retval, what it returns means nothing.
    listen(engine, "beforeCursorExecute", () => ["nonsense", []]);
    using connection = engine.connect();
    expect(connection.scalar(select(users.c.name).where(users.c.id.eq(1)))).toBe("b");
    expect(seen).toEqual([true, true, true, false]);
  });

  it("of beforeExecute replace statement and parameters", () => {
    const { engine } = engineWithUsers({}, "a", "b");
    const seen: unknown[] = [];
    listen(
      engine,
      "beforeExecute",
      (_conn, clauseelement, multiparams, params, options) => {
        seen.push(multiparams, params, options["tag"]);
        return clauseelement.kind === "text"
          ? [select(users.c.name).where(users.c.id.eq(2)), [], {}]
          : [clauseelement, multiparams, params];
      },
      { retval: true },
    );
    using connection = engine.connect().executionOptions({ tag: "x" });
    expect(connection.scalar(text("SELECT :a"), { a: 1 })).toBe("b");
    expect(seen.splice(0)).toEqual([[], { a: 1 }, "x"]);
    connection.execute(insert(users), [{ name: "c" }, { name: "d" }]);
    expect(seen.splice(0)).toEqual([[{ name: "c" }, { name: "d" }], {}, "x"]);
  });

  it("must return what the event wants", () => {
    const { engine } = engineWithUsers();
    listen(engine, "beforeCursorExecute", () => undefined, { retval: true });
    using connection = engine.connect();
    expect(() => connection.execute(text("SELECT 1"))).toThrow(/must return \[statement, parameters\]/);
  });
});

describe("ways of listening", () => {
  it("by name, once, in front, propagated; and off again", () => {
    const { engine } = engineWithUsers();
    const seen: unknown[] = [];
    listen(
      engine,
      "beforeCursorExecute",
      ({ statement, executemany }) => seen.push(["named", statement, executemany]),
      {
        named: true,
      },
    );
    listen(engine, "beforeCursorExecute", () => seen.push("once"), { once: true });
    const first = (): unknown => seen.push("first");
    listen(engine, "beforeCursorExecute", first, { insert: true });
    using connection = engine.connect();
    connection.execute(text("SELECT 1"));
    expect(seen.splice(0)).toEqual(["first", ["named", "SELECT 1", false], "once"]);
    connection.execute(text("SELECT 1"));
    expect(seen.splice(0)).toEqual(["first", ["named", "SELECT 1", false]]);
    expect(hasListener(engine, "beforeCursorExecute", first)).toBe(true);
    expect(removeListener(engine, "beforeCursorExecute", first)).toBe(true);
    expect(contains(engine, "beforeCursorExecute", first)).toBe(false);
    connection.execute(text("SELECT 1"));
    expect(seen.splice(0).length).toBe(1);
    connection.close();
    // An engine with other options is heard as well.
    engine.executionOptions({ a: 1 }).begin((other) => other.execute(text("SELECT 2")));
    expect(seen).toEqual([["named", "SELECT 2", false]]);
  });

  it("by SQLAlchemy's module and names", () => {
    const { engine } = engineWithUsers();
    const seen: unknown[] = [];
    const heard = event.listensFor(
      engine,
      "before_cursor_execute",
    )((_conn, _cursor, statement) => seen.push(statement));
    expect(event.contains(engine, "before_cursor_execute", heard)).toBe(true);
    engine.begin((connection) => void connection.execute(text("SELECT 1")));
    event.remove(engine, "before_cursor_execute", heard);
    event.once(engine, "commit", () => seen.push("commit"));
    engine.begin((connection) => void connection.execute(text("SELECT 2")));
    engine.begin((connection) => void connection.execute(text("SELECT 3")));
    expect(seen).toEqual(["SELECT 1", "commit"]);
  });

  it("to the pool, on the engine", () => {
    const { engine } = engineWithUsers();
    const seen: unknown[] = [];
    listen(engine, "connect", (connection, entry) => seen.push(["connect", connection === entry.connection]));
    event.listen(engine, "checkin", ({ connectionRecord }) => seen.push(["checkin", typeof connectionRecord]), {
      named: true,
    });
    const checkout = (): unknown => seen.push("checkout");
    listenTo(engine, "checkout", checkout);
    engine.connect().close();
    expect(seen.splice(0)).toEqual(["checkout", ["checkin", "object"]]);
    // Another pool takes the listeners over; it is the pool's listener that is taken off.
    engine.dispose();
    expect(event.contains(engine.pool, "checkout", checkout)).toBe(true);
    engine.executionOptions({ a: 1 }).connect().close();
    expect(seen.splice(0)).toEqual([["connect", true], "checkout", ["checkin", "object"]]);
    event.remove(engine, "checkout", checkout);
    engine.connect().close();
    expect(seen).toEqual([["checkin", "object"]]);
    // Connections have events of their own, but no pool.
    using connection = engine.connect();
    // @ts-expect-error: no event of a connection
    expect(() => listen(connection, "checkout", checkout)).toThrow(InvalidRequestError);
  });

  it("to the pools of all engines, on the class", () => {
    const seen: unknown[] = [];
    const heard = (): unknown => seen.push("connect");
    listen(Engine, "connect", heard);
    engineWithUsers();
    event.remove(Engine, "connect", heard);
    engineWithUsers();
    expect(seen).toEqual(["connect"]);
  });

  it("in the order of SQLAlchemy", () => {
    const { engine } = engineWithUsers({}, "a");
    const seen: string[] = [];
    for (const name of [
      "engineConnect",
      "begin",
      "beforeExecute",
      "beforeCursorExecute",
      "doExecute",
      "afterCursorExecute",
      "afterExecute",
      "doExecutemany",
      "savepoint",
      "releaseSavepoint",
      "commit",
      "setConnectionExecutionOptions",
    ] as const)
      listen(engine, name, () => void seen.push(name));
    listen(engine.pool, "checkout", () => void seen.push("checkout"));
    listen(engine.pool, "checkin", () => void seen.push("checkin"));
    listen(engine.pool, "reset", () => void seen.push("reset"));
    {
      using connection = engine.connect();
      connection.executionOptions({ x: 1 });
      connection.beginNested(() => connection.execute(select(users.c.id)));
      connection.execute(insert(users), [{ name: "x" }, { name: "y" }]);
      connection.commit();
    }
    expect(seen).toEqual([
      "checkout",
      "engineConnect",
      "setConnectionExecutionOptions",
      "begin",
      "savepoint",
      ...["beforeExecute", "beforeCursorExecute", "doExecute", "afterCursorExecute", "afterExecute"],
      ...["beforeExecute", "beforeCursorExecute", "doExecute", "afterCursorExecute", "afterExecute"],
      "releaseSavepoint",
      ...["beforeExecute", "beforeCursorExecute", "doExecute", "afterCursorExecute", "afterExecute"],
      ...["beforeExecute", "beforeCursorExecute", "doExecutemany", "afterCursorExecute", "afterExecute"],
      "commit",
      "reset",
      "checkin",
    ]);
  });
});

describe("dialect events", () => {
  it("doExecute may do the driver's work, or change it", () => {
    const { engine } = engineWithUsers({}, "a", "b");
    listen(engine, "doExecute", (cursor, statement, parameters) => {
      if (!statement.startsWith("SELECT")) return undefined;
      cursor.execute(`${statement} ORDER BY id DESC`, parameters);
      return true;
    });
    using connection = engine.connect();
    expect(connection.execute(select(users.c.name)).scalars().all()).toEqual(["b", "a"]);
    // Streamed rows too.
    expect(connection.stream(select(users.c.name)).scalars().all()).toEqual(["b", "a"]);
  });

  it("doExecute may bring rows of its own, and none", () => {
    const { engine } = engineWithUsers();
    listen(engine, "doExecute", (cursor, statement) => {
      if (statement.startsWith("SELECT")) cursor.result = { columns: [{ name: "id" }], rows: [[7]], rowCount: 1 };
      return true;
    });
    using connection = engine.connect();
    expect(connection.scalar(select(users.c.id))).toBe(7);
    expect(connection.execute(delete_(users)).rowcount).toBe(-1);
  });

  it("doExecutemany and doExecuteNoParams", () => {
    const { engine } = engineWithUsers();
    const seen: unknown[] = [];
    listen(engine, "doExecutemany", (cursor, statement, parameters) => {
      seen.push(parameters.length);
      cursor.execute(statement, parameters.slice(0, 1));
      return true;
    });
    listen(engine, "doExecuteNoParams", (_cursor, statement) => void seen.push(statement));
    listen(engine, "doExecute", (_cursor, statement) => void seen.push(`with ${statement}`));
    using connection = engine.connect();
    expect(connection.execute(insert(users), [{ name: "a" }, { name: "b" }]).rowcount).toBe(1);
    connection.execDriverSql("SELECT 1", [], { noParameters: true });
    connection.execDriverSql("SELECT 1");
    expect(seen).toEqual([2, "SELECT 1", "with SELECT 1"]);
  });

  it("doSetinputsizes gives parameters another type", () => {
    const { engine } = engineWithUsers({}, "a");
    const seen: unknown[] = [];
    listen(engine, "doSetinputsizes", (inputsizes, _cursor, statement, parameters) => {
      seen.push([...inputsizes.keys()], parameters);
      if (statement.startsWith("INSERT")) inputsizes.set("name", t.json);
    });
    using connection = engine.connect();
    connection.execute(insert(users).values({ name: "b" }));
    connection.execute(insert(users), [{ name: "c" }, { name: "d" }]);
    expect(connection.execute(text("SELECT name FROM users ORDER BY id")).scalars().all()).toEqual([
      "a",
      '"b"',
      '"c"',
      '"d"',
    ]);
    expect(seen.slice(0, 2)).toEqual([["name"], { name: "b" }]);
  });

  it("doConnect may change the parameters or connect by itself", () => {
    const engine = createEngine("small://");
    const opened = createEngine("small://").rawConnection().dbapiConnection;
    const seen: unknown[] = [];
    listen(engine, "doConnect", (dialect, record, cargs, cparams) => {
      seen.push((dialect as { name: string }).name, record.id, cargs, cparams);
      return opened;
    });
    using connection = engine.connect();
    expect(connection.lease.connection).toBe(opened);
    expect(seen).toEqual(["small", 1, [], { file: ":memory:" }]);
  });

  it("handleError tells where it happened, and may decide what a disconnect is", () => {
    const { engine } = engineWithUsers({}, "a");
    const seen: unknown[] = [];
    listen(engine, "handleError", (context) => {
      seen.push(context.engine === engine, context.dialect === engine.dialect, context.executionContext?.statement);
      context.isDisconnect = true;
    });
    listen(engine, "beforeCursorExecute", () => undefined);
    using connection = engine.connect();
    const add = insert(users).values({ name: "a" });
    expect(() => connection.execute(add)).toThrow(/UNIQUE/);
    expect(seen).toEqual([true, true, "INSERT INTO users (name) VALUES (?)"]);
    expect(connection.invalidated).toBe(true);
    connection.rollback();
  });

  it("handleError hears of pre-pings", () => {
    const { engine } = engineWithUsers({ poolPrePing: true });
    const seen: unknown[] = [];
    listen(engine, "handleError", (context) => {
      seen.push([context.isPrePing, context.connection, context.statement]);
      context.isDisconnect = true;
    });
    const raw = engine.rawConnection();
    const { dbapiConnection } = raw;
    raw.close();
    const { execute } = dbapiConnection;
    dbapiConnection.execute = () => {
      throw new OperationalError("gone", null);
    };
    using connection = engine.connect();
    dbapiConnection.execute = execute;
    expect(seen).toEqual([[true, null, "SELECT 1"]]);
    expect(connection.lease.connection).not.toBe(dbapiConnection);
  });
});

describe("the first connection", () => {
  const watched = () => {
    const order: string[] = [];
    const engine = createEngine("small://");
    const { dialect } = engine;
    const initialize = dialect.initialize.bind(dialect);
    dialect.initialize = function* (connection) {
      order.push("initialize");
      yield* initialize(connection);
    };
    return { engine, order };
  };

  it("is looked at by the dialect after firstConnect and what stands in front of connect, once for a pool", () => {
    const { engine, order } = watched();
    listen(engine, "connect", () => order.push("connect"));
    listen(engine, "connect", () => order.push("in front"), { insert: true });
    listen(engine, "firstConnect", () => order.push("firstConnect"));
    engine.connect().close();
    engine.connect().close();
    expect(order.splice(0)).toEqual(["firstConnect", "in front", "initialize", "connect"]);
    engine.dispose();
    engine.connect().close();
    expect(order).toEqual(["firstConnect", "in front", "initialize", "connect"]);
  });

  it("is looked at again where the first look failed", () => {
    const { engine, order } = watched();
    const { dialect } = engine;
    const initialize = dialect.initialize.bind(dialect);
    let failures = 1;
    dialect.initialize = function* (connection) {
      if (failures-- > 0) throw new Error("not yet");
      yield* initialize(connection);
    };
    expect(() => engine.connect()).toThrow("not yet");
    engine.connect().close();
    expect(order).toEqual(["initialize"]);
  });
});
