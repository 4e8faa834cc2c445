/** Options of mappers that change how rows become objects, and how hierarchies are put together. */
import { column, createEngine, InvalidRequestError, onWarning, select, t, table, text } from "@athanor/core";
import "@athanor/dialect-sqlite";
import { classMapper, declarativeBase, identityKey, objectMapper, registry, Session } from "@athanor/orm";
import { expect, it } from "vitest";

it("alwaysRefresh: every query overwrites what objects hold", () => {
  const Base = declarativeBase();
  class Price extends Base.mapped(
    "price",
    { id: column(t.integer, { primaryKey: true }), amount: column(t.integer) },
    { alwaysRefresh: true },
  ) {}
  const engine = createEngine("sqlite://");
  Base.metadata.createAll(engine);
  using session = new Session(engine);
  const price = new Price({ id: 1, amount: 5 });
  session.add(price);
  session.flush();
  session.execute(text("UPDATE price SET amount = 9"));
  expect(price.amount).toBe(5);
  expect(session.scalars(select(Price)).one()).toBe(price);
  expect(price.amount).toBe(9);
  session.execute(text("UPDATE price SET amount = 10"));
  expect(session.get(Price, 1)?.amount).toBe(10);
});

it("allowPartialPks: rows with a part of their key are objects, or are not", () => {
  for (const allowPartialPks of [true, false]) {
    const Base = declarativeBase();
    class Seat extends Base.mapped(
      "seat",
      {
        line: column(t.integer, { primaryKey: true, nullable: true }),
        place: column(t.integer, { primaryKey: true, nullable: true }),
      },
      { allowPartialPks },
    ) {}
    const engine = createEngine("sqlite://");
    Base.metadata.createAll(engine);
    using session = new Session(engine);
    session.execute(text("INSERT INTO seat (line, place) VALUES (1, NULL), (1, 2)"));
    const seats = session.scalars(select(Seat).orderBy(Seat.$.place)).all();
    expect(seats.map((seat) => seat?.place)).toEqual(allowPartialPks ? [null, 2] : [undefined, 2]);
  }
});

it("polymorphicAbstract: no objects of its own; a subclass without identity is warned about", () => {
  const warnings: string[] = [];
  const restore = onWarning((message) => warnings.push(message));
  const Base = declarativeBase();
  class Staff extends Base.mapped(
    "staff",
    { id: column(t.integer, { primaryKey: true }), kind: column(t.string(10)), name: column(t.string(10)) },
    { polymorphicOn: "kind", polymorphicIdentity: "staff" },
  ) {}
  class Executive extends Staff.extend({ budget: column(t.integer) }, { polymorphicAbstract: true }) {}
  class Chief extends Executive.extend({}, { polymorphicIdentity: "chief" }) {}
  expect(warnings).toEqual([]);
  class Forgotten extends Staff.extend({}) {}
  Forgotten.register();
  restore();
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain("polymorphicAbstract");
  const engine = createEngine("sqlite://");
  Base.metadata.createAll(engine);
  using session = new Session(engine);
  expect(() => new Executive({ name: "x" })).toThrow(InvalidRequestError);
  session.addAll([new Chief({ name: "c", budget: 5 }), new Staff({ name: "s" })]);
  session.flush();
  session.expungeAll();
  expect(
    session
      .scalars(select(Executive))
      .all()
      .map((each) => each.constructor),
  ).toEqual([Chief]);
});

it("inheritForeignKeys: which column takes over the parent's key, where no foreign key tells", () => {
  const mappers = registry();
  const parents = table("parent", mappers.metadata, {
    id: column(t.integer, { primaryKey: true }),
    name: column(t.string(9)),
  });
  const children = table("child", mappers.metadata, {
    childId: column("child_id", t.integer, { primaryKey: true }),
    age: column(t.integer),
  });
  class ParentObject {
    declare name: string | null;
  }
  class ChildObject extends ParentObject {
    declare age: number | null;
  }
  mappers.mapImperatively(ParentObject, parents);
  mappers.mapImperatively(ChildObject, children, {
    inheritCondition: parents.c.id.eq(children.c.childId),
    inheritForeignKeys: children.c.childId,
  });
  const engine = createEngine("sqlite://");
  mappers.metadata.createAll(engine);
  using session = new Session(engine);
  session.add(Object.assign(new ChildObject(), { name: "c", age: 3 }));
  session.flush();
  expect([...session.execute(text("SELECT child_id, age FROM child")).one()]).toEqual([1, 3]);
});

it("identityKey(), classMapper(), objectMapper()", () => {
  const Base = declarativeBase();
  class Thing extends Base.mapped("thing", { id: column(t.integer, { primaryKey: true }) }) {}
  const engine = createEngine("sqlite://");
  Base.metadata.createAll(engine);
  using session = new Session(engine);
  const thing = new Thing({ id: 4 });
  session.add(thing);
  session.flush();
  expect(identityKey(Thing, 4)).toEqual([classMapper(Thing).class, [4], null]);
  expect(identityKey({ instance: thing })).toEqual(identityKey(Thing, [4]));
  expect(objectMapper(thing)).toBe(classMapper(Thing));
  expect(() => identityKey(Thing, [4, 5])).toThrow(InvalidRequestError);
  expect(() => objectMapper({})).toThrow(InvalidRequestError);
});
