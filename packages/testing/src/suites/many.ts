/** One statement for many parameter sets: batches, limits of the database, rows that come back in order. */
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import {
  bindparam,
  column,
  delete_,
  func,
  IntegrityError,
  insert,
  MetaData,
  StatementError,
  select,
  t,
  table,
  update,
} from "@athanor/core";
import type { Suite } from "../suite.ts";
import { numberedKey } from "./tables.ts";

/** Executemany and batched INSERTs. */
export function manySuite(suite: Suite): void {
  const metadata = new MetaData();
  let made = 0;
  const items = table("ath_items", metadata, {
    id: numberedKey(suite),
    name: column(t.string(30), { nullable: false, unique: true }),
    amount: column(t.integer),
    mark: column(t.integer, { default: () => ++made }),
  });
  const count = select(func.count()).selectFrom(items);
  const sets = (length: number, prefix: string) =>
    Array.from({ length }, (_, index) => ({ name: `${prefix}${index}`, amount: index }));
  suite.group("many parameter sets", metadata, (group) => {
    group.test("more than one statement takes", async ({ connection }) => {
      await connection.execute(insert(items), sets(2500, "a"));
      equal(await connection.scalar(count), 2500);
      equal(await connection.scalar(select(items.c.amount).where(items.c.name.eq("a2499"))), 2499);
    });

    group.test("each set has its own computed default", async ({ connection }) => {
      await connection.execute(insert(items), sets(40, "b"));
      const marks = (await connection.scalars(select(items.c.mark))).all();
      equal(new Set(marks).size, 40);
    });

    group.test(
      "rows come back in the order of their sets, over several batches",
      "insertManyReturning",
      async ({ connection }) => {
        const given = sets(57, "c").reverse();
        const statement = insert(items).returning(items.c.id, items.c.name, { sortByParameterOrder: true });
        const result = await connection.execute(statement, given, { insertmanyvaluesPageSize: 10 });
        const rows = result.all();
        deepEqual(
          rows.map((row) => row.name),
          given.map((set) => set.name),
        );
        equal(new Set(rows.map((row) => row.id)).size, 57);
        const [first] = rows;
        equal(await connection.scalar(select(items.c.name).where(items.c.id.eq(first?.id as number))), given[0]?.name);
      },
    );

    group.test(
      "keys and defaults that the database made, for each set",
      "insertManyReturning",
      async ({ connection }) => {
        const result = await connection.execute(
          insert(items).returnDefaults({ sortByParameterOrder: true }),
          sets(12, "d"),
        );
        const keys = result.insertedPrimaryKeyRows.map((row) => row[0]);
        equal(keys.length, 12);
        ok(keys.every((key) => key !== null));
        for (const at of [0, 11])
          equal(await connection.scalar(select(items.c.name).where(items.c.id.eq(keys[at] as number))), `d${at}`);
      },
    );

    group.test("an UPDATE and a DELETE match what each set names, and count it", async ({ connection }) => {
      await connection.execute(insert(items), sets(10, "e"));
      const changed = update(items)
        .values({ amount: bindparam("new") })
        .where(items.c.name.eq(bindparam("old")));
      const updated = await connection.execute(changed, [
        { old: "e1", new: 101 },
        { old: "e2", new: 102 },
        { old: "nothing", new: 103 },
      ]);
      if (updated.supportsSaneMultiRowcount()) equal(updated.rowcount, 2);
      const amounts = select(items.c.amount)
        .where(items.c.name.in(["e1", "e2", "e3"]))
        .orderBy(items.c.name);
      deepEqual((await connection.scalars(amounts)).all(), [101, 102, 3]);
      await connection.execute(
        delete_(items).where(items.c.name.eq(bindparam("gone"))),
        ["e0", "e9"].map((gone) => ({ gone })),
      );
      equal(await connection.scalar(count), 8);
    });

    group.test("one that fails fails the statement, and the rollback undoes the others", async ({ connection }) => {
      const twice = [...sets(3, "f"), { name: "f1", amount: 0 }];
      await rejects(connection.execute(insert(items), twice), IntegrityError);
      await connection.rollback();
      equal(await connection.scalar(count), 0);
    });

    group.test("sets must have what the first one has", async ({ connection }) => {
      const uneven = [{ name: "g", amount: 1 }, { name: "h" }];
      await rejects(
        connection.execute(insert(items), uneven as never),
        (error) => error instanceof StatementError && /'amount', in parameter group 1/.test(error.message),
      );
    });
  });
}
