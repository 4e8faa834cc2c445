import type { CursorExecution } from "@athanor/core";
import {
  column,
  createEngine,
  createMockEngine,
  Engine,
  engineFromConfig,
  insert,
  listen,
  MetaData,
  NullPool,
  removeListener,
  select,
  t,
  table,
  text,
} from "@athanor/core";
import { describe, expect, it } from "vitest";
import { engineWithUsers, Lines, users } from "./story.ts";

describe("events", () => {
  it("tell of statements, and may change them", () => {
    const { engine } = engineWithUsers({}, "a", "b");
    const seen: string[] = [];
    listen(engine, "beforeExecute", (_connection, statement) => seen.push(`before ${statement.kind}`));
    listen(engine, "afterExecute", (_connection, _statement, _multiparams, _params, _options, result) =>
      seen.push(`after ${typeof result}`),
    );
    listen(engine, "beforeCursorExecute", (_connection, execution: CursorExecution) => {
      execution.statement = `/* traced */ ${execution.statement}`;
      execution.parameters = [2];
    });
    listen(engine, "afterCursorExecute", (_connection, execution: CursorExecution) =>
      seen.push(`${execution.statement.slice(0, 12)} ${execution.startedAt > 0}`),
    );
    using connection = engine.connect();
    const byId = select(users.c.name).where(users.c.id.eq(1));
    expect(connection.scalar(byId)).toBe("b");
    expect(connection.scalar(byId)).toBe("b");
    expect(seen.slice(0, 3)).toEqual(["before select", "/* traced */ true", "after object"]);
    expect(seen.length).toBe(6);
  });

  it("tell of transactions", () => {
    const { engine } = engineWithUsers();
    const seen: string[] = [];
    for (const name of [
      "begin",
      "commit",
      "rollback",
      "savepoint",
      "releaseSavepoint",
      "rollbackSavepoint",
      "engineConnect",
    ] as const)
      listen(engine, name, () => seen.push(name));
    engine.begin((connection) => {
      connection.beginNested(() => 1);
      connection.beginNested().rollback();
    });
    expect(seen).toEqual([
      "engineConnect",
      "begin",
      "savepoint",
      "releaseSavepoint",
      "savepoint",
      "rollbackSavepoint",
      "commit",
    ]);
  });

  it("may replace an error", () => {
    const { engine } = engineWithUsers({}, "a");
    listen(engine, "handleError", (context) => {
      expect(context.statement).toContain("INSERT");
      if (context.sqlalchemyException !== null) throw new RangeError("mine");
    });
    expect(() => engine.begin((connection) => connection.execute(insert(users).values({ name: "a" })))).toThrow(
      RangeError,
    );
  });

  it("are heard on the class, on an engine and on one connection", () => {
    const { engine } = engineWithUsers();
    const seen: string[] = [];
    const onClass = (): number => seen.push("class");
    listen(Engine, "beforeCursorExecute", onClass);
    try {
      using one = engine.connect();
      using other = engine.connect();
      listen(one, "beforeCursorExecute", () => seen.push("one"));
      one.execute(text("SELECT 1"));
      expect(seen).toEqual(["class", "one"]);
      expect(other.closed).toBe(false);
    } finally {
      removeListener(Engine, "beforeCursorExecute", onClass);
    }
  });

  it("may open the connection", () => {
    const engine = createEngine("small://", { poolclass: NullPool as never });
    const seen: unknown[] = [];
    listen(engine, "doConnect", (_dialect, _record, _cargs, cparams) => void seen.push(cparams));
    using connection = engine.connect();
    expect(connection.scalar(text("SELECT 1"))).toBe(1);
    expect(seen).toEqual([{ file: ":memory:" }]);
  });
});

describe("the log", () => {
  it("has SQLAlchemy's lines", () => {
    const { engine, log } = engineWithUsers();
    using connection = engine.connect();
    connection.execute(insert(users).values({ name: "x".repeat(400) }));
    connection.execute(select(users.c.id));
    connection.execute(select(users.c.id));
    connection.commit();
    const lines = log.take();
    expect(lines[0]).toBe("BEGIN (implicit)");
    expect(lines[1]).toBe("INSERT INTO users (name) VALUES (?)");
    expect(lines[2]).toMatch(/^\[generated in Ns\] \["x{150} \.\.\. \(100 characters truncated\) \.\.\. x{150}"\]$/);
    expect(lines.slice(3)).toEqual([
      "SELECT users.id \nFROM users",
      "[generated in Ns] []",
      "SELECT users.id \nFROM users",
      "[cached since Ns ago] []",
      "COMMIT",
    ]);
  });

  it("hides parameters, marks connections, shows rows", () => {
    const { engine, log } = engineWithUsers({ hideParameters: true, echo: "debug" }, "a");
    using connection = engine.connect().executionOptions({ loggingToken: "T" });
    connection.execute(select(users.c.id).where(users.c.name.eq("a")));
    expect(log.take()).toEqual([
      "[T] BEGIN (implicit)",
      "[T] SELECT users.id \nFROM users \nWHERE users.name = ?",
      "[T] [generated in Ns] [SQL parameters hidden due to hideParameters]",
      '[T] Col ["id"]',
      "[T] Row [1]",
    ]);
  });
});

describe("making engines", () => {
  it("reads a configuration", () => {
    const engine = engineFromConfig({ "db.url": "small://", "db.pool_size": "3", "db.echo": "false", other: 1 }, "db.");
    expect([engine.url.toString(), engine.name, engine.driver, engine.echo]).toEqual([
      "small://",
      "small",
      "small",
      false,
    ]);
    expect(() => engineFromConfig({})).toThrow(/no sqlalchemy.url/);
    const url = { "sqlalchemy.url": "small://" };
    const configured = engineFromConfig({
      ...url,
      "sqlalchemy.logging_name": "1",
      "sqlalchemy.echo": "debug",
      "sqlalchemy.hide_parameters": "yes",
      "sqlalchemy.pool_reset_on_return": "none",
      "sqlalchemy.isolation_level": "READ COMMITTED",
    });
    expect([configured.loggingName, configured.echo, configured.hideParameters]).toEqual(["1", true, true]);
    expect(configured.pool.options.resetOnReturn).toBeNull();
    // What the program says goes before it.
    const said = engineFromConfig({ "db.url": "small://", "db.echo": "true" }, { prefix: "db.", echo: false });
    expect(said.echo).toBe(false);
    for (const [name, value, message] of [
      ["pool_size", "many", 'sqlalchemy.pool_size is "many", which is no number'],
      ["echo", "banana", 'sqlalchemy.echo is "banana", but must be true or false or debug'],
      ["nope", "1", "Invalid option(s) 'nope'"],
    ])
      expect(() => engineFromConfig({ ...url, [`sqlalchemy.${name}`]: value })).toThrow(message);
  });

  it("names what is wrong", () => {
    expect(() => createEngine("small+slow://")).toThrow(
      "slow is an asynchronous driver: use createAsyncEngine() from @athanor/async",
    );
    expect(() => createEngine("nonsense://h/d")).toThrow(/Can't load the dialect "nonsense"/);
    expect(() => createEngine("oracle://h/d")).toThrow(/npm install @athanor\/dialect-oracle/);
    expect(() => createEngine("small+other://")).toThrow(/drivers are small, slow/);
    expect(() => createEngine("small://", { poolsize: 3 } as never)).toThrow(/Invalid option\(s\) 'poolsize'/);
    expect(() => createEngine({} as never)).toThrow(/needs a url/);
  });

  it("mocks one", () => {
    const statements: string[] = [];
    const metadata = new MetaData();
    table("t", metadata, { id: column(t.integer, { primaryKey: true }) });
    metadata.createAll(
      createMockEngine("small://", (statement) => statements.push(String(statement).replaceAll(/\s+/g, " ").trim())),
    );
    expect(statements).toEqual(["CREATE TABLE t ( id INTEGER NOT NULL, PRIMARY KEY (id) )"]);
  });

  it("creates and drops tables", () => {
    const { engine, log } = engineWithUsers();
    const metadata = new MetaData();
    const things = table("things", metadata, { id: column(t.integer, { primaryKey: true }) });
    metadata.createAll(engine);
    metadata.createAll(engine);
    expect(log.take().filter((line) => line.includes("CREATE TABLE")).length).toBe(1);
    engine.begin((connection) => things.drop(connection));
    metadata.dropAll(engine);
    expect(log.take().filter((line) => line.includes("DROP TABLE")).length).toBe(1);
    engine.dispose();
    expect(new Lines().take()).toEqual([]);
  });
});
