/** Inspectors, autoload and metadata.reflect(): how they behave, on SQLite. What every form looks like: ./reflection-gate.test.ts. */
import {
  BLANK_SCHEMA,
  Column,
  type Connection,
  column,
  createEngine,
  type Engine,
  foreignKey,
  Integer,
  InvalidRequestError,
  inspect,
  listen,
  MetaData,
  NoSuchTableError,
  ObjectKind,
  ObjectScope,
  onWarning,
  select,
  t,
  table,
  text,
} from "@athanor/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import "../src/index.ts";

let engine: Engine;
let connection: Connection;
let statements: string[] = [];

beforeEach(() => {
  engine = createEngine("sqlite://");
  connection = engine.connect();
  for (const sql of [
    `CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(30) NOT NULL DEFAULT 'x', email VARCHAR(60), CONSTRAINT uq_email UNIQUE (email), CONSTRAINT ck_name CHECK (name <> ''))`,
    `CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, total NUMERIC(10, 2), CONSTRAINT fk_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE)`,
    `CREATE TABLE items (order_id INTEGER REFERENCES orders, place INTEGER, PRIMARY KEY (order_id, place))`,
    `CREATE INDEX ix_total ON orders (total)`,
    `CREATE VIEW rich AS SELECT id, total FROM orders WHERE total > 100`,
    `CREATE TEMP TABLE scratch (id INTEGER PRIMARY KEY)`,
    `CREATE TEMP VIEW passing AS SELECT id FROM orders`,
    `ATTACH ':memory:' AS aux`,
    `CREATE TABLE aux.things (id INTEGER PRIMARY KEY, name TEXT)`,
  ])
    connection.execDriverSql(sql);
  connection.commit();
  statements = [];
  listen(engine, "beforeCursorExecute", (_connection: unknown, execution: { readonly statement: string }) => {
    statements.push(execution.statement);
  });
});

afterEach(() => {
  connection.close();
  engine.dispose();
});

describe("an inspector", () => {
  test("lists what there is", () => {
    const inspector = inspect(connection);
    expect(inspector.getSchemaNames()).toEqual(["main", "aux"]);
    expect(inspector.getTableNames()).toEqual(["items", "orders", "users"]);
    expect(inspector.getTableNames("aux")).toEqual(["things"]);
    expect(inspector.getTableNames({ schema: "aux" })).toEqual(["things"]);
    expect(inspector.getTempTableNames()).toEqual(["scratch"]);
    expect(inspector.getViewNames()).toEqual(["rich"]);
    expect(inspector.getTempViewNames()).toEqual(["passing"]);
    expect(inspector.getMaterializedViewNames()).toEqual([]);
    expect(inspector.getViewDefinition("rich")).toContain("WHERE total > 100");
    expect(inspector.hasTable("users")).toBe(true);
    expect(inspector.hasTable("rich")).toBe(true);
    expect(inspector.hasTable("scratch")).toBe(true);
    expect(inspector.hasTable("nothing")).toBe(false);
    expect(inspector.hasTable("users", { schema: "aux" })).toBe(false);
    expect(inspector.hasIndex("orders", "ix_total")).toBe(true);
    expect(inspector.hasIndex("nothing", "ix_total")).toBe(false);
    expect(inspector.hasSchema("aux")).toBe(true);
    expect(inspector.hasSequence("s")).toBe(false);
    expect(inspector.engine).toBe(engine);
  });

  test("describes a table", () => {
    const inspector = inspect(connection);
    const [id, name] = inspector.getColumns("users");
    expect(id).toMatchObject({ name: "id", nullable: false, default: null, primaryKey: 1 });
    expect(id?.type).toBeInstanceOf(Integer);
    expect(name).toMatchObject({ name: "name", nullable: false, default: "'x'" });
    expect(String(name?.type)).toBe("VARCHAR(30)");
    expect(inspector.getPkConstraint("users")).toEqual({ constrainedColumns: ["id"], name: null });
    expect(inspector.getPkConstraint("items").constrainedColumns).toEqual(["order_id", "place"]);
    expect(inspector.getForeignKeys("orders")).toEqual([
      {
        name: "fk_user",
        constrainedColumns: ["user_id"],
        referredSchema: null,
        referredTable: "users",
        referredColumns: ["id"],
        options: { ondelete: "CASCADE" },
      },
    ]);
    expect(inspector.getForeignKeys("items")[0]).toMatchObject({ referredTable: "orders", referredColumns: ["id"] });
    expect(inspector.getUniqueConstraints("users")).toEqual([{ name: "uq_email", columnNames: ["email"] }]);
    expect(inspector.getCheckConstraints("users")).toEqual([{ name: "ck_name", sqltext: "name <> ''" }]);
    expect(inspector.getIndexes("orders")).toEqual([
      { name: "ix_total", columnNames: ["total"], unique: false, dialectOptions: {} },
    ]);
    expect(inspector.getTableOptions("users")).toEqual({});
    expect(inspector.getColumns("rich").map((each) => each.name)).toEqual(["id", "total"]);
  });

  test("names what is not there, and what the database does not have", () => {
    const inspector = inspect(connection);
    for (const ask of [
      () => inspector.getColumns("nothing", "aux"),
      () => inspector.getPkConstraint("nothing", "aux"),
      () => inspector.getTableOptions("nothing", "aux"),
      () => inspector.getViewDefinition("nothing", "aux"),
    ]) {
      expect(ask).toThrow(NoSuchTableError);
      expect(ask).toThrow("aux.nothing");
    }
    expect(() => inspector.getTableComment("users")).toThrow("The sqlite dialect has no table comments to inspect");
    expect(() => inspector.getEnums()).toThrow(InvalidRequestError);
    expect(() => inspector.getMultiColumns({ kind: 9 })).toThrow("ObjectKind");
    expect(() => inspect(new MetaData() as never)).toThrow("No inspection system is available");
  });

  test("answers about many tables in a fixed number of queries", () => {
    const inspector = inspect(connection);
    const keys = inspector.getMultiForeignKeys();
    expect([...keys.keys()]).toEqual(["items", "orders", "users"]);
    expect(keys.get("users")).toEqual([]);
    statements = [];
    const columns = inspector.getMultiColumns({ kind: ObjectKind.ANY, scope: ObjectScope.ANY });
    expect([...columns.keys()]).toEqual(["items", "orders", "passing", "rich", "scratch", "users"]);
    // One for the columns of each database; that of the names was asked before for one of the two.
    expect(statements).toHaveLength(3);
    expect([...inspector.getMultiColumns({ schema: "aux" }).keys()]).toEqual(["aux.things"]);
    expect([...inspector.getMultiIndexes({ filterNames: ["orders", "nothing"] }).keys()]).toEqual(["orders"]);
    expect([...inspector.getMultiColumns({ filterNames: [] }).keys()]).toEqual([]);
    expect([...inspector.getMultiColumns({ kind: ObjectKind.VIEW, scope: ObjectScope.TEMPORARY }).keys()]).toEqual([
      "passing",
    ]);
  });

  test("remembers until its cache is cleared", () => {
    const inspector = inspect(connection);
    inspector.getColumns("users");
    statements = [];
    inspector.getColumns("users");
    expect(statements).toEqual([]);
    connection.execDriverSql("ALTER TABLE users ADD COLUMN age INTEGER");
    expect(inspector.getColumns("users")).toHaveLength(3);
    inspector.clearCache();
    expect(inspector.getColumns("users").map((each) => each.name)).toEqual(["id", "name", "email", "age"]);
  });

  test("sorts tables by their foreign keys", () => {
    connection.execDriverSql(
      "CREATE TABLE a (id INTEGER PRIMARY KEY, b INTEGER, CONSTRAINT fk_b FOREIGN KEY (b) REFERENCES b (id))",
    );
    connection.execDriverSql(
      "CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER, CONSTRAINT fk_a FOREIGN KEY (a) REFERENCES a (id))",
    );
    expect(inspect(connection).getSortedTableAndFkcNames()).toEqual([
      ["a", []],
      ["b", []],
      ["users", []],
      ["orders", [["orders", "fk_user"]]],
      ["items", [["items", null]]],
      [null, [["a", "fk_a"].length === 2 ? ["a", "fk_b"] : [], ["b", "fk_a"]]],
    ]);
  });

  test("of an engine takes a connection for each question", () => {
    connection.close();
    const inspector = inspect(engine);
    expect(inspector.getTableNames()).toContain("users");
    const metadata = new MetaData();
    inspector.reflectTable(table("users", metadata, {}));
    expect(metadata.tables.get("users")?.columnList).toHaveLength(3);
  });
});

describe("autoloadWith", () => {
  test("reads the columns, and the tables referred to", () => {
    const metadata = new MetaData();
    const orders = table("orders", metadata, { autoloadWith: connection });
    expect([...metadata.tables.keys()]).toEqual(["orders", "users"]);
    expect(orders.c["user_id"]?.references(metadata.tables.get("users")?.columnList[0] as Column)).toBe(true);
    expect(String(select(orders.c["id"] as Column).compile())).toBe("SELECT orders.id \nFROM orders");
    expect([...orders.indexes].map((index) => index.name)).toEqual(["ix_total"]);
  });

  test("leaves tables out that foreign keys refer to", () => {
    const metadata = new MetaData();
    table("orders", metadata, { autoloadWith: engine, resolveFks: false });
    expect([...metadata.tables.keys()]).toEqual(["orders"]);
  });

  test("gives way to columns of the program", () => {
    const metadata = new MetaData();
    const orders = table(
      "orders",
      metadata,
      {
        id: column(t.bigInteger, { primaryKey: true }),
        owner: column("user_id", t.string(5), foreignKey("users.email")),
      },
      { autoloadWith: connection },
    );
    expect(orders.columnList.map((each) => [each.key, String(each.type)])).toEqual([
      ["id", "BIGINT"],
      ["total", "NUMERIC(10, 2)"],
      ["owner", "VARCHAR(5)"],
    ]);
    expect([...orders.foreignKeys].map((key) => key.targetFullname)).toEqual(["users.email"]);
  });

  test("reads only some columns", () => {
    const users = table("users", new MetaData(), { autoloadWith: connection, includeColumns: ["id", "name"] });
    expect(users.columnList.map((each) => each.name)).toEqual(["id", "name"]);
    expect(users.foreignKeyConstraints).toEqual([]);
    expect(inspect(connection).defaultSchemaName).toBe("main");
  });

  test("leaves indexes over columns that are not included out, without a word", () => {
    const warnings: string[] = [];
    const restore = onWarning((message) => warnings.push(message));
    connection.execDriverSql("CREATE TABLE narrow (a INTEGER, b INTEGER)");
    connection.execDriverSql("CREATE INDEX ix_both ON narrow (a, b)");
    connection.execDriverSql("CREATE INDEX ix_one ON narrow (a)");
    const narrow = table("narrow", new MetaData(), { autoloadWith: connection, includeColumns: ["a"] });
    restore();
    expect([...narrow.indexes].map(({ name }) => name)).toEqual(["ix_one"]);
    expect(warnings).toEqual([]);
  });

  test("keeps a foreign key to a table that is not there, which SQLite allows", () => {
    connection.execDriverSql("CREATE TABLE dangling (id INTEGER REFERENCES nowhere (id))");
    const metadata = new MetaData();
    const dangling = table("dangling", metadata, { autoloadWith: connection });
    expect([...(dangling.c.id?.foreignKeys ?? [])].map(({ targetFullname }) => targetFullname)).toEqual(["nowhere.id"]);
    expect([...metadata.tables.keys()]).toEqual(["dangling"]);
  });

  test("extends a table, with or without replacing columns", () => {
    const metadata = new MetaData();
    const users = table("users", metadata, { id: column(t.bigInteger, { primaryKey: true }), other: column(t.date) });
    table("users", metadata, { autoloadWith: connection, extendExisting: true, autoloadReplace: false });
    expect(users.columnList.map((each) => `${each.name} ${each.type}`)).toEqual([
      "id BIGINT",
      "other DATE",
      "name VARCHAR(30)",
      "email VARCHAR(60)",
    ]);
    table("users", metadata, { autoloadWith: connection, extendExisting: true });
    expect(String(users.columnList.find((each) => each.name === "id")?.type)).toBe("INTEGER");
    // Constraints that were read before are not there twice.
    expect(users.sortedConstraints.map((each) => each.name).filter((name) => name !== null)).toEqual([
      "uq_email",
      "ck_name",
    ]);
  });

  test("of a table that is not there leaves the MetaData alone", () => {
    const metadata = new MetaData();
    expect(() => table("nothing", metadata, { autoloadWith: engine })).toThrow(NoSuchTableError);
    expect(metadata.tables.size).toBe(0);
  });

  test("tells listeners of the table and of the MetaData what was found, who may change it", () => {
    const metadata = new MetaData();
    const heard: string[] = [];
    listen(metadata, "columnReflect", (_inspector, owner, info) => {
      heard.push(`${owner.name}.${info.name}`);
      info.key = `the_${info.name}`;
    });
    const orders = table("orders", metadata, {
      autoloadWith: connection,
      listeners: [
        [
          "columnReflect",
          (_inspector: unknown, _table: unknown, info: { name: string; type: unknown; info?: object }) => {
            if (info.name === "total") info.type = t.float();
            info.info = { read: true };
          },
        ],
      ],
    });
    expect(heard).toEqual(["orders.id", "orders.user_id", "orders.total", "users.id", "users.name", "users.email"]);
    expect(Object.keys(orders.c)).toEqual(["the_id", "the_user_id", "the_total"]);
    expect(String(orders.c["the_total"]?.type)).toBe("FLOAT");
    expect(orders.c["the_id"]?.info).toEqual({ read: true });
    expect(orders.primaryKey.columns.map((each) => each.key)).toEqual(["the_id"]);
    expect(orders.foreignKeys[0]?.column).toBe(metadata.tables.get("users")?.columnList[0]);
  });

  test("keeps text of the database that looks like a parameter", () => {
    connection.execDriverSql(`CREATE TABLE odd (a TEXT DEFAULT 'at :noon\\:x', CHECK (a <> ':never'))`);
    const metadata = new MetaData();
    const odd = table("odd", metadata, { autoloadWith: connection });
    connection.execDriverSql("DROP TABLE odd");
    odd.create(connection);
    connection.execDriverSql("INSERT INTO odd DEFAULT VALUES");
    expect(connection.scalar(text("SELECT a FROM odd"))).toBe("at :noon\\:x");
    expect(() => connection.execDriverSql("INSERT INTO odd VALUES (':never')")).toThrow("CHECK");
  });
});

describe("metadata.reflect()", () => {
  test("reads all tables, and views where asked", () => {
    const metadata = new MetaData();
    metadata.reflect(connection);
    expect([...metadata.tables.keys()].sort()).toEqual(["items", "orders", "users"]);
    metadata.reflect(connection, { views: true });
    expect(metadata.has("rich")).toBe(true);
    expect(metadata.sortedTables.map((each) => each.name)).toEqual(["rich", "users", "orders", "items"]);
  });

  test("needs no more queries for more tables", () => {
    const count = (): number => {
      statements = [];
      new MetaData().reflect(connection);
      return statements.length;
    };
    const few = count();
    for (let number = 0; number < 20; number++)
      connection.execDriverSql(`CREATE TABLE t${number} (id INTEGER PRIMARY KEY, u INTEGER REFERENCES users (id))`);
    expect(count()).toBe(few);
    expect(few).toBeLessThan(6);
  });

  test("reads what is asked for, and what that refers to", () => {
    const named = new MetaData();
    named.reflect(connection, { only: ["orders"] });
    expect([...named.tables.keys()]).toEqual(["orders", "users"]);
    const chosen = new MetaData();
    chosen.reflect(connection, {
      only: (name, metadata) => metadata === chosen && name.startsWith("o"),
      resolveFks: false,
    });
    expect([...chosen.tables.keys()]).toEqual(["orders"]);
    expect(() => new MetaData().reflect(connection, { only: ["users", "nothing", "rich"] })).toThrow(
      "requested table(s) not available in sqlite database: (nothing, rich)",
    );
  });

  test("reads other schemas, and the MetaData's own", () => {
    const other = new MetaData();
    other.reflect(connection, { schema: "aux" });
    expect([...other.tables.keys()]).toEqual(["aux.things"]);
    const own = new MetaData({ schema: "aux" });
    own.reflect(connection);
    expect([...own.tables.keys()]).toEqual(["aux.things"]);
    const main = table("orders", own, { autoloadWith: connection, schema: BLANK_SCHEMA });
    expect(main.foreignKeys[0]?.column.table?.name).toBe("users");
  });

  test("leaves tables alone that are there, unless they are to be extended", () => {
    const metadata = new MetaData();
    const users = table("users", metadata, { id: column(t.integer, { primaryKey: true }) });
    metadata.reflect(connection);
    expect(users.columnList).toHaveLength(1);
    metadata.reflect(connection, { extendExisting: true, only: ["users"] });
    expect(users.columnList.map((each) => each.name)).toEqual(["id", "name", "email"]);
    expect(users.columnList[0]).toBeInstanceOf(Column);
  });

  test("survives a foreign key to a table that is not there", () => {
    connection.execDriverSql("CREATE TABLE lost (id INTEGER PRIMARY KEY, x INTEGER REFERENCES gone (id))");
    const metadata = new MetaData();
    metadata.reflect(connection);
    expect(metadata.has("lost")).toBe(true);
    expect(metadata.has("gone")).toBe(false);
  });
});
