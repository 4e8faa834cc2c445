/** PostgreSQL's own statements and operators, executed. */
import {
  and,
  any,
  cast,
  column,
  createTable,
  delete_,
  extract,
  foreignKey,
  func,
  identity,
  insert,
  literal,
  MetaData,
  not,
  select,
  type Table,
  t,
  table,
  tablesample,
  text,
  update,
} from "@athanor/core";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as pg from "../src/index.ts";
import { engineOf, url } from "./database.ts";

const metadata = new MetaData();
const users = table("users", metadata, {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(50), { nullable: false }),
  email: column(t.string(50), { unique: true }),
  visits: column(t.integer, { serverDefault: "0" }),
});
const posts = table("posts", metadata, {
  id: column(t.integer, { primaryKey: true }),
  userId: column("user_id", t.integer, foreignKey("users.id")),
  title: column(t.text),
  tags: column(pg.ARRAY(t.string)),
  body: column(pg.JSONB),
  raw: column(pg.JSON),
  attributes: column(pg.HSTORE),
  span: column(pg.INT4RANGE),
  spans: column(pg.INT4MULTIRANGE),
  words: column(pg.TSVECTOR),
  posted: column(t.dateTime({ timezone: true })),
  lasted: column(t.interval),
});

describe.skipIf(url === null)("statements", () => {
  const engine = url === null ? (undefined as never) : engineOf();
  const scalar = async (statement: Parameters<typeof select>[0]): Promise<unknown> => {
    await using connection = await engine.connect();
    return connection.scalar(select(statement as never));
  };
  const ids = async (condition: unknown): Promise<unknown[]> => {
    await using connection = await engine.connect();
    return (
      await connection.scalars(
        select(posts.c.id)
          .where(condition as never)
          .orderBy(posts.c.id),
      )
    ).all();
  };

  beforeAll(async () => {
    await engine.begin(async (connection) => {
      await connection.execute(text("CREATE EXTENSION IF NOT EXISTS hstore"));
      await metadata.createAll(connection);
    });
  });

  beforeEach(async () => {
    await engine.begin(async (connection) => {
      await connection.execute(text("TRUNCATE users, posts RESTART IDENTITY"));
      await connection.execute(
        pg.insert(users).values([
          { name: "ann", email: "a@x" },
          { name: "bob", email: "b@x" },
        ]),
      );
      await connection.execute(
        pg.insert(posts).values([
          {
            userId: 1,
            title: "Cats and dogs",
            tags: ["a", "b"],
            body: { n: 1, s: "x", list: [1, 2], deep: { k: "v" }, ok: true },
            raw: { n: 1 },
            attributes: { a: "1", b: null },
            span: pg.range(1, 5),
            spans: [pg.range(1, 3), pg.range(7, 9)],
            words: func.to_tsvector?.("english", "Cats and dogs") as never,
            posted: new Date("2024-02-29T08:00:00Z"),
            lasted: "P1DT2H",
          },
          {
            userId: 2,
            title: "Birds",
            tags: ["b", "c"],
            body: { n: 2 },
            raw: [1],
            attributes: { c: "3" },
            span: pg.range(5, 9),
            spans: [],
            words: null,
            posted: null,
            lasted: null,
          },
        ]),
      );
    });
  });

  test("ON CONFLICT", async () => {
    await using connection = await engine.connect();
    const given = pg.insert(users).values({ name: "new", email: "a@x" });
    expect((await connection.execute(given.onConflictDoNothing())).rowcount).toBe(0);
    expect(
      (await connection.execute(given.onConflictDoNothing({ indexElements: ["email"] }).returning(users.c.id))).all(),
    ).toEqual([]);
    const counted = given.onConflictDoUpdate({
      indexElements: [users.c.email],
      set: { name: given.excluded.name, visits: users.c.visits.add(1) },
      where: users.c.visits.lt(1),
    });
    const [row] = (await connection.execute(counted.returning(users.c.id, users.c.name, users.c.visits))).all();
    expect([...(row as never)]).toEqual([1, "new", 1]);
    expect((await connection.execute(counted)).rowcount).toBe(0);
    const byName = given.onConflictDoUpdate({ constraint: "users_email_key", set: { visits: 9 } });
    await connection.execute(byName);
    expect(await connection.scalar(select(users.c.visits).where(users.c.id.eq(1)))).toBe(9);
    const many = pg.insert(users);
    const merged = many
      .onConflictDoUpdate({ indexElements: ["email"], set: { name: many.excluded.name } })
      .returning(users.c.id, { sortByParameterOrder: false });
    const rows = await connection.execute(merged, [
      { name: "A", email: "a@x" },
      { name: "C", email: "c@x" },
    ]);
    expect(rows.all()).toHaveLength(2);
  });

  test("a cast to a type with a collation, which CAST itself does not take", async () => {
    await using connection = await engine.connect();
    const least = cast(literal("b"), t.string(5, { collation: "C" })).gt("B");
    expect(await connection.scalar(select(least))).toBe(true);
  });

  test("rejected conflict clauses", () => {
    const given = pg.insert(users).values({ name: "x" });
    expect(() => given.onConflictDoUpdate({ set: { name: "y" } })).toThrow(/must be specified/);
    expect(() => given.onConflictDoUpdate({ constraint: "a", indexElements: ["b"], set: { name: "y" } })).toThrow(
      /mutually exclusive/,
    );
    expect(() => given.onConflictDoUpdate({ indexElements: ["email"], set: {} })).toThrow(/not be empty/);
    expect(() => given.onConflictDoUpdate({ indexElements: ["email"], set: { name: undefined } as never })).toThrow(
      /undefined/,
    );
    expect(() => given.onConflictDoNothing().onConflictDoNothing()).toThrow(/already has/);
  });

  test("without implicit RETURNING, the key is asked for before", async () => {
    await using connection = await engine.connect();
    const quiet = { implicitReturning: false, prefixes: ["TEMPORARY"] };
    const own = new MetaData();
    const serial = table(
      "Quiet One",
      own,
      { id: column(t.integer, { primaryKey: true }), v: column(t.integer) },
      quiet,
    );
    const numbered = table(
      "quiet_two",
      own,
      { "My Id": column(t.integer, identity({ start: 7 }), { primaryKey: true }), v: column(t.integer) },
      quiet,
    );
    const always = table(
      "quiet_three",
      own,
      { id: column(t.integer, identity({ always: true }), { primaryKey: true }), v: column(t.integer) },
      quiet,
    );
    for (const each of [serial, numbered, always]) await connection.execute(createTable(each));
    const keys: unknown[] = [];
    for (const each of [serial, serial, numbered])
      keys.push([
        ...((await connection.execute(insert(each as Table).values({ v: 5 } as never))).insertedPrimaryKey as never),
      ]);
    expect(keys).toEqual([[1], [2], [7]]);
    expect((await connection.execute(select(serial.c.id).orderBy(serial.c.id))).scalars().all()).toEqual([1, 2]);
    // Others go on after them.
    await connection.execute(insert(serial).values([{ v: 6 }, { v: 7 }]));
    expect((await connection.execute(select(func.max(serial.c.id)))).scalar()).toBe(4);
    // The server refuses keys that are given.
    await connection.execute(insert(always).values({ v: 5 }));
    expect((await connection.execute(select(always.c.id))).scalar()).toBe(1);
  });

  test("generated keys, RETURNING, UPDATE FROM, DELETE USING", async () => {
    await using connection = await engine.connect();
    const inserted = await connection.execute(pg.insert(users).values({ name: "eve" }));
    expect([...(inserted.insertedPrimaryKey as never)]).toEqual([3]);
    const raised = await connection.execute(
      update(users)
        .where(posts.c.userId.eq(users.c.id), posts.c.title.eq("Birds"))
        .values({ visits: posts.c.id.add(10) })
        .returning(users.c.visits),
    );
    expect(raised.scalars().all()).toEqual([12]);
    const gone = await connection.execute(
      delete_(posts).where(posts.c.userId.eq(users.c.id), users.c.name.eq("ann")).returning(posts.c.id),
    );
    expect(gone.scalars().all()).toEqual([1]);
    await connection.execute(
      update(posts)
        .where(posts.c.id.eq(2))
        .values([
          [posts.c.tags.at(1), "z"],
          [posts.c.body.at("n"), 7],
        ] as never),
    );
    expect([
      ...((await connection.execute(select(posts.c.tags, posts.c.body).where(posts.c.id.eq(2)))).one() as never),
    ]).toEqual([["z", "c"], { n: 7 }]);
  });

  test("DISTINCT ON, ONLY, TABLESAMPLE, row locks", async () => {
    await using connection = await engine.connect();
    const first = select(posts.c.userId, posts.c.title)
      .ext(pg.distinctOn(posts.c.userId))
      .orderBy(posts.c.userId, posts.c.id);
    expect((await connection.execute(first)).all()).toHaveLength(2);
    expect(
      (await connection.execute(select(users.c.id).withHint(users, "ONLY").limit(1).offset(1))).all(),
    ).toHaveLength(1);
    expect(() =>
      String(select(users.c.id).withHint(users, "FORCE INDEX").compile({ dialect: engine.dialect })),
    ).toThrow(/hint/);
    const sample = tablesample(users, func.bernoulli?.(100), { name: "s" });
    expect((await connection.execute(select(sample.c.id))).all()).toHaveLength(2);
    for (const options of [
      {},
      { read: true, nowait: true },
      { keyShare: true, skipLocked: true },
      { read: true, keyShare: true, of: users },
      { of: [users.c.id] },
    ]) {
      expect((await connection.execute(select(users.c.id).withForUpdate(options))).all()).toHaveLength(2);
    }
    expect(
      (await connection.execute(select(users.c.id).orderBy(users.c.id).fetch(1, { withTies: true }))).all(),
    ).toHaveLength(1);
  });

  test("arrays", async () => {
    const { tags } = posts.c;
    expect(await ids(tags.contains(["a"]))).toEqual([1]);
    expect(await ids(tags.containedBy(["b", "c", "d"]))).toEqual([2]);
    expect(await ids(tags.overlap(["b"]))).toEqual([1, 2]);
    expect(await ids(tags.any("a"))).toEqual([1]);
    expect(await ids(not(tags.any("a")))).toEqual([2]);
    expect(await ids(literal("b").eq(any(tags)))).toEqual([1, 2]);
    expect(await ids(tags.eq(["a", "b"]))).toEqual([1]);
    expect(await ids(posts.c.title.ilike(any(pg.array(["cat%", "x%"]))))).toEqual([1]);
    expect(await ids(tags.at(1).eq("b"))).toEqual([2]);
    expect(await scalar(select(posts.c.tags.slice(1, 1)).where(posts.c.id.eq(1)).scalarSubquery() as never)).toEqual([
      "a",
    ]);
    expect(await scalar(pg.array([1, 2]).add(pg.array([3])) as never)).toEqual([1, 2, 3]);
    expect(await scalar(pg.array([pg.array([1, 2]), pg.array([3, 4])]) as never)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(await scalar(pg.array([], { type: t.integer }) as never)).toEqual([]);
    expect(await scalar(func.array_length?.(literal([1, 2, 3], pg.ARRAY(t.integer)), 1) as never)).toBe(3);
  });

  test("JSON and JSONB", async () => {
    const { body, raw } = posts.c;
    expect(await ids(body.contains({ n: 1 }))).toEqual([1]);
    expect(await ids(body.containedBy({ n: 2, m: 3 }))).toEqual([2]);
    expect(await ids(body.hasKey("deep"))).toEqual([1]);
    expect(await ids(body.hasAll(["n", "s"]))).toEqual([1]);
    expect(await ids(body.hasAny(["zz", "s"]))).toEqual([1]);
    expect(await ids(body.hasAny(pg.array(["n"])))).toEqual([1, 2]);
    expect(await ids(body.pathExists("$.list[*] ? (@ > 1)"))).toEqual([1]);
    expect(await ids(body.pathMatch("$.n == 2"))).toEqual([2]);
    expect(await ids(body.at("n").asInteger().gt(1))).toEqual([2]);
    expect(await ids(body.at("s").astext.eq("x"))).toEqual([1]);
    expect(await ids(body.at(["deep", "k"]).astext.eq("v"))).toEqual([1]);
    expect(await ids(body.at("deep").at("k").eq(literal("v", pg.JSONB)))).toEqual([1]);
    expect(await ids(body.at("ok").asBoolean())).toEqual([1]);
    expect(await ids(raw.at("n").asInteger().eq(1))).toEqual([1]);
    expect(await ids(raw.at(0).asInteger().eq(1))).toEqual([2]);
    expect(await ids(body.at("list").at(0).asInteger().eq(1))).toEqual([1]);
    expect(await ids(body.at("missing").is(null))).toEqual([1, 2]);
    const one = select(body.deletePath(["deep", "k"]), body.at("list"), body.add({ z: 1 } as never)).where(
      posts.c.id.eq(1),
    );
    await using connection = await engine.connect();
    const row = [...((await connection.execute(one)).one() as never as unknown[])] as { deep?: object; z?: number }[];
    expect([row[0]?.deep, row[1], row[2]?.z]).toEqual([{}, [1, 2], 1]);
    expect(() => body.astext).toThrow(/index expression/);
  });

  test("HSTORE", async () => {
    const { attributes } = posts.c;
    expect(await ids(attributes.hasKey("a"))).toEqual([1]);
    expect(await ids(attributes.hasAll(["a", "b"]))).toEqual([1]);
    expect(await ids(attributes.hasAny(["c", "x"]))).toEqual([2]);
    expect(await ids(attributes.contains({ a: "1" }))).toEqual([1]);
    expect(await ids(attributes.containedBy({ c: "3", d: "4" }))).toEqual([2]);
    expect(await ids(attributes.defined("b"))).toEqual([]);
    expect(await ids(attributes.at("a").eq("1"))).toEqual([1]);
    await using connection = await engine.connect();
    const all = select(
      attributes.delete("a"),
      attributes.delete(["a"]),
      attributes.delete({ a: "1" }),
      attributes.slice(["a"]),
      attributes.keys(),
      attributes.vals(),
      attributes.matrix(),
      attributes.add({ n: "2" } as never),
    );
    const row = (await connection.execute(all.where(posts.c.id.eq(1)))).one();
    expect([...(row as never)]).toEqual([
      { b: null },
      { b: null },
      { b: null },
      { a: "1" },
      ["a", "b"],
      ["1", null],
      [
        ["a", "1"],
        ["b", null],
      ],
      { a: "1", b: null, n: "2" },
    ]);
  });

  test("ranges and multiranges", async () => {
    const { span, spans } = posts.c;
    expect(await ids(span.contains(4))).toEqual([1]);
    expect(await ids(span.contains(pg.range(2, 3)))).toEqual([1]);
    expect(await ids(span.containedBy(pg.range(0, 6)))).toEqual([1]);
    expect(await ids(span.overlaps(pg.range(4, 6)))).toEqual([1, 2]);
    expect(await ids(span.strictlyLeftOf(pg.range(5, 6)))).toEqual([1]);
    expect(await ids(span.strictlyRightOf(pg.range(1, 2)))).toEqual([2]);
    expect(await ids(span.adjacentTo(pg.range(9, 10)))).toEqual([2]);
    expect(await ids(span.notExtendRightOf(pg.range(0, 5)))).toEqual([1]);
    expect(await ids(span.notExtendLeftOf(pg.range(5, 6)))).toEqual([2]);
    expect(await ids(span.eq(pg.range(1, 4, { bounds: "[]" })))).toEqual([1]);
    expect(await ids(and(spans.contains(8), spans.contains(pg.range(1, 2))))).toEqual([1]);
    expect(await ids(spans.overlaps([pg.range(2, 3)]))).toEqual([1]);
    await using connection = await engine.connect();
    const one = select(
      span.union(pg.range(5, 6)),
      span.difference(pg.range(3, 9)),
      span.intersection(pg.range(3, 9)),
      func.upper(span as never),
    ).where(posts.c.id.eq(1));
    expect([...((await connection.execute(one)).one() as never)]).toEqual([
      pg.range(1, 6),
      pg.range(1, 3),
      pg.range(3, 5),
      5,
    ]);
  });

  test("full text", async () => {
    const { title, words } = posts.c;
    expect(await ids(title.match("cat dog", { postgresqlRegconfig: "english" }))).toEqual([1]);
    expect(await ids(words.match("cat"))).toEqual([1]);
    expect(await ids(words.boolOp("@@")(pg.toTsquery("english", "cats & dogs")))).toEqual([1]);
    expect(await ids(words.boolOp("@@")("cat & dog"))).toEqual([1]);
    expect(await ids(not(title.match("cats")))).toEqual([2]);
    expect(
      await scalar(pg.tsHeadline("english", literal("all cats"), pg.websearchToTsquery("english", "cat")) as never),
    ).toBe("all <b>cats</b>");
  });

  test("patterns and regular expressions", async () => {
    const { title } = posts.c;
    expect(await ids(title.regexpMatch("^C"))).toEqual([1]);
    expect(await ids(title.regexpMatch("^c", { flags: "i" }))).toEqual([1]);
    expect(await ids(title.regexpMatch("^c.+s$", { flags: "is" }))).toEqual([1]);
    expect(await ids(not(title.regexpMatch("^c", { flags: "i" })))).toEqual([2]);
    expect(await ids(title.ilike("BIRD%"))).toEqual([2]);
    expect(await ids(title.icontains("DOG"))).toEqual([1]);
    expect(await scalar(literal("aXbX").regexpReplace("x", "-", { flags: "gi" }) as never)).toBe("a-b-");
  });

  test("times and intervals", async () => {
    const { posted, lasted } = posts.c;
    await using connection = await engine.connect();
    const one = select(
      posted.add(lasted as never),
      posted.sub("P1D" as never),
      extract("epoch", lasted),
      lasted.mul(2),
      posted.sub(posted),
      cast(posted, t.date),
    ).where(posts.c.id.eq(1));
    expect([...((await connection.execute(one)).one() as never)]).toEqual([
      new Date("2024-03-01T10:00:00Z"),
      new Date("2024-02-28T08:00:00Z"),
      93_600,
      "P2DT4H",
      "PT0S",
      "2024-02-29",
    ]);
  });

  test("aggregates", async () => {
    const { title, id } = posts.c;
    expect(await scalar(func.string_agg?.(title, pg.aggregateOrderBy(literal(", "), id.desc())) as never)).toBe(
      "Birds, Cats and dogs",
    );
    expect(await scalar(func.aggregate_strings(title, "; ").aggregateOrderBy(id) as never)).toBe(
      "Cats and dogs; Birds",
    );
    expect(await scalar(func.array_agg(id).filter(id.gt(1)) as never)).toEqual([2]);
    expect(await scalar(func.percentile_cont?.(0.5).withinGroup(id) as never)).toBe(1.5);
    expect(await scalar(func.substring?.("abcdef", 2, 3) as never)).toBe("bcd");
    expect(await scalar(func.pow?.(2, 10) as never)).toBe(1024);
  });
});
