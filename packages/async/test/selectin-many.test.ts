/** selectinload for so many objects that it takes several statements, which asynchronous sessions send ahead. */

import { type AsyncEngine, createAsyncEngine } from "@athanor/async";
import { AsyncSession } from "@athanor/async/orm";
import { column, event, foreignKey, listen, select, t } from "@athanor/core";
import { declarativeBase, many, one, selectinload } from "@athanor/orm";
import "@athanor/dialect-mysql";
import "@athanor/dialect-postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DriverUrl, mysqlUrls, pgUrls } from "../../../test/setup/urls.ts";

const Base = declarativeBase();

class Box extends Base.mapped("many_boxes", {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(20), { nullable: false }),
  items: () => many(Item, { backPopulates: "box", orderBy: () => Item.$.id }),
}) {}

class Item extends Base.mapped("many_items", {
  id: column(t.integer, { primaryKey: true }),
  label: column(t.string(20), { nullable: false }),
  boxId: column("box_id", t.integer, foreignKey("many_boxes.id"), { nullable: false }),
  box: () => one(Box, { backPopulates: "items" }),
}) {}

const count = 1203;
const itemsOf = (n: number): string[] => Array.from({ length: n % 4 }, (_, index) => `${n}-${index}`);
const databases: readonly DriverUrl[] = [...pgUrls(), ...mysqlUrls()];

describe.each(databases)("selectinload of many on $name", ({ url }) => {
  let engine: AsyncEngine;
  const run = test.skipIf(url === null);

  beforeAll(async () => {
    if (url === null) return;
    engine = createAsyncEngine(url);
    await Base.metadata.dropAll(engine);
    await Base.metadata.createAll(engine);
    await using session = new AsyncSession(engine);
    session.addAll(
      Array.from(
        { length: count },
        (_, n) => new Box({ name: `box ${n}`, items: itemsOf(n).map((label) => new Item({ label })) }),
      ),
    );
    await session.commit();
  });
  afterAll(async () => {
    if (url !== null) await engine.dispose();
  });

  const loaded = select(Box).options(selectinload(Box.$.items)).orderBy(Box.$.id);

  run("loads all, each statement once", async () => {
    await using session = new AsyncSession(engine);
    const sent: string[] = [];
    const note = (_: unknown, execution: { readonly statement: string }): void => void sent.push(execution.statement);
    listen(engine, "beforeCursorExecute", note as never);
    const boxes = (await session.scalars(loaded)).all();
    event.remove(engine, "beforeCursorExecute", note as never);
    expect(boxes.map(({ name, items }) => [name, items.map(({ label }) => label)])).toEqual(
      Array.from({ length: count }, (_, n) => [`box ${n}`, itemsOf(n)]),
    );
    expect(sent.length).toBe(4);
    expect(boxes.every((box) => box.items.every((item) => item.box === box))).toBe(true);
  });

  run("an error on the way leaves the session usable", async () => {
    await using session = new AsyncSession(engine);
    let calls = 0;
    const refuse = (): void => {
      if (++calls === 10) throw new Error("refused");
    };
    listen(Box.$.items, "initCollection", refuse as never);
    await expect(session.scalars(loaded)).rejects.toThrow("refused");
    event.remove(Box.$.items, "initCollection", refuse as never);
    expect((await session.scalars(select(Item).where(Item.$.label.eq("7-2")))).one().label).toBe("7-2");
    session.expungeAll();
    expect((await session.scalars(loaded)).all().length).toBe(count);
  });

  run("what nested loads ask for comes after each statement", async () => {
    await using session = new AsyncSession(engine);
    const nested = select(Box).options(selectinload(Box.$.items).selectinload(Item.$.box)).orderBy(Box.$.id);
    const boxes = (await session.scalars(nested)).all();
    expect(boxes.flatMap(({ items }) => items).every((item) => item.box !== null)).toBe(true);
  });
});
