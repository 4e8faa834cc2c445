/** Join conditions beyond two equal columns: columns inside of expressions, aliases of queries, tables by name. */
import { and, cast, column, createEngine, foreignKey, func, join, select, t, table } from "@athanor/core";
import "@athanor/dialect-sqlite";
import {
  aliased,
  declarativeBase,
  foreign,
  joinedload,
  many,
  one,
  remote,
  Session,
  selectinload,
  subqueryload,
} from "@athanor/orm";
import { expect, it } from "vitest";

it("copies and compares columns that stand inside of functions and casts", () => {
  const Base = declarativeBase();
  class Host extends Base.mapped("host", {
    id: column(t.integer, { primaryKey: true }),
    ip: column(t.string),
    content: column(t.string(50)),
    parent: () => one(Host, { primaryjoin: remote(Host.$.ip).eq(cast(foreign(Host.$.content), t.string)) }),
    same: () =>
      one(Host, {
        primaryjoin: Host.$.ip.eq(cast(Host.$.content, t.string)),
        foreignKeys: Host.$.content,
        remoteSide: Host.$.ip,
        viewonly: true,
      }),
  }) {}
  const engine = createEngine("sqlite://");
  Base.metadata.createAll(engine);
  using session = new Session(engine);
  session.add(new Host({ id: 1, ip: "10.0.0.1", parent: new Host({ id: 2, ip: "10.0.0.2" }) }));
  session.commit();
  const host = session.getOne(Host, 1);
  expect(host.content).toBe("10.0.0.2");
  expect(host.parent?.id).toBe(2);
  expect(host.same).toBe(host.parent);
});

it("finds foreign keys through the query of an aliased class: the newest two of each", () => {
  const Base = declarativeBase();
  class Owner extends Base.mapped("owner", {
    id: column(t.integer, { primaryKey: true }),
    newest: () => {
      const ranked = select(
        Part,
        func.row_number().over({ orderBy: Part.$.id.desc(), partitionBy: Part.$.ownerId }).label("rank"),
      ).subquery();
      const part = aliased(Part, ranked);
      return many(part, {
        primaryjoin: and(part.$.ownerId.eq(Owner.$.id), ranked.c.rank.le(2)),
        viewonly: true,
        orderBy: part.$.id,
      });
    },
  }) {}
  class Part extends Base.mapped("part", {
    id: column(t.integer, { primaryKey: true }),
    ownerId: column("owner_id", foreignKey("owner.id")),
  }) {}
  const engine = createEngine("sqlite://");
  Base.metadata.createAll(engine);
  using session = new Session(engine);
  session.add(new Owner({ id: 1 }));
  session.addAll([1, 2, 3].map((id) => new Part({ id, ownerId: 1 })));
  session.commit();
  expect(session.getOne(Owner, 1).newest.map((part) => part.id)).toEqual([2, 3]);
  for (const load of [selectinload, joinedload, subqueryload]) {
    session.expungeAll();
    const owner = session
      .scalars(select(Owner).options(load(Owner.$.newest)))
      .unique()
      .one();
    expect(owner.newest.map((part) => part.id)).toEqual([2, 3]);
  }
});

it("takes the table between two classes by name, and says which name is wrong", () => {
  const Base = declarativeBase();
  table("links", Base.metadata, {
    l: column(foreignKey("lefts.id"), { primaryKey: true }),
    r: column(foreignKey("rights.id"), { primaryKey: true }),
  });
  class Left extends Base.mapped("lefts", {
    id: column(t.integer, { primaryKey: true }),
    rights: () => many(Right, { secondary: "links" }),
  }) {}
  class Right extends Base.mapped("rights", { id: column(t.integer, { primaryKey: true }) }) {}
  expect(String(select(Left).join(Left.$.rights))).toContain("JOIN links AS links_1 ON lefts.id = links_1.l");

  const Wrong = declarativeBase();
  class Node extends Wrong.mapped("node", {
    id: column(t.integer, { primaryKey: true }),
    others: () => many(Node, { secondary: "nowhere" }),
  }) {}
  expect(() => select(Node).compile()).toThrow(/secondary of Node\.others names the table "nowhere"/);
});

it("goes over a join of tables between two classes, which may contain the related class's own", () => {
  const Base = declarativeBase();
  class A extends Base.mapped("a", {
    id: column(t.integer, { primaryKey: true }),
    bId: column("b_id", foreignKey("b.id")),
    d: () =>
      one(D, {
        secondary: join(B, D, D.$.bId.eq(B.$.id)).join(C, C.$.dId.eq(D.$.id)),
        primaryjoin: and(A.$.bId.eq(B.$.id), A.$.id.eq(C.$.aId)),
        secondaryjoin: D.$.bId.eq(B.$.id),
        viewonly: true,
      }),
  }) {}
  class B extends Base.mapped("b", { id: column(t.integer, { primaryKey: true }) }) {}
  class C extends Base.mapped("c", {
    id: column(t.integer, { primaryKey: true }),
    aId: column("a_id", foreignKey("a.id")),
    dId: column("d_id", foreignKey("d.id")),
  }) {}
  class D extends Base.mapped("d", {
    id: column(t.integer, { primaryKey: true }),
    bId: column("b_id", foreignKey("b.id")),
  }) {}
  expect(String(select(A.$.id).join(A.$.d)).replaceAll(/\s+/g, " ")).toBe(
    "SELECT a.id FROM a JOIN (b AS b_1 JOIN d AS d_1 ON d_1.b_id = b_1.id JOIN c AS c_1 ON c_1.d_id = d_1.id) " +
      "ON a.b_id = b_1.id AND a.id = c_1.a_id JOIN d ON d.b_id = b_1.id",
  );
  const engine = createEngine("sqlite://");
  Base.metadata.createAll(engine);
  using session = new Session(engine);
  session.addAll([new B({ id: 1 }), new A({ id: 1, bId: 1 }), new A({ id: 2, bId: 1 }), new D({ id: 5, bId: 1 })]);
  session.add(new C({ id: 1, aId: 1, dId: 5 }));
  session.commit();
  expect([session.getOne(A, 1).d?.id, session.getOne(A, 2).d]).toEqual([5, null]);
  session.expungeAll();
  const [first, second] = session.scalars(select(A).options(joinedload(A.$.d)).orderBy(A.$.id)).unique();
  expect([first?.d?.id, second?.d]).toEqual([5, null]);
  expect(session.scalars(select(A.$.id).where(A.$.d.has({ id: 5 }))).all()).toEqual([1]);
});
