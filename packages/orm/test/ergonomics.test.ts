/** Mapped objects as JavaScript objects: JSON, console.log, copies, own properties that hide attributes, classes not seen yet. */
import { inspect as show } from "node:util";
import { column, createEngine, foreignKey, listen, select, t } from "@athanor/core";
import "@athanor/dialect-sqlite";
import { beforeEach, describe, expect, it } from "vitest";
import { declarativeBase, many, one, Session } from "../src/index.ts";

const Base = declarativeBase();

class Owner extends Base.mapped("owners", {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(20), { nullable: false }),
  nick: column(t.string(20)),
  pets: () => many(Pet, { backPopulates: "owner", orderBy: () => Pet.$.id }),
}) {}

class Pet extends Base.mapped("pets", {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(20), { nullable: false }),
  ownerId: column("owner_id", t.integer, foreignKey("owners.id")),
  owner: () => one(Owner, { backPopulates: "pets" }),
}) {}

let session: Session;
const statements: string[] = [];

beforeEach(() => {
  const engine = createEngine("sqlite://");
  Base.metadata.createAll(engine);
  session = new Session(engine);
  session.add(new Owner({ name: "ann", pets: [new Pet({ name: "rex" }), new Pet({ name: "kit" })] }));
  session.commit();
  listen(engine, "beforeCursorExecute", (_connection, { statement }) => statements.push(statement));
  statements.length = 0;
});

describe("JSON and console.log", () => {
  it("show what is loaded, and load nothing", () => {
    const owner = session.scalars(select(Owner)).one();
    statements.length = 0;
    expect(JSON.parse(JSON.stringify(owner))).toEqual({ id: 1, name: "ann", nick: null });
    expect(show(owner)).toBe("Owner { id: 1, name: 'ann', nick: null }");
    session.expire(owner);
    expect(JSON.stringify(owner)).toBe("{}");
    expect(show(owner)).toBe("Owner (expired) {}");
    expect(statements).toEqual([]);
  });

  it("survive objects that lead back to each other", () => {
    const owner = session.scalars(select(Owner)).one();
    for (const pet of owner.pets) expect(pet.owner).toBe(owner);
    expect(JSON.parse(JSON.stringify(owner))).toEqual({
      id: 1,
      name: "ann",
      nick: null,
      pets: [
        { id: 1, name: "rex", ownerId: 1 },
        { id: 2, name: "kit", ownerId: 1 },
      ],
    });
    expect(show(owner)).toContain("RelatedList(2) [ [Pet], [Pet] ]");
  });

  it("show a column that an INSERT left NULL, which nothing has loaded", () => {
    const owner = new Owner({ name: "bob" });
    session.add(owner);
    session.flush();
    statements.length = 0;
    expect(JSON.parse(JSON.stringify(owner))).toEqual({ id: 2, name: "bob", nick: null });
    expect(owner.nick).toBeNull();
    expect(statements).toEqual([]);
  });

  it("copies have no attributes: they live in the object's state", () => {
    const owner = session.scalars(select(Owner)).one();
    expect({ ...owner }).toEqual({});
    expect(structuredClone(owner)).toEqual({});
  });
});

it("an own property that hides an attribute is named when the object comes in", () => {
  const owner = new Owner({ name: "x" });
  Object.defineProperty(owner, "name", { value: "hidden", enumerable: true });
  expect(() => session.add(owner)).toThrow(
    /its own property 'name' hides the mapped attribute of class Owner.*declare name/s,
  );
});

it("a class that was not seen yet is called by its table", () => {
  const Late = declarativeBase();
  class Unseen extends Late.mapped("unseen", {
    id: column(t.integer, { primaryKey: true }),
    owners: () => many(Seen),
  }) {}
  class Seen extends Late.mapped("seen", { id: column(t.integer, { primaryKey: true }) }) {}
  expect(() => Late.registry.configure()).toThrow(/relationship unseen\.owners/);
  expect(Unseen.name).toBe("Unseen");
  expect(Seen.name).toBe("Seen");
});
