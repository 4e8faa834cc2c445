/** CREATE and DROP: tables in the right order, keys, indexes, names that need quotes. */
import { deepEqual, equal, rejects } from "node:assert/strict";
import {
  column,
  computed,
  createTable,
  createView,
  DBAPIError,
  dropTable,
  dropView,
  foreignKey,
  func,
  identity,
  index,
  insert,
  MetaData,
  select,
  sequence,
  t,
  table,
  uniqueConstraint,
} from "@athanor/core";
import type { Suite } from "../suite.ts";
import { numberedKey } from "./tables.ts";

/** Definitions. */
export function ddlSuite(suite: Suite): void {
  suite.group("ddl", null, (group) => {
    group.test("tables are made before those that refer to them", async ({ engine }) => {
      const metadata = new MetaData();
      const child = table("ath_a_child", metadata, {
        id: column(t.integer, { primaryKey: true }),
        parent: column(t.integer, foreignKey("ath_z_parent.id")),
      });
      table("ath_z_parent", metadata, { id: column(t.integer, { primaryKey: true }) });
      await metadata.createAll(engine);
      // What is there is left alone.
      await metadata.createAll(engine);
      equal(await engine.begin((connection) => connection.scalar(select(func.count()).selectFrom(child))), 0);
      await metadata.dropAll(engine);
      await metadata.dropAll(engine);
      await rejects(
        engine.begin((connection) => connection.execute(select(child))),
        DBAPIError,
      );
    });

    group.test("a table by itself", async ({ engine }) => {
      const one = table("ath_one", new MetaData(), { id: column(t.integer, { primaryKey: true }) });
      await engine.begin(async (connection) => {
        await connection.execute(createTable(one));
      });
      await engine.begin(async (connection) => {
        equal(await connection.scalar(select(func.count()).selectFrom(one)), 0);
      });
      await engine.begin((connection) => connection.execute(dropTable(one)));
    });

    group.test("names that need quotes", async ({ engine }) => {
      const metadata = new MetaData();
      const odd = table("ath Odd table", metadata, {
        Id: column(t.integer, { primaryKey: true, autoincrement: false }),
        select: column(t.string(10)),
        "with space": column(t.string(10)),
        "per%cent": column(t.string(10)),
        "co:lon": column(t.string(10)),
        Grüße: column(t.string(10)),
      });
      await metadata.createAll(engine);
      try {
        const values = { Id: 1, select: "a", "with space": "b", "per%cent": "c", "co:lon": "d", Grüße: "e" };
        await engine.begin(async (connection) => {
          await connection.execute(insert(odd).values(values));
          deepEqual({ ...(await connection.execute(select(odd).where(odd.c["co:lon"].eq("d")))).one() }, values);
        });
      } finally {
        await metadata.dropAll(engine);
      }
    });

    group.test("indexes and unique constraints", async ({ engine }) => {
      const metadata = new MetaData();
      const indexed = table(
        "ath_indexed",
        metadata,
        {
          id: numberedKey(suite),
          a: column(t.integer, { index: true }),
          b: column(t.integer),
          c: column(t.integer),
        },
        uniqueConstraint("b", "c", { name: "ath_uq" }),
        index("ath_ix", "c", "a"),
      );
      await metadata.createAll(engine);
      try {
        await engine.begin((connection) => connection.execute(insert(indexed).values({ b: 1, c: 1 })));
        await rejects(
          engine.begin((connection) => connection.execute(insert(indexed).values({ b: 1, c: 1 }))),
          DBAPIError,
        );
      } finally {
        await metadata.dropAll(engine);
      }
    });

    group.test("identity columns", "identityColumns", async ({ engine }) => {
      const metadata = new MetaData();
      const counted = table("ath_identity", metadata, {
        id: column(t.integer, identity({ start: 40, increment: 2 }), { primaryKey: true }),
        name: column(t.string(10)),
      });
      await metadata.createAll(engine);
      try {
        const keys = await engine.begin(async (connection) => [
          (await connection.execute(insert(counted).values({ name: "a" }))).insertedPrimaryKey.id,
          (await connection.execute(insert(counted).values({ name: "b" }))).insertedPrimaryKey.id,
        ]);
        deepEqual(keys, [40, 42]);
      } finally {
        await metadata.dropAll(engine);
      }
    });

    group.test("computed columns", "computedColumns", async ({ engine }) => {
      const metadata = new MetaData();
      const box = table("ath_computed", metadata, {
        id: column(t.integer, { primaryKey: true, autoincrement: false }),
        w: column(t.integer),
        area: column(t.integer, computed("w * 2")),
      });
      await metadata.createAll(engine);
      try {
        await engine.begin(async (connection) => {
          await connection.execute(insert(box).values({ id: 1, w: 21 }));
          equal(await connection.scalar(select(box.c.area)), 42);
        });
      } finally {
        await metadata.dropAll(engine);
      }
    });

    group.test("sequences", "sequences", async ({ engine }) => {
      const metadata = new MetaData();
      const counter = sequence("ath_seq", { start: 5, metadata });
      const kept = table("ath_seq_user", metadata, {
        id: column(t.integer, counter, { primaryKey: true }),
        name: column(t.string(10)),
      });
      await metadata.createAll(engine);
      try {
        await engine.begin(async (connection) => {
          equal(Number(await connection.scalar(counter.nextValue())), 5);
          equal(Number((await connection.execute(insert(kept).values({ name: "x" }))).insertedPrimaryKey.id), 6);
        });
      } finally {
        await metadata.dropAll(engine);
      }
    });

    group.test("views", "views", async ({ engine }) => {
      const metadata = new MetaData();
      const source = table("ath_source", metadata, {
        id: column(t.integer, { primaryKey: true, autoincrement: false }),
      });
      await metadata.createAll(engine);
      const view = createView(select(source.c.id).where(source.c.id.gt(1)), "ath_view");
      try {
        await engine.begin((connection) => connection.execute(view));
        await engine.begin(async (connection) => {
          await connection.execute(insert(source), [{ id: 1 }, { id: 2 }]);
          deepEqual((await connection.scalars(select(view.table.c.id))).all(), [2]);
        });
        await engine.begin((connection) => connection.execute(dropView(view.table)));
      } finally {
        await metadata.dropAll(engine);
      }
    });

    group.test("a table in another schema", async ({ engine, requirements }) => {
      if (requirements.schema === null) return;
      const metadata = new MetaData();
      const away = table(
        "ath_away",
        metadata,
        { id: column(t.integer, { primaryKey: true, autoincrement: false }) },
        { schema: requirements.schema },
      );
      await metadata.createAll(engine);
      try {
        await engine.begin(async (connection) => {
          await connection.execute(insert(away).values({ id: 3 }));
          equal(await connection.scalar(select(away.c.id)), 3);
        });
        const translated = table("ath_away", new MetaData(), { id: column(t.integer) }, { schema: "elsewhere" });
        const options = { schemaTranslateMap: { elsewhere: requirements.schema } };
        const rows = await engine
          .executionOptions(options)
          .begin(async (connection) => (await connection.scalars(select(translated.c.id))).all());
        deepEqual(rows, [3]);
      } finally {
        await metadata.dropAll(engine);
      }
    });
  });
}
