/** The recipes of docs/recipes, each doing what its page says. */
import { createAsyncEngine } from "@athanor/async";
import { AsyncSession } from "@athanor/async/orm";
import { column, createEngine, type Engine, foreignKey, func, listen, select, t } from "@athanor/core";
import { declarativeBase, many, one, Session, selectinload, sessionmaker } from "@athanor/orm";
import { describe, expect, it } from "vitest";
import { markOwned, ownedBy, ownedColumns, ownerOf } from "../examples/recipes/any-of.ts";
import { auditTable, keepAuditLog } from "../examples/recipes/audit-log.ts";
import { createTenant, schemaOf, sessionOf } from "../examples/recipes/multi-tenancy.ts";
import { FromCache, QueryCache } from "../examples/recipes/query-cache.ts";
import { rolledBack, rolledBackAsync } from "../examples/recipes/rolled-back-tests.ts";
import { hideDeleted, includeDeleted, markDeleted, restore, softDelete } from "../examples/recipes/soft-delete.ts";
import { historyTable, keepHistory, versioned } from "../examples/recipes/versioned-history.ts";
import "@athanor/dialect-postgres";
import "@athanor/dialect-sqlite";
import { pgUrl } from "./setup/urls.ts";

const id = () => column(t.integer, { primaryKey: true });
const at = new Date("2026-01-02T03:04:05Z");

/** Counts the statements that an engine executes. */
function counted(engine: Engine): () => number {
  let count = 0;
  listen(engine, "beforeCursorExecute", () => {
    count++;
  });
  return () => count;
}

describe("soft delete", () => {
  const Base = declarativeBase();
  class Topic extends Base.mapped("topics", { id: id(), notes: () => many(Note, { orderBy: () => Note.$.id }) }) {}
  class Note extends Base.mapped("notes", {
    ...softDelete,
    id: id(),
    text: column(t.string),
    topicId: column("topic_id", t.integer, foreignKey("topics.id")),
  }) {}

  it("hides marked rows from queries, relationships and eager loads, until it is asked to show them", () => {
    const engine = createEngine("sqlite://");
    Base.metadata.createAll(engine);
    const Sessions = sessionmaker(engine);
    hideDeleted(Sessions, [Note]);
    using session = new Sessions();
    const [kept, gone] = [new Note({ text: "kept" }), new Note({ text: "gone" })];
    session.add(new Topic({ id: 1, notes: [kept, gone] }));
    session.commit();
    markDeleted(gone, at);
    session.commit();
    expect(gone.text).toBe("gone");
    session.expungeAll();
    const texts = (notes: Iterable<Note>): (string | null)[] => [...notes].map((note) => note.text);
    expect(texts(session.scalars(select(Note)))).toEqual(["kept"]);
    expect(texts(session.getOne(Topic, 1).notes)).toEqual(["kept"]);
    session.expungeAll();
    expect(texts(session.scalars(select(Topic).options(selectinload(Topic.$.notes))).one().notes)).toEqual(["kept"]);
    expect(session.scalar(select(func.count()).selectFrom(Note))).toBe(1);
    session.expungeAll();
    const all = session.scalars(select(Note).options(includeDeleted()).orderBy(Note.$.id)).all();
    expect(texts(all)).toEqual(["kept", "gone"]);
    session.expungeAll();
    expect(texts(session.scalars(select(Topic).options(includeDeleted())).one().notes)).toEqual(["kept", "gone"]);
    session.expungeAll();
    restore(session.scalars(select(Note).where(Note.$.text.eq("gone")).options(includeDeleted())).one());
    session.commit();
    expect(texts(session.scalars(select(Note).orderBy(Note.$.id)))).toEqual(["kept", "gone"]);
  });

  it("works in an asynchronous session", async () => {
    const engine = createAsyncEngine("sqlite://");
    await Base.metadata.createAll(engine);
    const session = new AsyncSession(engine);
    hideDeleted(session, [Note]);
    session.addAll([new Note({ text: "a" }), new Note({ text: "b", deletedAt: at })]);
    await session.commit();
    expect((await session.scalars(select(Note.$.text))).all()).toEqual(["a"]);
    await session.close();
    await engine.dispose();
  });
});

describe("versioned history", () => {
  const Base = declarativeBase();
  class Document extends Base.mapped(
    "documents",
    { ...versioned, id: id(), title: column(t.string), body: column(t.string) },
    { versionIdCol: "version" },
  ) {}
  const history = historyTable(Document);

  it("leaves the old row beside it at every change, and at deletion", () => {
    const engine = createEngine("sqlite://");
    Base.metadata.createAll(engine);
    const Sessions = sessionmaker(engine);
    keepHistory(Sessions, Document, history, () => at);
    using session = new Sessions();
    const document = new Document({ title: "a", body: "x" });
    session.add(document);
    session.commit();
    document.title = "b";
    session.commit();
    expect(document.title).toBe("b");
    document.title = "b";
    session.commit();
    document.body = "y";
    session.commit();
    session.delete(document);
    session.commit();
    const rows = session.execute(select(history).orderBy(history.c["version" as never])).all() as unknown as Record<
      string,
      unknown
    >[];
    expect(rows.map(({ version, title, body, changed }) => [version, title, body, changed])).toEqual([
      [1, "a", "x", at],
      [2, "b", "x", at],
      [3, "b", "y", at],
    ]);
    expect(session.scalars(select(Document)).all()).toEqual([]);
  });

  it("a rollback takes the history back", () => {
    const engine = createEngine("sqlite://");
    Base.metadata.createAll(engine);
    using session = new Session(engine);
    keepHistory(session, Document, history, () => at);
    const document = new Document({ title: "a" });
    session.add(document);
    session.commit();
    document.title = "b";
    session.flush();
    session.rollback();
    expect(session.scalar(select(func.count()).selectFrom(history))).toBe(0);
  });
});

describe("audit log", () => {
  const Base = declarativeBase();
  class Account extends Base.mapped("accounts", { id: id(), owner: column(t.string), balance: column(t.integer) }) {}
  const log = auditTable(Base.metadata);

  it("tells who changed what, with the values before and after", async () => {
    const engine = createAsyncEngine("sqlite://");
    await Base.metadata.createAll(engine);
    const session = new AsyncSession(engine, { info: { actor: "ann" } });
    keepAuditLog(session, log, () => at);
    const account = new Account({ owner: "x", balance: 1 });
    session.add(account);
    await session.commit();
    account.balance = 5;
    await session.commit();
    await session.delete(account);
    await session.commit();
    const rows = (await session.execute(select(log).orderBy(log.c["id" as never]))).all() as unknown as Record<
      string,
      unknown
    >[];
    expect(rows.map(({ action, entity, key, changes, actor }) => [action, entity, key, changes, actor])).toEqual([
      ["insert", "Account", [1], { id: [null, null], owner: [null, "x"], balance: [null, 1] }, "ann"],
      ["update", "Account", [1], { balance: [1, 5] }, "ann"],
      ["delete", "Account", [1], { id: [1, null], owner: ["x", null], balance: [5, null] }, "ann"],
    ]);
    await session.close();
    await engine.dispose();
  });
});

describe("query cache", () => {
  const Base = declarativeBase();
  class Country extends Base.mapped("countries", { id: id(), name: column(t.string), cities: () => many(City) }) {}
  class City extends Base.mapped("cities", {
    id: id(),
    name: column(t.string),
    countryId: column("country_id", t.integer, foreignKey("countries.id")),
    country: () => one(Country, { overlaps: "cities" }),
  }) {}

  it("answers statements that ask for it, with the objects of the session that asks", () => {
    const engine = createEngine("sqlite://");
    Base.metadata.createAll(engine);
    let time = 0;
    const cache = new QueryCache(1000, () => time);
    const Sessions = sessionmaker(engine);
    cache.serve(Sessions);
    {
      using filling = new Sessions();
      filling.addAll([new Country({ name: "A", cities: [new City({ name: "a1" })] }), new Country({ name: "B" })]);
      filling.commit();
    }
    const count = counted(engine);
    const statement = select(Country)
      .options(new FromCache("countries"), selectinload(Country.$.cities))
      .orderBy(Country.$.id);
    const read = (): Country[] => {
      using session = new Sessions();
      const found = session.scalars(statement).all();
      expect(found.every((each) => session.contains(each))).toBe(true);
      expect(found[0]?.cities.map((each) => each.name)).toEqual(["a1"]);
      return found;
    };
    const first = read();
    expect(count()).toBe(2);
    const second = read();
    expect([count(), second[0] === first[0], second.map((each) => each.name)]).toEqual([2, false, ["A", "B"]]);
    using session = new Sessions();
    // Other values, other entries; without the option no cache.
    const byName = (name: string) =>
      session.scalars(select(Country).where(Country.$.name.eq(name)).options(new FromCache("countries"))).all().length;
    expect([byName("A"), byName("B"), byName("A"), byName("C"), count()]).toEqual([1, 1, 1, 0, 5]);
    session.scalars(select(Country)).all();
    expect(count()).toBe(6);
    cache.invalidate("countries");
    byName("A");
    expect(count()).toBe(7);
    time = 2000;
    byName("A");
    expect(count()).toBe(8);
  });

  it("rows of columns, in an asynchronous session", async () => {
    const engine = createAsyncEngine("sqlite://");
    await Base.metadata.createAll(engine);
    const session = new AsyncSession(engine);
    const cache = new QueryCache(1000, () => 0);
    cache.serve(session);
    session.add(new Country({ name: "A" }));
    await session.commit();
    const statement = select(Country.$.name).options(new FromCache("names"));
    expect((await session.scalars(statement)).all()).toEqual(["A"]);
    session.add(new Country({ name: "B" }));
    await session.commit();
    expect((await session.scalars(statement)).all()).toEqual(["A"]);
    cache.invalidate("names");
    expect((await session.scalars(statement)).all()).toEqual(["A", "B"]);
    await session.close();
    await engine.dispose();
  });
});

describe("multi-tenancy", () => {
  const Base = declarativeBase();
  class Item extends Base.mapped("tenant_items", { id: id(), name: column(t.string) }) {}

  it("refuses what is no tenant's name", () => {
    expect(() => schemaOf('x"; DROP SCHEMA public')).toThrow(/is no tenant/);
  });

  it("the same classes in a schema for each tenant", () => {
    const engine = createEngine("sqlite://");
    const tenants = ["red", "blue"];
    {
      using connection = engine.connect();
      for (const tenant of tenants) connection.execDriverSql(`ATTACH ':memory:' AS ${schemaOf(tenant)}`);
      connection.commit();
    }
    for (const tenant of tenants) createTenant(engine, Base.metadata, tenant);
    for (const tenant of tenants) {
      using session = sessionOf(engine, tenant);
      session.add(new Item({ name: `of ${tenant}` }));
      session.commit();
    }
    for (const tenant of tenants) {
      using session = sessionOf(engine, tenant);
      expect(session.scalars(select(Item.$.name)).all()).toEqual([`of ${tenant}`]);
    }
  });

  it.skipIf(pgUrl() === null)("on PostgreSQL, asynchronously", async () => {
    const engine = createAsyncEngine(pgUrl() ?? "postgresql://none");
    const of = (tenant: string) => engine.executionOptions({ schemaTranslateMap: { "": schemaOf(tenant) } });
    const tenants = ["red", "blue"];
    await engine.begin(async (connection) => {
      for (const tenant of tenants) await connection.execDriverSql(`CREATE SCHEMA ${schemaOf(tenant)}`);
    });
    try {
      for (const tenant of tenants) {
        await Base.metadata.createAll(of(tenant));
        await using session = new AsyncSession(of(tenant));
        session.add(new Item({ name: `of ${tenant}` }));
        await session.commit();
      }
      for (const tenant of tenants) {
        await using session = new AsyncSession(of(tenant));
        expect((await session.scalars(select(Item.$.name))).all()).toEqual([`of ${tenant}`]);
      }
    } finally {
      await engine.begin(async (connection) => {
        for (const tenant of tenants) await connection.execDriverSql(`DROP SCHEMA ${schemaOf(tenant)} CASCADE`);
      });
      await engine.dispose();
    }
  });
});

describe("any-of", () => {
  const Base = declarativeBase();
  class Note extends Base.mapped("notes", {
    ...ownedColumns,
    id: id(),
    text: column(t.string),
    book: () => one(Book, ownerOf("book", Note, Book.$.id)),
    film: () => one(Film, ownerOf("film", Note, Film.$.id)),
  }) {
    get owner(): Book | Film | null {
      return this.ownerType === "book" ? this.book : this.film;
    }
  }
  class Book extends Base.mapped("books", {
    id: id(),
    notes: () => many(Note, { ...ownedBy("book", Note, Book.$.id), overlaps: "notes" }),
  }) {}
  class Film extends Base.mapped("films", {
    id: id(),
    notes: () => many(Note, { ...ownedBy("film", Note, Film.$.id), overlaps: "notes" }),
  }) {}
  markOwned(Book.$.notes, "book");
  markOwned(Film.$.notes, "film");

  it("rows belong to rows of any of the classes, both ways", () => {
    const engine = createEngine("sqlite://");
    Base.metadata.createAll(engine);
    using session = new Session(engine);
    // The same key in both tables.
    session.addAll([
      new Book({ id: 1, notes: [new Note({ text: "of the book" }), new Note({ text: "another" })] }),
      new Film({ id: 1, notes: [new Note({ text: "of the film" })] }),
    ]);
    session.commit();
    session.expungeAll();
    const book = session.scalars(select(Book).options(selectinload(Book.$.notes))).one();
    const film = session.getOne(Film, 1);
    expect([book, film].map(({ notes }) => notes.map(({ text }) => text).sort())).toEqual([
      ["another", "of the book"],
      ["of the film"],
    ]);
    expect(book.notes[0]?.owner).toBe(book);
    expect(film.notes[0]?.owner).toBe(film);
    expect(film.notes[0]?.book).toBeNull();
    const named = select(Note.$.text).join(Note.$.film).where(Film.$.id.eq(1));
    expect(session.scalars(named).all()).toEqual(["of the film"]);
    const of = (type: typeof Book | typeof Film) =>
      session.scalar(select(func.count()).selectFrom(type).join(type.$.notes));
    expect([of(Book), of(Film)]).toEqual([2, 1]);
    book.notes.splice(0, 1);
    session.delete(film);
    session.commit();
    expect(session.scalar(select(func.count()).selectFrom(Note))).toBe(1);
  });
});

describe("tests that roll back", () => {
  const Base = declarativeBase();
  class Row extends Base.mapped("rolled_back", { id: id(), name: column(t.string) }) {}
  /** Code under test: it commits, and rolls back. */
  function underTest(session: Session): number {
    session.add(new Row({ name: "kept" }));
    session.commit();
    session.add(new Row({ name: "dropped" }));
    session.flush();
    session.rollback();
    return session.scalar(select(func.count()).selectFrom(Row)) as number;
  }

  it("the code commits, the database stays as it was", () => {
    const engine = createEngine("sqlite://");
    Base.metadata.createAll(engine);
    expect([rolledBack(engine, underTest), rolledBack(engine, underTest)]).toEqual([1, 1]);
    expect(() =>
      rolledBack(engine, () => {
        throw new Error("the test failed");
      }),
    ).toThrow("the test failed");
    using session = new Session(engine);
    expect(session.scalars(select(Row)).all()).toEqual([]);
  });

  it.skipIf(pgUrl() === null)("on PostgreSQL, asynchronously", async () => {
    const engine = createAsyncEngine(pgUrl() ?? "postgresql://none");
    await Base.metadata.createAll(engine);
    const names = await rolledBackAsync(engine, async (session) => {
      session.add(new Row({ name: "kept" }));
      await session.commit();
      session.add(new Row({ name: "dropped" }));
      await session.flush();
      await session.rollback();
      return (await session.scalars(select(Row.$.name))).all();
    });
    expect(names).toEqual(["kept"]);
    await using session = new AsyncSession(engine);
    expect((await session.scalars(select(Row))).all()).toEqual([]);
    await session.close();
    await Base.metadata.dropAll(engine);
    await engine.dispose();
  });
});
