/** `selectinload(…).orderBy(…).limit(n)`: the first objects of each collection, on SQLite, PostgreSQL and MariaDB. */
import { createAsyncEngine } from "@athanor/async";
import { AsyncSession } from "@athanor/async/orm";
import { type ColumnElement, column, createEngine, foreignKey, listen, select, t, table } from "@athanor/core";
import { MSSQLDialect } from "@athanor/dialect-mssql";
import { OracleDialect } from "@athanor/dialect-oracle";
import {
  declarativeBase,
  inspect,
  joinedload,
  type LoaderOption,
  many,
  one,
  Session,
  selectinload,
} from "@athanor/orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import "@athanor/dialect-mysql";
import "@athanor/dialect-postgres";
import "@athanor/dialect-sqlite";
import { firstOfEach } from "../../packages/orm/src/load/strategies/first-of-each.ts";
import { grammarErrors } from "../grammar/gate.ts";
import { mysqlUrl, pgUrl } from "../setup/urls.ts";

const Base = declarativeBase();
const id = () => column(t.integer, { primaryKey: true });
const tagging = table("fe_tagging", Base.metadata, {
  postId: column("post_id", t.integer, foreignKey("fe_post.id"), { primaryKey: true }),
  tagId: column("tag_id", t.integer, foreignKey("fe_tag.id"), { primaryKey: true }),
});
class User extends Base.mapped("fe_user", {
  id: id(),
  posts: () => many(Post, { backPopulates: "user", cascade: "all, delete-orphan", orderBy: () => Post.$.id }),
}) {}
class Post extends Base.mapped("fe_post", {
  id: id(),
  userId: column("user_id", t.integer, foreignKey("fe_user.id")),
  likes: column(t.integer, { nullable: false }),
  parentId: column("parent_id", t.integer, foreignKey("fe_post.id")),
  user: () => one(User, { backPopulates: "posts" }),
  tags: () => many(Tag, { secondary: tagging }),
  replies: () => many(Post, { foreignKeys: () => [Post.$.parentId] }),
}) {}
class Tag extends Base.mapped("fe_tag", { id: id(), label: column(t.string(20), { nullable: false }) }) {}

const objects = (): object[] => {
  const tags = ["a", "b", "c"].map((label, index) => new Tag({ id: index + 1, label }));
  const posts = [3, 9, 9, 1].map((likes, index) => new Post({ id: index + 1, likes, tags: index === 0 ? tags : [] }));
  return [
    new User({ id: 1, posts }),
    new User({ id: 2, posts: [new Post({ id: 5, likes: 0, parentId: null })] }),
    new User({ id: 3 }),
    ...[6, 7, 8].map((key) => new Post({ id: key, likes: key, parentId: 1 })),
  ];
};
const limited = selectinload(User.$.posts).orderBy(Post.$.likes.desc()).limit(2);
const users = select(User).orderBy(User.$.id);
const ids = (list: Iterable<{ readonly id: number }>): number[] => [...list].map((each) => each.id);

describe("SQLite", () => {
  let session: Session;
  let statements: string[];
  beforeEach(() => {
    const engine = createEngine("sqlite://");
    Base.metadata.createAll(engine);
    const writing = new Session(engine);
    writing.addAll(objects());
    writing.commit();
    statements = [];
    listen(engine, "beforeCursorExecute", (_connection, execution) => {
      statements.push((execution as { statement: string }).statement.replaceAll(/\s+/g, " ").trim());
    });
    session = new Session(engine);
  });
  const first = (option: LoaderOption = limited): User => session.scalars(users.options(option)).all()[0] as User;

  it("loads n per parent by ROW_NUMBER() in the second statement", () => {
    const all = session.scalars(users.options(limited)).all();
    expect(all.map((user) => ids(user.posts))).toEqual([[2, 3], [5], []]);
    expect(statements).toHaveLength(2);
    expect(statements[1]).toContain(
      "row_number() OVER (PARTITION BY fe_post.user_id ORDER BY fe_post.likes DESC, fe_post.id) AS place FROM fe_post WHERE fe_post.user_id IN (?, ?, ?)) AS ranked ON fe_post.id = ranked.related_1 WHERE ranked.place <= ? ORDER BY ranked.place",
    );
  });

  it("another limit and another order are other statements, the same ones come from the cache", () => {
    const by = (limit: number, than: number) =>
      selectinload(User.$.posts).orderBy(Post.$.likes.gt(than), Post.$.id.desc()).limit(limit);
    const shown = (option: ReturnType<typeof by>): number[] => {
      session.expungeAll();
      return ids(first(option).posts);
    };
    expect([shown(by(2, 5)), shown(by(3, 5)), shown(by(2, 2)), shown(by(2, 5))]).toEqual([
      [4, 1],
      [4, 1, 3],
      [4, 3],
      [4, 1],
    ]);
  });

  it("without orderBy() the order of the relationship holds; without limit() the collection is whole", () => {
    expect(ids(first(selectinload(User.$.posts).limit(3)).posts)).toEqual([1, 2, 3]);
    session.expungeAll();
    const whole = first(selectinload(User.$.posts).orderBy(Post.$.id.desc()));
    expect(ids(whole.posts)).toEqual([4, 3, 2, 1]);
    expect(statements.at(-1)).not.toContain("row_number");
    whole.posts.push(new Post({ likes: 0 }));
  });

  it("goes on behind it, over tables between, with criteria, and to itself", () => {
    const tags = limited.selectinload(Post.$.tags).orderBy(Tag.$.label.desc()).limit(2);
    const busy = selectinload(User.$.posts.and(Post.$.likes.lt(9))).limit(1);
    expect(first(tags).posts[0]?.tags).toHaveLength(0);
    session.expungeAll();
    expect(ids(first(busy).posts)).toEqual([1]);
    session.expungeAll();
    const post = session.scalars(
      select(Post)
        .where(Post.$.id.eq(1))
        .options(
          selectinload(Post.$.tags).orderBy(Tag.$.label.desc()).limit(2),
          selectinload(Post.$.replies).orderBy(Post.$.id.desc()).limit(2).options(joinedload(Post.$.user)),
        ),
    );
    const one = post.one();
    expect([ids(one.tags), ids(one.replies)]).toEqual([
      [3, 2],
      [8, 7],
    ]);
  });

  it("refuses changes, and takes what the other side says", () => {
    const user = first();
    const refused = /'posts' of .* holds a part of its collection only.*cannot be changed/;
    expect(() => user.posts.push(new Post({ likes: 1 }))).toThrow(refused);
    expect(() => user.posts.splice(0, 1)).toThrow(refused);
    expect(() => (user.posts = [])).toThrow(refused);
    expect(() => (user.posts as unknown as { clear(): void }).clear()).toThrow(refused);
    const added = new Post({ likes: 50 });
    added.user = user;
    session.add(added);
    (user.posts[0] as Post).user = session.get(User, 2);
    session.commit();
    expect(ids(session.scalars(select(Post).where(Post.$.userId.eq(1)).orderBy(Post.$.id))).length).toBe(4);
    user.posts.push(new Post({ likes: 1 }));
    session.commit();
    expect(user.posts).toHaveLength(5);
  });

  it("refresh(), and loading it again, make it whole; another limit loads it anew", () => {
    const user = first();
    expect(ids(first(selectinload(User.$.posts).limit(1)).posts)).toEqual([1]);
    const added = new Post({ likes: 0, user });
    session.add(added);
    expect(ids(first(selectinload(User.$.posts)).posts)).toEqual([1, 2, 3, 4, added.id]);
    session.rollback();
    session.expungeAll();
    const again = first();
    session.refresh(again, ["posts"]);
    expect(again.posts).toHaveLength(4);
    again.posts = [];
    session.commit();
    expect(session.scalars(select(Post).where(Post.$.userId.eq(1))).all()).toEqual([]);
  });

  it("joined loading of it makes it whole", () => {
    first();
    const user = session
      .scalars(users.options(joinedload(User.$.posts)))
      .unique()
      .all()[0] as User;
    expect(user.posts).toHaveLength(4);
    user.posts.pop();
  });

  it("deleting the parent deletes all of the collection", () => {
    session.delete(first());
    session.commit();
    expect(ids(session.scalars(select(Post).where(Post.$.id.lt(6))))).toEqual([5]);
  });

  it("merge() does not take a part for the whole", () => {
    const user = first();
    const other = new Session(session.getBind());
    const merged = other.merge(user);
    expect(merged.posts).toHaveLength(4);
    other.commit();
    expect(other.scalars(select(Post).where(Post.$.userId.eq(1))).all()).toHaveLength(4);
    const kept = new Session(session.getBind()).merge(user, { load: false });
    expect(ids(kept.posts)).toEqual([2, 3]);
    expect(() => kept.posts.pop()).toThrow(/holds a part/);
    const target = new Session(session.getBind());
    target.scalars(users.options(limited)).all();
    const whole = new Session(session.getBind()).get(User, 1) as User;
    expect(whole.posts).toHaveLength(4);
    expect(target.merge(whole).posts).toHaveLength(4);
  });

  it("refuses what makes no sense", () => {
    expect(() => selectinload(Post.$.user).limit(1)).toThrow(/Post.user is a single object/);
    expect(() => joinedload(User.$.posts).limit(1)).toThrow(/right behind selectinload\(\)/);
    expect(() => selectinload("*").limit(1)).toThrow(/not of "\*"/);
    expect(() => selectinload(User.$.posts).limit(0)).toThrow(/positive integer, not 0/);
    expect(() => selectinload(User.$.posts).orderBy("likes")).toThrow(/takes column expressions/);
  });
});

it.each([
  ["mssql", new MSSQLDialect()],
  ["oracle", new OracleDialect()],
] as const)("%s has the same statement", (name, dialect) => {
  const target = inspect(Post);
  const columns = [Post.$.userId as unknown as ColumnElement];
  const orderBy = [Post.$.likes.desc(), Post.$.id.desc()] as unknown as ColumnElement[];
  const statement = firstOfEach({ columns, target, orderBy, limit: 2 }, (ranked) =>
    ranked.where(Post.$.userId.in([1, 2])),
  );
  const sql = statement.compile({ dialect, literalBinds: true }).sql;
  expect(sql.replaceAll(/\s+/g, " ")).toContain(
    "row_number() OVER (PARTITION BY fe_post.user_id ORDER BY fe_post.likes DESC, fe_post.id DESC) AS place",
  );
  expect(grammarErrors(name, sql)).toEqual([]);
});

for (const [name, url] of [
  ["PostgreSQL", pgUrl()],
  ["MySQL or MariaDB", mysqlUrl()],
] as const) {
  describe.skipIf(url === null)(name, () => {
    const engine = createAsyncEngine(url ?? "postgresql://none");
    beforeAll(() => Base.metadata.createAll(engine));
    afterAll(async () => {
      await Base.metadata.dropAll(engine);
      await engine.dispose();
    });

    it("loads n per parent", async () => {
      const session = new AsyncSession(engine);
      session.addAll(objects());
      await session.commit();
      session.expungeAll();
      const all = await session.scalars(users.options(limited));
      expect(all.all().map((user) => ids(user.posts))).toEqual([[2, 3], [5], []]);
      session.expungeAll();
      const option = selectinload(Post.$.tags).orderBy(Tag.$.label.desc()).limit(2);
      const post = (await session.scalars(select(Post).where(Post.$.id.eq(1)).options(option))).one();
      expect(ids(post.tags)).toEqual([3, 2]);
      await session.close();
    });
  });
}
