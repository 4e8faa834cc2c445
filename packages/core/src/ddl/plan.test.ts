import { call, runAsync, runSync, type Step } from "@athanor/driver";
import { describe, expect, it } from "vitest";
import {
  CheckFirst,
  type CheckKind,
  column,
  type DdlConnection,
  type DdlDialect,
  type DdlElement,
  type DdlOperation,
  DefaultDialect,
  ddl,
  defaultCapabilities,
  foreignKey,
  index,
  listen,
  MetaData,
  type NamedType,
  plannedStatements,
  runDdl,
  sequence,
  t,
  table,
} from "../index.ts";

/** A dialect with sequences, comments and types that live in the database. */
class RichDialect extends DefaultDialect {
  override readonly name = "rich";
  override readonly capabilities = { ...defaultCapabilities, sequences: true, optionalSequences: true, comments: true };
  namedTypeDdl(type: NamedType): ReturnType<NonNullable<DdlDialect["namedTypeDdl"]>> {
    if (type.name === undefined) return null;
    return {
      name: type.name,
      schema: type.schema ?? null,
      create: ddl(`CREATE TYPE ${type.name}`),
      drop: ddl(`DROP TYPE ${type.name}`),
    };
  }
}

const dialect = new RichDialect();

const text = (statement: DdlElement): string => statement.compile({ dialect }).sql.replaceAll(/\s+/g, " ").trim();

/** A database in which some things exist, and which notes what it is asked. */
class FakeConnection implements DdlConnection {
  readonly dialect = dialect;
  readonly log: string[] = [];
  readonly existing: ReadonlySet<string>;
  readonly forListeners: DdlConnection["forListeners"];
  readonly #wait: boolean;

  constructor(existing: readonly string[] = [], wait = false) {
    this.existing = new Set(existing);
    this.#wait = wait;
    this.forListeners = { dialect, execute: (statement: never) => this.log.push(`by event: ${text(statement)}`) };
  }

  effectiveSchema(schema: string | null): string | null {
    return schema;
  }

  *execute(statement: DdlElement): Step<unknown> {
    this.log.push(text(statement));
    return yield* call(this.#wait ? Promise.resolve() : undefined);
  }

  *exists(kind: CheckKind, name: string, schema: string | null): Step<boolean> {
    const found = yield* call(this.existing.has(`${kind}:${schema === null ? "" : `${schema}.`}${name}`));
    this.log.push(`${kind} ${name}? ${found}`);
    return found;
  }

  /** What `createAll()` and the like are called with. */
  get bind(): { _runDdl(operation: DdlOperation): void } {
    return { _runDdl: (operation) => runSync(runDdl(this, operation)) };
  }
}

function shop(): { metadata: MetaData; users: ReturnType<typeof make> } {
  const metadata = new MetaData();
  const make = () =>
    table("users", metadata, {
      id: column(t.integer, sequence("user_ids"), { primaryKey: true }),
      kind: column(t.enum("a", "b", { name: "kind" })),
      name: column(t.string(9), { index: true, comment: "shown" }),
    });
  table(
    "orders",
    metadata,
    { id: column(t.integer, { primaryKey: true }), userId: column("user_id", t.integer, foreignKey("users.id")) },
    { comment: "o" },
  );
  const users = make();
  return { metadata, users };
}

const create = { action: "create", tables: null } as const;

describe("createAll()", () => {
  it("makes types, sequences, tables, indexes and comments, in that order", () => {
    const { metadata } = shop();
    sequence("free", { metadata });
    sequence("optional", { metadata, optional: true });
    const connection = new FakeConnection();
    metadata.createAll(connection.bind, { checkfirst: false });
    expect(connection.log).toEqual([
      "CREATE TYPE kind",
      "CREATE SEQUENCE free",
      "CREATE SEQUENCE user_ids",
      "CREATE TABLE users ( id INTEGER NOT NULL, kind VARCHAR(1), name VARCHAR(9), PRIMARY KEY (id) )",
      "CREATE INDEX ix_users_name ON users (name)",
      "COMMENT ON COLUMN users.name IS 'shown'",
      "CREATE TABLE orders ( id INTEGER NOT NULL, user_id INTEGER, PRIMARY KEY (id), FOREIGN KEY(user_id) REFERENCES users (id) )",
      "COMMENT ON TABLE orders IS 'o'",
    ]);
  });

  it("leaves alone what is there", () => {
    const { metadata } = shop();
    const connection = new FakeConnection(["tables:users", "types:kind"]);
    metadata.createAll(connection.bind);
    expect(connection.log).toEqual([
      "tables orders? false",
      "tables users? true",
      "types kind? true",
      expect.stringContaining("CREATE TABLE orders"),
      "COMMENT ON TABLE orders IS 'o'",
    ]);
  });

  it("takes a choice of tables, and of what to look up", () => {
    const { metadata, users } = shop();
    const connection = new FakeConnection();
    const checkfirst: CheckFirst = CheckFirst.SEQUENCES;
    metadata.createAll(connection.bind, { tables: [users], checkfirst });
    expect(connection.log).toEqual([
      "CREATE TYPE kind",
      "sequences user_ids? false",
      "CREATE SEQUENCE user_ids",
      expect.stringContaining("CREATE TABLE users"),
      expect.any(String),
      expect.any(String),
    ]);
  });

  it("waits for asynchronous connections and listeners", async () => {
    const { metadata, users } = shop();
    const connection = new FakeConnection([], true);
    listen(users, "beforeCreate", async () => {
      await Promise.resolve();
      connection.log.push("listened");
    });
    await runAsync(runDdl(connection, { ...create, target: metadata, checkfirst: false }));
    expect(connection.log.slice(0, 3)).toEqual(["CREATE TYPE kind", "listened", "CREATE SEQUENCE user_ids"]);
  });
});

describe("types of the database", () => {
  it("are made once, wherever they are used, and by themselves", () => {
    const metadata = new MetaData({ schema: "app" });
    const shared = t.enum("x", { name: "shared", metadata });
    t.enum("y", { name: "unused", metadata });
    table("a", metadata, { one: column(shared), two: column(t.array(t.enum("z", { name: "inner" }))) });
    table("b", metadata, { one: column(shared) });
    const planned = plannedStatements({ ...create, target: metadata }, dialect);
    const types = planned.filter((statement) => statement.kind === "ddl").map(text);
    expect(types).toEqual(["CREATE TYPE shared", "CREATE TYPE unused", "CREATE TYPE inner"]);
    expect(shared.schema).toBe("app");
    const connection = new FakeConnection(["types:app.shared"]);
    connection.bind._runDdl({ action: "drop", target: shared, tables: null, checkfirst: true });
    expect(connection.log).toEqual(["types shared? true", "DROP TYPE shared"]);
  });

  it("follow a table into another schema", () => {
    const made = table(
      "t",
      new MetaData(),
      {
        a: column(t.enum("x", { name: "k", schema: "types" })),
        b: column(t.enum("x", { name: "l", inheritSchema: true })),
      },
      { schema: "own" },
    );
    const schemas = (owner: { readonly columnList: readonly { readonly type: unknown }[] }) =>
      owner.columnList.map(({ type }) => (type as NamedType).schema);
    expect(schemas(made)).toEqual(["types", "own"]);
    expect(schemas(made.toMetadata(new MetaData(), { schema: "copy" }))).toEqual(["copy", "copy"]);
    expect(schemas(made.toMetadata(new MetaData()))).toEqual(["types", "own"]);
  });
});

describe("dropAll()", () => {
  it("goes the other way", () => {
    const { metadata } = shop();
    const connection = new FakeConnection(["tables:users", "tables:orders", "sequences:user_ids"]);
    metadata.dropAll(connection.bind);
    expect(connection.log.filter((line) => !line.includes("?"))).toEqual([
      "DROP TABLE orders",
      "DROP TABLE users",
      "DROP SEQUENCE user_ids",
    ]);
  });
});

describe("single things", () => {
  it("are created and dropped by themselves", () => {
    const { metadata, users } = shop();
    const connection = new FakeConnection(["indexes:ix_two"]);
    users.create(connection.bind);
    users.drop(connection.bind);
    const [named] = users.indexes;
    named?.create(connection.bind, { checkfirst: true });
    index("ix_two", users.c.kind).create(connection.bind, { checkfirst: true });
    sequence("s").create(connection.bind);
    expect(connection.log.filter((line) => !line.startsWith("COMMENT"))).toEqual([
      "types kind? false",
      "CREATE TYPE kind",
      "CREATE SEQUENCE user_ids",
      expect.stringContaining("CREATE TABLE users"),
      "CREATE INDEX ix_users_name ON users (name)",
      "DROP TABLE users",
      "DROP SEQUENCE user_ids",
      "indexes ix_users_name? false",
      "CREATE INDEX ix_users_name ON users (name)",
      "indexes ix_two? true",
      "sequences s? false",
      "CREATE SEQUENCE s",
    ]);
    expect(metadata.has(users)).toBe(true);
  });
});

describe("events and conditions", () => {
  it("execute DDL around a table", () => {
    const metadata = new MetaData();
    const made = table("t", metadata, { a: column(t.integer) }, { schema: "app" });
    listen(
      made,
      "after_create",
      ddl("GRANT %(what)s ON %(fullname)s, %(table)s of %(schema)s", { context: { what: "ALL" } }),
    );
    listen(made, "beforeCreate", ddl("-- other").executeIf({ dialect: "postgresql" }));
    listen(
      made,
      "beforeCreate",
      ddl("-- mine").executeIf({ dialect: ["x", "rich"], callable: (_element, target) => target === made }),
    );
    const connection = new FakeConnection();
    metadata.createAll(connection.bind, { checkfirst: false });
    expect(connection.log).toEqual([
      "by event: -- mine",
      "CREATE TABLE app.t ( a INTEGER )",
      "by event: GRANT ALL ON app.t, t of app",
    ]);
  });

  it("tell listeners what it is about", () => {
    const { metadata, users } = shop();
    const seen: unknown[] = [];
    listen(metadata, "beforeCreate", (target, _connection, options) =>
      seen.push([target, options.tables?.map((each) => each.name), options.isMetadataOperation]),
    );
    listen(users, "afterDrop", (target, connection, options) =>
      seen.push([target, connection.dialect.name, options.isMetadataOperation]),
    );
    const connection = new FakeConnection();
    metadata.createAll(connection.bind, { checkfirst: false });
    users.drop(connection.bind);
    expect(seen).toEqual([
      [metadata, ["users", "orders"], true],
      [users, "rich", false],
    ]);
  });

  it("keep constraints and indexes from some dialects", () => {
    const made = table("t", new MetaData(), { a: column(t.integer, { unique: true }) });
    for (const constraint of made.constraints)
      if (constraint.kind === "uniqueConstraint") constraint.ddlIf({ dialect: "postgresql" });
    index("ix", made.c.a).ddlIf({ callable: () => false });
    expect(plannedStatements({ ...create, target: made }, dialect).map(text)).toEqual(["CREATE TABLE t ( a INTEGER )"]);
  });
});
