/** Results and executemany on every database: what an INSERT tells, rows of many INSERTs, counts, streams, further results. */
import { type AsyncEngine, createAsyncEngine } from "@athanor/async";
import {
  type ColumnElement,
  type CursorResult,
  column,
  delete_,
  func,
  insert,
  MetaData,
  MultipleResultsFound,
  NoResultFound,
  ResourceClosedError,
  select,
  t,
  table,
  text,
  uniqueConstraint,
  update,
} from "@athanor/core";
import "@athanor/dialect-mysql";
import "@athanor/dialect-postgres";
import "@athanor/dialect-sqlite";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isMariadb, mysqlUrl, pgUrl } from "../../../test/setup/urls.ts";

const metadata = new MetaData();
const items = table(
  "result_items",
  metadata,
  {
    id: column(t.integer, { primaryKey: true }),
    name: column("item_name", t.string(20), { nullable: false }),
    made: column(t.integer, { serverDefault: text("7") }),
    twice: column(t.integer, { default: 3 }),
  },
  uniqueConstraint("item_name"),
);
const pairs = table("result_pairs", metadata, {
  a: column(t.integer, { primaryKey: true, autoincrement: false }),
  b: column(t.string(10), { primaryKey: true }),
  note: column(t.string(20)),
});
const countItems = select(func.count()).selectFrom(items);

const databases = [
  ["SQLite", "sqlite://"],
  ["node:sqlite", "sqlite+node://"],
  ["PostgreSQL", pgUrl()],
  [isMariadb() ? "MariaDB" : "MySQL", mysqlUrl()],
] as const;

describe.each(databases.filter(([, url]) => url !== null))("%s", (name, url) => {
  let engine: AsyncEngine;
  const sql: string[] = [];
  beforeAll(async () => {
    engine = createAsyncEngine(url as string, { logger: { info: (line) => void sql.push(line) } });
    await metadata.createAll(engine);
  });
  beforeEach(async () => {
    await engine.begin(async (connection) => {
      await connection.execute(delete_(items));
      await connection.execute(delete_(pairs));
    });
    sql.length = 0;
  });
  afterAll(async () => {
    await metadata.dropAll(engine);
    await engine.dispose();
  });
  const sets = (count: number, prefix = "n"): { name: string }[] =>
    Array.from({ length: count }, (_, index) => ({ name: `${prefix}${String(index).padStart(5, "0")}` }));
  const isMysql = name === "MariaDB" || name === "MySQL";
  const returnsGenerated = !isMysql;
  const returning = it.skipIf(name === "MySQL");

  describe("an INSERT", () => {
    it("tells its key, its defaults, its parameters", () =>
      engine.begin(async (connection) => {
        const result = await connection.execute(insert(items).values({ name: "a" }));
        expect(result.insertedPrimaryKey[0]).toEqual(expect.any(Number));
        expect(result.insertedPrimaryKey["id"]).toBe(result.insertedPrimaryKey[0]);
        expect(result.insertedPrimaryKeyRows.length).toBe(1);
        expect(result.lastInsertedParams()).toEqual({ name: "a", twice: 3 });
        expect(result.prefetchCols().map((one) => (one as { key?: unknown }).key)).toEqual(["twice"]);
        expect(result.postfetchCols().map((one) => (one as { key?: unknown }).key)).toEqual(["made"]);
        expect(result.lastrowHasDefaults()).toBe(true);
        expect([result.isInsert, result.returnsRows, result.rowcount, result.closed]).toEqual([true, false, 1, false]);
        expect(() => result.all()).toThrow(/does not return rows/);
        expect(result.context).toMatchObject({ isinsert: true, executemany: false, rowcount: 1 });
        expect(result.context.compiledParameters).toEqual([{ name: "a", twice: 3 }]);
        const { id } = result.insertedPrimaryKey;
        expect(await connection.scalar(select(items.c.id).where(items.c.name.eq("a")))).toBe(id);
      }));

    it("with a key of several columns, given or not", () =>
      engine.begin(async (connection) => {
        const result = await connection.execute(insert(pairs).values({ a: 1, b: "x" }));
        expect([...result.insertedPrimaryKey]).toEqual([1, "x"]);
        const many = await connection.execute(insert(pairs), [
          { a: 2, b: "y" },
          { a: 3, b: "z" },
        ]);
        expect(many.insertedPrimaryKeyRows.map((row) => [...row])).toEqual([
          [2, "y"],
          [3, "z"],
        ]);
        expect(() => many.insertedPrimaryKey).toThrow(/executemany/);
      }));

    it("brings generated values back by returnDefaults()", () =>
      engine.begin(async (connection) => {
        if (!returnsGenerated) return;
        const result = await connection.execute(insert(items).values({ name: "d" }).returnDefaults());
        expect(result.returnedDefaults).toMatchObject({ made: 7 });
        expect(result.insertedPrimaryKey.id).toEqual(expect.any(Number));
        const many = await connection.execute(insert(items).returnDefaults({ sortByParameterOrder: true }), sets(5));
        expect(many.returnedDefaultsRows?.map((row) => row.made)).toEqual([7, 7, 7, 7, 7]);
        expect(many.insertedPrimaryKeyRows.length).toBe(5);
      }));

    it("of another statement has no key to tell", () =>
      engine.begin(async (connection) => {
        const result = await connection.execute(update(items).values({ made: 1 }));
        expect(() => result.insertedPrimaryKey).toThrow(/not an insert/i);
        expect(result.lastUpdatedParams()).toEqual({ made: 1 });
        const raw = await connection.execDriverSql("SELECT 1 AS one");
        expect(() => raw.insertedPrimaryKey).toThrow(/not a compiled expression/);
        expect(raw.nextResult()).toBeNull();
      }));
  });

  describe("many INSERTs", () => {
    returning("return rows in the order of the parameters, over several batches, with limits of the parameters", () =>
      engine.begin(async (connection) => {
        const given = sets(2500).reverse();
        const statement = insert(items).returning(items.c.id, items.c.name, { sortByParameterOrder: true });
        const result = await connection.execute(statement, given);
        const rows = result.all();
        expect(rows.map((row) => row.name)).toEqual(given.map((set) => set.name));
        expect(new Set(rows.map((row) => row.id)).size).toBe(2500);
        expect(result.rowcount).toBe(2500);
        const stored = await connection.execute(select(items.c.id, items.c.name));
        expect(new Map(stored.all().map((row) => [row.id, row.name]))).toEqual(
          new Map(rows.map((row) => [row.id, row.name])),
        );
      }),
    );

    returning("in pages of a given size, unordered too", () =>
      engine.begin(async (connection) => {
        sql.length = 0;
        const result = await connection.execute(insert(items).returning(items.c.name), sets(10), {
          insertmanyvaluesPageSize: 4,
        });
        expect(result.scalars().all().sort()).toEqual(sets(10).map((set) => set.name));
        const marks = sql.flatMap((line) => /\(insertmanyvalues\) (\d\/\d) \(unordered\)/.exec(line)?.[1] ?? []);
        expect(marks).toEqual(["1/3", "2/3", "3/3"]);
      }),
    );

    returning("with RETURNING of expressions, and SQL among the values", () =>
      engine.begin(async (connection) => {
        const statement = insert(items)
          .values({ made: func.length("four") as ColumnElement<number> })
          .returning(func.upper(items.c.name).label("loud"), items.c.made, { sortByParameterOrder: true });
        const rows = (await connection.execute(statement, sets(3))).all();
        expect(rows.map((row) => [row.loud, row.made])).toEqual([
          ["N00000", 4],
          ["N00001", 4],
          ["N00002", 4],
        ]);
      }),
    );

    returning("fail as a whole statement, and the batch's parameters are in the error", () =>
      engine.begin(async (connection) => {
        const savepoint = await connection.beginNested();
        const failing = connection.execute(insert(items).returning(items.c.id), [{ name: "x" }, { name: "x" }]);
        await expect(failing).rejects.toMatchObject({ name: "IntegrityError", kind: "unique" });
        await savepoint.rollback();
        expect(Number(await connection.scalar(countItems))).toBe(0);
      }),
    );

    it("without rows count what was written; UPDATE and DELETE what they matched", () =>
      engine.begin(async (connection) => {
        expect((await connection.execute(insert(items), sets(3000))).rowcount).toBe(3000);
        expect((await connection.execute(update(items).values({ made: 7 }))).rowcount).toBe(3000);
        // Rows that are as they were before count too.
        expect((await connection.execute(update(items).values({ made: 7 }))).rowcount).toBe(3000);
        const some = await connection.execute(delete_(items).where(items.c.name.lt("n00010")));
        expect(some.rowcount).toBe(10);
        expect(some.supportsSaneRowcount()).toBe(true);
        expect((await connection.execute(countItems)).rowcount).toBe(1);
      }));

    returning("rows of two statements stand beside each other, or one under the other", () =>
      engine.begin(async (connection) => {
        const ordered = { sortByParameterOrder: true } as const;
        const first = await connection.execute(insert(items).returning(items.c.name, ordered), sets(2, "p"));
        const second = await connection.execute(insert(pairs).returning(pairs.c.a, pairs.c.b, ordered), [
          { a: 1, b: "x" },
          { a: 2, b: "y" },
        ]);
        const beside = first.spliceHorizontally(second);
        expect(beside.keys()).toEqual(["name", "a", "b"]);
        expect(beside.all().map((row) => [...row])).toEqual([
          ["p00000", 1, "x"],
          ["p00001", 2, "y"],
        ]);
        const query = select(items.c.name).orderBy(items.c.name);
        const one = await connection.execute(query);
        const two = await connection.execute(query);
        expect(one.spliceVertically(two).scalars().all()).toEqual(["p00000", "p00001", "p00000", "p00001"]);
        const other = await connection.execute(select(pairs.c.a));
        expect(() => two.spliceVertically(other as never)).toThrow(/different columns/);
        const short = await connection.execute(select(pairs.c.a).limit(1));
        expect(() => one.spliceHorizontally(short)).toThrow(/side by side/);
        const merged = (await connection.execute(query)).merge(await connection.execute(query));
        expect(merged.rowcount).toBe(4);
        expect(merged.unique().all().length).toBe(2);
      }),
    );
  });

  describe("rows", () => {
    const query = select(items.c.id, items.c.name, items.c.made).orderBy(items.c.name);
    beforeEach(() => engine.begin((connection) => connection.execute(insert(items), sets(25))));

    it("one, none, several", () =>
      engine.begin(async (connection) => {
        const none = select(items.c.id).where(items.c.id.lt(0));
        const run = (statement = query) => connection.execute(statement);
        await expect(run().then((result) => result.one())).rejects.toThrow(MultipleResultsFound);
        await expect(run(none as never).then((result) => result.one())).rejects.toThrow(NoResultFound);
        expect((await run(none as never)).oneOrNone()).toBeNull();
        await expect(run().then((result) => result.oneOrNone())).rejects.toThrow(MultipleResultsFound);
        expect((await run()).first()?.name).toBe("n00000");
        expect((await run(none as never)).first()).toBeNull();
        expect((await run()).scalars("name").first()).toBe("n00000");
        await expect(run().then((result) => result.scalarOne())).rejects.toThrow(MultipleResultsFound);
        const closed = await run();
        closed.close();
        expect(() => closed.all()).toThrow(ResourceClosedError);
        expect(closed.closed).toBe(true);
        const read = await run();
        expect(read.fetchmany(20).length).toBe(20);
        expect(read.fetchone()?.name).toBe("n00020");
        expect(read.all().length).toBe(4);
        expect([read.all(), read.fetchone(), read.closed]).toEqual([[], null, false]);
      }));

    it("in partitions, picked, as mappings, frozen", () =>
      engine.begin(async (connection) => {
        const result = await connection.execute(query);
        expect([...result.columns("made", items.c.name).partitions(10)].map((part) => part.length)).toEqual([
          10, 10, 5,
        ]);
        const mapped = (await connection.execute(query)).mappings().columns(items.c.name).all();
        expect(mapped[0]).toEqual({ name: "n00000" });
        const again = (await connection.execute(query)).columns(items.c.made, items.c.name).columns(items.c.name);
        expect(again.first()).toMatchObject({ name: "n00000" });
        const frozen = (await connection.execute(query)).freeze();
        expect(frozen.thaw().scalars("made").unique().all()).toEqual([7]);
        expect(
          frozen
            .withNewRows([[1, "x", 2]])
            .thaw()
            .all(),
        ).toEqual([{ id: 1, name: "x", made: 2 }]);
        const unique = (await connection.execute(query)).unique((row) => row.name.slice(-1));
        expect(unique.all().length).toBe(10);
        const [row] = (await connection.execute(query)).t;
        expect(row?._t).toBe(row);
      }));

    it("streamed: in order, in portions, left early; the connection goes on", () =>
      engine.begin(async (connection) => {
        const seen: string[] = [];
        for await (const row of await connection.stream(query, null, { yieldPer: 7 })) seen.push(row.name);
        expect(seen).toEqual(sets(25).map((set) => set.name));
        const parts: number[] = [];
        for await (const part of (await connection.stream(query)).partitions(10)) parts.push(part.length);
        expect(parts).toEqual([10, 10, 5]);
        const early = await connection.stream(query, null, { yieldPer: 5 });
        for await (const row of early) if (row.name === "n00003") break;
        expect(early.closed).toBe(true);
        await expect(early.all()).rejects.toThrow(ResourceClosedError);
        const scalars = (await connection.stream(query, null, { maxRowBuffer: 3 })).scalars("made").unique();
        expect(await scalars.all()).toEqual([7]);
        expect(await (await connection.stream(query)).first()).toMatchObject({ name: "n00000" });
        await expect((await connection.stream(query)).one()).rejects.toThrow(MultipleResultsFound);
        const frozen = await (await connection.stream(query)).freeze();
        expect(frozen.thaw().all().length).toBe(25);
        const texts: number[] = [];
        for await (const row of await connection.stream(text("SELECT made FROM result_items")))
          texts.push(Number(row[0]));
        expect(texts.length).toBe(25);
        const raw = await connection.execDriverSql("SELECT made FROM result_items", [], { streamResults: true });
        expect(raw.all().length).toBe(25);
        expect(Number(await connection.scalar(countItems))).toBe(25);
      }));
  });

  it("several results of a procedure", async ({ skip }) => {
    if (!isMysql) return skip("procedures with several results are MySQL's");
    await engine.begin(async (connection) => {
      await connection.execDriverSql("DROP PROCEDURE IF EXISTS result_sets");
      await connection.execDriverSql(
        "CREATE PROCEDURE result_sets() BEGIN SELECT 1 AS a; SELECT 2 AS b, 3 AS c; DO 1; SELECT 4 AS d; END",
      );
      const all: unknown[] = [];
      for (
        let result: CursorResult | null = await connection.execDriverSql("CALL result_sets()");
        result !== null;
        result = result.nextResult()
      )
        all.push([result.keys(), ...result.all().map((row) => [...row].map(Number))]);
      expect(all).toEqual([
        [["a"], [1]],
        [
          ["b", "c"],
          [2, 3],
        ],
        [["d"], [4]],
      ]);
      await connection.execDriverSql("DROP PROCEDURE result_sets");
    });
  });
});
