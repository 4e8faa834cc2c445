/** Statements executed through the engine, over both libraries. */
import {
  type ColumnElement,
  column,
  createEngine,
  type Engine,
  foreignKey,
  func,
  index,
  insert,
  literal,
  MetaData,
  select,
  t,
  table,
  text,
  tuple,
  union,
  update,
} from "@athanor/core";
import { beforeEach, describe, expect, test } from "vitest";
import * as sqlite from "../src/index.ts";
import { both, newFile } from "./both.ts";

const metadata = new MetaData();
const users = table(
  "users",
  metadata,
  {
    id: column(t.integer, { primaryKey: true }),
    name: column(t.string(50), { nullable: false, unique: true }),
    visits: column(t.integer, { serverDefault: text("1") }),
    active: column(t.boolean, { default: true }),
    seen: column(t.dateTime, { serverDefault: func.now() }),
  },
  index("ix_visits", "visits", { sqliteWhere: text("active") }),
);
const keyless = table("keyless", metadata, {
  code: column(t.string(5), { primaryKey: true }),
  big: column(t.bigInteger),
});

describe.each(both)("$scheme", ({ scheme }) => {
  let engine: Engine;
  beforeEach(() => {
    engine = createEngine(`${scheme}://`);
    metadata.createAll(engine);
  });

  test("creating and dropping look first", () => {
    metadata.createAll(engine);
    metadata.dropAll(engine);
    metadata.dropAll(engine);
    metadata.createAll(engine);
  });

  test("generated keys and defaults", () => {
    engine.begin((connection) => {
      const first = connection.execute(insert(users).values({ name: "a" }));
      expect([...(first.insertedPrimaryKey as Iterable<unknown>)]).toEqual([1]);
      const fetched = connection.execute(insert(users).values({ name: "b" }).returnDefaults());
      expect(fetched.returnedDefaults).toMatchObject({ id: 2, visits: 1, seen: expect.any(Date) as Date });
      expect([
        ...(connection.execute(insert(keyless).values({ code: "x" })).insertedPrimaryKey as Iterable<unknown>),
      ]).toEqual(["x"]);
    });
  });

  test("row counts", () => {
    engine.begin((connection) => {
      connection.execute(insert(users), [{ name: "a" }, { name: "b" }, { name: "c" }]);
      expect(connection.execute(update(users).values({ visits: 1 })).rowcount).toBe(3);
      expect(connection.execute(update(users).where(users.c.id.eq(99)).values({ visits: 1 })).rowcount).toBe(0);
    });
  });

  test("many rows with RETURNING, in the order of the parameters where asked for", () => {
    engine.begin((connection) => {
      const names = Array.from({ length: 2500 }, (_, number) => ({ name: `n${number}` }));
      const rows = connection.execute(insert(users).returning(users.c.id, users.c.name), names).all();
      expect(rows).toHaveLength(2500);
      const sorted = connection.execute(insert(users).returning(users.c.name, { sortByParameterOrder: true }), [
        { name: "z" },
        { name: "y" },
      ]);
      expect(sorted.scalars().all()).toEqual(["z", "y"]);
    });
  });

  test("ON CONFLICT", () => {
    engine.begin((connection) => {
      connection.execute(insert(users), [{ name: "a" }, { name: "b" }]);
      const into = sqlite.insert(users).values({ name: "a", visits: 7 });
      expect(connection.execute(into.onConflictDoNothing()).rowcount).toBe(0);
      const upsert = into.onConflictDoUpdate({
        indexElements: ["name"],
        set: { visits: into.excluded.visits, active: false },
      });
      expect(connection.execute(upsert.returning(users.c.id, users.c.visits, users.c.active)).one()).toMatchObject({
        id: 1,
        visits: 7,
        active: false,
      });
      const guarded = into.onConflictDoUpdate({
        indexElements: ["name"],
        set: { visits: 0 },
        where: users.c.visits.gt(100),
      });
      expect(connection.execute(guarded).rowcount).toBe(0);
      const copies = sqlite
        .insert(users)
        .fromSelect(["name", "visits"], select(users.c.name, literal(3)))
        .onConflictDoUpdate({ set: { visits: users.c.visits.add(100) } });
      connection.execute(copies);
      expect(connection.execute(select(users.c.visits).orderBy(users.c.id)).scalars().all()).toEqual([107, 101]);
      const both = union(select(users.c.name), select(users.c.name));
      const repeated = (options: { includeDefaults?: boolean }) =>
        sqlite.insert(users).fromSelect(["name"], both, options).onConflictDoNothing();
      expect(connection.execute(repeated({ includeDefaults: false })).rowcount).toBe(0);
      expect(() => connection.execute(repeated({}))).toThrow(/default-holding column\(s\) active/);
    });
  });

  test("the condition of a partial index finds it, whatever its values are", () => {
    engine.begin((connection) => {
      connection.execDriverSql("CREATE TABLE partial (a INTEGER, b INTEGER)");
      connection.execDriverSql("CREATE UNIQUE INDEX one ON partial (a) WHERE b > 1");
      connection.execDriverSql("CREATE UNIQUE INDEX two ON partial (a) WHERE b > 2");
      const partial = table("partial", new MetaData(), { a: column(t.integer), b: column(t.integer) });
      for (const limit of [1, 2]) {
        connection.execute(
          sqlite
            .insert(partial)
            .values({ a: limit, b: 5 })
            .onConflictDoNothing({ indexElements: ["a"], indexWhere: partial.c.b.gt(limit) }),
        );
      }
      const none = sqlite
        .insert(partial)
        .values({ a: 1, b: 5 })
        .onConflictDoNothing({ indexElements: ["a"], indexWhere: partial.c.b.gt(3) });
      expect(() => connection.execute(none)).toThrow(/ON CONFLICT clause does not match/);
    });
  });

  test("lists, tuples, limits, XOR, division", () => {
    engine.begin((connection) => {
      connection.execute(insert(users), [{ name: "a" }, { name: "b" }, { name: "c" }]);
      const ids = (condition: ColumnElement<boolean>): unknown[] =>
        connection.execute(select(users.c.id).where(condition).orderBy(users.c.id)).scalars().all();
      expect(ids(users.c.id.in([1, 3]))).toEqual([1, 3]);
      expect(ids(users.c.id.in([]))).toEqual([]);
      expect(ids(users.c.id.notIn([]))).toEqual([1, 2, 3]);
      expect(
        ids(
          tuple(users.c.id, users.c.name).in([
            [1, "a"],
            [2, "x"],
          ]),
        ),
      ).toEqual([1]);
      expect(ids(users.c.name.regexpMatch("[ab]"))).toEqual([1, 2]);
      expect(connection.execute(select(users.c.id).orderBy(users.c.id).offset(1)).scalars().all()).toEqual([2, 3]);
      const row = connection
        .execute(select(literal(5).bitwiseXor(3), literal(5).div(2), literal(5).floorDiv(2), literal(5).mod(3)))
        .one();
      expect([...(row as Iterable<unknown>)].map(Number)).toEqual([6, 2.5, 2, 2]);
    });
  });

  test("streams, with writes meanwhile", () => {
    engine.begin((connection) => {
      connection.execute(
        insert(users),
        Array.from({ length: 50 }, (_, number) => ({ name: `n${number}` })),
      );
      let seen = 0;
      for (const row of connection.execute(select(users.c.id), {}, { yieldPer: 7 })) {
        connection.execute(
          update(users)
            .where(users.c.id.eq(row.id))
            .values({ visits: row.id * 2 }),
        );
        seen++;
      }
      expect(seen).toBe(50);
      expect(connection.execute(select(func.sum(users.c.visits))).scalar()).toBe(2550);
    });
  });

  test("schemas are attached databases", () => {
    const file = newFile();
    const attached = new MetaData();
    const logs = table(
      "logs",
      attached,
      { id: column(t.integer, { primaryKey: true }), what: column(t.string) },
      index("ix_what", "what"),
      { schema: "audit" },
    );
    const notes = table(
      "notes",
      attached,
      { id: column(t.integer, { primaryKey: true }), logId: column("log_id", t.integer, foreignKey("audit.logs.id")) },
      { schema: "audit" },
    );
    engine.connect().execDriverSql(`ATTACH '${file}' AS audit`);
    attached.createAll(engine);
    attached.createAll(engine);
    engine.begin((connection) => {
      connection.execute(insert(logs).values({ what: "x" }).returning(logs.c.id)).all();
      connection.execute(insert(notes).values({ logId: 1 }));
      expect(connection.execute(select(logs.c.what).join(notes, notes.c.logId.eq(logs.c.id))).scalar()).toBe("x");
      connection.execute(update(logs).values({ what: func.upper(logs.c.what) }));
      expect(connection.execute(select(logs.c.what)).scalar()).toBe("X");
    });
    attached.dropAll(engine);
  });
});
