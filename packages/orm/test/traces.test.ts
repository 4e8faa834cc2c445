/**
 * Scenarios of the unit of work whose statements were compared with SQLAlchemy 2.1's: traces.txt holds what both send
 * (differences, all of them about the order of sets or about rows that are gone already, are named there).
 */
// biome-ignore-all lint/style/noNonNullAssertion: short scenarios over rows that are known to be there.
import { readFileSync } from "node:fs";
import { column, createEngine, foreignKey, func, listen, onWarning, select, t, table } from "@athanor/core";
import "@athanor/dialect-sqlite";
import { afterAll, describe, expect, it } from "vitest";
import { declarativeBase, many, one, Session } from "../src/index.ts";

const restore = onWarning(() => {});
afterAll(restore);
const recorded = new Map(
  readFileSync(new URL("./traces.txt", import.meta.url), "utf8")
    .split(/^## /m)
    .slice(1)
    .map((part) => [part.slice(0, part.indexOf("\n")), part.slice(part.indexOf("\n") + 1).trimEnd()]),
);

const Base = declarativeBase();
const key = { primaryKey: true } as const;
class Node extends Base.mapped("node", {
  id: column(t.integer, key),
  name: column(t.string),
  stamp: column(t.integer, { serverDefault: "5" }),
  touched: column(t.integer, { onupdate: 9 }),
  parentId: column("parent_id", t.integer, foreignKey("node.id")),
  kids: () => many(Node, { backPopulates: "parent", cascade: "all, delete-orphan", orderBy: () => Node.$.id }),
  parent: () => one(Node, { backPopulates: "kids", remoteSide: () => Node.$.id }),
}) {}
const friend = table("friend", Base.metadata, {
  a_id: column(t.integer, foreignKey("person.id"), key),
  b_id: column(t.integer, foreignKey("person.id"), key),
});
class Person extends Base.mapped("person", {
  id: column(t.integer, key),
  name: column(t.string),
  friends: () =>
    many(Person, {
      secondary: friend,
      primaryjoin: () => Person.$.id.eq(friend.c.a_id),
      secondaryjoin: () => Person.$.id.eq(friend.c.b_id),
      orderBy: () => Person.$.id,
    }),
}) {}
class A extends Base.mapped("a", {
  id: column(t.integer, key),
  name: column(t.string),
  bId: column("b_id", t.integer, foreignKey("b.id", { useAlter: true, name: "x" })),
  fav: () => one(B, { foreignKeys: () => A.$.bId, postUpdate: true }),
  bs: () => many(B, { foreignKeys: () => B.$.aId, backPopulates: "a", orderBy: () => B.$.id }),
}) {}
class B extends Base.mapped("b", {
  id: column(t.integer, key),
  name: column(t.string),
  aId: column("a_id", t.integer, foreignKey("a.id")),
  a: () => one(A, { foreignKeys: () => B.$.aId, backPopulates: "bs" }),
}) {}
class Emp extends Base.mapped(
  "emp",
  {
    id: column(t.integer, key),
    kind: column(t.string, { nullable: false }),
    name: column(t.string),
    version: column(t.integer, { nullable: false }),
  },
  { polymorphicOn: "kind", polymorphicIdentity: "emp", versionIdCol: "version" },
) {}
class Eng extends Emp.extend(
  "eng",
  { id: column(t.integer, foreignKey("emp.id"), key), lang: column(t.string) },
  { polymorphicIdentity: "eng" },
) {}
class Uid extends Base.mapped("uid", {
  a: column(t.integer, { primaryKey: true, autoincrement: false }),
  b: column(t.string, { primaryKey: true, default: () => "k" }),
  v: column(t.string),
}) {}
class U extends Base.mapped("u", {
  id: column(t.integer, key),
  name: column(t.string, { nullable: false }),
  age: column(t.integer),
  ads: () => many(Ad, { backPopulates: "u", orderBy: () => Ad.$.id }),
  prof: () => one(Prof, { backPopulates: "u", cascade: "all, delete-orphan", singleParent: true, uselist: false }),
}) {}
class Ad extends Base.mapped("ad", {
  id: column(t.integer, key),
  email: column(t.string, { nullable: false }),
  uId: column("u_id", t.integer, foreignKey("u.id")),
  u: () => one(U, { backPopulates: "ads" }),
}) {}
class Prof extends Base.mapped("prof", {
  id: column(t.integer, key),
  bio: column(t.string),
  uId: column("u_id", t.integer, foreignKey("u.id")),
  u: () => one(U, { backPopulates: "prof" }),
}) {}
const seed = (s: Session) => {
  s.addAll([
    new U({ name: "a", ads: [new Ad({ email: "1" }), new Ad({ email: "2" })], prof: new Prof({ bio: "p" }) }),
    new U({ name: "b" }),
  ]);
  s.commit();
  s.expungeAll();
};
class Own extends Base.mapped("own", {
  id: column(t.integer, key),
  name: column(t.string),
  pets: () => many(Pet, { backPopulates: "own", orderBy: () => Pet.$.id, cascade: "all" }),
}) {}
class Pet extends Base.mapped(
  "pet",
  {
    id: column(t.integer, key),
    kind: column(t.string, { nullable: false }),
    ownId: column("own_id", t.integer, foreignKey("own.id")),
    own: () => one(Own, { backPopulates: "pets" }),
  },
  { polymorphicOn: "kind", polymorphicIdentity: "pet" },
) {}
class Dog extends Pet.extend(
  "dog",
  {
    id: column(t.integer, foreignKey("pet.id"), key),
    bark: column(t.string),
    toys: () => many(Toy, { orderBy: () => Toy.$.id, cascade: "all, delete-orphan" }),
  },
  { polymorphicIdentity: "dog" },
) {}
class Cat extends Pet.extend({ lives: column(t.integer) }, { polymorphicIdentity: "cat" }) {}
class Toy extends Base.mapped("toy", {
  id: column(t.integer, key),
  dogId: column("dog_id", t.integer, foreignKey("dog.id"), { nullable: false }),
  what: column(t.string),
}) {}
const tag = table("tag_link", Base.metadata, {
  l: column(t.integer, foreignKey("lft.id"), key),
  r: column(t.integer, foreignKey("rgt.id"), key),
});
class Lft extends Base.mapped("lft", {
  id: column(t.integer, key),
  rs: () => many(Rgt, { secondary: tag, backPopulates: "ls", cascade: "all", orderBy: () => Rgt.$.id }),
}) {}
class Rgt extends Base.mapped("rgt", {
  id: column(t.integer, key),
  ls: () => many(Lft, { secondary: tag, backPopulates: "rs", orderBy: () => Lft.$.id }),
}) {}
class M1 extends Base.mapped("m1", {
  code: column(t.string, key),
  kids: () => many(M2, { backPopulates: "p", passiveUpdates: false, orderBy: () => M2.$.id }),
}) {}
class M2 extends Base.mapped("m2", {
  id: column(t.integer, key),
  pCode: column("p_code", t.string, foreignKey("m1.code")),
  p: () => one(M1, { backPopulates: "kids" }),
}) {}

/** Runs a scenario on a fresh database, and compares what was sent, and the outcome. */
function scenario(name: string, work: (session: Session, mark: (text: string) => void) => unknown): void {
  it(name, () => {
    const engine = createEngine("sqlite://");
    Base.metadata.createAll(engine);
    const lines: string[] = [];
    listen(
      engine,
      "beforeCursorExecute",
      (_, { statement, parameters }) =>
        void lines.push(`${statement.replaceAll(/\s+/g, " ").trim()} ${JSON.stringify(parameters)}`),
    );
    using session = new Session(engine);
    const outcome = work(session, (text) => void lines.push(`-- ${text} []`));
    expect([...lines, `=> ${JSON.stringify(outcome ?? null)}`].join("\n")).toBe(recorded.get(name));
  });
}

describe("the unit of work", () => {
  scenario("write.tree", (s, m) => {
    const r = new Node({
      name: "r",
      kids: [
        new Node({ name: "a", kids: [new Node({ name: "a1" }), new Node({ name: "a2" })] }),
        new Node({ name: "b", kids: [new Node({ name: "b1" })] }),
      ],
    });
    s.add(r);
    s.flush();
    m("upd");
    r.name = "R";
    r.kids[0]!.name = "A";
    s.flush();
    m("touch");
    const x = [r.touched, r.stamp];
    m("del");
    s.delete(r);
    s.flush();
    return x;
  });
  scenario("write.tree2", (s, m) => {
    const r = new Node({
      name: "r",
      kids: [new Node({ name: "a", kids: [new Node({ name: "a1" })] }), new Node({ name: "b" })],
    });
    s.add(r);
    s.commit();
    m("move");
    const a = r.kids[0]!;
    const b = r.kids[1]!;
    b.kids.push(a.kids[0]!);
    m("flush");
    s.flush();
    m("orphan");
    r.kids.splice(r.kids.indexOf(b), 1);
    s.flush();
  });
  scenario("write.friends", (s, m) => {
    const [p, q, z] = [new Person({ name: "p" }), new Person({ name: "q" }), new Person({ name: "z" })];
    p.friends = [q, z];
    q.friends = [p];
    z.friends = [z];
    s.add(p);
    s.flush();
    m("rm");
    p.friends.splice(p.friends.indexOf(z), 1);
    q.friends.push(z);
    s.flush();
    m("del");
    s.delete(z);
    s.delete(p);
    s.flush();
  });
  scenario("write.post", (s, m) => {
    const a = new A({ name: "a", bs: [new B({ name: "b1" }), new B({ name: "b2" })] });
    a.fav = a.bs[1]!;
    s.add(a);
    s.flush();
    m("del fav");
    s.delete(a.fav!);
    a.fav = null;
    s.flush();
    m("del all");
    a.fav = a.bs[0]!;
    s.flush();
    m("x");
    for (const b of [...a.bs]) s.delete(b);
    s.delete(a);
    s.flush();
  });
  scenario("write.eng", (s, m) => {
    s.addAll([new Eng({ name: "x", lang: "ts" }), new Emp({ name: "y" }), new Eng({ name: "z", lang: "py" })]);
    s.flush();
    m("upd");
    const es = s.scalars(select(Emp).orderBy(Emp.$.id)).all() as Eng[];
    es[0]!.lang = "js";
    es[1]!.name = "Y";
    es[2]!.name = "Z";
    es[2]!.lang = "c";
    s.flush();
    m("del");
    const v = es.map((e) => e.version);
    for (const e of es) s.delete(e);
    s.flush();
    return v;
  });
  scenario("write.uid", (s, m) => {
    s.addAll([new Uid({ a: 1, v: "x" }), new Uid({ a: 2, v: "y" }), new Uid({ a: 3, b: "q" })]);
    s.flush();
    m("sw");
    const u = s.getOne(Uid, [1, "k"]);
    s.delete(u);
    const n = new Uid({ a: 1, b: "k", v: "new" });
    s.add(n);
    s.flush();
    m("chg");
    n.b = "z";
    s.flush();
    m("swap");
    s.commit();
    return [n.a, n.b, n.v];
  });
  scenario("write.exprs", (s, m) => {
    const n = new Node({ name: "n", stamp: select(func.count(Node.$.id)).scalarSubquery() as never });
    const o = new Node({ name: "o", stamp: 7 });
    s.addAll([n, o]);
    s.flush();
    m("read");
    return [n.stamp, o.stamp];
  });
  scenario("write.merge", (s, m) => {
    const r = new Node({ name: "r", kids: [new Node({ name: "a" }), new Node({ name: "b" })] });
    s.add(r);
    s.commit();
    s.expungeAll();
    m("merge");
    const g = s.merge(
      new Node({ id: 1, name: "R", kids: [new Node({ id: 2, name: "A" }), new Node({ name: "new" })] }),
    );
    m("flush");
    s.flush();
    return [g.name, g.kids.map((k) => k.name)];
  });
  scenario("write.bulk", (s, m) => {
    s.bulkInsertMappings(Eng, [{ name: "a", lang: "l" }, { name: "b" }]);
    m("save");
    const xs = [new Node({ name: "1" }), new Node({ name: "2", stamp: 3 })];
    s.bulkSaveObjects(xs);
    m("upd");
    s.bulkUpdateMappings(Eng, [{ id: 1, name: "A", lang: "L", version: 1 }]);
  });
  scenario("write.many", (s) => {
    s.addAll([
      new Node({ name: "a", stamp: 1 }),
      new Node({ name: "b" }),
      new Node({ name: "c", stamp: 1 }),
      new Node({ id: 50, name: "d" }),
      new Node({ id: 51, name: "e" }),
    ]);
    s.flush();
    return s.scalars(select(Node.$.id).orderBy(Node.$.id)).all();
  });
  scenario("write.exp", (s, m) => {
    const r = new Node({ name: "r", kids: [new Node({ name: "a" })] });
    s.add(r);
    s.commit();
    m("add");
    r.kids.push(new Node({ name: "z" }));
    s.flush();
    m("fk");
    const k = new Node({ name: "q", parentId: 1 });
    s.add(k);
    s.flush();
    m("par");
    const x = k.parent === r;
    m("rb");
    s.rollback();
    return [x, r.kids.length];
  });
  scenario("write.nest", (s, m) => {
    const r = new Node({ name: "r" });
    s.add(r);
    s.commit();
    const sp = s.beginNested();
    r.name = "x";
    s.add(new Node({ name: "k", parent: r }));
    s.flush();
    sp.rollback();
    m("after");
    return [r.name, r.kids.length];
  });
});

describe("the session", () => {
  scenario("session.move", (s, m) => {
    seed(s);
    m("go");
    const a = s.getOne(U, 1),
      b = s.getOne(U, 2);
    const ad = a.ads[0]!;
    ad.u = b;
    m("f");
    s.flush();
    m("x");
    const r = [a.ads.length, b.ads.length];
    s.commit();
    m("y");
    return [...r, a.ads.length, b.ads.length];
  });
  scenario("session.prof", (s, m) => {
    seed(s);
    m("go");
    const a = s.getOne(U, 1);
    a.prof!.bio = "q";
    a.prof = null;
    m("f");
    s.commit();
    m("z");
    return a.prof;
  });
  scenario("session.refresh", (s, m) => {
    seed(s);
    m("go");
    const a = s.getOne(U, 1);
    a.name = "z";
    s.refresh(a);
    m("r2");
    s.refresh(a, ["name", "ads"]);
    m("exp");
    s.expire(a, ["ads", "name"]);
    return [a.name, a.ads.length];
  });
  scenario("session.del", (s, m) => {
    seed(s);
    m("go");
    const a = s.getOne(U, 1);
    s.delete(a);
    m("f");
    s.commit();
    return s.scalars(select(Ad.$.uId)).all();
  });
  scenario("session.m2onull", (s, m) => {
    seed(s);
    m("go");
    const ad = s.getOne(Ad, 1);
    ad.u = null;
    s.flush();
    m("del");
    s.delete(s.getOne(Ad, 2));
    s.commit();
    m("rd");
    return s.getOne(U, 1).ads.length;
  });
  scenario("session.expired_update", (s, m) => {
    seed(s);
    m("go");
    const a = s.getOne(U, 1);
    s.commit();
    a.name = "n";
    s.commit();
    m("again");
    a.age = 5;
    a.age = null;
    s.commit();
    m("x");
    a.name = "n";
    s.commit();
  });
  scenario("session.merge", (s, m) => {
    seed(s);
    m("go");
    const u = new U({
      id: 1,
      name: "merged",
      ads: [new Ad({ id: 2, email: "22" })],
      prof: new Prof({ id: 1, bio: "pp" }),
    });
    const g = s.merge(u);
    m("f");
    s.flush();
    return [g.ads.length, g.prof!.bio];
  });
  scenario("session.backref", (s, m) => {
    seed(s);
    m("go");
    const a = s.getOne(U, 1);
    const ad = new Ad({ email: "new", u: a });
    m("add");
    s.add(ad);
    const q = s.scalars(select(Ad.$.email).orderBy(Ad.$.id)).all();
    m("rb");
    s.rollback();
    return [q, a.ads.length];
  });
  scenario("session.nested", (s, m) => {
    seed(s);
    m("go");
    const a = s.getOne(U, 1);
    s.beginNested(() => {
      a.age = 3;
    });
    m("o");
    const n = s.beginNested();
    s.delete(a.ads[0]!);
    s.flush();
    n.rollback();
    m("z");
    return [a.age, a.ads.length];
  });
  scenario("session.pkchange", (s, m) => {
    seed(s);
    m("go");
    const a = s.getOne(U, 1);
    s.get(U, 2);
    a.id = 20;
    a.name = "k";
    m("f");
    s.flush();
    m("c");
    s.commit();
    return [
      a.id,
      s
        .scalars(select(Ad))
        .all()
        .map((x) => x.uId),
    ];
  });
  scenario("session.replace", (s, m) => {
    seed(s);
    m("go");
    const a = s.getOne(U, 1);
    a.prof = new Prof({ bio: "new" });
    m("f");
    s.flush();
    m("z");
    return s.scalars(select(Prof.$.bio)).all();
  });
  scenario("session.steal", (s, m) => {
    seed(s);
    m("go");
    const p = s.getOne(Prof, 1);
    const b = s.getOne(U, 2);
    b.prof = p;
    m("f");
    s.flush();
    return p.uId;
  });
  scenario("session.replacecoll", (s, m) => {
    seed(s);
    m("go");
    const a = s.getOne(U, 1);
    a.ads = [new Ad({ email: "x" })];
    m("f");
    s.flush();
    return a.ads.map((x) => x.email);
  });
});

describe("hierarchies and tables between", () => {
  scenario("mapping.inh", (s, m) => {
    let o = new Own({
      name: "o",
      pets: [new Dog({ bark: "w", toys: [new Toy({ what: "b" })] }), new Cat({ lives: 9 }), new Pet()],
    });
    s.add(o);
    s.commit();
    s.expungeAll();
    m("go");
    o = s.getOne(Own, 1);
    const ps = o.pets;
    m("attr");
    const x = [...ps.map((p) => p.constructor.name), (ps[0] as Dog).bark, (ps[1] as Cat).lives];
    (ps[0] as Dog).bark = "v";
    (ps[1] as Cat).lives = 8;
    (ps[0] as Dog).toys.push(new Toy({ what: "n" }));
    m("f");
    s.flush();
    m("del");
    s.delete(o);
    s.flush();
    return x;
  });
  scenario("mapping.inh2", (s, m) => {
    s.add(new Dog({ bark: "x" }));
    s.commit();
    m("g");
    s.expungeAll();
    const d = s.get(Pet, 1) as Dog;
    m("b");
    const b = d.bark;
    d.own = new Own({ name: "new" });
    m("f");
    s.commit();
    return [b, d.own!.name];
  });
  scenario("mapping.m2m", (s, m) => {
    const l = new Lft({ rs: [new Rgt(), new Rgt()] });
    const l2 = new Lft({ rs: [l.rs[0]!] });
    s.addAll([l, l2]);
    s.flush();
    m("del");
    s.expireAll();
    s.delete(l);
    s.flush();
    m("c");
    s.commit();
    return s.execute(select(tag)).all().length === 0;
  });
  scenario("mapping.pu", (s, m) => {
    const p = new M1({ code: "a", kids: [new M2(), new M2()] });
    s.add(p);
    s.commit();
    m("go");
    p.code = "b";
    s.flush();
    m("c");
    s.commit();
    return p.kids.map((k) => k.pCode);
  });
  scenario("mapping.m2o", (s, m) => {
    const p = new M1({ code: "a" }),
      q = new M1({ code: "b" });
    const k = new M2({ p });
    s.addAll([p, q, k]);
    s.commit();
    m("go");
    k.p = q;
    s.flush();
    m("rb");
    s.rollback();
    m("z");
    return k.p!.code;
  });
  scenario("mapping.batch", (s, m) => {
    const ds = [0, 1, 2].map((i) => new Dog({ bark: String(i) }));
    s.addAll([...ds, new Cat({ lives: 1 }), new Cat({ lives: 2 })]);
    s.flush();
    m("u");
    for (const d of ds) d.bark = "z";
    s.flush();
    m("d");
    for (const d of ds) s.delete(d);
    s.flush();
  });
  scenario("mapping.merge", (s, m) => {
    const g = s.merge(new Dog({ id: 5, bark: "m", toys: [new Toy({ id: 7, what: "t" })] }));
    m("f");
    s.flush();
    m("again");
    s.commit();
    const g2 = s.merge(new Dog({ id: 5, bark: "n", toys: [new Toy({ id: 7, what: "t" })] }));
    s.flush();
    return [g === g2];
  });
  scenario("mapping.expunge", (s, m) => {
    const o = new Own({ name: "a" });
    s.add(o);
    s.flush();
    s.expunge(o);
    o.name = "b";
    m("re");
    s.add(o);
    s.flush();
    m("c");
    s.commit();
    const o2 = new Own({ name: "c", pets: [new Pet()] });
    s.add(o2);
    s.expunge(o2);
    s.commit();
    return s.scalars(select(Own.$.name).orderBy(Own.$.id)).all();
  });
  scenario("mapping.delchild", (s, m) => {
    const o = new Own({ name: "a", pets: [new Pet(), new Pet()] });
    s.add(o);
    s.commit();
    m("x");
    const p = o.pets[0]!;
    s.delete(p);
    s.flush();
    m("len");
    const n = o.pets.length;
    s.commit();
    return [n, o.pets.length];
  });
});
