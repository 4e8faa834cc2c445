/** What statements tell about themselves: `columnDescriptions`, `entityDescription`, `whereclause`. */
import { column, delete_, func, insert, MetaData, select, t, table, update } from "@athanor/core";
import "@athanor/dialect-sqlite";
import { aliased, bundle, configureMappers, declarativeBase, listen, many, one } from "@athanor/orm";
import { expect, it } from "vitest";

const Base = declarativeBase();
class User extends Base.mapped("user_account", {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string, { nullable: false }),
}) {}

it("describes classes, aliases, attributes, bundles and expressions", () => {
  const other = aliased(User, { name: "other" });
  const pair = bundle("pair", User.$.id, User.$.name);
  const [entity, alias, attribute, ofAlias, both, count] = select(
    User,
    other,
    User.$.id,
    other.$.name,
    pair,
    func.count().label("n"),
  ).columnDescriptions;
  expect(entity).toEqual({ name: "User", type: User, aliased: false, expr: User, entity: User });
  expect(alias).toMatchObject({ name: "other", type: User, aliased: true });
  expect(attribute).toMatchObject({ name: "id", aliased: false, entity: User });
  expect(attribute?.type).toBe(User.table.c.id.type);
  expect(ofAlias).toMatchObject({ name: "name", aliased: true });
  expect(ofAlias?.entity).toBe(other);
  expect([alias?.expr, alias?.entity]).toEqual([other, other]);
  expect(both).toMatchObject({ name: "pair", aliased: false, entity: User });
  expect(both?.expr).toBe(pair);
  expect(count).toMatchObject({ name: "n", aliased: false, entity: null });
});

it("describes what INSERT, UPDATE and DELETE work on, and what they return", () => {
  const statement = insert(User).values({ name: "x" }).returning(User.$.id, User);
  expect(statement.entityDescription).toMatchObject({ name: "User", type: User, expr: User, entity: User });
  expect(statement.entityDescription.table).toBe(User.table);
  expect(statement.returningColumnDescriptions.map(({ name }) => name)).toEqual(["id", "User"]);
  const plain = table("plain", new MetaData(), { id: column(t.integer), size: column(t.integer) });
  expect(update(plain).entityDescription).toEqual({
    name: "plain",
    type: null,
    expr: plain,
    entity: null,
    table: plain,
  });
  expect(select(plain).columnDescriptions.map(({ name }) => name)).toEqual(["id", "size"]);
});

it("gives the condition of UPDATE and DELETE as one expression", () => {
  expect(update(User).whereclause).toBeNull();
  const statement = delete_(User).where(User.$.id.gt(1)).where(User.$.id.lt(9));
  expect(String(statement.whereclause)).toBe("user_account.id > :id_1 AND user_account.id < :id_2");
});

it("configureMappers() sets up the mappers of all bases", () => {
  const First = declarativeBase();
  const Second = declarativeBase();
  class A extends First.mapped("a", { id: column(t.integer, { primaryKey: true }) }) {}
  class B extends Second.mapped("b", {
    id: column(t.integer, { primaryKey: true }),
    // @ts-expect-error there is no such strategy
    parts: () => many(B, { lazy: "jioned" }),
  }) {}
  const configured: unknown[] = [];
  for (const type of [A, B]) listen(type, "mapperConfigured", (mapper) => configured.push(mapper.class));
  expect(() => configureMappers()).toThrow(/no loading strategy "jioned".*writeOnly/s);
  expect(configured).toEqual([A]);
});

it("names the relationship whose function asks for something too early", () => {
  const Early = declarativeBase();
  class Leaf extends Early.mapped("leaf", {
    id: column(t.integer, { primaryKey: true }),
    alias: () => one(later, { viewonly: true }),
  }) {}
  expect(() => aliased(Leaf)).toThrow(/function of Leaf\.alias uses something that is not there yet.*aliased\(\)/s);
  const later: typeof Leaf = Leaf;
});

it("compile() says what it takes for a dialect", () => {
  const options = { dialect: "postgresql" };
  expect(() => select(User).compile(options as never)).toThrow(/takes a dialect, not .*postgresql.*engine\.dialect/s);
});
