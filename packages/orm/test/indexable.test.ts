/** ext/indexable: elements of documents and lists as attributes. SQLite in memory; arrays as PostgreSQL writes them. */
import { column, createEngine, type Engine, expandForExecution, select, t } from "@athanor/core";
import * as pg from "@athanor/dialect-postgres";
import { declarativeBase, Session } from "@athanor/orm";
import { indexProperty } from "@athanor/orm/ext/indexable";
import { beforeEach, describe, expect, it } from "vitest";
import "@athanor/dialect-sqlite";

interface Details {
  city?: string;
  score?: number;
  nested?: { deep?: string };
}

const Base = declarativeBase();
class Person extends Base.mapped("people", {
  id: column(t.integer, { primaryKey: true }),
  data: column(t.json<Details>()),
  tags: column(t.json<string[]>()),
  city: indexProperty("data", "city", { default: null as string | null, expression: (city) => city.asString() }),
  score: indexProperty<number | undefined>("data", "score"),
  nested: indexProperty<Details["nested"]>("data", "nested"),
  deep: indexProperty<string | undefined>("nested", "deep"),
  firstTag: indexProperty<string | undefined>("tags", 0),
  fixed: indexProperty<string | undefined>("data", "city", { mutable: false }),
  ordered: indexProperty<string | undefined>("data", "z", { datatype: () => ({ a: 1 }) }),
}) {}
class Post extends Base.mapped("posts", {
  id: column(t.integer, { primaryKey: true }),
  tags: column(pg.ARRAY(t.string)),
  zero: column(pg.ARRAY(t.string, { zeroIndexes: true })),
  attrs: column(pg.HSTORE),
  first: indexProperty<string>("tags", 0),
  raw: indexProperty<string>("tags", 1, { onebased: false }),
  firstOfZero: indexProperty<string>("zero", 0),
  color: indexProperty<string>("attrs", "color"),
}) {}

describe("indexProperty", () => {
  let engine: Engine;
  beforeEach(() => {
    engine = createEngine("sqlite://");
    Person.table.metadata?.createAll(engine, { tables: [Person.table] });
  });

  it("reads and writes elements; the change reaches the database", () => {
    const session = new Session(engine);
    const person = new Person({ id: 1, city: "Rome", firstTag: "a" });
    expect(person.data).toEqual({ city: "Rome" });
    expect(person.tags).toEqual(["a"]);
    session.add(person);
    session.commit();
    person.score = 7;
    person.firstTag = "b";
    session.commit();
    session.expunge(person);
    const again = session.getOne(Person, 1);
    expect([again.data, again.tags, again.city, again.score]).toEqual([{ city: "Rome", score: 7 }, ["b"], "Rome", 7]);
  });

  it("gives the default, or undefined, for what is not there", () => {
    const person = new Person({ id: 1 });
    expect([person.city, person.score, person.deep]).toEqual([null, undefined, undefined]);
    person.data = {};
    expect([person.city, person.score]).toEqual([null, undefined]);
  });

  it("takes an element out with undefined", () => {
    const person = new Person({ id: 1, data: { city: "Rome", score: 1 }, tags: ["a", "b"] });
    person.score = undefined;
    person.firstTag = undefined;
    expect([person.data, person.tags]).toEqual([{ city: "Rome" }, ["b"]]);
    const empty = new Person({ id: 2 });
    empty.score = undefined;
    expect(empty.data ?? null).toBeNull();
  });

  it("makes the document as told, and chains", () => {
    const person = new Person({ id: 1 });
    person.ordered = "z";
    expect(person.data).toEqual({ a: 1, z: "z" });
    person.deep = "down";
    expect(person.data).toEqual({ a: 1, z: "z", nested: { deep: "down" } });
  });

  it("refuses to write what is read-only", () => {
    const person = new Person({ id: 1 });
    expect(() => {
      person.fixed = "x";
    }).toThrow("Person.fixed can only be read");
  });

  it("stands for the element in statements", () => {
    const session = new Session(engine);
    session.addAll([new Person({ id: 1, city: "Rome", deep: "x" }), new Person({ id: 2, city: "Oslo" })]);
    session.commit();
    expect(session.scalars(select(Person.$.id).where(Person.$.city.eq("Rome"))).all()).toEqual([1]);
    expect(session.scalars(select(Person.$.id).where(Person.$.deep.asString().eq("x"))).all()).toEqual([1]);
  });

  it("counts array elements from 1 in SQL unless told otherwise", () => {
    const { sql, params } = expandForExecution(
      select(Post.$.first, Post.$.raw, Post.$.firstOfZero, Post.$.color),
      new pg.PostgresDialect(),
    );
    expect(sql.replaceAll(/\s+/g, " ")).toBe(
      "SELECT posts.tags[$1] AS anon_1, posts.tags[$2] AS anon_2, posts.zero[$3] AS anon_3, posts.attrs[$4] AS anon_4 FROM posts",
    );
    expect(params).toEqual([1, 1, 1, "color"]);
  });
});
