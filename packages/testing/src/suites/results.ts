/** Results: rows, scalars, mappings, portions, streams. */
import { deepEqual, equal, rejects } from "node:assert/strict";
import { func, MultipleResultsFound, NoResultFound, ResourceClosedError, select, update } from "@athanor/core";
import type { Suite } from "../suite.ts";
import { someRows, someTable } from "./tables.ts";

/** Results. */
export function resultSuite(suite: Suite): void {
  const { metadata, some } = someTable();
  const ordered = select(some.c.id, some.c.name).orderBy(some.c.id);
  suite.group("results", metadata, (group) => {
    group.fill(some, someRows);

    group.test("one, first, none", async ({ connection }) => {
      const at = (id: number) => connection.execute(ordered.where(some.c.id.eq(id)));
      equal((await at(1)).one().name, "alpha");
      equal((await at(99)).oneOrNone(), null);
      equal((await at(99)).first(), null);
      const [none, many] = [await at(99), await connection.execute(ordered)];
      await rejects(async () => none.one(), NoResultFound);
      await rejects(async () => many.one(), MultipleResultsFound);
    });

    group.test("mappings, scalars, partitions", async ({ connection }) => {
      deepEqual((await connection.execute(ordered.limit(1))).mappings().all(), [{ id: 1, name: "alpha" }]);
      deepEqual((await connection.execute(ordered)).scalars(1).all(), ["alpha", "beta", "gamma", null, "al%ph_a"]);
      deepEqual(
        [...(await connection.execute(ordered)).partitions(2)].map((part) => part.map((row) => row.id)),
        [[1, 2], [3, 4], [5]],
      );
    });

    group.test("freeze, merge, unique", async ({ connection }) => {
      const frozen = (await connection.execute(ordered)).freeze();
      deepEqual(frozen.thaw().scalars().all(), [1, 2, 3, 4, 5]);
      deepEqual(frozen.thaw().scalars().all(), [1, 2, 3, 4, 5]);
      const [first, second] = [await connection.execute(ordered), await connection.execute(ordered)];
      equal(first.merge(second).scalars().unique().all().length, 5);
      const sums = select(some.c.y).where(some.c.y.eq(5));
      deepEqual((await connection.execute(sums)).scalars().all(), [5, 5]);
      deepEqual((await connection.execute(sums)).unique().scalars().all(), [5]);
    });

    group.test("columns by position, name and expression", async ({ connection }) => {
      const result = () => connection.execute(ordered.where(some.c.id.eq(2)));
      deepEqual((await result()).keys(), ["id", "name"]);
      deepEqual([...((await result()).one() as Iterable<unknown>)], [2, "beta"]);
      deepEqual((await result()).columns("name", 0).mappings().all(), [{ name: "beta", id: 2 }]);
      equal((await result()).scalars(some.c.name).one(), "beta");
      await rejects(async () => (await result()).scalars("nothing"), /Could not locate column/);
    });

    group.test("a statement without rows has none to give", async ({ connection }) => {
      const result = await connection.execute(update(some).values({ x: 9 }).where(some.c.id.eq(99)));
      deepEqual([result.returnsRows, result.rowcount], [false, 0]);
      await rejects(async () => result.all(), ResourceClosedError);
    });

    group.test("rows are read piece by piece", "streaming", async ({ connection }) => {
      const seen: unknown[] = [];
      for await (const row of await connection.stream(ordered)) seen.push(row.id);
      deepEqual(seen, [1, 2, 3, 4, 5]);
    });

    group.test("reading that stops early leaves the connection usable", "streaming", async ({ connection }) => {
      for await (const row of await connection.stream(ordered)) {
        equal(row.id, 1);
        break;
      }
      equal(await connection.scalar(select(func.count()).selectFrom(some)), 5);
    });

    group.test("rows are read in portions", "streaming", async ({ connection }) => {
      const portions: unknown[] = [];
      const stream = await connection.stream(ordered, null, { yieldPer: 2 });
      for await (const portion of stream.partitions()) portions.push(portion.map((row) => row.id));
      deepEqual(portions, [[1, 2], [3, 4], [5]]);
      const scalars = await connection.streamScalars(ordered);
      deepEqual(await scalars.all(), [1, 2, 3, 4, 5]);
      equal(await (await connection.stream(ordered.where(some.c.id.eq(99)))).first(), null);
      await rejects(async () => (await connection.stream(ordered)).one(), MultipleResultsFound);
    });

    group.test("the end of a transaction ends what was being read", "streaming", async ({ connection }) => {
      const stream = await connection.stream(ordered, null, { yieldPer: 1 });
      equal((await stream.fetchone())?.id, 1);
      await connection.rollback();
      equal(await connection.scalar(select(func.count()).selectFrom(some)), 5);
    });
  });
}
