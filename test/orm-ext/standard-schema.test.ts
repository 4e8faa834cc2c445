/** ext/standard-schema, and JSON columns with schemas of zod and valibot. */
import { createAsyncEngine } from "@athanor/async";
import { AsyncSession } from "@athanor/async/orm";
import {
  column,
  computed,
  createEngine,
  foreignKey,
  insert,
  MetaData,
  type StandardSchemaV1,
  select,
  t,
  table,
  update,
} from "@athanor/core";
import * as pg from "@athanor/dialect-postgres";
import { declarativeBase, many, Session } from "@athanor/orm";
import { insertSchema, parse, parseAsync, selectSchema, updateSchema } from "@athanor/orm/ext/standard-schema";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { pgUrl } from "../setup/urls.ts";
import "@athanor/dialect-sqlite";

const settings = z.object({ dark: z.boolean(), since: z.string().transform((text) => new Date(text)) });

const Base = declarativeBase();
class User extends Base.mapped("users", {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(5), { nullable: false }),
  email: column(t.string),
  kind: column(t.enum("admin", "guest"), { nullable: false, default: "guest" }),
  big: column(t.bigInteger),
  price: column(t.numeric(10, 2)),
  at: column(t.dateTime),
  day: column(t.date),
  time: column(t.time),
  ok: column(t.boolean),
  bytes: column(t.largeBinary),
  uid: column(t.uuid),
  ratio: column(t.float),
  tags: column(t.array(t.string(3))),
  settings: column(t.json(settings)),
  any: column(t.json()),
  shout: column(t.string, computed("upper(name)")),
  things: () => many(Thing),
}) {}
class Thing extends Base.mapped("things", {
  id: column(t.integer, { primaryKey: true }),
  userId: column("user_id", t.integer, foreignKey("users.id"), { nullable: false }),
  note: column(t.json(v.object({ n: v.number() }))),
}) {}

const issuesOf = (schema: StandardSchemaV1, value: unknown): string[] => {
  const result = schema["~standard"].validate(value);
  if (result instanceof Promise) throw new Error("asynchronous");
  return (result.issues ?? []).map(({ path = [], message }) => `${path.map(String).join(".")}: ${message}`);
};

describe("insertSchema", () => {
  it("takes what an INSERT takes", () => {
    const schema = insertSchema(User);
    expect(schema.keys).not.toContain("shout");
    expect(schema.keys).not.toContain("things");
    const values = parse(schema, { name: "Ann", kind: "admin", settings: { dark: true, since: "2026-01-01" } });
    expect(values).toEqual({ name: "Ann", kind: "admin", settings: { dark: true, since: "2026-01-01" } });
    const engine = createEngine("sqlite://");
    Base.metadata.createAll(engine, { tables: [Thing.table] as never });
    expect(new User(values).name).toBe("Ann");
  });

  it("names all that does not fit", () => {
    expect(
      issuesOf(insertSchema(User), { name: null, kind: "boss", nam: 1, settings: { dark: 1, since: "x" } }),
    ).toEqual([
      "nam: There is no such attribute",
      "name: Must not be null",
      'kind: Expected one of "admin", "guest"',
      "settings.dark: Invalid input: expected boolean, received number",
    ]);
    expect(issuesOf(insertSchema(User), {})).toEqual(["name: Required"]);
    expect(issuesOf(insertSchema(Thing), { userId: 1, shout: "x" })).toEqual(["shout: There is no such attribute"]);
    for (const value of [null, 1, [], "x"])
      expect(issuesOf(insertSchema(User), value)[0]).toMatch(/^: Expected an object/);
    expect(() => parse(insertSchema(User), { name: "too long" }, "the body")).toThrow(
      "the body does not fit its schema: name: At most 5 characters",
    );
  });

  it("checks each type", () => {
    const cases: readonly (readonly [key: string, good: readonly unknown[], bad: readonly unknown[]])[] = [
      ["id", [1, -5, null].slice(0, 2), [1.5, "1", 2 ** 60, true]],
      ["name", ["", "abcde", "😀😀😀😀😀"], ["abcdef", 1]],
      ["big", [1n, 2 ** 40, null], [1.5, "1"]],
      ["price", ["1.50", "-2e3", 1.5, 3n], ["x", "", Number.NaN, true]],
      ["at", [new Date()], ["2026-01-01", new Date("x"), 1]],
      ["day", ["2026-01-01"], ["1.1.2026", 1]],
      ["time", ["10:00", "10:00:00.5"], ["10", 10]],
      ["ok", [true, false, null], [0, "true"]],
      ["bytes", [new Uint8Array(2)], ["x", [1]]],
      ["uid", ["0b7ab76e-0c1b-4b7b-8b0a-0e7a4a0b0c0d"], ["x", 1]],
      ["ratio", [1, 1.5], ["1", Number.POSITIVE_INFINITY]],
      ["tags", [["abc"], [], [null]], ["x", ["abcd"], [1]]],
      ["any", [{ a: 1 }, [1], "x", 0], [() => 1]],
    ];
    for (const [key, good, bad] of cases) {
      for (const value of good)
        expect([key, value, issuesOf(updateSchema(User), { [key]: value })]).toEqual([key, value, []]);
      for (const value of bad)
        expect([key, value, issuesOf(updateSchema(User), { [key]: value }).length > 0]).toEqual([key, value, true]);
    }
    expect(issuesOf(updateSchema(User), { tags: ["abc", "abcd"] })).toEqual(["tags.1: At most 3 characters"]);
  });

  it("asks schemas of single attributes besides: zod and valibot", () => {
    const schema = insertSchema(User, {
      email: z.email(),
      name: v.pipe(v.string(), v.trim(), v.minLength(2)),
    });
    expect(parse(schema, { name: " Ann ", email: "a@x.org" })).toEqual({ name: "Ann", email: "a@x.org" });
    expect(issuesOf(schema, { name: "A", email: "x" }).map((each) => each.split(":")[0])).toEqual(["name", "email"]);
    expect(parse(schema, { name: "Ann", email: null }).email).toBeNull();
    // The column has the last word.
    expect(issuesOf(schema, { name: "Annabel" })).toEqual(["name: At most 5 characters"]);
    expect(() => insertSchema(User, { nobody: z.string() } as never)).toThrow(/the schema has no attribute 'nobody'/);
  });

  it("asynchronous checks: awaited, or a clear error", async () => {
    const taken = z.string().refine(async (name) => name !== "root", "is taken");
    const schema = insertSchema(User, { name: taken });
    await expect(parseAsync(schema, { name: "ann" })).resolves.toEqual({ name: "ann" });
    await expect(parseAsync(schema, { name: "root" }, "the new user")).rejects.toThrow(
      "the new user does not fit its schema: name: is taken",
    );
    expect(() => parse(schema, { name: "ann" })).toThrow(/the schema of the value is asynchronous/);
    await expect(parseAsync(schema, {})).rejects.toThrow("name: Required");
  });
});

it("selectSchema() is for rows, updateSchema() for changes", () => {
  const engine = createEngine("sqlite://");
  const metadata = new MetaData();
  const rows = table("rows", metadata, {
    id: column(t.integer, { primaryKey: true }),
    n: column(t.integer),
    twice: column(t.integer, computed("n * 2")),
  });
  metadata.createAll(engine);
  engine.begin((connection) => {
    connection.execute(insert(rows).values(parse(insertSchema(rows), { n: 2 })));
    connection.execute(update(rows).values(parse(updateSchema(rows), { n: 3 })));
    const row = connection.execute(select(rows)).one();
    expect(parse(selectSchema(rows), { ...row })).toEqual({ id: 1, n: 3, twice: 6 });
  });
  expect(issuesOf(selectSchema(rows), { id: 1 })).toEqual(["n: Required", "twice: Required"]);
  expect(issuesOf(updateSchema(rows), { twice: 1 })).toEqual(["twice: There is no such attribute"]);
  expect(issuesOf(insertSchema(rows), { twice: 1 })).toEqual(["twice: There is no such attribute"]);
  expect(() => insertSchema({} as never)).toThrow(/a schema is made of a mapped class or a table/);
});

describe("JSON columns with a schema", () => {
  class Row extends Base.mapped("json_rows", {
    id: column(t.integer, { primaryKey: true }),
    zod: column(t.json(settings)),
    valibot: column(t.json(v.object({ n: v.optional(v.number(), 7) }))),
    checked: column(t.json(z.string().refine(async () => true))),
  }) {}

  it("what is written is the schema's input, checked; rows hold its output", () => {
    const engine = createEngine("sqlite://");
    Row.metadata.createAll(engine, { tables: [Row.table] as never });
    using session = new Session(engine);
    session.add(new Row({ id: 1, zod: { dark: true, since: "2026-01-01T00:00:00Z" } as never, valibot: {} as never }));
    session.commit();
    const row = session.scalars(select(Row)).one();
    expect(row.zod).toEqual({ dark: true, since: new Date("2026-01-01T00:00:00Z") });
    expect(row.valibot).toEqual({ n: 7 });
    session.add(new Row({ id: 2, zod: { dark: "x" } as never }));
    expect(() => session.flush()).toThrow(/a JSON parameter does not fit its schema: .*dark/s);
    session.rollback();
    session.add(new Row({ id: 3, checked: "x" }));
    expect(() => session.flush()).toThrow(/the schema of a JSON parameter is asynchronous/);
  });

  it.skipIf(pgUrl() === null)("JSONB on PostgreSQL", async () => {
    const PgBase = declarativeBase();
    class Item extends PgBase.mapped("schema_items", {
      id: column(t.integer, { primaryKey: true }),
      doc: column(pg.JSONB(v.object({ n: v.number() })), { nullable: false }),
    }) {}
    const engine = createAsyncEngine(pgUrl() ?? "postgresql://none");
    await PgBase.metadata.createAll(engine);
    const session = new AsyncSession(engine);
    session.add(new Item({ id: 1, doc: { n: 1 } }));
    await session.commit();
    expect((await session.scalars(select(Item.$.doc))).one()).toEqual({ n: 1 });
    session.add(new Item({ id: 2, doc: { n: "x" } as never }));
    await expect(session.flush()).rejects.toThrow(/does not fit its schema: n/);
    await session.close();
    await PgBase.metadata.dropAll(engine);
    await engine.dispose();
  });
});
