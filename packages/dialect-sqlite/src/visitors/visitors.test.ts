/** The SQL that SQLite gets where it differs from the standard's. Everything else is in conformance/. */
import {
  type ClauseElement,
  cast,
  column,
  createIndex,
  createTable,
  createView,
  delete_,
  expandForExecution,
  extract,
  foreignKey,
  func,
  index,
  literal,
  MetaData,
  select,
  type TableOptions,
  type TableShape,
  t,
  table,
  text,
  tryCast,
  tuple,
  union,
  update,
} from "@athanor/core";
import { describe, expect, test } from "vitest";
import * as sqlite from "../index.ts";

const metadata = new MetaData();
const users = table("users", metadata, {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(50)),
  age: column(t.integer),
});
const posts = table("posts", metadata, {
  id: column(t.integer, { primaryKey: true }),
  userId: column("user_id", t.integer, foreignKey("users.id")),
  data: column(t.json),
});
const dialect = new sqlite.SQLiteDialect();

const sql = (element: unknown): string =>
  expandForExecution(element as ClauseElement, dialect)
    .sql.replaceAll(/\s+/g, " ")
    .trim();
const params = (element: unknown): unknown => expandForExecution(element as ClauseElement, dialect).params;

describe("select", () => {
  test("LIMIT and OFFSET are always both there", () => {
    expect(sql(select(users.c.id).limit(5))).toBe("SELECT users.id FROM users LIMIT ? OFFSET ?");
    expect(params(select(users.c.id).limit(5))).toEqual([5, 0]);
    expect(params(select(users.c.id).offset(5))).toEqual([-1, 5]);
  });

  test("FOR UPDATE is left out", () => {
    expect(sql(select(users.c.id).withForUpdate({ nowait: true }))).toBe("SELECT users.id FROM users");
  });

  test("empty lists and lists of tuples", () => {
    expect(sql(users.c.id.in([]))).toBe("users.id IN (SELECT 1 FROM (SELECT 1) WHERE 1!=1)");
    expect(sql(tuple(users.c.id, users.c.age).notIn([]))).toBe(
      "((users.id, users.age) NOT IN (SELECT 1, 1 FROM (SELECT 1, 1) WHERE 1!=1))",
    );
    expect(sql(tuple(users.c.id, users.c.age).in([[1, 2]]))).toBe("(users.id, users.age) IN (VALUES (?, ?))");
  });
});

describe("expressions", () => {
  test.each([
    [users.c.age.div(2), "users.age / (? + 0.0)"],
    [users.c.age.floorDiv(2), "users.age / ?"],
    [users.c.age.bitwiseXor(5), "((users.age | ?) - (users.age & ?))"],
    [users.c.name.isDistinctFrom(null), "users.name IS NOT NULL"],
    [users.c.name.regexpMatch("^a"), "users.name REGEXP ?"],
    [posts.c.data.at("a"), "JSON_QUOTE(JSON_EXTRACT(posts.data, ?))"],
    [posts.c.data.at(["a", 1]).asInteger(), "CAST(JSON_EXTRACT(posts.data, ?) AS INTEGER)"],
    [extract("year", literal("2024-01-01")), "CAST(STRFTIME('%Y', ?) AS INTEGER)"],
    [func.now(), "CURRENT_TIMESTAMP"],
    [func.aggregate_strings(users.c.name, "'"), "group_concat(users.name, '''')"],
    [cast(users.c.id, t.dateTime), "CAST(users.id AS DATETIME)"],
  ])("%#", (element, expected) => {
    expect(sql(element)).toBe(expected);
  });

  test("what SQLite has not", () => {
    expect(() => sql(extract("century", users.c.name))).toThrow(/century is not a valid extract argument/);
    expect(() => sql(users.c.name.regexpReplace("a", "b"))).toThrow(/regular expression/);
    expect(() => sql(tryCast(users.c.name, t.integer))).toThrow(/can't render/);
    expect(() => sql(delete_(posts).where(posts.c.userId.eq(users.c.id)))).toThrow(/DELETE/);
  });
});

describe("insert, update, delete", () => {
  test("RETURNING has bare columns, subqueries in it have not", () => {
    const count = select(func.count()).where(posts.c.userId.eq(users.c.id)).correlate(users).scalarSubquery();
    expect(sql(update(users).values({ age: 5 }).returning(users.c.id, users.c.age.add(1).label("next")))).toBe(
      "UPDATE users SET age=? RETURNING id, age + ? AS next",
    );
    expect(sql(update(users).values({ age: 5 }).returning(users.c.id, count.label("n")))).toBe(
      "UPDATE users SET age=? RETURNING id, (SELECT count(*) AS count_1 FROM posts WHERE posts.user_id = users.id) AS n",
    );
  });

  test("UPDATE … FROM", () => {
    expect(sql(update(users).where(users.c.id.eq(posts.c.userId)).values({ age: posts.c.id }))).toBe(
      "UPDATE users SET age=posts.id FROM posts WHERE users.id = posts.user_id",
    );
  });

  const into = sqlite.insert(users).values({ name: "x" });

  test.each([
    [into.onConflictDoNothing(), "ON CONFLICT DO NOTHING"],
    [
      into.onConflictDoNothing({ indexElements: ["name", func.lower(users.c.name)], indexWhere: users.c.age.gt(5) }),
      "ON CONFLICT (name, lower(name)) WHERE age > 5 DO NOTHING",
    ],
    [
      into.onConflictDoUpdate({ indexElements: [users.c.id], set: { age: 1, name: into.excluded.name } }),
      "ON CONFLICT (id) DO UPDATE SET name = excluded.name, age = ?",
    ],
    [
      into.onConflictDoUpdate({ set: { age: users.c.age.add(1) }, where: users.c.age.lt(9) }),
      "ON CONFLICT DO UPDATE SET age = (users.age + ?) WHERE users.age < ?",
    ],
    [
      into.onConflictDoUpdate({ set: into.excluded }),
      "ON CONFLICT DO UPDATE SET id = excluded.id, name = excluded.name, age = excluded.age",
    ],
    [
      into.onConflictDoNothing({ indexElements: ["name"] }).onConflictDoUpdate({ set: { age: 1 } }),
      "ON CONFLICT (name) DO NOTHING ON CONFLICT DO UPDATE SET age = ?",
    ],
  ])("conflict %#", (statement, expected) => {
    expect(sql(statement)).toBe(`INSERT INTO users (name) VALUES (?) ${expected}`);
  });

  test("ON CONFLICT behind a SELECT is told from the ON of a join", () => {
    const from = (query: unknown): string =>
      sql(sqlite.insert(users).fromSelect(["id"], query).onConflictDoNothing()).slice("INSERT INTO users (id) ".length);
    const ids = select(posts.c.id);
    expect(from(ids)).toBe("SELECT posts.id FROM posts WHERE true ON CONFLICT DO NOTHING");
    expect(from(ids.where(posts.c.id.gt(5)))).toBe(
      "SELECT posts.id FROM posts WHERE posts.id > ? ON CONFLICT DO NOTHING",
    );
    expect(from(ids.orderBy(posts.c.id))).toBe("SELECT posts.id FROM posts ORDER BY posts.id ON CONFLICT DO NOTHING");
    expect(from(ids.join(users))).toBe(
      "SELECT posts.id FROM posts JOIN users ON users.id = posts.user_id ON CONFLICT DO NOTHING",
    );
    expect(from(select(literal(1)))).toBe("SELECT ? AS anon_1 ON CONFLICT DO NOTHING");
    expect(from(union(ids, select(users.c.id)))).toBe(
      "SELECT posts.id FROM posts UNION SELECT users.id FROM users WHERE true ON CONFLICT DO NOTHING",
    );
  });

  test.each([
    [() => into.onConflictDoUpdate({ set: {} }), /must not be empty/],
    [() => into.onConflictDoUpdate({ set: "x" as never }), /takes an object/],
    [() => into.onConflictDoUpdate({ set: { age: undefined } as never }), /age in onConflictDoUpdate\(\) is undefined/],
    [() => into.onConflictDoNothing({ indexElements: [] }), /must not be empty/],
    [() => into.onConflictDoNothing({ indexElements: [5 as never] }), /cannot stand in indexElements/],
  ])("misuse %#", (make, message) => {
    expect(make).toThrow(message);
  });
});

describe("DDL", () => {
  const create = (columns: TableShape, options: TableOptions = {}): string =>
    sql(createTable(table("t", new MetaData(), columns, options)));

  test("AUTOINCREMENT", () => {
    const id = () => column(t.integer, { primaryKey: true });
    expect(create({ id: id() }, { sqliteAutoincrement: true })).toBe(
      "CREATE TABLE t ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT )",
    );
    expect(
      create(
        { id: column(t.bigInteger().withVariant(t.integer, "sqlite"), { primaryKey: true }) },
        { sqliteAutoincrement: true },
      ),
    ).toContain("id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT");
    expect(create({ a: id(), b: id() }, { sqliteAutoincrement: true })).toBe(
      "CREATE TABLE t ( a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a, b) )",
    );
    expect(() => create({ a: column(t.integer, { primaryKey: true, autoincrement: true }), b: id() })).toThrow(
      /in table 't', column 'a'.*composite primary keys/,
    );
  });

  test("defaults that are expressions stand in parentheses", () => {
    const of = (value: string): string =>
      /DEFAULT (.*) \)$/.exec(create({ a: column(t.integer, { serverDefault: text(value) }) }))?.[1] ?? "";
    expect(
      ["5", "-1", "(1 + 1)", "(1) + (2)", "'a'", "'a' || 'b'", "CURRENT_TIMESTAMP", "upper('x')", "(')')"].map(of),
    ).toEqual([
      "5",
      "(-1)",
      "(1 + 1)",
      "((1) + (2))",
      "'a'",
      "('a' || 'b')",
      "CURRENT_TIMESTAMP",
      "(upper('x'))",
      "(')')",
    ]);
  });

  test("an unknown conflict action is refused", () => {
    expect(() => create({ a: column(t.integer, { nullable: false, sqliteOnConflictNotNull: "EXPLODE; --" }) })).toThrow(
      /EXPLODE/,
    );
  });

  test("partial indexes, and schemas in front of the index", () => {
    const logs = table("logs", new MetaData(), { at: column(t.integer) }, { schema: "audit" });
    const built = index("ix_at", logs.c.at.desc(), { unique: true, sqliteWhere: logs.c.at.gt(5) });
    expect([...(logs as unknown as { indexes: Iterable<unknown> }).indexes]).toContain(built);
    expect(sql(createIndex(built))).toBe("CREATE UNIQUE INDEX audit.ix_at ON logs (at DESC) WHERE at > 5");
  });

  test("views", () => {
    expect(sql(createView(select(users.c.id), "v", { sqliteIfNotExists: true } as never))).toBe(
      "CREATE VIEW IF NOT EXISTS v AS SELECT users.id FROM users",
    );
  });
});
