/** ext/mutable: SQLAlchemy's documentation of mutable values, and documents that are watched as a whole. */
import v8 from "node:v8";
import { createAsyncEngine } from "@athanor/async";
import { AsyncSession } from "@athanor/async/orm";
import {
  column,
  createEngine,
  type Engine,
  listen as listenEngine,
  type SqlType,
  select,
  TypeDecorator,
  t,
} from "@athanor/core";
import * as pg from "@athanor/dialect-postgres";
import { composite, declarativeBase, deferred, listen, Session } from "@athanor/orm";
import {
  changed,
  Mutable,
  MutableComposite,
  MutableDict,
  MutableList,
  MutableSet,
  mutable,
  unwrap,
} from "@athanor/orm/ext/mutable";
import { beforeEach, describe, expect, it } from "vitest";
import { pgUrl } from "../setup/urls.ts";
import "@athanor/dialect-sqlite";

interface Doc {
  a?: number;
  deep?: { list: { n: number }[]; flag?: boolean };
}
class SetType extends TypeDecorator<Set<string>> {
  override readonly impl: SqlType = t.string();
  override readonly cacheOk = true;
  override processBindParam(value: Set<string> | null): string | null {
    return value === null ? null : [...value].join(",");
  }
  override processResultValue(value: unknown): Set<string> | null {
    return value === null
      ? null
      : new Set(
          String(value)
            .split(",")
            .filter((each) => each !== ""),
        );
  }
}
class Money extends Mutable {
  amount: number;
  currency: string;
  constructor(amount: number, currency: string) {
    super();
    this.amount = amount;
    this.currency = currency;
  }
  static override coerce(key: string, value: unknown): Money {
    if (typeof value === "string") {
      const [amount, currency] = value.split(" ");
      return new Money(Number(amount), currency as string);
    }
    return super.coerce(key, value) as Money;
  }
}
class MoneyType extends TypeDecorator<Money> {
  override readonly impl: SqlType = t.string();
  override readonly cacheOk = true;
  override processBindParam(value: Money | null): string | null {
    return value === null ? null : `${value.amount} ${value.currency}`;
  }
}

const Base = declarativeBase();
class Thing extends Base.mapped("things", {
  id: column(t.integer, { primaryKey: true }),
  dict: column(MutableDict.asMutable(t.json<Record<string, unknown>>())),
  list: column(MutableList.asMutable(t.json<number[]>())),
  set: column(MutableSet.asMutable(new SetType())),
  price: column(Money.asMutable(new MoneyType())),
  doc: mutable(column(t.json<Doc>())),
  plain: column(t.json<Record<string, number>>()),
  later: deferred(column(MutableDict.asMutable(t.json<Record<string, number>>()))),
}) {}

let engine: Engine;
let updates: string[];
beforeEach(() => {
  engine = createEngine("sqlite://");
  Base.metadata.createAll(engine);
  updates = [];
  listenEngine(engine, "beforeCursorExecute", (_connection, _cursor, statement, params) => {
    if (statement.startsWith("UPDATE"))
      updates.push(
        `${statement.slice(statement.indexOf("SET"), statement.indexOf(" WHERE"))} ${JSON.stringify(params)}`,
      );
  });
});

function stored(values: ConstructorParameters<typeof Thing>[0]): { session: Session; thing: Thing } {
  const session = new Session(engine);
  const thing = new Thing(values);
  session.add(thing);
  session.commit();
  return { session, thing };
}

describe("MutableDict", () => {
  it("set and deleted members are written; nothing else is", () => {
    const { session, thing } = stored({ id: 1, dict: { value1: "foo" } });
    const dict = thing.dict as Record<string, unknown>;
    expect(dict).toBeInstanceOf(MutableDict);
    expect(session.dirty.size).toBe(0);
    dict["value1"] = "bar";
    expect([...session.dirty]).toEqual([thing]);
    session.flush();
    delete dict["value1"];
    Object.assign(dict, { x: 1, y: [1] });
    session.flush();
    (dict["y"] as number[]).push(2);
    session.flush();
    expect(updates).toEqual(['SET dict=? ["{\\"value1\\":\\"bar\\"}",1]', 'SET dict=? ["{\\"x\\":1,\\"y\\":[1]}",1]']);
  });

  it("new objects, equal values, refreshed and replaced values", () => {
    const { session, thing } = stored({ id: 1, dict: { a: 1 } });
    const old = thing.dict as Record<string, unknown>;
    thing.dict = { a: 1 };
    session.flush();
    expect(updates).toEqual([]);
    expect(thing.dict).not.toBe(old);
    old["a"] = 5;
    session.flush();
    expect(updates).toEqual([]);
    const current = thing.dict as Record<string, unknown>;
    session.refresh(thing);
    current["a"] = 6;
    session.flush();
    expect([updates, thing.dict]).toEqual([[], { a: 1 }]);
    session.commit();
    (thing.dict as Record<string, unknown>)["b"] = 1;
    session.rollback();
    expect(thing.dict).toEqual({ a: 1 });
    const fresh = new Thing({ id: 2, dict: { a: 1 } });
    (fresh.dict as Record<string, unknown>)["b"] = 2;
    session.add(fresh);
    session.commit();
    expect(fresh.dict).toEqual({ a: 1, b: 2 });
  });

  it("takes plain objects and null, nothing else", () => {
    const thing = new Thing({ dict: null });
    expect(thing.dict).toBeNull();
    expect(() => {
      (thing as { dict: unknown }).dict = [1];
    }).toThrow("Attribute 'dict' does not accept objects of type Array");
    expect(() => new Thing({ dict: new Date() as never })).toThrow(/'dict' does not accept objects of type Date/);
    expect(() => {
      (thing as { list: unknown }).list = { a: 1 };
    }).toThrow(/'list' does not accept objects of type Object/);
  });

  it("one value of several objects, and one of several attributes", () => {
    const shared = new MutableDict({ n: 1 }) as unknown as Record<string, number>;
    const { session, thing } = stored({ id: 1, dict: shared });
    const other = new Thing({ id: 2, dict: shared, later: shared });
    session.add(other);
    session.commit();
    void [thing.dict, other.dict];
    thing.dict = shared;
    other.dict = shared;
    session.flush();
    shared["n"] = 2;
    expect(new Set(session.dirty)).toEqual(new Set([thing, other]));
  });

  it("members like __proto__ are data; JSON, spreading and equality see a plain object", () => {
    const { thing, session } = stored({ id: 1, dict: JSON.parse('{"__proto__": {"evil": true}, "constructor": 1}') });
    session.expire(thing);
    const { dict } = thing;
    expect(({} as { evil?: boolean }).evil).toBeUndefined();
    expect(Object.keys(dict as object)).toEqual(["__proto__", "constructor"]);
    expect(JSON.stringify(dict)).toBe('{"__proto__":{"evil":true},"constructor":1}');
    expect(structuredClone({ ...(thing.dict as object) })).toEqual(dict);
  });

  it("deferred columns", () => {
    const { session, thing } = stored({ id: 1, later: { a: 1 } });
    session.expire(thing);
    (thing.later as Record<string, number>)["a"] = 2;
    session.flush();
    expect(updates).toEqual(['SET later=? ["{\\"a\\":2}",1]']);
  });

  it("listeners of the event modified are told", () => {
    const { thing } = stored({ id: 1, dict: { a: 1 }, list: [1, 2, 3] });
    const heard: unknown[] = [];
    const listener = (target: Thing): void => {
      heard.push(target.list?.length);
    };
    listen(Thing.$.list, "modified", listener as never);
    thing.list?.push(4);
    thing.list?.splice(0, 2, 7, 8, 9);
    expect(heard).toEqual([4, 5]);
  });
});

describe("MutableList and MutableSet", () => {
  it("every way to change an array is written", () => {
    const { session, thing } = stored({ id: 1, list: [3, 1, 2] });
    const list = thing.list as number[];
    expect(list).toBeInstanceOf(MutableList);
    expect(Array.isArray(list)).toBe(true);
    for (const change of [
      () => list.push(4),
      () => list.sort(),
      () => list.pop(),
      () => list.unshift(0),
      () => list.shift(),
      () => list.splice(1, 1),
      () => {
        list[0] = 9;
      },
      () => list.reverse(),
      () => list.fill(5),
      () => {
        list.length = 1;
      },
    ]) {
      const before = updates.length;
      change();
      session.flush();
      expect(updates.length).toBe(before + 1);
    }
    expect(list.map((each) => each * 2)).toEqual([10]);
    session.flush();
    expect(updates.length).toBe(10);
    session.expire(thing);
    expect(thing.list).toEqual([5]);
  });

  it("sets", () => {
    const { session, thing } = stored({ id: 1, set: new Set(["a"]) });
    const set = thing.set as MutableSet<string>;
    expect(set).toBeInstanceOf(MutableSet);
    set.add("a");
    expect(session.dirty.size).toBe(0);
    set.add("b");
    session.flush();
    set.discard("a");
    set.update(["c", "d"]);
    session.flush();
    set.clear();
    session.flush();
    expect(updates).toEqual(['SET "set"=? ["a,b",1]', 'SET "set"=? ["b,c,d",1]', 'SET "set"=? ["",1]']);
    expect(structuredClone(set)).toEqual(new Set());
  });
});

describe("classes of one's own", () => {
  it("assigning to members is noticed; coerce() takes other values", () => {
    const { session, thing } = stored({ id: 1, price: new Money(5, "EUR") });
    session.expire(thing);
    const price = thing.price as Money;
    expect(price).toBeInstanceOf(Money);
    price.amount = 6;
    session.flush();
    expect(updates).toEqual(['SET price=? ["6 EUR",1]']);
    (thing as { price: unknown }).price = "7 USD";
    expect(thing.price?.currency).toBe("USD");
    expect(() => {
      (thing as { price: unknown }).price = { amount: 1 };
    }).toThrow(/'price' does not accept objects of type Object/);
    thing.price?.changed();
    changed(thing.price as Money);
    session.flush();
    expect(updates.length).toBe(2);
  });

  it("associateWith() and associateWithAttribute()", () => {
    class LateType extends TypeDecorator<Record<string, number>> {
      override readonly impl: SqlType = t.json();
      override readonly cacheOk = true;
    }
    MutableDict.associateWith(LateType);
    const Later = declarativeBase();
    class Row extends Later.mapped("things", {
      id: column(t.integer, { primaryKey: true }),
      dict: column(new LateType()),
    }) {}
    const session = new Session(engine);
    const row = new Row({ id: 1, dict: { a: 1 } });
    session.add(row);
    session.commit();
    (row.dict as Record<string, number>)["a"] = 2;
    session.flush();
    expect(updates.length).toBe(1);

    class Attr extends Later.mapped("attr", {
      id: column(t.integer, { primaryKey: true }),
      data: column(t.json<{ n: number }>()),
    }) {}
    MutableDict.associateWithAttribute(Attr.$.data);
    Later.metadata.createAll(engine);
    const attr = new Attr({ id: 1, data: { n: 1 } });
    session.add(attr);
    session.commit();
    if (attr.data !== null) attr.data.n = 2;
    expect(session.dirty.has(attr)).toBe(true);
    expect(() => MutableDict.associateWithAttribute(Attr.table.c.data as never)).toThrow(
      /takes the attribute of a column/,
    );
  });
});

describe("mutable(): the whole document", () => {
  it("changes at any depth are written, once for a method", () => {
    const { session, thing } = stored({ id: 1, doc: { deep: { list: [{ n: 1 }] } } });
    const doc = thing.doc as Doc;
    const found = doc.deep?.list.find((each) => each.n === 1);
    (found as { n: number }).n = 2;
    session.flush();
    doc.deep?.list.push({ n: 3 });
    session.flush();
    for (const each of doc.deep?.list ?? []) each.n++;
    session.flush();
    delete doc.deep;
    session.flush();
    expect(updates.map((each) => each.slice(0, 60))).toEqual(
      [
        'SET doc=? ["{\\"deep\\":{\\"list\\":[{\\"n\\":2}]}}",1]',
        'SET doc=? ["{\\"deep\\":{\\"list\\":[{\\"n\\":2},{\\"n\\":3}]}}",1]',
        'SET doc=? ["{\\"deep\\":{\\"list\\":[{\\"n\\":3},{\\"n\\":4}]}}",1]',
        'SET doc=? ["{}",1]',
      ].map((each) => each.slice(0, 60)),
    );
  });

  it("a document that the object no longer has is nobody's", () => {
    const { session, thing } = stored({ id: 1, doc: { a: 1 } });
    const old = thing.doc as Doc;
    thing.doc = { a: 2 };
    session.flush();
    updates.length = 0;
    old.a = 9;
    session.flush();
    const current = thing.doc as Doc;
    session.refresh(thing);
    current.a = 10;
    session.flush();
    expect([updates, thing.doc]).toEqual([[], { a: 2 }]);
  });

  it("unwrap() gives the plain value, for structuredClone()", () => {
    const { thing } = stored({ id: 1, doc: { deep: { list: [{ n: 1 }] } } });
    expect(structuredClone(unwrap(thing.doc))).toEqual({ deep: { list: [{ n: 1 }] } });
    expect(JSON.stringify(thing.doc)).toBe('{"deep":{"list":[{"n":1}]}}');
  });

  it("serialized columns: a serializer of one's own gets watched values, unwrap() makes them plain", () => {
    const cloning = {
      serialize: (value: unknown) => v8.serialize(unwrap(value)),
      deserialize: (bytes: Uint8Array) => v8.deserialize(bytes) as Map<string, number>,
    };
    const Own = declarativeBase();
    class Row extends Own.mapped("serialized", {
      id: column(t.integer, { primaryKey: true }),
      list: column(MutableList.asMutable(t.serialized<unknown[]>({ serializer: cloning as never }))),
    }) {}
    Own.metadata.createAll(engine);
    const session = new Session(engine);
    const row = new Row({ id: 1, list: [new Map([["a", 1]])] });
    session.add(row);
    session.commit();
    row.list?.push(new Set([1]));
    session.commit();
    expect(structuredClone(unwrap(row.list))).toEqual([new Map([["a", 1]]), new Set([1])]);
  });

  it("without it, changes inside are not seen", () => {
    const { session, thing } = stored({ id: 1, plain: { a: 1 } });
    (thing.plain as Record<string, number>)["a"] = 2;
    session.flush();
    expect(updates).toEqual([]);
  });
});

describe("MutableComposite", () => {
  class Point extends MutableComposite {
    x: number;
    y: number;
    constructor(x: number, y: number) {
      super();
      this.x = x;
      this.y = y;
    }
    moveTo(x: number, y: number): void {
      this.x = x;
      this.y = y;
    }
    static override coerce(key: string, value: unknown): Point {
      if (Array.isArray(value)) return new Point(value[0] as number, value[1] as number);
      return super.coerce(key, value) as Point;
    }
  }
  class Vertex extends Base.mapped("vertices", {
    id: column(t.integer, { primaryKey: true }),
    x1: column(t.integer),
    y1: column(t.integer),
    x2: column(t.integer),
    y2: column(t.integer),
    start: composite(Point, { x: "x1", y: "y1" }),
    end: composite(Point, { x: "x2", y: "y2" }),
  }) {}

  it("assigning to a member sets its column", () => {
    const session = new Session(engine);
    const vertex = new Vertex({ start: new Point(3, 4), end: new Point(12, 15) });
    session.add(vertex);
    session.flush();
    const { end } = vertex;
    (end as Point).x = 8;
    expect(session.dirty.has(vertex)).toBe(true);
    expect(vertex.end).toBe(end);
    session.commit();
    expect(updates).toEqual(["SET x2=? [8,1]"]);
    vertex.start?.moveTo(1, 2);
    session.flush();
    expect([vertex.x1, vertex.y1]).toEqual([1, 2]);
    session.expungeAll();
    const again = session.scalars(select(Vertex)).one();
    expect([again.start?.x, again.end?.x]).toEqual([1, 8]);
    (again.start as Point).y = 7;
    session.flush();
    expect(again.y1).toBe(7);
  });

  it("coerces what is set; replaced values are nobody's", () => {
    const vertex = new Vertex({ start: [1, 2] as never });
    expect(vertex.start).toBeInstanceOf(Point);
    expect(() => {
      vertex.start = { x: 1 } as never;
    }).toThrow(/'start' does not accept objects of type Object/);
    const old = vertex.start as Point;
    vertex.start = new Point(5, 6);
    old.x = 99;
    expect(vertex.x1).toBe(5);
    vertex.start = null;
    expect([vertex.x1, vertex.start]).toEqual([null, null]);
  });
});

describe.skipIf(pgUrl() === null)("on PostgreSQL, asynchronously", () => {
  it("JSONB and ARRAY columns", async () => {
    const PgBase = declarativeBase();
    class Item extends PgBase.mapped("mutable_items", {
      id: column(t.integer, { primaryKey: true }),
      doc: mutable(column(pg.JSONB<Doc>())),
      tags: column(MutableList.asMutable(pg.ARRAY(t.string))),
    }) {}
    const asyncEngine = createAsyncEngine(pgUrl() ?? "postgresql://none");
    await PgBase.metadata.createAll(asyncEngine);
    const session = new AsyncSession(asyncEngine);
    session.add(new Item({ id: 1, doc: { deep: { list: [] } }, tags: ["a"] }));
    await session.commit();
    session.expungeAll();
    const item = (await session.scalars(select(Item))).one();
    item.doc?.deep?.list.push({ n: 1 });
    item.tags?.push("b");
    await session.commit();
    session.expungeAll();
    const again = await session.getOne(Item, 1);
    expect([again.doc, again.tags]).toEqual([{ deep: { list: [{ n: 1 }] } }, ["a", "b"]]);
    const tags = (await again.awaitable.tags) as string[];
    tags.push("c");
    expect(session.dirty.size).toBe(1);
    await session.close();
    await PgBase.metadata.dropAll(asyncEngine);
    await asyncEngine.dispose();
  });
});
