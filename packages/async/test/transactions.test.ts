/** The transactions of an AsyncSession by what it says of them. */
import { column, select, t } from "@athanor/core";
import "@athanor/dialect-sqlite";
import { declarativeBase } from "@athanor/orm";
import { expect, it } from "vitest";
import { createAsyncEngine } from "../src/index.ts";
import { AsyncSession } from "../src/orm.ts";

it("mergeAll() merges in order; getTransaction() is the outermost, getNestedTransaction() the innermost savepoint", async () => {
  const Base = declarativeBase();
  class Thing extends Base.mapped("things", { id: column(t.integer, { primaryKey: true }) }) {}
  const engine = createAsyncEngine("sqlite://");
  await Base.metadata.createAll(engine);
  await using session = new AsyncSession(engine);
  expect([session.getTransaction(), session.getNestedTransaction()]).toEqual([null, null]);
  const outer = await session.begin();
  const inner = await session.beginNested();
  expect(session.getTransaction()).toBe(outer);
  expect(session.getNestedTransaction()).toBe(inner);
  session.add(new Thing());
  await inner.commit();
  expect(session.getNestedTransaction()).toBeNull();
  const merged = await session.mergeAll([new Thing({ id: 1 }), new Thing({ id: 2 })]);
  expect(merged.map(({ id }) => id)).toEqual([1, 2]);
  await outer.commit();
  await expect(
    session.begin(async () => {
      await session.commit();
      await session.scalars(select(Thing));
    }),
  ).rejects.toThrow(/closed transaction inside context manager/);
});
