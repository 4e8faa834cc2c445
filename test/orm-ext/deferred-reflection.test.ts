/** Classes over reflected tables: prepare(), autoloadWith, tables that were read before. SQLite; servers in ./reflected-servers.test.ts. */

import { createAsyncEngine } from "@athanor/async";
import { AsyncSession } from "@athanor/async/orm";
import {
  column,
  createEngine,
  type Engine,
  foreignKey,
  func,
  MetaData,
  select,
  type Table,
  t,
  table,
} from "@athanor/core";
import { addProperty, columnProperty, declarativeBase, many, one, registry, Session } from "@athanor/orm";
import { deferredReflection } from "@athanor/orm/ext/declarative";
import { describe, expect, it } from "vitest";
import { at } from "./at.ts";
import "@athanor/dialect-sqlite";

const statements = [
  "CREATE TABLE foo (id INTEGER PRIMARY KEY, data VARCHAR(20))",
  "CREATE TABLE bar (id INTEGER PRIMARY KEY, foo_id INTEGER REFERENCES foo (id), data VARCHAR(20))",
];

function database(): Engine {
  const engine = createEngine("sqlite://");
  engine.begin((connection) => {
    for (const statement of statements) connection.execDriverSql(statement);
  });
  return engine;
}

describe("deferredReflection", () => {
  it("maps classes when prepare() is called, beside those of the same base that are mapped at once", () => {
    const engine = database();
    const Base = declarativeBase();
    const Reflected = deferredReflection(Base);
    class Foo extends Reflected.mapped("foo", { bars: () => many(Bar, { backPopulates: "foo" }) }) {
      declare data: string;
    }
    class Bar extends Reflected.mapped("bar", {
      key: column("id", t.integer, { primaryKey: true }),
      foo: () => one(Foo, { backPopulates: "bars" }),
    }) {
      declare foo_id: number;
    }
    class Plain extends Base.mapped("plain", { id: column(t.integer, { primaryKey: true }) }) {}
    expect(Plain.$.id).toBeDefined();
    expect(Foo.table.columnList).toEqual([]);
    expect(() => select(Foo)).toThrow(/Class 'Foo' is not mapped yet/);
    Reflected.prepare(engine);
    expect(Foo.table.columnList.map((each) => each.name)).toEqual(["id", "data"]);
    expect(Bar.mapper.columnAttrs.map((each) => each.key)).toEqual(["key", "foo_id", "data"]);
    using session = new Session(engine);
    session.add(new Foo({ data: "f", bars: [new Bar(), new Bar()] } as object));
    session.commit();
    session.expungeAll();
    const foo = session.scalars(select(Foo)).one();
    expect([foo.data, foo.bars.map((bar) => bar.foo_id), foo.bars[0]?.foo === foo]).toEqual(["f", [1, 1], true]);
    // A further prepare() concerns what came later.
    class More extends Reflected.mapped("foo", {}, { extendExisting: true }) {}
    Reflected.prepare(engine);
    expect(More.mapper.columnAttrs.map((each) => each.key)).toEqual(["id", "data"]);
  });

  it("names tables that are not there", () => {
    const Base = deferredReflection();
    Base.mapped("missing", {});
    expect(() => Base.prepare(database())).toThrow(/requested table\(s\) not available.*missing/);
  });

  it("reads views with the primary key that the shape names", () => {
    const engine = database();
    engine.begin((connection) => connection.execDriverSql("CREATE VIEW foos AS SELECT id, data FROM foo"));
    const Base = deferredReflection();
    class Foos extends Base.mapped("foos", { id: column(t.integer, { primaryKey: true }) }) {}
    Base.prepare(engine);
    expect(Foos.mapper.columnAttrs.map((each) => each.key)).toEqual(["id", "data"]);
  });

  it("inherits: joined and single", () => {
    const engine = createEngine("sqlite://");
    engine.begin((connection) => {
      connection.execDriverSql(
        "CREATE TABLE animal (id INTEGER PRIMARY KEY, kind VARCHAR(10), name VARCHAR(10), lives INTEGER)",
      );
      connection.execDriverSql("CREATE TABLE dog (id INTEGER PRIMARY KEY REFERENCES animal (id), breed VARCHAR(10))");
    });
    const Base = deferredReflection();
    class Animal extends Base.mapped(
      "animal",
      { kind: column(t.string(10)) },
      { polymorphicOn: "kind", polymorphicIdentity: "animal" },
    ) {
      declare name: string;
    }
    class Dog extends Animal.extend("dog", {}, { polymorphicIdentity: "dog" }) {
      declare breed: string;
    }
    class Cat extends Animal.extend({ lives: column(t.integer) }, { polymorphicIdentity: "cat" }) {}
    Cat.register();
    Base.prepare(engine);
    using session = new Session(engine);
    session.addAll([new Dog({ name: "Rex", breed: "x" } as object), new Cat({ name: "Tom", lives: 9 } as object)]);
    session.commit();
    session.expungeAll();
    const found = session.scalars(select(Animal).orderBy(Animal.$.kind)).all();
    expect(found.map((each) => [each.constructor.name, each.name])).toEqual([
      ["Cat", "Tom"],
      ["Dog", "Rex"],
    ]);
    expect((found[1] as Dog).breed).toBe("x");
  });

  it("prepare() of an asynchronous engine is awaited", async () => {
    const engine = createAsyncEngine("sqlite://");
    await engine.begin(async (connection) => {
      for (const statement of statements) await connection.execDriverSql(statement);
    });
    const Base = deferredReflection();
    class Foo extends Base.mapped("foo", {}) {}
    const prepared: Promise<void> = Base.prepare(engine);
    expect(() => Foo.$).toThrow(/not mapped yet/);
    await prepared;
    await Base.prepare(engine);
    const session = new AsyncSession(engine);
    session.add(new Foo({ data: "x" } as object));
    await session.commit();
    expect((await session.scalars(select(Foo))).one().constructor).toBe(Foo);
    await session.close();
    await engine.dispose();
  });
});

describe("declarative classes over reflected tables", () => {
  it("autoloadWith among the options; columns of the shape stay", () => {
    const engine = database();
    const Base = declarativeBase();
    Base.mapped("foo", {}, { autoloadWith: engine });
    class Bar extends Base.mapped(
      "bar",
      {
        ident: column("id", t.integer, { primaryKey: true }),
        fooId: column("foo_id", t.integer, foreignKey("foo.id")),
      },
      { autoloadWith: engine },
    ) {
      declare data: string;
    }
    expect(Bar.mapper.columnAttrs.map((each) => each.key).sort()).toEqual(["data", "fooId", "ident"]);
    using session = new Session(engine);
    session.add(new Bar({ ident: 4, data: "d" } as object));
    session.commit();
    expect(session.get(Bar, 4)?.data).toBe("d");
  });

  it("autoloadWith an asynchronous engine is awaited", async () => {
    const engine = createAsyncEngine("sqlite://");
    await engine.begin(async (connection) => {
      for (const statement of statements) await connection.execDriverSql(statement);
    });
    const Base = declarativeBase();
    class Foo extends (await Base.mapped("foo", { data: column(t.string(20)) }, { autoloadWith: engine })) {}
    expect(Foo.mapper.columnAttrs.map((each) => each.key)).toEqual(["id", "data"]);
    expect(new Foo({ data: "typed" }).data).toBe("typed");
    await engine.dispose();
  });

  it("a table that was read before, with columns under names of one's own", () => {
    const engine = database();
    const Base = declarativeBase();
    const foos = table("foo", Base.metadata, { autoloadWith: engine });
    class Foo extends Base.mapped(foos, { ident: at(foos.c, "id"), text: at(foos.c, "data") }) {}
    expect(Foo.mapper.columnAttrs.map((each) => each.key)).toEqual(["ident", "text"]);
    using session = new Session(engine);
    session.add(new Foo({ text: "x" }));
    session.commit();
    expect(session.scalars(select(Foo).where(Foo.$.text.eq("x"))).one().ident).toBe(1);
  });

  it("tables of metadata.reflect(): declaratively and imperatively", () => {
    const engine = database();
    const Base = declarativeBase();
    Base.metadata.reflect(engine);
    const of = (name: string): Table => Base.metadata.tables.get(name) as Table;
    class Foo extends Base.mapped(of("foo"), { bars: () => many(Bar) }) {}
    class Bar extends Base.mapped(of("bar"), { foo: () => one(Foo, { overlaps: "bars" }) }) {}
    using session = new Session(engine);
    const bar = new Bar();
    session.add(new Foo({ bars: [bar] }));
    session.commit();
    expect(bar.foo).toBeInstanceOf(Foo);

    const metadata = new MetaData();
    const bars = table("bar", metadata, { autoloadWith: engine });
    class Item {
      declare id: number;
      declare note: string | null;
    }
    const Mapped = registry({ metadata }).mapImperatively(Item, bars, {
      properties: { note: at(bars.c, "data") },
      excludeProperties: ["foo_id"],
    });
    expect(Mapped.mapper.columnAttrs.map((each) => each.key)).toEqual(["id", "note"]);
    const item = new Item();
    item.note = "n";
    session.add(item);
    session.commit();
    expect(session.scalars(select(Mapped).where(Mapped.$.note.eq("n"))).one()).toBe(item);
  });
});

it("addProperty() gives a mapped class a further attribute, subclasses and loaded objects too", () => {
  const engine = database();
  const Base = declarativeBase();
  const foos = table("foo", Base.metadata, { autoloadWith: engine });
  const bars = table("bar", Base.metadata, { autoloadWith: engine });
  class Foo extends Base.mapped(foos, {}) {}
  class Bar extends Base.mapped(bars, {}) {}
  using session = new Session(engine);
  session.add(new Foo({ id: 1 } as object));
  session.commit();
  const early = session.scalars(select(Foo)).one();
  addProperty(Foo, "bars", () => many(Bar, { backPopulates: "foo" }));
  addProperty(Bar, "foo", () => one(Foo, { backPopulates: "bars" }));
  addProperty(Foo, "barCount", () =>
    columnProperty(
      select(func.count())
        .selectFrom(Bar)
        .where(at(bars.c, "foo_id").eq(at(foos.c, "id")))
        .scalarSubquery(),
    ),
  );
  expect(() => addProperty(Foo, "bars", () => many(Bar))).toThrow(/has an attribute 'bars' already/);
  const bar = new Bar();
  (early as unknown as { bars: Bar[] }).bars.push(bar);
  session.commit();
  expect((bar as unknown as { foo: Foo }).foo).toBe(early);
  session.expungeAll();
  expect((session.scalars(select(Foo)).one() as unknown as { barCount: number }).barCount).toBe(1);
});
