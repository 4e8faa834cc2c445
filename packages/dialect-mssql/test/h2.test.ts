/** SQL Server's statements through a real tedious, executed by H2 in its SQL Server mode. Skipped aloud where H2 cannot be had. */
import {
  case_,
  checkConstraint,
  column,
  delete_,
  exists,
  foreignKey,
  func,
  insert,
  literal,
  MetaData,
  select,
  t,
  table,
  text,
  union,
  update,
} from "@athanor/core";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { h2Missing, stopH2 } from "../../../test/h2/jvm.ts";
import { scene } from "./connect.ts";
import { H2Session } from "./tds/h2-session.ts";

if (h2Missing !== null) console.warn(`SKIPPED: SQL Server's statements on H2: ${h2Missing}`);

const metadata = new MetaData();
const people = table(
  "people",
  metadata,
  {
    id: column(t.integer, { primaryKey: true }),
    name: column(t.unicode(40), { nullable: false, unique: true }),
    score: column(t.numeric(20, 2)),
    born: column(t.dateTime),
    bio: column(t.unicodeText),
    photo: column(t.largeBinary),
    big: column(t.bigInteger),
    active: column(t.boolean),
    ratio: column(t.double),
  },
  checkConstraint("score >= 0", { name: "ck_score" }),
);
const notes = table("notes", metadata, {
  id: column(t.integer, { primaryKey: true }),
  personId: column("person_id", t.integer, foreignKey("people.id")),
  body: column(t.unicode(200)),
});

describe.skipIf(h2Missing !== null)("SQL Server's statements on H2", () => {
  let database = 0;
  const { engine } = scene(() => new H2Session(`shop${database}`));
  afterAll(stopH2);
  beforeEach(async () => {
    database++;
    await engine().begin((conn) => metadata.createAll(conn, { checkfirst: false }));
  });

  const four = ["ann", "bob", "cyd", "dan"].map((name, index) => ({ name, score: `${index}.50`, big: BigInt(index) }));

  it("writes and reads every kind of value", async () => {
    const ann = {
      name: "ann ü漢",
      score: "123456789012345678.25",
      born: new Date("2024-03-10T02:30:00.123Z"),
      bio: "x".repeat(5000),
      photo: Uint8Array.of(0, 255),
      big: 9_007_199_254_740_993n,
      active: true,
      ratio: 0.1,
    };
    await engine().begin(async (conn) => {
      const { insertedPrimaryKey } = await conn.execute(insert(people).values(ann));
      const id = insertedPrimaryKey[0] as number;
      expect({ ...(await conn.execute(select(people).where(people.c.id.eq(id)))).one() }).toEqual({ id, ...ann });
      await conn.execute(insert(people).values({ name: "nobody" }));
      const empty = (await conn.execute(select(people).where(people.c.name.eq("nobody")))).one();
      expect({ ...empty }).toMatchObject({ score: null, born: null, bio: null, photo: null, big: null, active: null });
    });
  });

  it("inserts many, and returns rows of INSERT, UPDATE and DELETE", async () => {
    await engine().begin(async (conn) => {
      await conn.execute(insert(people), four);
      expect((await conn.execute(select(people.c.name).orderBy(people.c.id))).scalars().all()).toEqual(
        four.map(({ name }) => name),
      );
      const raised = update(people)
        .where(people.c.big.ge(2n))
        .values({ ratio: people.c.big.mul(2) });
      const changed = await conn.execute(raised.returning(people.c.name, people.c.ratio));
      expect(
        changed
          .all()
          .map((row) => [...row])
          .sort(),
      ).toEqual([
        ["cyd", 4],
        ["dan", 6],
      ]);
      const gone = await conn.execute(delete_(people).where(people.c.name.eq("dan")).returning(people.c.big));
      expect(gone.scalars().all()).toEqual([3n]);
      expect((await conn.execute(update(people).values({ active: false }))).rowcount).toBe(3);
    });
  });

  it("pages, counts, joins, unites, and asks inside of questions", async () => {
    await engine().begin(async (conn) => {
      await conn.execute(insert(people), four);
      const ids = (await conn.execute(select(people.c.id).orderBy(people.c.id))).scalars().all();
      await conn.execute(
        insert(notes),
        [0, 0, 1].map((place) => ({ personId: ids[place] as number, body: `n${place}` })),
      );
      const { name } = people.c;
      const ordered = select(name).orderBy(name);
      expect((await conn.execute(ordered.limit(2))).scalars().all()).toEqual(["ann", "bob"]);
      expect((await conn.execute(ordered.limit(2).offset(1))).scalars().all()).toEqual(["bob", "cyd"]);
      const counted = select(name, func.count(notes.c.id).label("notes")).joinFrom(people, notes, { isouter: true });
      expect((await conn.execute(counted.groupBy(name).orderBy(name))).all().map((row) => [...row])).toEqual([
        ["ann", 2],
        ["bob", 1],
        ["cyd", 0],
        ["dan", 0],
      ]);
      const writers = select(name).where(exists().where(notes.c.personId.eq(people.c.id)));
      expect((await conn.execute(writers.orderBy(name))).scalars().all()).toEqual(["ann", "bob"]);
      const both = union(select(name).where(name.eq("ann")), select(name).where(name.in(["bob", "ann"])));
      expect((await conn.execute(both)).scalars().all().sort()).toEqual(["ann", "bob"]);
      const rich = select(people.c.id, name).where(people.c.big.gt(0n)).cte("rich");
      expect((await conn.execute(select(rich.c.name).orderBy(rich.c.name.desc()))).scalars().all()).toEqual([
        "dan",
        "cyd",
        "bob",
      ]);
      const ranked = select(name, func.row_number().over({ orderBy: people.c.big.desc() }).label("place")).orderBy(
        name,
      );
      expect((await conn.execute(ranked)).all().map((row) => row.place)).toEqual([4, 3, 2, 1]);
      const kind = case_([people.c.big.lt(2n), "low"], { else: "high" }).label("kind");
      expect((await conn.execute(select(kind).orderBy(name))).scalars().all()).toEqual(["low", "low", "high", "high"]);
      const shown = select(name.concat("!").label("a"), func.coalesce(people.c.bio, literal("none")).label("b"));
      expect({ ...(await conn.execute(shown.where(name.like("a%")))).one() }).toEqual({ a: "ann!", b: "none" });
    });
  });

  it("rolls back to savepoints, and all of it", async () => {
    await using conn = await engine().connect();
    await conn.execute(insert(people).values({ name: "kept" }));
    const savepoint = await conn.beginNested();
    await conn.execute(insert(people).values({ name: "gone" }));
    await savepoint.rollback();
    expect((await conn.execute(select(people.c.name))).scalars().all()).toEqual(["kept"]);
    await conn.rollback();
    expect((await conn.execute(select(people.c.name))).scalars().all()).toEqual([]);
  });

  it.each([
    ["INSERT INTO people (name) VALUES ('a'), ('a')", "unique"],
    ["INSERT INTO people (score) VALUES (1)", "notNull"],
    ["INSERT INTO people (name, score) VALUES ('b', -1)", "check"],
    ["INSERT INTO notes (person_id) VALUES (99)", "foreignKey"],
    ["SELECT 1 FROM nowhere", "undefinedTable"],
    ["SELECT nothing FROM people", "undefinedColumn"],
    ["SELECT 1 / 0", "divisionByZero"],
    ["SELEC 1", "syntax"],
  ])("%s: %s", async (sql, kind) => {
    await using conn = await engine().connect();
    await expect(conn.execute(text(sql))).rejects.toMatchObject({ kind });
  });
});
