/** One listener for sessions of both APIs: executeStep() on sessions, and on the connections of mapper events. */
import { createAsyncEngine } from "@athanor/async";
import { AsyncSession } from "@athanor/async/orm";
import { column, createEngine, insert, listen, removeListener, select, t, table } from "@athanor/core";
import "@athanor/dialect-sqlite";
import { declarativeBase, executeStep, Session } from "@athanor/orm";
import { afterEach, expect, it } from "vitest";

const Base = declarativeBase();
class Thing extends Base.mapped("things", {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(20)),
}) {}
const log = table("log", Base.metadata, {
  id: column(t.integer, { primaryKey: true }),
  what: column(t.string(40)),
});

/** Counts the objects before a flush, and notes it and each new object. */
function* beforeFlush(session: never) {
  const things = yield* executeStep(session, select(Thing).orderBy(Thing.$.id));
  const names = things
    .scalars()
    .all()
    .map((thing) => thing.name);
  yield* executeStep(session, insert(log), { what: `flush after ${names.join()}` });
}
function* afterInsert(_mapper: unknown, connection: never, thing: Thing) {
  const inserted = yield* executeStep(connection, insert(log), [{ what: `insert ${thing.name}` }]);
  expect(inserted.rowcount).toBe(1);
}
const rows = select(log.c.what).orderBy(log.c.id);
const expected = ["flush after ", "insert a", "flush after a", "insert b"];

afterEach(() => removeListener(Thing, "afterInsert", afterInsert));

it("in a synchronous session", () => {
  const engine = createEngine("sqlite://");
  Base.metadata.createAll(engine);
  using session = new Session(engine);
  listen(session, "beforeFlush", beforeFlush);
  listen(Thing, "afterInsert", afterInsert);
  for (const name of ["a", "b"]) {
    session.add(new Thing({ name }));
    session.flush();
  }
  expect(session.scalars(rows).all()).toEqual(expected);
});

it("in an asynchronous session", async () => {
  const engine = createAsyncEngine("sqlite://");
  await Base.metadata.createAll(engine);
  await using session = new AsyncSession(engine);
  listen(session, "beforeFlush", beforeFlush);
  listen(Thing, "afterInsert", afterInsert);
  for (const name of ["a", "b"]) {
    session.add(new Thing({ name }));
    await session.flush();
  }
  expect((await session.scalars(rows)).all()).toEqual(expected);
});
