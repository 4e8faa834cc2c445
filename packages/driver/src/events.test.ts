import { describe, expect, expectTypeOf, it } from "vitest";
import { InvalidRequestError } from "./errors.ts";
import { contains, EventDispatcher, listen, once, remove } from "./events.ts";
import { call, runAsync, runSync, type Step } from "./step.ts";

interface DoorEvents {
  open(name: string): unknown;
  afterClose(name: string, times: number): unknown;
}

const names = ["open", "afterClose"] as const;
const root = (): EventDispatcher<DoorEvents> => new EventDispatcher<DoorEvents>(names);

describe("listening", () => {
  it("calls listeners in the order they came, an inserted one first", () => {
    const door = { dispatch: root() };
    const seen: string[] = [];
    listen(door, "open", () => seen.push("one"));
    listen(door, "open", () => seen.push("two"), { insert: true });
    listen(door, "open", () => seen.push("three"));
    door.dispatch.of("open").fire("front");
    expect(seen).toEqual(["two", "one", "three"]);
  });

  it("passes the arguments, typed", () => {
    const door = { dispatch: root() };
    const seen: unknown[] = [];
    listen(door, "afterClose", (name, times) => {
      expectTypeOf(name).toEqualTypeOf<string>();
      expectTypeOf(times).toEqualTypeOf<number>();
      seen.push(name, times);
    });
    door.dispatch.of("afterClose").fire("front", 2);
    expect(seen).toEqual(["front", 2]);
  });

  it("understands SQLAlchemy's spelling of a name, typed as well", () => {
    const door = { dispatch: root() };
    const seen: number[] = [];
    const listener = (_: string, times: number): unknown => seen.push(times);
    listen(door, "after_close", listener);
    expect(contains(door, "afterClose", listener)).toBe(true);
    door.dispatch.of("afterClose").fire("front", 3);
    expect(seen).toEqual([3]);
  });

  it("registers the same function once", () => {
    const door = { dispatch: root() };
    let calls = 0;
    const listener = (): unknown => (calls += 1);
    listen(door, "open", listener);
    listen(door, "open", listener);
    door.dispatch.of("open").fire("x");
    expect(calls).toBe(1);
  });

  it("removes, and says whether there was something to remove", () => {
    const door = { dispatch: root() };
    const listener = (): void => {};
    listen(door, "open", listener);
    expect(contains(door, "open", listener)).toBe(true);
    expect(remove(door, "open", listener)).toBe(true);
    expect(remove(door, "open", listener)).toBe(false);
    expect(contains(door, "open", listener)).toBe(false);
    expect(door.dispatch.of("open").empty).toBe(true);
  });

  it("calls a once-listener once, and can remove it before", () => {
    const door = { dispatch: root() };
    const seen: string[] = [];
    const listener = (name: string): unknown => seen.push(name);
    once(door, "open", listener);
    door.dispatch.of("open").fire("a");
    door.dispatch.of("open").fire("b");
    expect(seen).toEqual(["a"]);
    listen(door, "open", listener, { once: true });
    expect(remove(door, "open", listener)).toBe(true);
    door.dispatch.of("open").fire("c");
    expect(seen).toEqual(["a"]);
  });

  it("rejects an event that does not exist, at compile time and at run time", () => {
    const door = { dispatch: root() };
    // @ts-expect-error there is no event of this name
    expect(() => listen(door, "explode", () => {})).toThrow(InvalidRequestError);
    // @ts-expect-error the listener takes a string
    listen(door, "open", (name: number) => name);
    // @ts-expect-error the event has one argument
    door.dispatch.of("open").fire("front", 2);
  });

  it("lets a listener add and remove listeners while the event runs; it counts from the next time", () => {
    const door = { dispatch: root() };
    const seen: string[] = [];
    const second = (): unknown => seen.push("second");
    listen(door, "open", function first() {
      seen.push("first");
      remove(door, "open", first);
      listen(door, "open", second);
    });
    door.dispatch.of("open").fire("x");
    expect(seen).toEqual(["first"]);
    door.dispatch.of("open").fire("x");
    expect(seen).toEqual(["first", "second"]);
  });
});

describe("parents and children", () => {
  it("calls the parent's listeners first, whenever they were added", () => {
    const parent = root();
    const child = parent.child();
    const seen: string[] = [];
    const list = child.of("open");
    expect(list.empty).toBe(true);
    child.listen("open", () => seen.push("child"));
    parent.listen("open", () => seen.push("parent"));
    list.fire("x");
    expect(seen).toEqual(["parent", "child"]);
    expect(list.all).toBe(list.all);
  });

  it("can call its own first: a connection joined to its engine", () => {
    const engine = root();
    const connection = engine.child({ first: "own" });
    const seen: string[] = [];
    engine.listen("open", () => seen.push("engine"));
    connection.listen("open", () => seen.push("connection"));
    connection.of("open").fire("x");
    expect(seen).toEqual(["connection", "engine"]);
  });

  it("reaches over several generations and no siblings", () => {
    const grandparent = root();
    const parent = grandparent.child();
    const [one, other] = [parent.child(), parent.child()];
    const seen: string[] = [];
    grandparent.listen("open", () => seen.push("grandparent"));
    one.listen("open", () => seen.push("one"));
    other.of("open").fire("x");
    expect(seen).toEqual(["grandparent"]);
    one.of("open").fire("x");
    expect(seen).toEqual(["grandparent", "grandparent", "one"]);
    grandparent.clear();
    expect(other.of("open").empty).toBe(true);
    expect(one.of("open").empty).toBe(false);
  });

  it("knows a parent's listener, but removes it only from the parent", () => {
    const parent = root();
    const child = parent.child();
    const listener = (): void => {};
    parent.listen("open", listener);
    expect(child.contains("open", listener)).toBe(true);
    expect(child.remove("open", listener)).toBe(false);
    expect(parent.remove("open", listener)).toBe(true);
  });

  it("copies its own listeners, all or those that propagate", () => {
    const parent = root();
    const source = parent.child();
    const seen: string[] = [];
    parent.listen("open", () => seen.push("parent"));
    source.listen("open", () => seen.push("plain"));
    source.listen("open", () => seen.push("propagated"), { propagate: true });
    source.once("open", () => seen.push("once"));
    const whole = root();
    whole.copyFrom(source);
    whole.copyFrom(source);
    const some = root();
    some.copyFrom(source, { onlyPropagated: true });
    whole.of("open").fire("x");
    whole.of("open").fire("x");
    expect(seen).toEqual(["plain", "propagated", "once", "plain", "propagated"]);
    seen.length = 0;
    some.of("open").fire("x");
    source.of("open").fire("x");
    expect(seen).toEqual(["propagated", "parent", "plain", "propagated", "once"]);
  });

  it("listens to a class", () => {
    class Door {
      static readonly dispatch = root();
      readonly dispatch = Door.dispatch.child();
    }
    const seen: string[] = [];
    const door = new Door();
    listen(Door, "open", (name) => seen.push(name));
    door.dispatch.of("open").fire("x");
    expect(seen).toEqual(["x"]);
  });
});

describe("run", () => {
  it("waits for steps and promises, one listener after the other", async () => {
    const list = root().of("open");
    const seen: string[] = [];
    list.add(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      seen.push("promise");
    });
    list.add(function* (): Step<void> {
      yield* call(Promise.resolve());
      seen.push("step");
    });
    list.add(() => seen.push("plain"));
    await runAsync(list.run("x"));
    expect(seen).toEqual(["promise", "step", "plain"]);
  });

  it("runs steps without waits synchronously", () => {
    const list = root().of("open");
    const seen: string[] = [];
    list.add(function* (name): Step<void> {
      seen.push(yield* call(name));
    });
    runSync(list.run("x"));
    expect(seen).toEqual(["x"]);
  });

  it("ends the row when a listener throws", async () => {
    const list = root().of("open");
    const seen: string[] = [];
    list.add(async () => {
      throw new Error("first");
    });
    list.add(() => seen.push("second"));
    await expect(runAsync(list.run("x"))).rejects.toThrow("first");
    expect(seen).toEqual([]);
  });
});

describe("fire", () => {
  it("refuses listeners that would have to be waited for", async () => {
    const list = root().of("open");
    list.add(async () => {
      throw new Error("not an unhandled rejection");
    });
    expect(() => list.fire("x")).toThrow(/cannot wait/);
    const other = root().of("open");
    other.add(function* (): Step<void> {});
    expect(() => other.fire("x")).toThrow(InvalidRequestError);
  });
});
