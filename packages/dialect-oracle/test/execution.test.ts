/** Statements, keys and transactions through the real front of oracledb; node:sqlite executes them behind a fake implementation. */
import { DatabaseSync } from "node:sqlite";
import {
  checkConstraint,
  column,
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
import { outparam } from "../src/index.ts";
import { scene } from "./connect.ts";
import { SqliteBackend } from "./fake/sqlite-backend.ts";

let database = new DatabaseSync(":memory:");
const { server, engine } = scene(() => new SqliteBackend(database));
afterAll(() => database.close());

const metadata = new MetaData();
const items = table(
  "items",
  metadata,
  {
    id: column(t.integer, identity(), { primaryKey: true }),
    name: column(t.string(40), { nullable: false, unique: true }),
    price: column(t.numeric(10, 2)),
    at: column(t.dateTime),
    level: column(t.integer),
    body: column(t.text),
  },
  checkConstraint("price >= 0", { name: "ck_price" }),
);
const notes = table("notes", metadata, {
  id: column(t.integer, { primaryKey: true, autoincrement: false }),
  itemId: column("item_id", t.integer, foreignKey("items.id")),
});

describe("Oracle, executed", () => {
  beforeEach(async () => {
    database.close();
    database = new DatabaseSync(":memory:");
    await engine().begin((conn) => metadata.createAll(conn));
    server.clear();
  });

  it("creates only what is missing", async () => {
    await engine().begin((conn) => metadata.createAll(conn));
    expect(server.last(/CREATE TABLE/)).toBeUndefined();
    expect(server.last(/all_tables/)?.binds[0]?.values).toEqual(["NOTES"]);
  });

  it("brings generated keys back with RETURNING INTO", async () => {
    await engine().begin(async (conn) => {
      const result = await conn.execute(insert(items).values({ name: "a", price: "1.50" }));
      expect(result.insertedPrimaryKey[0]).toBe(1);
      expect(result.rowcount).toBe(1);
      const at = new Date("2024-03-31T02:30:00Z");
      const returned = await conn.execute(
        insert(items)
          .values({ name: "b", price: "2.50", at })
          .returning(items.c.id, items.c.name, items.c.price, items.c.at),
      );
      expect(returned.all().map((row) => [...row])).toEqual([[2, "b", "2.50", at]]);
    });
    expect(
      server
        .last(/RETURNING/)
        ?.binds.filter(({ isOut }) => isOut)
        .map(({ name, type, isReturning }) => [name, type, isReturning]),
    ).toEqual([
      ["RET_0", "VARCHAR", true],
      ["RET_1", "VARCHAR", true],
      ["RET_2", "VARCHAR", true],
      ["RET_3", "TIMESTAMP_LTZ", true],
    ]);
  });

  it("brings back the rows of UPDATE and DELETE, none or many", async () => {
    await engine().begin(async (conn) => {
      await conn.execute(insert(items), [{ name: "a" }, { name: "b" }, { name: "c" }]);
      const changed = await conn.execute(
        update(items).values({ price: 3 }).where(items.c.id.gt(1)).returning(items.c.id, items.c.price),
      );
      expect(changed.all().map((row) => [...row])).toEqual([
        [2, "3.00"],
        [3, "3.00"],
      ]);
      expect(changed.rowcount).toBe(2);
      const none = await conn.execute(delete_(items).where(items.c.id.eq(99)).returning(items.c.id));
      expect(none.all()).toEqual([]);
    });
  });

  it("inserts many rows by one executemany, and returns their keys in order", async () => {
    await engine().begin(async (conn) => {
      const sets = Array.from({ length: 30 }, (_, index) => ({ name: `n${index}`, price: `${index}.25` }));
      const result = await conn.execute(
        insert(items).returning(items.c.id, items.c.name, { sortByParameterOrder: true }),
        sets,
      );
      expect(result.all().map((row) => [...row])).toEqual(sets.map((set, index) => [index + 1, set.name]));
    });
    expect(server.statements.filter(({ sql }) => /^INSERT/.test(sql)).length).toBe(1);
    expect(server.last(/^INSERT/)).toMatchObject({ isMany: true, iterations: 30 });
  });

  it("counts the rows of an executemany", async () => {
    await engine().begin(async (conn) => {
      await conn.execute(insert(items), [{ name: "a" }, { name: "b" }]);
      const changed = await conn.execute(text("UPDATE items SET price = :price WHERE name = :name"), [
        { price: 3, name: "a" },
        { price: 4.5, name: "b" },
        { price: 5, name: "z" },
      ]);
      expect(changed.rowcount).toBe(2);
    });
  });

  it("pages, expands lists, and quotes parameters with reserved names", async () => {
    await engine().begin(async (conn) => {
      await conn.execute(insert(items), [
        { name: "a", level: 1 },
        { name: "b", level: 2 },
        { name: "c", level: 3 },
      ]);
      const names = select(items.c.name).orderBy(items.c.name);
      expect((await conn.execute(names.limit(2))).scalars().all()).toEqual(["a", "b"]);
      expect((await conn.execute(names.limit(2).offset(1))).scalars().all()).toEqual(["b", "c"]);
      expect((await conn.execute(names.where(items.c.level.in([1, 3])))).scalars().all()).toEqual(["a", "c"]);
      expect((await conn.execute(select(items.c.level).where(text("name = :level")), { level: "b" })).scalar()).toBe(2);
    });
    expect(server.last(/^INSERT/)?.sql).toContain(':"level"');
  });

  it("keeps the clock of DATE whatever the machine's time zone", async () => {
    const zone = process.env["TZ"];
    process.env["TZ"] = "America/New_York";
    try {
      // The local clock has no such time: it is in the hour that summer time leaves out.
      const at = new Date("2024-03-10T02:30:00Z");
      await engine().begin(async (conn) => {
        await conn.execute(insert(items).values({ name: "a", at }));
        expect((await conn.execute(select(items.c.at))).scalar()).toEqual(at);
        expect((await conn.execute(select(items.c.name).where(items.c.at.eq(at)))).scalar()).toBe("a");
      });
      expect(database.prepare("SELECT at FROM items").get()).toEqual({ at: "2024-03-10 02:30:00" });
    } finally {
      if (zone === undefined) delete process.env["TZ"];
      else process.env["TZ"] = zone;
    }
  });

  it("takes empty text for NULL", async () => {
    await engine().begin(async (conn) => {
      await conn.execute(insert(items).values({ name: "a", body: "" }));
      expect((await conn.execute(select(items.c.body))).scalar()).toBeNull();
      await expect(conn.execute(insert(items).values({ name: "" }))).rejects.toMatchObject({ kind: "notNull" });
    });
  });

  it("commits, rolls back, and goes back to savepoints", async () => {
    await using conn = await engine().connect();
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
    expect(server.story.some((line) => /RELEASE/.test(line))).toBe(false);
  });

  it("commits every statement in autocommit", async () => {
    await using conn = await engine().connect();
    await conn.executionOptions({ isolationLevel: "AUTOCOMMIT" });
    await conn.execute(insert(items).values({ name: "a" }));
    await conn.rollback();
    expect((await conn.execute(text("SELECT count(*) FROM items"))).scalar()).toBe(1);
    expect(server.last(/^INSERT/)?.options["autoCommit"]).toBe(true);
  });

  it("takes numbers of a sequence into the statement, or before it", async () => {
    const numbers = sequence("numbers");
    const numbered = table("numbered", new MetaData(), { id: column(t.integer, numbers, { primaryKey: true }) });
    server.script(/^INSERT INTO numbered/, { affected: 1, out: [[["41"]]] });
    server.script(/SELECT numbers\.nextval/, { columns: [{ name: "NEXTVAL", type: "NUMBER" }], rows: [["42"]] });
    await engine().begin(async (conn) => {
      expect((await conn.execute(insert(numbered).values({}))).insertedPrimaryKey[0]).toBe(41);
      expect((await conn.execute(numbers.nextValue())).scalar()).toBe(42);
    });
    expect(server.last(/^INSERT INTO numbered/)?.sql).toContain("VALUES (numbers.nextval)");
  });

  it("gives out parameters of PL/SQL", async () => {
    server.script(/^BEGIN/, (statement) => ({
      out: [[String(Number(statement.binds.find(({ name }) => name === "A")?.values[0]) + 1)]],
    }));
    await engine().begin(async (conn) => {
      const call = text("BEGIN :total := f(:a); END;").bindparams(outparam("total", t.integer));
      const result = await conn.execute(call, { a: 4 });
      expect(result.outParameters).toEqual({ total: [5] });
    });
  });

  it("runs two-phase transactions by the driver's calls", async () => {
    await using conn = await engine().connect();
    const transaction = await conn.beginTwophase("id_1");
    await conn.execute(insert(items).values({ name: "a" }));
    await transaction.prepare();
    await transaction.commit();
    const second = await conn.beginTwophase("id_2");
    await second.rollback();
    expect(server.story.filter((line) => line.startsWith("TPC"))).toEqual([
      "TPC BEGIN id_1",
      "TPC PREPARE",
      "TPC COMMIT",
      "TPC BEGIN id_2",
      "TPC ROLLBACK",
    ]);
  });

  it("tells what was violated", async () => {
    await using conn = await engine().connect();
    await conn.execute(insert(items).values({ name: "a" }));
    await expect(conn.execute(insert(items).values({ name: "a" }))).rejects.toMatchObject({
      name: "IntegrityError",
      kind: "unique",
      constraint: "uq_items_name",
    });
    await expect(conn.execute(insert(items).values({ name: "b", price: "-1" }))).rejects.toMatchObject({
      kind: "check",
      constraint: "ck_price",
    });
    await expect(conn.execute(insert(notes).values({ id: 1, itemId: 99 }))).rejects.toMatchObject({
      kind: "foreignKey",
      constraint: "fk_item",
    });
    await expect(conn.execute(text("INSERT INTO items (name) VALUES (NULL)"))).rejects.toMatchObject({
      kind: "notNull",
      table: "items",
      columns: ["name"],
    });
    await expect(conn.execute(text("SELECT * FROM nowhere"))).rejects.toMatchObject({ kind: "undefinedTable" });
    await expect(conn.execute(text("SELECT unheard FROM items"))).rejects.toMatchObject({
      kind: "undefinedColumn",
      columns: ["unheard"],
    });
    await expect(conn.execute(text("SELEKT"))).rejects.toMatchObject({ kind: "syntax" });
  });
});
