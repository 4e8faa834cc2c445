/** INSERT, UPDATE and DELETE: keys, defaults, rows that come back, row counts. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { bindparam, column, delete_, func, insert, literal, MetaData, select, t, table, update } from "@athanor/core";
import type { Suite } from "../suite.ts";
import { numberedKey, parentAndChild } from "./tables.ts";

/** Statements that change rows. */
export function dmlSuite(suite: Suite): void {
  insertSuite(suite);
  updateSuite(suite);
}

function insertSuite(suite: Suite): void {
  const metadata = new MetaData();
  let calls = 0;
  const auto = table("ath_auto", metadata, {
    id: numberedKey(suite),
    name: column(t.string(50)),
    counted: column(t.integer, { default: () => ++calls }),
    fixed: column(t.string(10), { default: "fixed" }),
    computed: column(t.integer, { default: literal(2).add(3) }),
    served: column(t.string(10), { serverDefault: "served" }),
    changed: column(t.integer, { onupdate: 7 }),
  });
  const pair = table("ath_pair", metadata, {
    a: column(t.integer, { primaryKey: true, autoincrement: false }),
    b: column(t.integer, { primaryKey: true, autoincrement: false }),
    name: column(t.string(50)),
  });

  suite.group("insert", metadata, (group) => {
    group.test("a generated key is known", async ({ connection }) => {
      const first = await connection.execute(insert(auto).values({ name: "a" }));
      const second = await connection.execute(insert(auto).values({ name: "b" }));
      const keys = [first.insertedPrimaryKey.id, second.insertedPrimaryKey.id] as [number, number];
      ok(keys[1] > keys[0], String(keys));
      deepEqual((await connection.scalars(select(auto.c.name).where(auto.c.id.eq(keys[1])))).all(), ["b"]);
    });

    group.test("a given key is kept", async ({ connection }) => {
      const result = await connection.execute(insert(auto).values({ id: 4711, name: "x" }));
      equal(result.insertedPrimaryKey.id, 4711);
      equal(await connection.scalar(select(auto.c.name).where(auto.c.id.eq(4711))), "x");
    });

    group.test("a key of two columns", async ({ connection }) => {
      const result = await connection.execute(insert(pair).values({ a: 1, b: 2 }));
      deepEqual([...(result.insertedPrimaryKey as unknown as Iterable<unknown>)], [1, 2]);
    });

    group.test("defaults of all kinds", async ({ connection }) => {
      const before = calls;
      const { id } = (await connection.execute(insert(auto).values({ name: "d" }))).insertedPrimaryKey;
      const row = (await connection.execute(select(auto).where(auto.c.id.eq(id as number)))).one();
      deepEqual(
        [row.counted, row.fixed, row.computed, row.served, row.changed],
        [before + 1, "fixed", 5, "served", null],
      );
      equal(calls, before + 1);
    });

    group.test("null is not a default", async ({ connection }) => {
      const { id } = (await connection.execute(insert(auto).values({ fixed: null, served: null }))).insertedPrimaryKey;
      const row = (
        await connection.execute(select(auto.c.fixed, auto.c.served).where(auto.c.id.eq(id as number)))
      ).one();
      deepEqual([...row], [null, null]);
    });

    group.test("nothing but defaults", "emptyInsert", async ({ connection }) => {
      const { id } = (await connection.execute(insert(auto))).insertedPrimaryKey;
      equal(await connection.scalar(select(auto.c.served).where(auto.c.id.eq(id as number))), "served");
    });

    group.test("many parameter sets", async ({ connection }) => {
      const sets = Array.from({ length: 1200 }, (_, index) => ({ a: index, b: -index, name: `n${index}` }));
      equal((await connection.execute(insert(pair), sets)).rowcount, 1200);
      deepEqual((await connection.execute(select(pair).where(pair.c.a.eq(777)))).one().name, "n777");
      equal(await connection.scalar(select(func.count()).selectFrom(pair)), 1200);
    });

    group.test("many parameter sets, each with its defaults", async ({ connection }) => {
      const before = calls;
      await connection.execute(insert(auto), [{ name: "m1" }, { name: "m2" }, { name: "m3" }]);
      const counted = await connection.scalars(
        select(auto.c.counted)
          .where(auto.c.name.in(["m1", "m2", "m3"]))
          .orderBy(auto.c.name),
      );
      deepEqual(counted.all(), [before + 1, before + 2, before + 3]);
    });

    group.test("several rows in one statement", "multiRowInsert", async ({ connection }) => {
      await connection.execute(
        insert(pair).values([
          { a: 1, b: 1, name: "x" },
          { a: 1, b: 2, name: "y" },
        ]),
      );
      deepEqual((await connection.scalars(select(pair.c.name).orderBy(pair.c.b))).all(), ["x", "y"]);
    });

    group.test("from a SELECT", async ({ connection }) => {
      await connection.execute(insert(pair), [
        { a: 1, b: 1, name: "x" },
        { a: 2, b: 2, name: "y" },
      ]);
      const rows = select(pair.c.a.add(10), pair.c.b, pair.c.name);
      await connection.execute(insert(pair).fromSelect(["a", "b", "name"], rows));
      deepEqual((await connection.scalars(select(pair.c.a).orderBy(pair.c.a))).all(), [1, 2, 11, 12]);
    });

    group.test("returning", "insertReturning", async ({ connection }) => {
      const row = (
        await connection.execute(insert(auto).values({ name: "r" }).returning(auto.c.id, auto.c.served, auto.c.name))
      ).one();
      deepEqual([row.served, row.name], ["served", "r"]);
      equal(await connection.scalar(select(auto.c.name).where(auto.c.id.eq(row.id))), "r");
    });

    group.test("returning of many, in the order of the parameters", "insertManyReturning", async ({ connection }) => {
      const sets = Array.from({ length: 300 }, (_, index) => ({ name: `o${(index * 31) % 300}` }));
      const statement = insert(auto).returning(auto.c.id, auto.c.name, { sortByParameterOrder: true });
      const rows = (await connection.execute(statement, sets)).all();
      deepEqual(
        rows.map((row) => row.name),
        sets.map((set) => set.name),
      );
      const stored = await connection.execute(
        select(auto.c.id, auto.c.name).where(auto.c.id.in(rows.map((row) => row.id))),
      );
      const names = new Map(stored.all().map((row) => [row.id, row.name]));
      ok(rows.every((row) => names.get(row.id) === row.name));
    });
  });
}

function updateSuite(suite: Suite): void {
  const { metadata, parent, child } = parentAndChild();
  suite.group("update and delete", metadata, (group) => {
    group.fill(parent, [
      { id: 1, name: "p1" },
      { id: 2, name: "p2" },
      { id: 3, name: "p3" },
    ]);
    group.fill(child, [
      { id: 1, parentId: 1, amount: 10 },
      { id: 2, parentId: 1, amount: 20 },
      { id: 3, parentId: 2, amount: 30 },
    ]);
    const amounts = select(child.c.amount).orderBy(child.c.id);

    group.test("counts the rows that were found", async ({ connection }) => {
      equal((await connection.execute(update(child).values({ amount: 1 }).where(child.c.parentId.eq(1)))).rowcount, 2);
      equal((await connection.execute(update(child).values({ amount: 1 }).where(child.c.parentId.eq(1)))).rowcount, 2);
      equal((await connection.execute(update(child).values({ amount: 1 }).where(child.c.id.eq(99)))).rowcount, 0);
      equal((await connection.execute(delete_(child).where(child.c.parentId.eq(1)))).rowcount, 2);
      equal((await connection.execute(delete_(child).where(child.c.id.eq(99)))).rowcount, 0);
    });

    group.test("with expressions", async ({ connection }) => {
      await connection.execute(update(child).values({ amount: child.c.amount.add(child.c.id) }));
      deepEqual((await connection.scalars(amounts)).all(), [11, 22, 33]);
    });

    group.test("with a subquery", async ({ connection }) => {
      const owner = select(parent.c.id).where(parent.c.id.eq(child.c.parentId)).scalarSubquery();
      await connection.execute(update(child).values({ amount: owner }));
      deepEqual((await connection.scalars(amounts)).all(), [1, 1, 2]);
    });

    group.test("for many parameter sets", async ({ connection }) => {
      const statement = update(child)
        .where(child.c.id.eq(bindparam("key")))
        .values({ amount: bindparam("value") });
      await connection.execute(statement, [
        { key: 1, value: 7 },
        { key: 3, value: 8 },
      ]);
      deepEqual((await connection.scalars(amounts)).all(), [7, 20, 8]);
    });

    group.test("update over two tables", "updateFrom", async ({ connection }) => {
      const statement = update(child)
        .values({ amount: 0 })
        .where(child.c.parentId.eq(parent.c.id), parent.c.name.eq("p1"));
      await connection.execute(statement);
      deepEqual((await connection.scalars(amounts)).all(), [0, 0, 30]);
    });

    group.test("delete over two tables", "deleteUsing", async ({ connection }) => {
      await connection.execute(delete_(child).where(child.c.parentId.eq(parent.c.id), parent.c.name.eq("p1")));
      deepEqual((await connection.scalars(amounts)).all(), [30]);
    });

    group.test("update returning", "updateReturning", async ({ connection }) => {
      const statement = update(child)
        .values({ amount: child.c.amount.add(1) })
        .where(child.c.parentId.eq(1))
        .returning(child.c.id, child.c.amount);
      const rows = (await connection.execute(statement)).all().map((row) => [...row] as [number, number]);
      deepEqual(
        rows.sort((a, b) => a[0] - b[0]),
        [
          [1, 11],
          [2, 21],
        ],
      );
    });

    group.test("delete returning", "deleteReturning", async ({ connection }) => {
      const statement = delete_(child).where(child.c.id.eq(2)).returning(child.c.amount);
      deepEqual((await connection.scalars(statement)).all(), [20]);
    });
  });
}
