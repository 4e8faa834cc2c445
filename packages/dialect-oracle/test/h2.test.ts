/** The compliance suite through the real front of oracledb, executed by H2 in its Oracle mode. Skipped aloud where H2 cannot be had. */
import { createAsyncEngine } from "@athanor/async";
import {
  column,
  foreignKey,
  func,
  identity,
  insert,
  MetaData,
  select,
  sequence,
  t,
  table,
  text,
  union,
  update,
} from "@athanor/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { url } from "./connect.ts";
import { H2Backend, h2Missing, stopH2 } from "./fake/h2-backend.ts";
import { fake, oracledb } from "./fake/install.ts";

if (h2Missing !== null) console.warn(`SKIPPED: Oracle's statements on H2: ${h2Missing}`);

const metadata = new MetaData();
const people = table("people", metadata, {
  id: column(t.integer, identity(), { primaryKey: true }),
  name: column(t.string(40), { nullable: false, unique: true }),
  score: column(t.numeric(10, 2)),
  born: column(t.dateTime),
  bio: column(t.text),
  photo: column(t.largeBinary),
  big: column(t.bigInteger),
  level: column(t.integer),
});
const notes = table("notes", metadata, {
  id: column(t.integer, sequence("note_numbers"), { primaryKey: true }),
  personId: column("person_id", t.integer, foreignKey("people.id", { ondelete: "CASCADE" })),
  body: column(t.string(200)),
});

describe.skipIf(h2Missing !== null)("Oracle's statements on H2", () => {
  const engine = createAsyncEngine(url, { module: oracledb });
  beforeAll(async () => {
    fake.backend = () => new H2Backend("people");
    fake.version = "19.3.0.0.0";
    await engine.begin((conn) => metadata.createAll(conn, { checkfirst: false }));
  });
  afterAll(async () => {
    await engine.dispose();
    fake.backend = null;
    stopH2();
  });

  it("writes and reads every kind of value", async () => {
    const born = new Date("2024-03-10T02:30:00Z");
    const person = {
      name: "ann",
      score: "12.50",
      born,
      bio: "x".repeat(5000),
      photo: Uint8Array.of(1, 2),
      big: 9_007_199_254_740_993n,
      level: 3,
    };
    await engine.begin(async (conn) => {
      const { insertedPrimaryKey } = await conn.execute(insert(people).values(person));
      const row = (await conn.execute(select(people).where(people.c.id.eq(insertedPrimaryKey[0] as number)))).one();
      expect({ ...row }).toEqual({ id: insertedPrimaryKey[0], ...person });
      await conn.execute(insert(people).values({ name: "nobody" }));
      const empty = (await conn.execute(select(people).where(people.c.name.eq("nobody")))).one();
      expect({ ...empty }).toMatchObject({ score: null, born: null, bio: null, photo: null, big: null });
    });
  });

  it("returns the rows of INSERT, UPDATE and DELETE", async () => {
    await engine.begin(async (conn) => {
      const many = await conn.execute(
        insert(people).returning(people.c.id, people.c.name, { sortByParameterOrder: true }),
        [
          { name: "m1", score: "1" },
          { name: "m2", score: "2" },
          { name: "m3", score: null },
        ],
      );
      expect(many.all().map((row) => row.name)).toEqual(["m1", "m2", "m3"]);
      const changed = await conn.execute(
        update(people)
          .values({ score: people.c.score.add(1) })
          .where(people.c.name.like("m%"))
          .returning(people.c.name, people.c.score),
      );
      expect(changed.all().map((row) => [...row])).toEqual([
        ["m1", "2.00"],
        ["m2", "3.00"],
        ["m3", null],
      ]);
    });
  });

  it("numbers rows by a sequence, joins, groups, sorts NULLs last, pages", async () => {
    await engine.begin(async (conn) => {
      const ann = (await conn.execute(select(people.c.id).where(people.c.name.eq("ann")))).scalar() as number;
      const first = (await conn.execute(insert(notes).values({ personId: ann, body: "one" })))
        .insertedPrimaryKey[0] as number;
      const second = (await conn.execute(insert(notes).values({ personId: ann, body: "two" })))
        .insertedPrimaryKey[0] as number;
      expect(second).toBe(first + 1);
      const counts = select(people.c.name, func.count(notes.c.id).label("n"))
        .joinFrom(people, notes, notes.c.personId.eq(people.c.id))
        .groupBy(people.c.name);
      expect((await conn.execute(counts)).all().map((row) => [...row])).toEqual([["ann", 2]]);
      const scores = (await conn.execute(select(people.c.score).orderBy(people.c.score, people.c.id))).scalars().all();
      expect(scores.at(-1)).toBeNull();
      const page = select(people.c.name).where(people.c.name.like("m%")).orderBy(people.c.name).limit(1).offset(1);
      expect((await conn.execute(page)).scalars().all()).toEqual(["m2"]);
      const both = union(select(people.c.name), select(notes.c.body));
      expect((await conn.execute(both)).all().length).toBeGreaterThan(4);
      expect(
        (await conn.execute(select(func.coalesce(people.c.bio, "none")).where(people.c.name.eq("m1")))).scalar(),
      ).toBe("none");
    });
  });

  it("takes empty text for NULL", async () => {
    await engine.begin(async (conn) => {
      await conn.execute(insert(people).values({ name: "empty", bio: "" }));
      expect(
        (await conn.execute(select(people.c.id).where(people.c.name.eq("empty"), people.c.bio.is(null)))).all().length,
      ).toBe(1);
    });
    await expect(engine.begin((conn) => conn.execute(insert(people).values({ name: "" })))).rejects.toMatchObject({
      kind: "notNull",
    });
  });

  it("rolls back, to savepoints too, and isolates", async () => {
    const count = async (conn: { execute: (statement: never) => Promise<{ scalar(): unknown }> }): Promise<unknown> =>
      (await conn.execute(text("SELECT count(*) FROM people WHERE name LIKE 's%'") as never)).scalar();
    await using conn = await engine.connect();
    await conn.execute(insert(people).values({ name: "s1" }));
    const inner = await conn.beginNested();
    await conn.execute(insert(people).values({ name: "s2" }));
    await inner.rollback();
    expect(await count(conn)).toBe(1);
    await using other = await engine.connect();
    expect(await count(other)).toBe(0);
    await conn.rollback();
    expect(await count(conn)).toBe(0);
  });

  it("tells what was violated", async () => {
    await expect(engine.begin((conn) => conn.execute(insert(people).values({ name: "ann" })))).rejects.toMatchObject({
      kind: "unique",
    });
    await expect(engine.begin((conn) => conn.execute(insert(notes).values({ personId: 999 })))).rejects.toMatchObject({
      kind: "foreignKey",
    });
    await expect(engine.begin((conn) => conn.execute(text("SELECT * FROM nowhere")))).rejects.toMatchObject({
      kind: "undefinedTable",
    });
    await expect(engine.begin((conn) => conn.execute(text("SELECT nothing FROM people")))).rejects.toMatchObject({
      kind: "undefinedColumn",
    });
    await expect(engine.begin((conn) => conn.execute(text("SELECT 1/0 FROM DUAL")))).rejects.toMatchObject({
      kind: "divisionByZero",
    });
  });

  it("streams", async () => {
    await using conn = await engine.connect();
    const seen: unknown[] = [];
    for await (const row of await conn.stream(select(people.c.name).orderBy(people.c.name), undefined, { yieldPer: 2 }))
      seen.push(row[0]);
    expect(seen).toEqual([...seen].sort());
    expect(seen.length).toBeGreaterThan(4);
  });
});
