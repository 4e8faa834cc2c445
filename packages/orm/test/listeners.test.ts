/** Who hears what: listeners by class, base and mapper, their removal, states instead of objects, the order of loads. */
import { column, createEngine, foreignKey, select, t } from "@athanor/core";
import "@athanor/dialect-sqlite";
import { describe, expect, it } from "vitest";
import {
  declarativeBase,
  hasListener,
  type InstanceInspection,
  inspect,
  listen,
  Mapper,
  many,
  removeListener,
  Session,
  scopedSession,
  selectinload,
  sessionmaker,
} from "../src/index.ts";

function models() {
  const Base = declarativeBase();
  class Animal extends Base.mapped(
    "animals",
    {
      id: column(t.integer, { primaryKey: true }),
      kind: column(t.string(10), { nullable: false }),
      name: column(t.string(20), { nullable: false }),
      age: column(t.integer),
      toys: () => many(Toy, { orderBy: () => Toy.$.id }),
    },
    { polymorphicOn: "kind", polymorphicIdentity: "animal" },
  ) {}
  class Dog extends Animal.extend({}, { polymorphicIdentity: "dog" }) {
    static {
      Dog.register();
    }
  }
  class Toy extends Base.mapped("toys", {
    id: column(t.integer, { primaryKey: true }),
    animalId: column("animal_id", t.integer, foreignKey("animals.id")),
  }) {}
  const engine = createEngine("sqlite://");
  Base.metadata.createAll(engine);
  return { Base, Animal, Dog, Toy, engine };
}

describe("listeners of mapped classes", () => {
  it("hear of their class, and of its subclasses with propagate", () => {
    const { Animal, Dog, engine } = models();
    const [own, all] = [[] as string[], [] as string[]];
    listen(Animal, "beforeInsert", (_mapper, _connection, target) => own.push(target.name));
    listen(Animal, "beforeInsert", (_mapper, _connection, target) => all.push(target.name), { propagate: true });
    listen(Animal.$.name, "set", (_target, value) => own.push(`set ${value}`));
    listen(Animal.$.name, "set", (_target, value) => all.push(`set ${value}`), { propagate: true });
    using session = new Session(engine);
    session.addAll([new Animal({ name: "a" }), new Dog({ name: "d" })]);
    session.flush();
    expect(own).toEqual(["set a", "a"]);
    expect(all).toEqual(["set a", "set d", "a", "d"]);
  });

  it("hear of a base's classes, and of all mappers; and can be removed", () => {
    const { Base, Animal, Toy, engine } = models();
    const seen: string[] = [];
    const note = (mapper: Mapper): void => void seen.push(mapper.class.name);
    listen(Base, "afterInsert", note as never, { propagate: true });
    listen(Mapper, "beforeInsert", note as never);
    using session = new Session(engine);
    session.addAll([new Animal({ name: "a", toys: [new Toy()] })]);
    session.flush();
    expect(removeListener(Mapper, "beforeInsert", note as never)).toBe(true);
    expect(hasListener(Mapper, "beforeInsert", note as never)).toBe(false);
    expect(seen).toEqual(["Animal", "Animal", "Toy", "Toy"]);
  });

  it("with raw get what inspect() gives, and can be removed", () => {
    const { Animal, engine } = models();
    const seen: unknown[] = [];
    const note = (state: unknown): void => void seen.push((state as InstanceInspection).obj());
    listen(Animal, "init", note as never, { raw: true });
    const first = new Animal({ name: "a" });
    removeListener(Animal, "init", note as never);
    new Animal({ name: "b" });
    expect(seen).toEqual([first]);
    engine.dispose();
  });

  it("hear of objects in the order of rows, before what is loaded after them", () => {
    const { Animal, Toy, engine } = models();
    using session = new Session(engine);
    session.addAll([new Animal({ name: "a", toys: [new Toy()] }), new Animal({ name: "b" })]);
    session.commit();
    session.expungeAll();
    const seen: string[] = [];
    listen(Animal, "load", (target) => seen.push(`load ${target.name}`));
    listen(Animal, "refresh", (_target, _context, keys) => seen.push(`refresh ${keys?.join() ?? "all"}`));
    listen(Toy, "load", () => seen.push("toy"));
    const [a] = session.scalars(select(Animal).orderBy(Animal.$.id).options(selectinload(Animal.$.toys))).all();
    expect(seen).toEqual(["load a", "load b", "toy"]);
    seen.length = 0;
    session.expire(a as object, ["age"]);
    expect(a?.age).toBeNull();
    session.refresh(a as object);
    expect(seen).toEqual(["refresh age", "refresh all"]);
  });
});

describe("histories", () => {
  it("are tuples with methods", () => {
    const { Animal } = models();
    const animal = new Animal({ name: "a" });
    const { history } = (inspect(animal) as InstanceInspection).attrs["name"] as {
      history: Iterable<readonly unknown[]> & { hasChanges(): boolean; sum(): unknown[] };
    };
    const [added, unchanged, deleted] = history;
    expect([added, unchanged, deleted]).toEqual([["a"], [], []]);
    expect(history.hasChanges()).toBe(true);
    expect(history.sum()).toEqual(["a"]);
  });
});

describe("transactions in callbacks", () => {
  it("refuse to go on after a commit inside", () => {
    const { Animal, engine } = models();
    using session = new Session(engine);
    expect(() =>
      session.begin(() => {
        session.add(new Animal({ name: "x" }));
        session.commit();
        session.get(Animal, 1);
      }),
    ).toThrow(/closed transaction inside context manager/);
    expect(session.get(Animal, 1)?.name).toBe("x");
  });

  it("join an open transaction as either spelling of the mode says", () => {
    const { Animal, engine } = models();
    for (const joinTransactionMode of ["create_savepoint", "createSavepoint"] as const) {
      using connection = engine.connect();
      const outer = connection.begin();
      using session = new Session(connection, { joinTransactionMode });
      session.add(new Animal({ name: "kept" }));
      session.commit();
      expect(outer.isActive).toBe(true);
      outer.rollback();
    }
    // @ts-expect-error there is no such mode
    expect(() => new Session(engine, { joinTransactionMode: "nope" })).toThrow(/invalid selection/);
  });
});

it("a scope's registry tells whether it has a session", () => {
  const { engine } = models();
  const scoped = scopedSession(sessionmaker(engine));
  expect(scoped.registry.has()).toBe(false);
  const session = scoped();
  expect(scoped.registry()).toBe(session);
  scoped.remove();
  expect(scoped.registry.has()).toBe(false);
});
