/** Members of AsyncSession beyond the unit of work: binds, two-phase commits, transactions, options, `run()`. */
import { type AsyncEngine, createAsyncEngine } from "@athanor/async";
import {
  AsyncSession,
  asyncObjectSession,
  asyncScopedSession,
  asyncSessionmaker,
  closeAllSessions,
} from "@athanor/async/orm";
import { column, createEngine, foreignKey, listen, onWarning, select, t } from "@athanor/core";
import "@athanor/dialect-sqlite";
import {
  declarativeBase,
  type InstanceInspection,
  inspect,
  MissingAwait,
  many,
  one,
  Session,
  selectinload,
} from "@athanor/orm";
import { beforeEach, expect, it } from "vitest";

const Base = declarativeBase();
class Person extends Base.mapped("people", {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(20)),
  pets: () => many(Pet, { backPopulates: "owner", orderBy: () => Pet.$.id }),
}) {}
class Pet extends Base.mapped("pets", {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(20)),
  ownerId: column("owner_id", t.integer, foreignKey("people.id")),
  owner: () => one(Person, { backPopulates: "pets" }),
}) {}

let engine: AsyncEngine;
let sent: (readonly [string, unknown])[];

beforeEach(async () => {
  engine = createAsyncEngine("sqlite://");
  await Base.metadata.createAll(engine);
  await using session = new AsyncSession(engine);
  session.addAll([
    new Person({ name: "ann", pets: [new Pet({ name: "a" }), new Pet({ name: "b" })] }),
    new Person({ name: "bob", pets: [new Pet({ name: "c" })] }),
    new Person({ name: "cat" }),
  ]);
  await session.commit();
  sent = [];
  listen(engine, "beforeCursorExecute", (_, { statement, parameters }) => {
    sent.push([statement.replaceAll(/\s+/g, " "), parameters]);
  });
});

it("tells the bind of a class, a mapper and a statement, and takes further ones", async () => {
  const other = createAsyncEngine("sqlite://");
  const third = createAsyncEngine("sqlite://");
  await using session = new AsyncSession(engine, { binds: [[Pet, other]] });
  expect(session.getBind(Person)).toBe(engine);
  expect(session.getBind(inspect(Pet))).toBe(other);
  expect(session.getBind({ clause: select(Pet) })).toBe(other);
  session.bindMapper(Pet, third);
  expect(session.getBind(Pet)).toBe(third);
  session.bindTable(Person.table, other);
  expect(session.getBind(null, { clause: select(Person.table) })).toBe(other);
  expect(() => new AsyncSession().getBind(Person)).toThrow(/bind/);
});

it("prepares a two-phase commit only where the session was made for it", async () => {
  await using session = new AsyncSession(engine);
  await expect(session.prepare()).rejects.toThrow(/'twophase' mode not enabled/);
  await using nested = new AsyncSession(engine, { twophase: true });
  await nested.begin();
  const savepoint = await nested.beginNested();
  await expect(nested.prepare()).rejects.toThrow(/not root transaction/);
  await savepoint.rollback();
});

it("savepoints know the transaction around them", async () => {
  await using session = new AsyncSession(engine);
  const outer = await session.begin();
  const savepoint = await session.beginNested();
  expect(savepoint.parent).toBe(outer);
  expect(outer.parent).toBeNull();
  expect(session.getTransaction()).toBe(outer);
  expect(session.getNestedTransaction()).toBe(savepoint);
});

it("lends itself to an object that is not in it", async () => {
  await using session = new AsyncSession(engine);
  const pet = new Pet({ name: "x", ownerId: 1 });
  session.enableRelationshipLoading(pet);
  expect(session.contains(pet)).toBe(false);
  expect(() => pet.owner).toThrow(MissingAwait);
  expect((await pet.awaitable.owner)?.name).toBe("ann");
});

it("has options for all its executions", async () => {
  await using session = new AsyncSession(engine, { executionOptions: { mine: 1 } });
  const seen: unknown[] = [];
  listen(session, "doOrmExecute", ({ executionOptions }) => void seen.push(executionOptions["mine"]));
  await session.scalars(select(Person));
  session.executionOptions = { ...session.executionOptions, mine: 2 };
  await session.scalars(select(Person));
  expect(seen).toEqual([1, 2]);
});

it("asks for rows in portions where yieldPer says so, also when all are buffered", async () => {
  await using session = new AsyncSession(engine);
  const statement = select(Person).options(selectinload(Person.$.pets)).orderBy(Person.$.id);
  const people = (await session.scalars(statement.executionOptions({ yieldPer: 2 }))).all();
  expect(people.map((person) => person.pets.length)).toEqual([2, 1, 0]);
  expect(sent.slice(1).map(([, parameters]) => parameters)).toEqual([[1, 2], [3]]);
});

it("merges an object that refers to another without loading the old reference", async () => {
  await using session = new AsyncSession(engine);
  const merged = await session.merge(new Pet({ id: 1, name: "q", owner: new Person({ id: 2, name: "bobby" }) }));
  expect(sent.map(([, parameters]) => parameters)).toEqual([[1], [2]]);
  await session.flush();
  expect([merged.ownerId, merged.owner?.name]).toEqual([2, "bobby"]);
});

it("tells the history of a reference whose old value is not needed", async () => {
  await using session = new AsyncSession(engine);
  const pet = await session.getOne(Pet, 1);
  const bob = await session.getOne(Person, 2);
  pet.owner = bob;
  const { added, deleted } = (inspect(pet) as InstanceInspection).attrs["owner"]?.loadHistory() ?? {};
  expect([added, deleted]).toEqual([[bob], []]);
});

it("run() has what a session has, as steps", async () => {
  await using session = new AsyncSession(engine);
  const seen = await session.run(function* (steps) {
    const ann = yield* steps.getOne(Person, 1);
    ann.name = "anna";
    const names = yield* steps.noAutoflush(() => steps.scalars(select(Person.$.name).orderBy(Person.$.id)));
    const flushed = yield* steps.scalar(select(Person.$.name).where(Person.$.id.eq(1)));
    const failure = yield* (function* () {
      try {
        yield* steps.beginNested(function* () {
          steps.add(new Person({ name: "dan" }));
          yield* steps.flush();
          throw new Error("no");
        });
        return null;
      } catch (error) {
        return (error as Error).message;
      }
    })();
    const kept = yield* steps.beginNested(function* () {
      const eve = new Person({ name: "eve" });
      steps.add(eve);
      yield* steps.flush();
      return eve.id;
    });
    const [merged] = yield* steps.mergeAll([new Person({ id: 2, name: "bobby" })]);
    yield* steps.deleteAll([yield* steps.getOne(Person, 3)]);
    yield* steps.bulkInsertMappings(Pet, [{ name: "bulk", ownerId: 1 }]);
    yield* steps.bulkUpdateMappings(Pet, [{ id: 1, name: "first" }]);
    yield* steps.bulkSaveObjects([new Pet({ name: "saved", ownerId: 2 })]);
    const connection = yield* steps.connection();
    const pets = yield* connection.execute(select(Pet.table.c.name).orderBy(Pet.table.c.id));
    yield* steps.refresh(ann, ["pets"]);
    const owned = ann.pets.length;
    yield* steps.commit();
    return {
      names: names.all(),
      flushed,
      failure,
      kept,
      merged: merged?.name,
      pets: pets.scalars().all(),
      owned,
      dirty: steps.dirty.size,
    };
  });
  expect(seen).toEqual({
    names: ["ann", "bob", "cat"],
    flushed: "anna",
    failure: "no",
    kept: 4,
    merged: "bobby",
    pets: ["first", "b", "c", "bulk", "saved"],
    owned: 3,
    dirty: 0,
  });
  expect((await session.scalars(select(Person.$.name).orderBy(Person.$.id))).all()).toEqual(["anna", "bobby", "eve"]);
});

it("engines, connections and transactions know each other", async () => {
  expect(engine.engine).toBe(engine);
  await using connection = await engine.connect();
  const transaction = await connection.begin();
  expect(transaction.connection).toBe(connection);
  const rows = await connection.stream(select(Person.table.c.name).orderBy(Person.table.c.id));
  expect((await rows.t.all()).map(([name]) => name)).toEqual(["ann", "bob", "cat"]);
});

it("closes all sessions that are in use", async () => {
  const used = new AsyncSession(engine);
  const person = await used.getOne(Person, 1);
  await used.commit();
  const open = new AsyncSession(engine);
  await open.begin();
  const sync = new Session(createEngine("sqlite://"));
  sync.begin();
  expect([asyncObjectSession(person), AsyncSession.objectSession(person)]).toEqual([used, used]);
  await closeAllSessions();
  expect([open.inTransaction(), sync.inTransaction()]).toEqual([false, false]);
  expect(asyncObjectSession(person)).toBeNull();
  expect((await used.getOne(Person, 2)).name).toBe("bob");
  await AsyncSession.closeAll();
  expect(used.inTransaction()).toBe(false);
});

it("tells nothing of objects of a synchronous session", () => {
  using session = new Session(createEngine("sqlite://"));
  const person = new Person({ name: "x" });
  session.add(person);
  expect(asyncObjectSession(person)).toBeNull();
  expect(AsyncSession.identityKey(Person, 5)).toEqual([Person, [5], null]);
});

it("a scope's registry tells whether it has a session", async () => {
  const scoped = asyncScopedSession(asyncSessionmaker(engine), () => "one");
  expect(scoped.registry.has()).toBe(false);
  const own = scoped({ autoflush: false });
  expect([scoped.registry(), scoped(), scoped.autoflush]).toEqual([own, own, false]);
  expect(() => scoped({ autoflush: true })).toThrow(/already present/);
  await scoped.remove();
  expect(scoped.registry.has()).toBe(false);
  scoped.registry.set(own);
  expect(scoped.registry()).toBe(own);
  const warnings: string[] = [];
  const restore = onWarning((message) => warnings.push(message));
  scoped.configure({ autoflush: true });
  scoped.registry.clear();
  scoped.configure({ autoflush: true });
  restore();
  expect(warnings).toEqual([expect.stringContaining("already present")]);
});
