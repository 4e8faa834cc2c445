/** Mappings that are taken back, and what is added to classes after they were mapped. */
import { column, createEngine, foreignKey, func, select, t } from "@athanor/core";
import "@athanor/dialect-sqlite";
import {
  addProperty,
  clearMappers,
  columnProperty,
  declarativeBase,
  many,
  one,
  registry,
  Session,
  synonym,
  UnmappedClassError,
} from "@athanor/orm";
import { expect, it } from "vitest";

it("dispose() unmaps the classes of a registry; tables stay, and classes can be mapped again", () => {
  const mappers = registry();
  const Base = mappers.generateBase();
  class Plain {
    declare name: string;
  }
  class Mapped extends Base.mapped("things", {
    id: column(t.integer, { primaryKey: true }),
    name: column(t.string(10)),
  }) {}
  const { table } = Mapped;
  mappers.mapImperatively(Plain, table);
  expect("name" in Plain.prototype).toBe(true);
  mappers.dispose();
  expect(() => select(Mapped)).toThrow(UnmappedClassError);
  expect(() => new Mapped()).toThrow("is not mapped");
  expect("name" in Plain.prototype).toBe(false);
  expect(mappers.mappers).toEqual([]);

  const engine = createEngine("sqlite://");
  mappers.metadata.createAll(engine);
  const Again = mappers.mapImperatively(Plain, table, { properties: { label: table.c.name } });
  using session = new Session(engine);
  session.add(Object.assign(new Plain(), { label: "x" }));
  session.commit();
  expect(session.scalars(select(Again.$.label)).all()).toEqual(["x"]);
});

it("dispose() refuses where other registries refer to the classes, unless it cascades; clearMappers() takes all", () => {
  const metadata = registry().metadata;
  const [first, second] = [declarativeBase({ metadata }), declarativeBase({ metadata })];
  class Owner extends first.mapped("owners", { id: column(t.integer, { primaryKey: true }) }) {}
  class Pet extends second.mapped("pets", {
    id: column(t.integer, { primaryKey: true }),
    ownerId: column(t.integer, foreignKey("owners.id")),
    owner: () => one(Owner),
  }) {}
  second.registry.configure();
  expect(() => first.registry.dispose()).toThrow("pass cascade: true");
  expect(String(select(Pet))).toContain("pets");
  first.registry.dispose({ cascade: true });
  expect(() => select(Pet)).toThrow(UnmappedClassError);
  class Other extends declarativeBase().mapped("others", { id: column(t.integer, { primaryKey: true }) }) {}
  clearMappers();
  expect(() => select(Other)).toThrow(UnmappedClassError);
});

it("a subclass that is unmapped leaves its hierarchy", () => {
  const mappers = registry();
  class Shape extends declarativeBase().mapped(
    "shapes",
    { id: column(t.integer, { primaryKey: true }), kind: column(t.string(10)) },
    { polymorphicOn: "kind", polymorphicIdentity: "shape" },
  ) {}
  class Circle extends Shape {}
  mappers.mapImperatively(Circle, Shape.table, { inherits: Shape, polymorphicIdentity: "circle" });
  expect(Shape.mapper.selfAndDescendants).toHaveLength(2);
  mappers.dispose();
  expect(Shape.mapper.selfAndDescendants).toHaveLength(1);
  expect([...Shape.mapper.polymorphicMap.keys()]).toEqual(["shape"]);
});

it("addProperty() takes a property or a function, and stands behind the columns", () => {
  const Base = declarativeBase();
  class Post extends Base.mapped("posts", {
    id: column(t.integer, { primaryKey: true }),
    title: column(t.string(10)),
  }) {}
  class Vote extends Base.mapped("votes", {
    id: column(t.integer, { primaryKey: true }),
    postId: column("post_id", t.integer, foreignKey("posts.id")),
  }) {}
  const count = select(func.count(Vote.$.id)).where(Vote.$.postId.eq(Post.$.id)).scalarSubquery();
  addProperty(Post, "count", columnProperty(count));
  addProperty(Post, "votes", () => many(Vote));
  addProperty(Post, "name", synonym("title"));
  expect(String(select(Post)).replaceAll(/\s+/g, " ")).toContain(
    "SELECT posts.id, posts.title, (SELECT count(votes.id)",
  );
  expect(() => addProperty(Post, "name", synonym("title"))).toThrow("already");
  expect(() => addProperty(Post, "wrong", 5 as never)).toThrow("neither a column nor a relationship");
  const engine = createEngine("sqlite://");
  Base.metadata.createAll(engine);
  using session = new Session(engine);
  const post = new Post({ title: "a" }) as Post & { votes: Vote[]; name: string; count: number };
  post.votes.push(new Vote());
  session.add(post);
  session.flush();
  expect([post.name, post.count, post.votes.length]).toEqual(["a", 1, 1]);
});

it("inheritCondition may name the columns of the class's own table", () => {
  const Base = declarativeBase();
  class Node extends Base.mapped("nodes", { id: column(t.integer, { primaryKey: true }) }) {}
  class Link extends Node.extend(
    "links",
    {
      id: column(t.integer, foreignKey("nodes.id"), { primaryKey: true }),
      targetId: column("target_id", t.integer, foreignKey("nodes.id")),
    },
    { inheritCondition: (own) => own.id.eq(Node.table.c.id) },
  ) {}
  expect(String(select(Link)).replaceAll(/\s+/g, " ")).toContain("FROM nodes JOIN links ON links.id = nodes.id");
});
