/** Attributes of objects that are in no session: values, history, collections, the other side of relationships, events. */
import { column, foreignKey, t } from "@athanor/core";
import { beforeEach, describe, expect, it } from "vitest";
import {
  attributeKeyedMap,
  declarativeBase,
  delAttribute,
  flagModified,
  getHistory,
  inspect,
  instanceState,
  listen,
  many,
  one,
  RelatedList,
} from "../index.ts";

// biome-ignore lint/suspicious/noExplicitAny: each test gets classes of its own.
type Any = any;

function models() {
  const Base = declarativeBase();
  class User extends Base.mapped("users", {
    id: column(t.integer, { primaryKey: true }),
    name: column(t.string(50)),
    addresses: () => many(Address, { backPopulates: "user" }),
    friends: () => many(Friend, { collectionClass: Set, backPopulates: "user" }),
    notes: () => many(Note, { collectionClass: attributeKeyedMap("title"), backPopulates: "user" }),
  }) {}
  class Address extends Base.mapped("addresses", {
    id: column(t.integer, { primaryKey: true }),
    email: column(t.string(50)),
    userId: column("user_id", t.integer, foreignKey("users.id")),
    user: () => one(User, { backPopulates: "addresses" }),
  }) {}
  class Friend extends Base.mapped("friends", {
    id: column(t.integer, { primaryKey: true }),
    userId: column("user_id", t.integer, foreignKey("users.id")),
    user: () => one(User, { backPopulates: "friends" }),
  }) {}
  class Note extends Base.mapped("notes", {
    id: column(t.integer, { primaryKey: true }),
    title: column(t.string(20)),
    userId: column("user_id", t.integer, foreignKey("users.id")),
    user: () => one(User, { backPopulates: "notes" }),
  }) {}
  return { Base, User, Address, Friend, Note };
}

let { User, Address, Friend, Note } = models();
beforeEach(() => {
  ({ User, Address, Friend, Note } = models());
});

const loadedKeys = (object: object): string[] => inspect(object).loadedKeys().sort();

describe("values", () => {
  it("reading what was never set gives null or an empty list, and stores nothing", () => {
    const user = new User();
    expect(user.name).toBe(null);
    expect(user.addresses).toEqual([]);
    expect(user.addresses).toBe(user.addresses);
    expect(loadedKeys(user)).toEqual([]);
  });

  it("an empty list becomes the value when something is added", () => {
    const user = new User();
    const list = user.addresses;
    list.push(new Address({ email: "a" }));
    expect(user.addresses).toBe(list);
    expect(loadedKeys(user)).toEqual(["addresses"]);
  });

  it("undefined is refused, and left out by the constructor", () => {
    const user = new User({ name: undefined });
    expect(loadedKeys(user)).toEqual([]);
    expect(() => {
      (user as Any).name = undefined;
    }).toThrow(/Use null/);
  });

  it("unknown keys are refused in Python's words", () => {
    expect(() => new User({ nope: 1 } as Any)).toThrow("'nope' is an invalid keyword argument for User");
  });

  it("spreading an object and assigning from it do not touch its state", () => {
    const [a, b] = [new User({ name: "a" }), new User({ name: "b" })];
    Object.assign(b, a);
    expect(b.name).toBe("b");
    expect({ ...a }).toEqual({});
  });
});

describe("history", () => {
  it("of scalars", () => {
    const user = new User({ name: "x" });
    expect(getHistory(user, "name")).toEqual({ added: ["x"], unchanged: [], deleted: [] });
    user.name = "y";
    expect(getHistory(user, "name")).toEqual({ added: ["y"], unchanged: [], deleted: [] });
    expect(getHistory(user, "id")).toEqual({ added: [], unchanged: [], deleted: [] });
  });

  it("of a list that changed", () => {
    const [a, b] = [new Address(), new Address()];
    const user = new User({ addresses: [a] });
    const state = instanceState(user);
    state.mapper.attribute("addresses").setCommitted(state, [a]);
    user.addresses.push(b);
    user.addresses.splice(0, 1);
    expect(getHistory(user, "addresses")).toEqual({ added: [b], unchanged: [], deleted: [a] });
  });

  it("of a value that was taken away", () => {
    const user = new User({ name: "x" });
    delAttribute(user, "name");
    expect(user.name).toBe(null);
    expect(getHistory(user, "name").added).toEqual([null]);
  });

  it("flagModified needs a value", () => {
    expect(() => flagModified(new User(), "name")).toThrow(/not present/);
    const user = new User({ name: "x" });
    flagModified(user, "name");
    expect(inspect(user).modified).toBe(true);
  });
});

describe("lists", () => {
  it("every changing method keeps the other side in step", () => {
    const user = new User();
    const [a, b, c] = [new Address({ email: "a" }), new Address({ email: "b" }), new Address({ email: "c" })];
    user.addresses.push(a, b);
    expect(a.user).toBe(user);
    user.addresses.unshift(c);
    expect(user.addresses.map((each) => each.email)).toEqual(["c", "a", "b"]);
    expect(user.addresses.shift()).toBe(c);
    expect(c.user).toBe(null);
    expect(user.addresses.pop()).toBe(b);
    expect(b.user).toBe(null);
    user.addresses.splice(0, 1, c);
    expect([a.user, c.user]).toEqual([null, user]);
    (user.addresses as unknown as RelatedList<object>).clear();
    expect([c.user, user.addresses.length]).toEqual([null, 0]);
  });

  it("Python's pop(index), remove, insert, extend", () => {
    const user = new User();
    const list = user.addresses as unknown as RelatedList<object>;
    const [a, b, c] = [new Address(), new Address(), new Address()];
    list.extend([a, c]);
    list.insert(1, b);
    expect(list.pop(0)).toBe(a);
    expect(list.remove(b)).toBe(true);
    expect(list.remove(b)).toBe(false);
    expect([...list]).toEqual([c]);
  });

  it("copies are plain arrays", () => {
    const user = new User({ addresses: [new Address()] });
    expect(user.addresses.filter(() => true)).not.toBeInstanceOf(RelatedList);
    expect(user.addresses.slice()).not.toBeInstanceOf(RelatedList);
    expect(Array.isArray(user.addresses)).toBe(true);
  });

  it("a list that was replaced refuses further changes", () => {
    const user = new User({ addresses: [new Address()] });
    const old = user.addresses;
    user.addresses = [];
    expect(() => old.push(new Address())).toThrow(/invalidated/);
  });

  it("objects of other classes are refused", () => {
    expect(() => user().addresses.push({} as Any)).toThrow(/is not mapped/);
    expect(() => {
      (user() as Any).addresses = null;
    }).toThrow(/Incompatible collection type/);
    function user() {
      return new User();
    }
  });
});

describe("Set and Map", () => {
  it("a Set reports what comes and goes", () => {
    const user = new User();
    const friend = new Friend();
    user.friends.add(friend);
    expect(friend.user).toBe(user);
    user.friends.delete(friend);
    expect(friend.user).toBe(null);
    friend.user = user;
    expect(user.friends.has(friend)).toBe(true);
  });

  it("a keyed map is keyed by the attribute", () => {
    const user = new User();
    const note = new Note({ title: "a" });
    user.notes.add(note);
    expect(user.notes.get("a")).toBe(note);
    const other = new Note({ title: "a" });
    user.notes.set("a", other);
    expect([note.user, other.user]).toEqual([null, user]);
    expect(() => user.notes.set("b", new Note({ title: "c" }))).toThrow(/its own is c/);
  });
});

describe("the other side", () => {
  it("moves between parents", () => {
    const [first, second, address] = [new User(), new User(), new Address()];
    first.addresses.push(address);
    second.addresses.push(address);
    expect([first.addresses.length, second.addresses.length, address.user]).toEqual([0, 1, second]);
    address.user = first;
    expect([first.addresses.length, second.addresses.length]).toEqual([1, 0]);
  });

  it("an object that is in a list twice keeps its reference when one goes", () => {
    const [user, address] = [new User(), new Address()];
    user.addresses.push(address, address);
    user.addresses.pop();
    expect(address.user).toBe(user);
  });
});

describe("events", () => {
  it("set may replace the value with retval, and is told the old one", () => {
    const seen: unknown[] = [];
    listen(
      User.$.name,
      "set",
      (_target, value, old) => {
        seen.push([value, typeof old === "symbol" ? "none" : old]);
        return value?.toUpperCase() as never;
      },
      { retval: true },
    );
    const user = new User({ name: "x" });
    user.name = "y";
    expect(seen).toEqual([
      ["x", "none"],
      ["y", "X"],
    ]);
    expect(user.name).toBe("Y");
  });

  it("init gets what the constructor was given", () => {
    const seen: unknown[] = [];
    listen(User, "init", (_target, _args, init) => seen.push(Object.keys(init as object)));
    new User({ name: "x", id: 1 });
    expect(seen).toEqual([["name", "id"]]);
  });

  it("validators look at values first", () => {
    const Base = declarativeBase();
    class Item extends Base.mapped(
      "items",
      { id: column(t.integer, { primaryKey: true }), price: column(t.integer) },
      {
        validates: {
          price: (value: number | null) => {
            if ((value ?? 0) < 0) throw new RangeError("negative price");
            return value;
          },
        },
      },
    ) {}
    expect(new Item({ price: 3 }).price).toBe(3);
    expect(() => new Item({ price: -1 })).toThrow("negative price");
  });
});
