/** closeAllSessions(): every session that was used and not closed; options of all executions of a session. */
import { column, createEngine, type Engine, listen, select, t } from "@athanor/core";
import "@athanor/dialect-sqlite";
import { closeAllSessions, declarativeBase, type InstanceInspection, inspect, Session } from "@athanor/orm";
import { beforeEach, expect, it } from "vitest";

const Base = declarativeBase();
class Thing extends Base.mapped("things", { id: column(t.integer, { primaryKey: true }) }) {}

let engine: Engine;
beforeEach(() => {
  engine = createEngine("sqlite://");
  Base.metadata.createAll(engine);
});

it("closes sessions with a transaction, and those that hold objects only", () => {
  const open = new Session(engine);
  const things = [new Thing(), new Thing()];
  open.addAll(things);
  open.flush();
  const idle = new Session(engine, { expireOnCommit: false });
  const other = new Thing();
  open.commit();
  idle.add(other);
  idle.commit();
  open.begin();
  const closed = new Session(engine);
  closed.begin();
  closed.close();
  closeAllSessions();
  expect([open.inTransaction(), [...open].length, [...idle].length]).toEqual([false, 0, 0]);
  for (const thing of [...things, other]) expect((inspect(thing) as InstanceInspection).detached).toBe(true);
});

it("lets them be used again, and closes them again", () => {
  const session = new Session(engine);
  for (let round = 0; round < 3; round++) {
    session.begin();
    Session.closeAll();
    expect(session.inTransaction()).toBe(false);
  }
});

it("knows very many sessions that were never closed", () => {
  const sessions = Array.from({ length: 500 }, () => new Session(engine));
  for (const session of sessions) session.begin();
  closeAllSessions();
  expect(sessions.filter((session) => session.inTransaction())).toEqual([]);
});

it("a session's execution options can be replaced", () => {
  using session = new Session(engine, { executionOptions: { mine: 1 } });
  const seen: unknown[] = [];
  listen(session, "doOrmExecute", ({ executionOptions }) => void seen.push(executionOptions["mine"]));
  session.scalars(select(Thing)).all();
  session.executionOptions = { mine: 2 };
  session.scalars(select(Thing)).all();
  expect([seen, session.executionOptions]).toEqual([[1, 2], { mine: 2 }]);
});
