/** Mapping: shapes, hierarchies, join conditions and their errors, imperative classes, what objects show of themselves. */
import { inspect as show } from "node:util";
import { column, foreignKey, MetaData, onWarning, t, table } from "@athanor/core";
import { describe, expect, it } from "vitest";
import {
  composite,
  declarativeBase,
  deferred,
  foreign,
  inspect,
  instanceState,
  many,
  one,
  registry,
  remote,
  synonym,
} from "../index.ts";
import { refuseShadowing } from "../instrument/functions.ts";

const key = { primaryKey: true } as const;

/** Two classes; `shape` adds to the second. */
function pair(relationships: { readonly parent?: object; readonly child?: object } = {}) {
  const Base = declarativeBase();
  const Parent = class Parent extends Base.mapped("parent", {
    id: column(t.integer, key),
    ...(relationships.parent as object),
  }) {};
  const Child = class Child extends Base.mapped("child", {
    id: column(t.integer, key),
    ...(relationships.child as object),
  }) {};
  return { Base, Parent, Child };
}

describe("shapes", () => {
  it("columns have their key as the attribute and their name in the database", () => {
    const Base = declarativeBase();
    class User extends Base.mapped("users", {
      id: column(t.integer, key),
      userName: column("user_name", t.string(9)),
    }) {}
    expect([...inspect(User).columnAttrs].map((property) => property.key)).toEqual(["id", "userName"]);
    expect(User.table.columnList.map((each) => each.name)).toEqual(["id", "user_name"]);
    expect(String(User.$.userName.eq("x"))).toBe("users.user_name = :userName_1");
  });

  it("a class that is not mapped, a member that is nothing, an attribute that is not there are named", () => {
    const { Base, Parent } = pair();
    expect(() => Base.mapped("x", { id: 5 as never })).toThrow(/"id" of 'x' is neither a column nor a relationship/);
    expect(() => (Parent.$ as unknown as { nope: unknown }).nope).toThrow(/Parent has no mapped attribute 'nope'/);
    expect(() => inspect(class Plain {})).toThrow(/No inspection system/);
    expect(() => Base.mapped("y", { a: column(t.integer) })).toThrow(/could not assemble any primary key/);
    class Below extends Parent {}
    expect(() => new Below()).toThrow(/Class 'Below' is not mapped/);
  });

  it("a shape can be shared", () => {
    const stamped = { made: column(t.integer) };
    const Base = declarativeBase();
    class A extends Base.mapped("a", { id: column(t.integer, key), ...stamped }) {}
    class B extends Base.mapped("b", { id: column(t.integer, key), ...stamped }) {}
    expect(A.table.c.made).not.toBe(B.table.c.made);
  });

  it("deferred, synonyms and composites", () => {
    class Point {
      readonly x: number;
      readonly y: number;
      constructor(x: number, y: number) {
        this.x = x;
        this.y = y;
      }
    }
    const Base = declarativeBase();
    class Gizmo extends Base.mapped("gizmo", {
      id: column(t.integer, key),
      last: column(t.string(9)),
      surname: synonym("last"),
      bio: deferred(column(t.text), { group: "big" }),
      x1: column(t.integer),
      y1: column(t.integer),
      start: composite(Point, { x: "x1", y: "y1" }),
    }) {}
    const gizmo = new Gizmo({ surname: "s", start: new Point(1, 2) });
    expect([gizmo.last, gizmo.x1, gizmo.y1]).toEqual(["s", 1, 2]);
    gizmo.x1 = 5;
    expect(gizmo.start).toEqual(new Point(5, 2));
    expect(gizmo.start).toBe(gizmo.start);
    expect(inspect(Gizmo).isDeferred("bio")).toBe(true);
    expect(String(Gizmo.$.surname.eq("x"))).toBe("gizmo.last = :last_1");
    expect(String(Gizmo.$.start.eq(new Point(3, 4)))).toBe("gizmo.x1 = :x1_1 AND gizmo.y1 = :y1_1");
  });
});

describe("relationships", () => {
  it("no foreign key, several foreign keys, the wrong kind, the wrong name", () => {
    const none = pair({ parent: { children: () => many(none.Child) } });
    expect(() => inspect(none.Parent)).toThrow(
      /Could not determine join condition between parent\/child tables on relationship Parent.children - there are no foreign keys linking these tables/,
    );
    const two = pair({
      parent: { children: () => many(two.Child) },
      child: { a: column(t.integer, foreignKey("parent.id")), b: column(t.integer, foreignKey("parent.id")) },
    });
    expect(() => inspect(two.Parent)).toThrow(
      /on relationship Parent.children - there are multiple foreign key paths linking the tables/,
    );
    const wrong = pair({
      child: { parentId: column(t.integer, foreignKey("parent.id")), parents: () => many(wrong.Parent) },
    });
    expect(() => inspect(wrong.Child)).toThrow(/the foreign key is on this side/);
    const misspelt = pair({
      parent: { children: () => many(misspelt.Child, { backPopulates: "parnt" }) },
      child: { parentId: column(t.integer, foreignKey("parent.id")) },
    });
    expect(() => inspect(misspelt.Parent)).toThrow(/has no property 'parnt'/);
  });

  it("self-referential sides that both point the same way", () => {
    const Base = declarativeBase();
    class Node extends Base.mapped("node", {
      id: column(t.integer, key),
      parentId: column(t.integer, foreignKey("node.id")),
      parent: () => one(Node, { backPopulates: "children" }),
      children: () => many(Node, { backPopulates: "parent" }),
    }) {}
    expect(() => inspect(Node)).toThrow(/both of the same direction ONETOMANY/);
  });

  it("conditions of the user's own with foreign() and remote()", () => {
    const Base = declarativeBase();
    class Folder extends Base.mapped("folder", {
      account: column(t.integer, key),
      id: column(t.integer, { primaryKey: true, autoincrement: false }),
      parentId: column(t.integer),
      parent: () => one(Folder, { primaryjoin: () => remote(Folder.$.id).eq(foreign(Folder.$.parentId)) as object }),
    }) {}
    const [parent] = inspect(Folder).relationships;
    expect(parent?.direction).toBe("manyToOne");
    expect(parent?.localRemotePairs.map((each) => each.map((one) => one.name))).toEqual([["parentId", "id"]]);
  });

  it("cascades are checked", () => {
    const { Child } = ((): ReturnType<typeof pair> => {
      const made: ReturnType<typeof pair> = pair({
        child: {
          parentId: column(t.integer, foreignKey("parent.id")),
          parent: () => one(made.Parent, { cascade: "all, delete-orphan" }),
        },
      });
      return made;
    })();
    expect(() => inspect(Child)).toThrow(/delete-orphan cascade is normally configured only on the "one" side/);
    expect(() => many(Child, { cascade: "save" })).toThrow(/Invalid cascade option/);
  });

  it("two relationships that write one column are warned of", () => {
    const warnings: string[] = [];
    const restore = onWarning((message) => warnings.push(message));
    const made: ReturnType<typeof pair> = pair({
      child: {
        uid: column(t.integer, foreignKey("parent.id")),
        one: () => one(made.Parent),
        two: () => one(made.Parent),
      },
    });
    inspect(made.Child);
    restore();
    expect(warnings.join()).toMatch(
      /relationship 'Child.two' will copy column parent.id to column child.uid, which conflicts with relationship\(s\): 'Child.one'/,
    );
  });

  it("a class that is not there yet says so, and works when it is", () => {
    const Base = declarativeBase();
    let Later: ReturnType<typeof make> | undefined;
    class Now extends Base.mapped("now", {
      id: column(t.integer, key),
      laterId: column(t.integer, foreignKey("later.id")),
      later: () => one(Later as never),
    }) {}
    expect(() => new Now()).toThrow(/the related class of Now.later is undefined/);
    function make() {
      return class Later extends Base.mapped("later", { id: column(t.integer, key) }) {};
    }
    Later = make();
    expect(new Now().laterId).toBe(null);
  });
});

describe("hierarchies", () => {
  const Base = declarativeBase();
  class Vehicle extends Base.mapped(
    "vehicle",
    { id: column(t.integer, key), kind: column(t.string(9)), maker: column(t.string(9)) },
    { polymorphicOn: "kind", polymorphicIdentity: "vehicle" },
  ) {
    describe(): string {
      return `${this.kind} of ${this.maker}`;
    }
  }
  class Car extends Vehicle.extend(
    "car",
    { id: column(t.integer, foreignKey("vehicle.id"), key), doors: column(t.integer) },
    { polymorphicIdentity: "car" },
  ) {}
  class Van extends Vehicle.extend({ load: column(t.integer) }, { polymorphicIdentity: "van" }) {}

  it("joined and single-table", () => {
    const car = new Car({ maker: "m", doors: 4 });
    expect(car).toBeInstanceOf(Vehicle);
    expect(car.describe()).toBe("car of m");
    const mapper = inspect(Car);
    expect(mapper.tables.map((each) => each.name)).toEqual(["vehicle", "car"]);
    expect(mapper.columnAttrs.map((each) => each.key)).toEqual(["id", "kind", "maker", "doors"]);
    expect(inspect(Van).columnAttrs.map((each) => each.key)).toEqual(["id", "kind", "maker", "load"]);
    expect(inspect(Vehicle).columnAttrs.map((each) => each.key)).toEqual(["id", "kind", "maker"]);
    expect(
      inspect(Vehicle)
        .selfAndDescendants.map((each) => each.class.name)
        .sort(),
    ).toEqual(["Car", "Van", "Vehicle"]);
  });

  it("a subclass that was never named cannot be made by a load", () => {
    class Bus extends Vehicle.extend({}, { polymorphicIdentity: "bus" }) {}
    const mapper = inspect(Vehicle).polymorphicMap.get("bus");
    expect(() => mapper?.newInstance()).toThrow(/was not seen yet/);
    Bus.register();
    expect(mapper?.newInstance()).toBeInstanceOf(Bus);
  });
});

describe("imperative mapping", () => {
  it("a class with a constructor of its own", () => {
    const metadata = new MetaData();
    const users = table("users", metadata, { id: column(t.integer, key), name: column("user_name", t.string(9)) });
    class User {
      declare id: number;
      declare name: string;
      constructor(name: string) {
        this.name = name;
      }
      shout(): string {
        return this.name.toUpperCase();
      }
    }
    registry({ metadata }).mapImperatively(User, users);
    const user = new User("x");
    expect([user.name, user.shout(), inspect(user).transient]).toEqual(["x", "X", true]);
    expect(() => registry().mapImperatively(User, users)).toThrow(/already has a primary mapper/);
  });
});

describe("what objects show", () => {
  const { Parent, Child } = ((): ReturnType<typeof pair> => {
    const made: ReturnType<typeof pair> = pair({
      parent: { children: () => many(made.Child, { backPopulates: "parent" }) },
      child: {
        parentId: column(t.integer, foreignKey("parent.id")),
        parent: () => one(made.Parent, { backPopulates: "children" }),
      },
    });
    return made;
  })();

  it("JSON has what is loaded, and no circles", () => {
    const parent = new Parent({ id: 1, children: [new Child({ id: 2 })] } as never);
    expect(JSON.parse(JSON.stringify(parent))).toEqual({ id: 1, children: [{ id: 2 }] });
    expect(JSON.stringify(new Parent())).toBe("{}");
  });

  it("console.log shows class and values", () => {
    expect(show(new Parent({ id: 1 } as never))).toBe("Parent { id: 1 }");
  });

  it("own properties that hide attributes are refused by name", () => {
    const parent = new Parent();
    Object.defineProperty(parent, "id", { value: 5, enumerable: true });
    expect(() => refuseShadowing(instanceState(parent))).toThrow(/'id' hides the mapped attribute of class Parent/);
  });
});
