import {
  CreateEnginePlugin,
  column,
  createEngine,
  createPoolFromUrl,
  delete_,
  type Engine,
  exists,
  insert,
  listen,
  MetaData,
  onWarning,
  QueuePool,
  registerEnginePlugin,
  select,
  t,
  table,
  text,
  true_,
  URL,
  update,
} from "@athanor/core";
import { describe, expect, it } from "vitest";
import { engineWithUsers, Lines, users } from "./story.ts";

describe("plugins", () => {
  const seen: string[] = [];
  class Level extends CreateEnginePlugin {
    readonly level: unknown;
    constructor(url: URL, options: Record<string, unknown>) {
      super(url, options);
      this.level = url.query["level"] ?? options["level"];
      delete options["level"];
    }
    override updateUrl(url: URL): URL {
      return url.differenceUpdateQuery(["level"]);
    }
    override handleDialectKwargs(dialect: string, connectArgs: Record<string, unknown>): void {
      connectArgs["file"] = ":memory:";
      seen.push(`${dialect} ${String(this.level)}`);
    }
    override handlePoolKwargs(options: Record<string, unknown>): void {
      options["poolSize"] = 2;
    }
    override engineCreated(engine: object): void {
      seen.push(engine.constructor.name);
      listen(engine as Engine, "engineConnect", () => seen.push("connected"));
    }
  }
  registerEnginePlugin("level", Level);

  it("are named in the URL or in the options, and change both", () => {
    for (const make of [
      () => createEngine("small://?plugin=level&level=3"),
      () => createEngine("small://", { plugins: ["level"], level: 3 } as never),
      () => createEngine("small://", { plugins: [Level], level: 3 } as never),
    ]) {
      const engine = make();
      expect(seen.splice(0)).toEqual(["small 3", "Engine"]);
      engine.connect().close();
      expect(seen.splice(0)).toEqual(["connected"]);
      expect(String(engine.url)).toBe("small://");
      expect(engine.pool.options).toMatchObject({ poolSize: 2 });
    }
  });

  it("that nobody registered are named", () => {
    expect(() => createEngine("small://?plugin=nobody")).toThrow(
      /Can't load the engine plugin nobody.*registered are level/,
    );
  });
});

describe("options of an engine", () => {
  it("limit names for good", () => {
    const engine = createEngine("small://", { labelLength: 10, maxIdentifierLength: 40 });
    engine.connect().close();
    engine.dialect.capabilities satisfies object;
    expect(engine.dialect.capabilities).toMatchObject({ labelLength: 10, maxIdentifierLength: 40 });
    expect(() => createEngine("small://", { labelLength: 50, maxIdentifierLength: 40 })).toThrow(/Label length of 50/);
  });

  it("write and read JSON by functions of one's own", () => {
    const engine = createEngine("small://", {
      jsonSerializer: (value) => JSON.stringify({ wrapped: value }),
      jsonDeserializer: (given) => ({ read: JSON.parse(given) as unknown }),
    });
    const metadata = new MetaData();
    const docs = table("docs", metadata, { id: column(t.integer, { primaryKey: true }), doc: column(t.json) });
    engine.begin((connection) => {
      metadata.createAll(connection);
      connection.execute(insert(docs).values({ doc: { a: 1 } }));
      expect(connection.scalar(text("SELECT doc FROM docs"))).toBe('{"wrapped":{"a":1}}');
      expect(connection.scalar(select(docs.c.doc))).toEqual({ read: { wrapped: { a: 1 } } });
    });
  });

  it("name the loggers", () => {
    const lines: string[] = [];
    const { log } = console;
    console.log = (line: string) => void lines.push(line);
    try {
      const engine = createEngine("small://", {
        echo: true,
        echoPool: "debug",
        loggingName: "one",
        poolLoggingName: "two",
      });
      engine.connect().close();
      const named = createEngine("small://", { echo: true });
      named.begin((connection) => connection.execute(text("SELECT 1")));
      expect(engine.loggingName).toBe("one");
    } finally {
      console.log = log;
    }
    expect(
      lines.some((line) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} DEBUG athanor\.pool\.Pool\.two /.test(line)),
    ).toBe(true);
    expect(lines.some((line) => line.includes("INFO athanor.engine.Engine SELECT 1"))).toBe(true);
  });

  it("may be switched: echo, execution options", () => {
    const logger = new Lines();
    const engine = createEngine("small://", { logger });
    engine.echo = false;
    engine.begin((connection) => connection.execute(text("SELECT 1")));
    engine.updateExecutionOptions({ loggingToken: "later" });
    const seen: unknown[] = [];
    listen(engine, "setEngineExecutionOptions", (given, options) => seen.push([given === engine, options]));
    engine.updateExecutionOptions({ mine: 1 });
    const other = engine.executionOptions({ mine: 2 });
    using connection = engine.connect();
    expect(connection.getExecutionOptions()).toEqual({ loggingToken: "later", mine: 1 });
    expect(other.getExecutionOptions()).toEqual({ loggingToken: "later", mine: 2 });
    expect(seen).toEqual([
      [true, { mine: 1 }],
      [false, { mine: 2 }],
    ]);
    expect(engine.engine).toBe(engine);
  });
});

describe("a raw connection", () => {
  it("is the pool's, without an engine's services", () => {
    const { engine, log } = engineWithUsers({}, "a");
    {
      using raw = engine.rawConnection();
      raw.begin();
      raw.execute("INSERT INTO users (name) VALUES (?)", ["b"]);
      raw.rollback();
      expect(raw.execute("SELECT name FROM users").rows).toEqual([["a"]]);
      raw.info["mine"] = 1;
      expect([raw.isValid, raw.driverConnection, raw.connectionRecord?.inUse]).toEqual([true, expect.anything(), true]);
    }
    expect(log.take()).toEqual([]);
    using connection = engine.connect();
    expect(connection.info["mine"]).toBe(1);
    expect(connection.connection.dbapiConnection).toBe(connection.lease.connection);
  });

  it("can be given up or taken out", () => {
    const { engine } = engineWithUsers();
    const raw = engine.rawConnection();
    raw.invalidate();
    expect(raw.isValid).toBe(false);
    raw.close();
    const other = engine.rawConnection();
    other.detach();
    expect(other.recordInfo).toBeNull();
    other.close();
    expect(() => other.dbapiConnection).toThrow();
  });
});

describe("execution options", () => {
  it("driverColumnNames keys rows by the driver's names", () => {
    const { engine } = engineWithUsers({}, "a");
    const people = table("users", new MetaData(), { ident: column("id", t.integer), shout: column("name", t.string) });
    using connection = engine.connect();
    const [plain] = connection.execute(select(people)).all();
    expect(Object.keys(plain as object)).toEqual(["ident", "shout"]);
    const [row] = connection.execute(select(people), {}, { driverColumnNames: true }).all();
    expect(row).toEqual({ id: 1, name: "a" });
    const [streamed] = connection.stream(select(people), {}, { driverColumnNames: true }).all();
    expect(streamed).toEqual({ id: 1, name: "a" });
    const twice = select(users.c.name, users.c.name.label("other"));
    expect(connection.execute(twice, {}, { driverColumnNames: true }).keys()).toEqual(["name", "other"]);
  });

  it("preserveRowcount: the count is there whatever the statement", () => {
    const { engine } = engineWithUsers({}, "a", "b", "c");
    using connection = engine.connect().executionOptions({ preserveRowcount: true });
    expect(connection.execute(select(users.c.id)).rowcount).toBe(3);
    expect(connection.execute(insert(users), [{ name: "d" }, { name: "e" }]).rowcount).toBe(2);
    expect(connection.execute(insert(users).returning(users.c.id), [{ name: "f" }, { name: "g" }]).rowcount).toBe(2);
    expect(connection.execute(update(users).values({ age: 1 })).rowcount).toBe(7);
    expect(connection.execute(delete_(users)).rowcount).toBe(7);
  });

  it("compiledCache takes another cache, or none", () => {
    const { engine, log } = engineWithUsers();
    const cache = new Map<string, unknown>();
    using connection = engine.connect();
    const statement = (): ReturnType<typeof select> => select(users.c.id).where(users.c.name.eq("x"));
    connection.execute(statement(), {}, { compiledCache: cache });
    connection.execute(statement(), {}, { compiledCache: cache });
    connection.execute(statement(), {}, { compiledCache: null });
    expect(cache.size).toBe(1);
    expect(log.take().filter((line) => line.startsWith("["))).toEqual([
      '[generated in Ns] ["x"]',
      '[cached since Ns ago] ["x"]',
      '[caching disabled Ns] ["x"]',
    ]);
  });

  it("insertmanyvaluesPageSize at every level", () => {
    const { engine, log } = engineWithUsers({ insertmanyvaluesPageSize: 4 });
    const sets = (prefix: string): { name: string }[] =>
      Array.from({ length: 8 }, (_, index) => ({ name: `${prefix}${index}` }));
    const statement = insert(users).returning(users.c.id);
    const batches = (): string[] =>
      log.take().flatMap((line) => /\(insertmanyvalues\) (\d+\/\d+)/.exec(line)?.[1] ?? []);
    using connection = engine.connect();
    connection.execute(statement, sets("a"));
    expect(batches()).toEqual(["1/2", "2/2"]);
    connection.execute(statement.executionOptions({ insertmanyvaluesPageSize: 2 }), sets("c"));
    expect(batches().length).toBe(4);
    connection.executionOptions({ insertmanyvaluesPageSize: 8 }).execute(statement, sets("b"));
    expect(batches()).toEqual(["1/1"]);
    // What the connection was told goes before what the statement brings; the execution goes before both.
    connection.execute(statement.executionOptions({ insertmanyvaluesPageSize: 2 }), sets("e"));
    expect(batches()).toEqual(["1/1"]);
    connection.execute(statement, sets("d"), { insertmanyvaluesPageSize: 1 });
    expect(batches().length).toBe(8);
  });

  it("enableFromLinting warns of FROM elements that nothing connects", () => {
    const said: string[] = [];
    const restore = onWarning((message) => said.push(message));
    try {
      const other = users.alias("other");
      const apart = select(users.c.id, other.c.id);
      const { engine } = engineWithUsers();
      using connection = engine.connect();
      connection.execute(apart);
      connection.execute(apart.where(users.c.age.eq(1)));
      expect(said.splice(0)).toEqual(
        Array(2).fill(
          'SELECT statement has a cartesian product between FROM element(s) "other" and FROM element "users".  Apply join condition(s) between each element to resolve.',
        ),
      );
      // Told once, when it is compiled; a condition between them or a join to true says that it is meant.
      connection.execute(apart);
      connection.execute(apart.where(users.c.id.lt(other.c.id)));
      connection.execute(select(users.c.id).join(other, true_()));
      connection.execute(select(users.c.id).where(exists(select(other.c.id).where(other.c.id.eq(users.c.age)))));
      expect(said).toEqual([]);
      const quiet = engineWithUsers({ enableFromLinting: false }).engine;
      quiet.begin((silent) => void silent.execute(apart));
      expect(said).toEqual([]);
    } finally {
      restore();
    }
  });

  it("schemaTranslateMap tells where an object is", () => {
    const { engine } = engineWithUsers();
    using connection = engine.connect().executionOptions({ schemaTranslateMap: { null: "mine", a: "b" } });
    expect(connection.schemaForObject(users)).toBe("mine");
    expect(connection.schemaForObject({ schema: "a" })).toBe("b");
    expect(connection.schemaForObject({ schema: "z" })).toBe("z");
  });
});

describe("URL.updateQuery…", () => {
  const url = URL.create("small", { query: { a: "1", b: ["2", "3"] } });
  it("takes text, pairs and objects", () => {
    expect(String(url.updateQueryString("a=5&c=x+y"))).toBe("small://?a=5&b=2&b=3&c=x+y");
    expect(String(url.updateQueryString("a=5", { append: true }))).toBe("small://?a=1&a=5&b=2&b=3");
    expect(
      String(
        url.updateQueryPairs([
          ["c", "1"],
          ["c", "2"],
        ]),
      ),
    ).toBe("small://?a=1&b=2&b=3&c=1&c=2");
    expect(String(url.updateQueryDict({ b: "9" }, { append: true }))).toBe("small://?a=1&b=2&b=3&b=9");
    expect(url.differenceUpdateQuery(["nothing"])).toBe(url);
  });
});

describe("statementTags", () => {
  const sent = (engine: Engine): string[] => {
    const seen: string[] = [];
    listen(engine, "beforeCursorExecute", (_connection, _cursor, statement) => {
      seen.push(statement);
    });
    return seen;
  };

  it("stand behind every statement, sorted and encoded", () => {
    const { engine } = engineWithUsers({
      statementTags: { route: "/users/:id?x='*/ DROP", application: "shop", nothing: null, "a key": 5 },
    });
    const seen = sent(engine);
    engine.begin((connection) => {
      connection.execute(insert(users), [{ name: "Ann" }, { name: "Bob" }]);
      connection.beginNested(() => connection.execDriverSql("SELECT ?", [1]));
      expect(connection.scalar(select(users.c.name).where(users.c.name.eq("Bob")))).toBe("Bob");
    });
    const comment = "/*a%20key='5',application='shop',route='%2Fusers%2F%3Aid%3Fx%3D%27%2A%2F%20DROP'*/";
    expect(seen.length).toBe(5);
    for (const statement of seen) expect(statement.endsWith(` ${comment}`)).toBe(true);
    engine.dispose();
  });

  it("are asked for anew where they are a function, and spare a statement with a comment", () => {
    let route: string | undefined = "/a";
    const { engine } = engineWithUsers({ statementTags: () => ({ route }) });
    const seen = sent(engine);
    using connection = engine.connect();
    connection.execDriverSql("SELECT 1");
    route = "/b";
    connection.execDriverSql("SELECT 1");
    connection.execDriverSql("SELECT /* mine */ 1");
    route = undefined;
    connection.execDriverSql("SELECT 1");
    expect(seen).toEqual(["SELECT 1 /*route='%2Fa'*/", "SELECT 1 /*route='%2Fb'*/", "SELECT /* mine */ 1", "SELECT 1"]);
  });

  it("must be tags", () => {
    expect(() => createEngine("small://", { statementTags: "x" as never })).toThrow(/statementTags is "x"/);
  });
});

describe("slowStatement", () => {
  class Warnings extends Lines {
    readonly warnings: string[] = [];
    warn(message: string): void {
      this.warnings.push(message);
    }
  }

  it("logs what takes that long, failures too", () => {
    const logger = new Warnings();
    const { engine } = engineWithUsers({ logger, slowStatement: 0 }, "Ann");
    logger.warnings.length = 0;
    using connection = engine.connect();
    connection.execute(select(users.c.id).where(users.c.name.eq("Ann")));
    expect(() => connection.execDriverSql("SELECT missing")).toThrow(/no such column/);
    expect(logger.warnings.map((line) => line.replace(/\d+ ms/, "N ms"))).toEqual([
      "slow statement: SELECT users.id \nFROM users \nWHERE users.name = ?",
      '[N ms] ["Ann"]',
      "slow statement: SELECT missing",
      "[N ms, failed] []",
    ]);
  });

  it("says nothing of quick ones, and hides parameters where that is asked for", () => {
    const logger = new Warnings();
    const { engine } = engineWithUsers({ logger, slowStatement: 60_000 }, "Ann");
    engine.begin((connection) => connection.execute(select(users)));
    expect(logger.warnings).toEqual([]);
    const hidden = engineWithUsers({ logger, slowStatement: 0, hideParameters: true }, "Ann");
    logger.warnings.length = 0;
    hidden.engine.begin((connection) => connection.execute(select(users).where(users.c.name.eq("secret"))));
    expect(logger.warnings.join()).toContain("parameters hidden");
    expect(logger.warnings.join()).not.toContain("secret");
    expect(() => createEngine("small://", { slowStatement: -1 })).toThrow(/slowStatement is -1/);
  });
});

describe("createPoolFromUrl()", () => {
  it("makes the pool of an engine, by the names of pools and by those of engines", () => {
    const pool = createPoolFromUrl("small://", {
      poolclass: QueuePool,
      poolSize: 2,
      maxOverflow: 1,
      timeout: 7,
      recycle: 9,
      prePing: true,
    });
    expect(pool).toBeInstanceOf(QueuePool);
    expect(pool.status()).toMatch(/Pool size: 2/);
    const engine = createEngine("small://", { pool });
    using connection = engine.connect();
    expect(pool.status()).toMatch(/Current Checked out connections: 1/);
    expect(connection.scalar(select(true_()))).toBe(true);
    expect(() => createPoolFromUrl("small://", { recycl: 9 } as object)).toThrow(/Invalid option\(s\) 'recycl'/);
  });
});

it("a default function reads the parameters of its row, in either form", () => {
  const metadata = new MetaData();
  const items = table("items", metadata, {
    id: column(t.integer, { primaryKey: true }),
    counter: column(t.integer),
    twelve: column("plus_twelve", t.integer, {
      default: (context) => (context.getCurrentParameters()["counter"] as number) + 12,
    }),
    one: column(t.integer, { default: (context) => (context.currentParameters["counter"] as number) + 1 }),
  });
  const engine = createEngine("small://");
  metadata.createAll(engine);
  using connection = engine.connect();
  connection.execute(insert(items), [{ counter: 1 }, { counter: 2 }]);
  expect(
    connection
      .execute(select(items.c.twelve, items.c.one))
      .all()
      .map((row) => [...row]),
  ).toEqual([
    [13, 2],
    [14, 3],
  ]);
});

describe("poolUseLifo", () => {
  /** The numbers of the connections that two checkouts after each other got, both having been used before. */
  function order(poolUseLifo: boolean): number[] {
    const engine = createEngine("small://", { poolclass: QueuePool, poolSize: 2, poolUseLifo });
    const taken: number[] = [];
    let made = 0;
    listen(engine, "connect", (_connection, record) => void (record.info["number"] = ++made));
    const [first, second] = [engine.connect(), engine.connect()];
    first.close();
    second.close();
    listen(engine, "checkout", (_connection, record) => void taken.push(record.info["number"] as number));
    for (let each = 0; each < 2; each += 1) engine.connect().close();
    engine.dispose();
    return taken;
  }

  it("hands out the connection that came back last, or the one that came back first", () => {
    expect(order(true)).toEqual([2, 2]);
    expect(order(false)).toEqual([1, 2]);
  });
});

it("engineDisposed tells that an engine let its connections go", () => {
  const engine = createEngine("small://");
  const seen: unknown[] = [];
  listen(engine, "engineDisposed", (disposed) => seen.push(disposed));
  engine.connect().close();
  engine.dispose();
  expect(seen).toEqual([engine]);
});

it("a preset gives the pool its options", () => {
  const { pool, core } = createEngine("small://", { preset: "serverless", poolclass: QueuePool });
  expect([(pool as QueuePool).size(), core.options.maxOverflow, core.options.poolPrePing]).toEqual([1, 2, true]);
  expect(() => createEngine("small://", { preset: "edge" as never })).toThrow(/no preset 'edge'/);
});
