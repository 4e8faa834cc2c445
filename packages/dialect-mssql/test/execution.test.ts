/** Statements, keys and transactions through a real tedious; node:sqlite executes them behind the test server. */

import { DatabaseSync } from "node:sqlite";
import {
  checkConstraint,
  column,
  createTable,
  delete_,
  foreignKey,
  identity,
  insert,
  MetaData,
  select,
  sequence,
  t,
  table,
  text,
  update,
} from "@athanor/core";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { scene } from "./connect.ts";
import { SqliteSession } from "./tds/sqlite-session.ts";

let database = new DatabaseSync(":memory:");
const { server, engine } = scene(() => new SqliteSession(database));
afterAll(() => database.close());

const metadata = new MetaData();
const items = table(
  "items",
  metadata,
  {
    id: column(t.integer, { primaryKey: true }),
    name: column(t.unicode(40), { nullable: false, unique: true }),
    price: column(t.numeric(10, 2)),
    at: column(t.dateTime),
  },
  checkConstraint("price >= 0", { name: "ck_price" }),
);
const notes = table("notes", metadata, {
  id: column(t.integer, { primaryKey: true, autoincrement: false }),
  itemId: column("item_id", t.integer, foreignKey("items.id")),
  body: column(t.text),
});
const plain = table(
  "plain",
  metadata,
  { id: column(t.integer, { primaryKey: true }), name: column(t.string(9)) },
  {
    implicitReturning: false,
  },
);

describe("SQL Server, executed", () => {
  beforeEach(async () => {
    database.close();
    database = new DatabaseSync(":memory:");
    await engine().begin((conn) => metadata.createAll(conn));
    server.log.length = 0;
  });

  it("creates only what is missing", async () => {
    await engine().begin((conn) => metadata.createAll(conn));
    expect(server.statements(/CREATE TABLE/)).toEqual([]);
    expect(server.statements(/sys\.tables/).length).toBe(3);
  });

  it("brings generated keys back with OUTPUT", async () => {
    await engine().begin(async (conn) => {
      const result = await conn.execute(insert(items).values({ name: "a", price: "1.50" }));
      expect(result.insertedPrimaryKey[0]).toBe(1);
      expect(result.rowcount).toBe(1);
      const returned = await conn.execute(insert(items).values({ name: "b" }).returning(items.c.id, items.c.name));
      expect(returned.all().map((row) => [...row])).toEqual([[2, "b"]]);
    });
  });

  it("asks for SCOPE_IDENTITY() where OUTPUT is not used", async () => {
    await engine().begin(async (conn) => {
      const result = await conn.execute(insert(plain).values({ name: "a" }));
      expect(result.insertedPrimaryKey[0]).toBe(1);
      expect(result.rowcount).toBe(1);
    });
    expect(server.statements(/^INSERT/)[0]?.sql).toBe(
      "INSERT INTO plain (name) VALUES (@name); SELECT SCOPE_IDENTITY() AS lastrowid",
    );
  });

  it("switches IDENTITY_INSERT on around an INSERT that gives the key, and off where it fails", async () => {
    const source = engine();
    await source.begin(async (conn) => {
      await conn.execute(insert(items).values({ id: 7, name: "a" }));
      await conn.execute(insert(items), [
        { id: 8, name: "b" },
        { id: 9, name: "c" },
      ]);
      await conn.execute(insert(items).values({ name: "d" }));
    });
    expect(server.story.filter((line) => /^(SET IDENTITY|INSERT|BEGIN|COMMIT)/.test(line))).toEqual([
      "BEGIN",
      "SET IDENTITY_INSERT items ON",
      expect.stringMatching(/^INSERT INTO items \(id, name\)/),
      "SET IDENTITY_INSERT items OFF",
      "SET IDENTITY_INSERT items ON",
      expect.stringMatching(/^INSERT INTO items \(id, name\) VALUES \(@id__0, @name__0\), \(@id__1, @name__1\)/),
      "SET IDENTITY_INSERT items OFF",
      expect.stringMatching(/^INSERT INTO items \(name\)/),
      "COMMIT",
    ]);
    await using conn = await source.connect();
    await expect(conn.execute(insert(items).values({ id: 20, name: "a" }))).rejects.toMatchObject({ kind: "unique" });
    expect(server.story.at(-1)).toBe("SET IDENTITY_INSERT items OFF");
  });

  it("switches IDENTITY_INSERT on for INSERT FROM SELECT with the key", async () => {
    await engine().begin(async (conn) => {
      await conn.execute(insert(items).values({ name: "a" }));
      const source = select(items.c.id.add(10), items.c.name.concat("!"));
      await conn.execute(insert(items).fromSelect(["id", "name"], source));
      expect((await conn.execute(select(items.c.id).orderBy(items.c.id))).scalars().all()).toEqual([1, 11]);
    });
  });

  it("inserts many rows in one statement and matches the keys with the rows", async () => {
    await engine().begin(async (conn) => {
      const sets = Array.from({ length: 50 }, (_, index) => ({ name: `n${index}`, price: `${index}.25` }));
      const result = await conn.execute(
        insert(items).returning(items.c.id, items.c.name, { sortByParameterOrder: true }),
        sets,
      );
      const rows = result.all();
      expect(rows.map((row) => row.name)).toEqual(sets.map((set) => set.name));
      expect(new Set(rows.map((row) => row.id)).size).toBe(50);
    });
    expect(server.statements(/^INSERT/).length).toBe(1);
    expect(server.statements(/^INSERT/)[0]?.sql).toMatch(/ORDER BY sen_counter$/);
  });

  it("keeps a batch below the limit of parameters", async () => {
    await engine().begin(async (conn) => {
      const sets = Array.from({ length: 1500 }, (_, index) => ({ name: `n${index}`, price: "1.00" }));
      await conn.execute(insert(items), sets);
      expect((await conn.execute(text("SELECT count(*) FROM items"))).scalar()).toBe(1500);
    });
    for (const statement of server.statements(/^INSERT/)) expect(statement.parameters.length).toBeLessThanOrEqual(2099);
  });

  it("counts the rows of UPDATE and DELETE, and of many sets", async () => {
    await engine().begin(async (conn) => {
      await conn.execute(insert(items), [{ name: "a" }, { name: "b" }, { name: "c" }]);
      expect((await conn.execute(update(items).values({ price: "2.00" }).where(items.c.id.gt(1)))).rowcount).toBe(2);
      const changed = await conn.execute(text("UPDATE items SET price = :price WHERE name = :name"), [
        { price: 3, name: "a" },
        { price: 4, name: "b" },
        { price: 5, name: "z" },
      ]);
      expect(changed.rowcount).toBe(2);
      const gone = await conn.execute(delete_(items).where(items.c.name.eq("a")).returning(items.c.price));
      expect(gone.scalars().all()).toEqual(["3.00"]);
    });
  });

  it("pages, and expands lists", async () => {
    await engine().begin(async (conn) => {
      await conn.execute(insert(items), [{ name: "a" }, { name: "b" }, { name: "c" }]);
      const names = select(items.c.name).orderBy(items.c.name);
      expect((await conn.execute(names.limit(2))).scalars().all()).toEqual(["a", "b"]);
      expect((await conn.execute(names.limit(2).offset(1))).scalars().all()).toEqual(["b", "c"]);
      expect((await conn.execute(names.where(items.c.id.in([1, 3])))).scalars().all()).toEqual(["a", "c"]);
      expect((await conn.execute(names.where(items.c.id.in([])))).scalars().all()).toEqual([]);
    });
  });

  it("commits, rolls back, and goes back to savepoints", async () => {
    const source = engine();
    await using conn = await source.connect();
    await conn.execute(insert(items).values({ name: "a" }));
    await conn.commit();
    const count = async (): Promise<unknown> => (await conn.execute(text("SELECT count(*) FROM items"))).scalar();
    const inner = await conn.beginNested();
    await conn.execute(insert(items).values({ name: "b" }));
    await inner.rollback();
    const second = await conn.beginNested();
    await conn.execute(insert(items).values({ name: "c" }));
    await second.commit();
    expect(await count()).toBe(2);
    await conn.rollback();
    expect(await count()).toBe(1);
    expect(server.story).toContain("SAVE TRANSACTION sa_savepoint_1");
    expect(server.story).toContain("ROLLBACK TRANSACTION sa_savepoint_1");
    expect(server.story.some((line) => /RELEASE/.test(line))).toBe(false);
  });

  it("sends no transaction in autocommit", async () => {
    await using conn = await engine().connect();
    await conn.executionOptions({ isolationLevel: "AUTOCOMMIT" });
    await conn.execute(insert(items).values({ name: "a" }));
    await conn.commit();
    expect(server.story.filter((line) => /^(BEGIN|COMMIT|ROLLBACK)$/.test(line))).toEqual([]);
  });

  it("sets the isolation level in front of the transaction, and puts it back", async () => {
    const source = engine();
    {
      await using conn = await source.connect();
      await conn.executionOptions({ isolationLevel: "SNAPSHOT" });
      expect(await conn.getIsolationLevel()).toBe("SNAPSHOT");
      await conn.execute(select(items.c.id));
    }
    expect(server.story.filter((line) => /^(SET TRANSACTION|BEGIN|ROLLBACK)/.test(line))).toEqual([
      "SET TRANSACTION ISOLATION LEVEL SNAPSHOT",
      "BEGIN",
      "ROLLBACK",
      "SET TRANSACTION ISOLATION LEVEL READ COMMITTED",
    ]);
    await using conn = await source.connect();
    await expect(conn.executionOptions({ isolationLevel: "CHAOS" as never })).rejects.toThrow(/SNAPSHOT/);
  });

  it("takes numbers of a sequence into the statement", async () => {
    const numbers = sequence("numbers");
    const numbered = table("numbered", new MetaData(), { id: column(t.integer, numbers, { primaryKey: true }) });
    server.script(/NEXT VALUE FOR/, { results: [{ columns: [{ name: "id", type: "int" }], rows: [[41]] }] });
    await engine().begin(async (conn) => {
      expect((await conn.execute(insert(numbered).values({}))).insertedPrimaryKey[0]).toBe(41);
    });
    expect(server.statements(/NEXT VALUE/)[0]?.sql).toMatch(
      /^INSERT INTO numbered \(id\) OUTPUT inserted\.id VALUES \(NEXT VALUE FOR numbers\)/,
    );
    expect(identity().always).toBe(false);
  });

  it("names parameters after columns whose names no variable could have", async () => {
    const odd = table("odd", new MetaData(), {
      "a-b": column(t.integer, { primaryKey: true, autoincrement: false }),
      "c;": column(t.string(9)),
    });
    await engine().begin(async (conn) => {
      await conn.execute(createTable(odd));
      await conn.execute(insert(odd).values({ "a-b": 1, "c;": "x" }));
      const found = await conn.execute(select(odd.c["c;"]).where(odd.c["a-b"].eq(1)));
      expect(found.scalarOne()).toBe("x");
    });
    expect(server.statements(/^INSERT/)[0]?.sql).toBe("INSERT INTO odd ([a-b], [c;]) VALUES (@a_x2d_b, @c_x3b_)");
  });

  it("tells what was violated", async () => {
    await using conn = await engine().connect();
    await conn.execute(insert(items).values({ name: "a" }));
    await expect(conn.execute(insert(items).values({ name: "a" }))).rejects.toMatchObject({
      name: "IntegrityError",
      kind: "unique",
      table: "items",
      constraint: "uq_items_name",
    });
    await expect(conn.execute(insert(items).values({ name: "b", price: "-1" }))).rejects.toMatchObject({
      kind: "check",
      constraint: "ck_price",
    });
    await expect(conn.execute(insert(notes).values({ id: 1, itemId: 99 }))).rejects.toMatchObject({
      kind: "foreignKey",
    });
    await expect(conn.execute(text("INSERT INTO items (name) VALUES (NULL)"))).rejects.toMatchObject({
      kind: "notNull",
      columns: ["name"],
    });
    await expect(conn.execute(text("SELECT * FROM nowhere"))).rejects.toMatchObject({
      kind: "undefinedTable",
      table: "nowhere",
    });
    await expect(conn.execute(text("SELECT unheard FROM items"))).rejects.toMatchObject({ kind: "undefinedColumn" });
    await expect(conn.execute(text("SELEKT"))).rejects.toMatchObject({ kind: "syntax" });
  });
});
