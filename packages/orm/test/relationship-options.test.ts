/** Options of relationships and columns that change how they are loaded, and of mappings without a primary key. */
import { column, createEngine, foreignKey, type MetaData, select, t } from "@athanor/core";
import "@athanor/dialect-sqlite";
import { declarativeBase, foreign, keyfuncMapping, listen, many, one, Session } from "@athanor/orm";
import { expect, it } from "vitest";

const id = () => column(t.integer, { primaryKey: true });

function sessionOf(metadata: MetaData): { session: Session; statements: string[] } {
  const engine = createEngine("sqlite:///:memory:");
  metadata.createAll(engine);
  const statements: string[] = [];
  listen(
    engine,
    "beforeCursorExecute",
    (_connection, _cursor, statement) => void statements.push(statement.replaceAll("\n", "")),
  );
  return { session: new Session(engine), statements };
}

it("distinctTargetKey and omitJoin decide about the statements of subqueryload() and selectinload()", () => {
  const Base = declarativeBase();
  const joined = () => foreign(R.$.code).eq(Q.$.code);
  class Q extends Base.mapped("q", {
    id: id(),
    code: column(t.integer),
    distinct: () => many(R, { primaryjoin: joined(), distinctTargetKey: true, lazy: "subquery" }),
    plain: () => many(R, { primaryjoin: joined(), distinctTargetKey: false, lazy: "subquery", viewonly: true }),
    whole: () => many(S, { omitJoin: false, lazy: "selectin" }),
  }) {}
  class R extends Base.mapped("r", { id: id(), code: column(t.integer) }) {}
  class S extends Base.mapped("s", { id: id(), qid: column(t.integer, foreignKey("q.id")) }) {}
  const { session, statements } = sessionOf(Base.metadata);
  session.add(new Q({ id: 1, code: 5 }));
  session.commit();
  statements.length = 0;
  session.scalars(select(Q)).all();
  expect(statements.slice(1).sort()).toEqual([
    "SELECT q_1.id, s.id, s.qid FROM q AS q_1 JOIN s ON q_1.id = s.qid WHERE q_1.id IN (?)",
    "SELECT r.id AS r_id, r.code AS r_code, anon_1.q_code AS anon_1_q_code FROM (SELECT DISTINCT q.code AS q_code FROM q) AS anon_1 JOIN r ON r.code = anon_1.q_code",
    "SELECT r.id AS r_id, r.code AS r_code, anon_1.q_code AS anon_1_q_code FROM (SELECT q.code AS q_code FROM q) AS anon_1 JOIN r ON r.code = anon_1.q_code",
  ]);
});

it("loadOnPending loads for objects that were not flushed", () => {
  const Base = declarativeBase();
  class P extends Base.mapped("p", { id: id() }) {}
  class K extends Base.mapped("k", {
    id: id(),
    pid: column(t.integer, foreignKey("p.id")),
    pending: () => one(P, { loadOnPending: true }),
    usual: () => one(P, { viewonly: true }),
  }) {}
  const { session } = sessionOf(Base.metadata);
  session.add(new P({ id: 7 }));
  session.commit();
  const k = new K({ pid: 7 });
  session.add(k);
  session.noAutoflush(() => {
    expect(k.pending?.id).toBe(7);
    expect(k.usual).toBeNull();
  });
});

it("syncBackref: false leaves the other side alone; enableTypechecks: false lets other classes in", () => {
  const Base = declarativeBase();
  class P extends Base.mapped("p2", {
    id: id(),
    kids: () => many(K, { backPopulates: "parent", syncBackref: false, viewonly: true }),
    loose: () => many(K, { enableTypechecks: false, viewonly: true, syncBackref: false }),
  }) {}
  class K extends Base.mapped("k2", {
    id: id(),
    pid: column(t.integer, foreignKey("p2.id")),
    parent: () => one(P, { backPopulates: "kids", syncBackref: false }),
  }) {}
  const p = new P();
  const k = new K({ parent: p });
  expect([p.kids.length, k.parent === p]).toEqual([0, true]);
});

it("keyfuncMapping() keys objects by a function; deferredGroup loads its columns together", () => {
  const Base = declarativeBase();
  class Item extends Base.mapped("item", {
    id: id(),
    big: column(t.text, { deferredGroup: "texts" }),
    large: column(t.text, { deferredGroup: "texts" }),
    notes: () => many(Note, { collectionClass: keyfuncMapping((note: Note) => `${note.word}!`) }),
  }) {}
  class Note extends Base.mapped("note", {
    id: id(),
    word: column(t.string, { nullable: false }),
    itemId: column(t.integer, foreignKey("item.id")),
  }) {}
  const { session, statements } = sessionOf(Base.metadata);
  const item = new Item({ id: 1, big: "b", large: "l" });
  item.notes.add(new Note({ word: "a" }));
  session.add(item);
  session.commit();
  session.expungeAll();
  const again = session.getOne(Item, 1);
  statements.length = 0;
  expect([again.big, again.large]).toEqual(["b", "l"]);
  expect(statements).toEqual(["SELECT item.big, item.large FROM item WHERE item.id = ?"]);
  expect([...again.notes.keys()]).toEqual(["a!"]);
});

it("primaryKey names what identifies rows of a table without a key; activeHistory reads the old value first", () => {
  const Base = declarativeBase();
  class Member extends Base.mapped(
    "member",
    {
      userId: column("user_id", t.string(9)),
      groupId: column("group_id", t.string(9)),
      note: column(t.string, { activeHistory: true }),
    },
    { primaryKey: ["userId", "groupId"] },
  ) {}
  const { session, statements } = sessionOf(Base.metadata);
  session.add(new Member({ userId: "u", groupId: "g", note: "n" }));
  session.commit();
  session.expungeAll();
  const member = session.getOne(Member, ["u", "g"]);
  session.expire(member);
  statements.length = 0;
  member.note = "m";
  expect(statements).toHaveLength(1);
  session.commit();
  expect(statements.at(-1)).toBe("UPDATE member SET note=? WHERE member.user_id = ? AND member.group_id = ?");
});
