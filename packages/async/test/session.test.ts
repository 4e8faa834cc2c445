/** AsyncSession on SQLite, PostgreSQL and MariaDB: the same unit of work, awaited. */

import { type AsyncEngine, createAsyncEngine } from "@athanor/async";
import { AsyncSession, asyncScopedSession, asyncSessionmaker } from "@athanor/async/orm";
import { column, foreignKey, IntegrityError, listen, onWarning, select, t, table } from "@athanor/core";
import {
  declarativeBase,
  inspect,
  joinedload,
  MissingAwait,
  many,
  one,
  StaleDataError,
  selectinload,
} from "@athanor/orm";
import "@athanor/dialect-mysql";
import "@athanor/dialect-postgres";
import "@athanor/dialect-sqlite";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type DriverUrl, isMariadb, mysqlUrls, pgUrls } from "../../../test/setup/urls.ts";

const Base = declarativeBase();

class User extends Base.mapped("async_users", {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(50), { nullable: false, unique: true }),
  balance: column(t.integer, { nullable: false, default: 0 }),
  level: column(t.string(10), { serverDefault: "low" }),
  managerId: column("manager_id", t.integer, foreignKey("async_users.id")),
  manager: () => one(User, { backPopulates: "reports", remoteSide: () => User.$.id }),
  reports: () => many(User, { backPopulates: "manager", orderBy: () => User.$.id }),
  addresses: () => many(Address, { backPopulates: "user", cascade: "all, delete-orphan", orderBy: () => Address.$.id }),
}) {}

class Address extends Base.mapped("async_addresses", {
  id: column(t.integer, { primaryKey: true }),
  email: column("email_address", t.string(100), { nullable: false }),
  userId: column("user_id", t.integer, foreignKey("async_users.id"), { nullable: false }),
  user: () => one(User, { backPopulates: "addresses" }),
}) {}

const postTags = table("async_post_tags", Base.metadata, {
  postId: column("post_id", t.integer, foreignKey("async_posts.id"), { primaryKey: true }),
  tagId: column("tag_id", t.integer, foreignKey("async_tags.id"), { primaryKey: true }),
});

class Post extends Base.mapped(
  "async_posts",
  {
    id: column(t.integer, { primaryKey: true }),
    title: column(t.string(50)),
    version: column(t.integer, { nullable: false }),
    tags: () => many(Tag, { secondary: postTags, backPopulates: "posts", orderBy: () => Tag.$.id }),
  },
  { versionIdCol: "version" },
) {}

class Tag extends Base.mapped("async_tags", {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(20)),
  posts: () => many(Post, { secondary: postTags, backPopulates: "tags", orderBy: () => Post.$.id }),
}) {}

class Empty extends Base.mapped("async_empties", { id: column(t.integer, { primaryKey: true }) }) {}

const databases: readonly DriverUrl[] = [{ name: "sqlite", url: "sqlite://" }, ...pgUrls(), ...mysqlUrls()];

describe.each(databases)("AsyncSession on $name", ({ name, url }) => {
  let engine: AsyncEngine;
  let sent: string[] = [];

  beforeAll(async () => {
    if (url === null) return;
    engine = createAsyncEngine(url);
    listen(
      engine,
      "beforeCursorExecute",
      (_, execution) => void sent.push(execution.statement.replaceAll(/\s+/g, " ").replaceAll(/["`]/g, "")),
    );
  });
  beforeEach(async () => {
    if (url === null) return;
    await Base.metadata.dropAll(engine);
    await Base.metadata.createAll(engine);
    sent = [];
  });
  afterAll(async () => {
    if (url !== null) await engine.dispose();
  });
  const run = it.skipIf(url === null);

  run("adds, finds, changes and deletes", async () => {
    await using session = new AsyncSession(engine);
    const ann = new User({ name: "ann", addresses: [new Address({ email: "a@x" }), new Address({ email: "b@x" })] });
    session.add(ann);
    await session.commit();
    expect([ann.id, ann.addresses.map((address) => address.userId)]).toEqual([1, [1, 1]]);
    ann.balance = 7;
    ann.addresses.splice(0, 1);
    await session.commit();
    await using other = new AsyncSession(engine);
    const found = await other.getOne(User, 1, { options: [selectinload(User.$.addresses)] });
    expect([found.name, found.balance, found.level, found.addresses.map((address) => address.email)]).toEqual([
      "ann",
      7,
      "low",
      ["b@x"],
    ]);
    await other.delete(found);
    await other.commit();
    expect((await other.scalars(select(Address.$.id))).all()).toEqual([]);
  });

  run("inserts rows that have nothing but what the database makes", async () => {
    await using session = new AsyncSession(engine);
    const empties = [new Empty(), new Empty(), new Empty()];
    session.addAll(empties);
    await session.commit();
    expect(empties.map((empty) => empty.id)).toEqual([1, 2, 3]);
    const ann = new User({ name: "ann" });
    session.add(ann);
    await session.commit();
    expect(await ann.awaitable.level).toBe("low");
    if (!name.startsWith("MySQL"))
      expect(sent.filter((sql) => /^INSERT INTO async_users .* RETURNING .*level/.test(sql))).toHaveLength(1);
  });

  run("explains that an attribute is not loaded, and loads it in three ways", async () => {
    await using session = new AsyncSession(engine);
    session.add(new User({ name: "ann", addresses: [new Address({ email: "a@x" })] }));
    await session.commit();
    session.expungeAll();
    const ann = await session.getOne(User, 1);
    expect(() => ann.addresses).toThrow(MissingAwait);
    expect(() => ann.addresses).toThrow(
      /User\.addresses of <User .*selectinload\(User\.\$\.addresses\).*session\.refresh\(object, \["addresses"\]\).*object\.awaitable\.addresses/s,
    );
    expect((await ann.awaitable.addresses).length).toBe(1);
    expect(ann.addresses[0]?.email).toBe("a@x");
    session.expungeAll();
    const again = await session.getOne(User, 1);
    await session.refresh(again, ["addresses"]);
    expect(again.addresses.length).toBe(1);
    const rows = (await session.scalars(select(Address).options(joinedload(Address.$.user)))).all();
    expect(rows[0]?.user?.name).toBe("ann");
  });

  run("moves money in one transaction, or not at all", async () => {
    const Maker = asyncSessionmaker(engine);
    await Maker.begin((session) =>
      session.addAll([new User({ name: "ann", balance: 100 }), new User({ name: "bob", balance: 20 })]),
    );
    const transfer = async (amount: number, fails: boolean): Promise<void> => {
      await Maker.begin(async (session) => {
        const [ann, bob] = (await session.scalars(select(User).orderBy(User.$.id))).all() as [User, User];
        ann.balance -= amount;
        await session.flush();
        if (fails) throw new Error("no network");
        bob.balance += amount;
      });
    };
    await transfer(30, false);
    await expect(transfer(50, true)).rejects.toThrow("no network");
    await using session = Maker();
    expect((await session.scalars(select(User.$.balance).orderBy(User.$.id))).all()).toEqual([70, 50]);
  });

  run("survives a constraint violation", async () => {
    await using session = new AsyncSession(engine);
    session.add(new User({ name: "ann" }));
    await session.commit();
    session.add(new User({ name: "ann" }));
    await expect(session.flush()).rejects.toThrow(IntegrityError);
    await session.rollback();
    session.add(new User({ name: "bob" }));
    await session.commit();
    expect((await session.scalars(select(User.$.name).orderBy(User.$.name))).all()).toEqual(["ann", "bob"]);
  });

  run("writes posts and tags", async () => {
    await using session = new AsyncSession(engine);
    const [red, blue] = [new Tag({ name: "red" }), new Tag({ name: "blue" })];
    const post = new Post({ title: "one", tags: [red, blue] });
    session.add(post);
    await session.commit();
    post.tags = [blue];
    await session.commit();
    expect((await session.execute(select(postTags.c.tagId))).all().map((row) => row[0])).toEqual([blue.id]);
    await session.delete(post);
    await session.commit();
    expect((await session.execute(select(postTags))).all()).toEqual([]);
  });

  run("orders employees by their managers, in batches", async () => {
    await using session = new AsyncSession(engine);
    const top = new User({
      name: "top",
      reports: Array.from({ length: 20 }, (_, index) => new User({ name: `r${index}` })),
    });
    session.add(top);
    await session.commit();
    expect(top.reports.map((user) => [user.id, user.managerId])).toEqual(
      Array.from({ length: 20 }, (_, index) => [index + 2, 1]),
    );
    const inserts = sent.filter((sql) => sql.startsWith("INSERT INTO async_users"));
    // MySQL tells no more than one new key a statement.
    const isSingle = name === "sqlite" || (name.startsWith("MySQL") && !isMariadb());
    expect(inserts.length).toBe(isSingle ? 21 : 2);
    session.expungeAll();
    const again = await session.getOne(User, 1);
    await session.delete(again);
    await session.commit();
    expect((await session.scalars(select(User.$.managerId).distinct())).all()).toEqual([null]);
  });

  run("notices changes by others through versions", async () => {
    await using session = new AsyncSession(engine, { expireOnCommit: true });
    const post = new Post({ title: "one" });
    session.add(post);
    await session.commit();
    await session.refresh(post);
    post.title = "two";
    await session.flush();
    expect(post.version).toBe(2);
    await session.commit();
    await session.refresh(post);
    await engine.begin((connection) => connection.execDriverSql("UPDATE async_posts SET version = 9"));
    post.title = "three";
    await expect(session.commit()).rejects.toThrow(StaleDataError);
    await session.rollback();
  });

  run("rolls back to a savepoint", async () => {
    await using session = new AsyncSession(engine);
    const [outer, inner] = [new User({ name: "outer" }), new User({ name: "inner" })];
    session.add(outer);
    await expect(
      session.beginNested(async () => {
        session.add(inner);
        await session.flush();
        throw new Error("stop");
      }),
    ).rejects.toThrow("stop");
    expect([inspect(outer).persistent, inspect(inner).transient]).toEqual([true, true]);
    await session.commit();
    expect((await session.scalars(select(User.$.name))).all()).toEqual(["outer"]);
  });

  run("names both operations when two tasks use it at once", async () => {
    await using session = new AsyncSession(engine);
    const outcomes = await Promise.allSettled([session.execute(select(User)), session.flush()]);
    if (outcomes.every((outcome) => outcome.status === "fulfilled")) return;
    expect(outcomes[1]).toMatchObject({
      status: "rejected",
      reason: { message: expect.stringMatching(/flush\(\) was called .* execute\(\)/) },
    });
  });

  run("streams entities, and runs steps", async () => {
    await using session = new AsyncSession(engine);
    session.addAll(
      Array.from(
        { length: 30 },
        (_, index) => new User({ name: `u${index}`, addresses: [new Address({ email: `e${index}` })] }),
      ),
    );
    await session.commit();
    session.expungeAll();
    const names: string[] = [];
    for await (const user of (await session.streamScalars(select(User).orderBy(User.$.id))).yieldPer(10))
      names.push(user.name);
    expect(names.length).toBe(30);
    const count = await session.run(function* (steps) {
      const user = yield* steps.get(User, 1);
      return user === null ? 0 : (yield* steps.load(user, "addresses")).length;
    });
    expect(count).toBe(1);
  });

  run("has scopes that follow what is awaited", async () => {
    const session = asyncScopedSession(asyncSessionmaker(engine));
    await session.scope(async () => {
      session.add(new User({ name: "ann" }));
      await session.commit();
    });
    await session.scope(async () => {
      expect((await session.scalars(select(User.$.name))).all()).toEqual(["ann"]);
    });
    expect(() => session.new).toThrow(/no scope/);
  });

  run("warns of a connection beside the session of a scope", async () => {
    const session = asyncScopedSession(asyncSessionmaker(engine));
    const warnings: string[] = [];
    const restore = onWarning((message) => warnings.push(message));
    try {
      await (await engine.connect()).close();
      await session.scope(async () => {
        await (await engine.connect()).close();
        await session.scalars(select(User.$.id));
        await (await engine.connect({ independent: true })).close();
        expect(warnings).toEqual([]);
        await engine.begin(async (connection) => connection.scalar(select(User.$.id)));
        await (await engine.connect()).close();
        expect(warnings).toEqual([expect.stringMatching(/taken while the session of this scope is in a transaction/)]);
        await session.commit();
        await session.scope(async () => {
          await (await engine.connect()).close();
        });
      });
      expect(warnings.length).toBe(1);
    } finally {
      restore();
    }
  });
});
