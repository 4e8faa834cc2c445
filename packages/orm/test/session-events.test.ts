/** The events of a session, in the order in which SQLAlchemy sends them. */
import { column, createEngine, foreignKey, t } from "@athanor/core";
import "@athanor/dialect-sqlite";
import { declarativeBase, listen, many, one, Session, type SessionEvents } from "@athanor/orm";
import { beforeEach, expect, it } from "vitest";

const Base = declarativeBase();
class Parent extends Base.mapped("p", {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string),
  children: () => many(Child, { backPopulates: "parent" }),
}) {}
class Child extends Base.mapped("c", {
  id: column(t.integer, { primaryKey: true }),
  parentId: column("pid", t.integer, foreignKey("p.id")),
  parent: () => one(Parent, { backPopulates: "children" }),
}) {}

const names = [
  "afterTransactionCreate",
  "afterTransactionEnd",
  "afterBegin",
  "beforeCommit",
  "afterCommit",
  "afterRollback",
  "afterSoftRollback",
  "beforeFlush",
  "afterFlush",
  "afterFlushPostexec",
  "beforeAttach",
  "afterAttach",
  "transientToPending",
  "pendingToTransient",
  "pendingToPersistent",
  "persistentToTransient",
  "persistentToDeleted",
  "deletedToPersistent",
  "deletedToDetached",
  "detachedToPersistent",
  "persistentToDetached",
  "loadedAsPersistent",
  "afterBulkUpdate",
  "afterBulkDelete",
] as const satisfies readonly (keyof SessionEvents)[];

let session: Session;
let seen: string[];

/** What was seen since the last call. */
const heard = (): string => seen.splice(0).join(" ");

beforeEach(() => {
  const engine = createEngine("sqlite:///:memory:");
  Base.metadata.createAll(engine);
  session = new Session(engine);
  seen = [];
  for (const name of names) listen(session, name, () => void seen.push(name));
});

function committed(id: number): Parent {
  const parent = new Parent({ id, name: "a" });
  session.add(parent);
  session.commit();
  seen.length = 0;
  return parent;
}

it("of adding, flushing and committing", () => {
  const parent = new Parent({ id: 1 });
  session.add(parent);
  expect(heard()).toBe("afterTransactionCreate beforeAttach afterAttach transientToPending");
  session.commit();
  expect(heard()).toBe(
    "beforeCommit beforeFlush afterTransactionCreate afterBegin afterFlush pendingToPersistent afterFlushPostexec afterTransactionEnd afterCommit afterTransactionEnd",
  );
  parent.name = "b";
  session.flush();
  expect(heard()).toBe(
    "afterTransactionCreate beforeFlush afterTransactionCreate afterBegin afterFlush afterFlushPostexec afterTransactionEnd",
  );
  session.rollback();
  expect(heard()).toBe("afterRollback afterTransactionEnd afterSoftRollback");
});

it("of objects that go back to what they were", () => {
  const parent = new Parent({ id: 2 });
  session.add(parent);
  session.expunge(parent);
  expect(heard()).toBe("afterTransactionCreate beforeAttach afterAttach transientToPending pendingToTransient");
  session.add(parent);
  session.flush();
  seen.length = 0;
  session.rollback();
  expect(heard()).toBe("afterRollback persistentToTransient afterTransactionEnd afterSoftRollback");
});

it("of deleting", () => {
  const parent = committed(1);
  void parent.name;
  seen.length = 0;
  session.delete(parent);
  session.flush();
  expect(heard()).toBe(
    "beforeFlush afterTransactionCreate afterFlush persistentToDeleted afterFlushPostexec afterTransactionEnd",
  );
  session.rollback();
  expect(heard()).toBe("afterRollback deletedToPersistent afterTransactionEnd afterSoftRollback");
  void parent.name;
  session.delete(parent);
  seen.length = 0;
  session.commit();
  expect(heard()).toBe(
    "beforeCommit beforeFlush afterTransactionCreate afterFlush persistentToDeleted afterFlushPostexec afterTransactionEnd afterCommit deletedToDetached afterTransactionEnd",
  );
});

it("of leaving, coming back and loading", () => {
  committed(3);
  const parent = session.getOne(Parent, 3);
  seen.length = 0;
  session.expunge(parent);
  expect(heard()).toBe("persistentToDetached");
  session.add(parent);
  expect(heard()).toBe("beforeAttach afterAttach detachedToPersistent");
  session.expungeAll();
  seen.length = 0;
  session.get(Parent, 3);
  expect(heard()).toBe("loadedAsPersistent");
});

it("of savepoints, of the legacy query, of the end", () => {
  committed(3);
  session.get(Parent, 3);
  seen.length = 0;
  const nested = session.beginNested();
  expect(heard()).toBe("afterTransactionCreate");
  nested.rollback();
  expect(heard()).toBe("afterRollback afterTransactionEnd afterSoftRollback");
  session.query(Parent).filterBy({ id: 3 }).update({ name: "q" });
  expect(heard()).toBe("afterBulkUpdate");
  session.query(Parent).filterBy({ id: 99 }).delete();
  expect(heard()).toBe("afterBulkDelete");
  session.close();
  expect(heard()).toMatch(/afterTransactionEnd$/);
});

it("give the session, the transaction and the objects", () => {
  const given: unknown[] = [];
  listen(session, "afterTransactionCreate", (own, transaction) => given.push(own === session, transaction.nested));
  listen(session, "transientToPending", (_own, parent: Parent) => given.push(parent.name));
  listen(session, "beforeFlush", (own) => {
    for (const each of own.new) if (each instanceof Parent) each.name = `${each.name}!`;
  });
  const parent = new Parent({ name: "x" });
  session.add(parent);
  session.commit();
  expect(given.slice(0, 3)).toEqual([true, false, "x"]);
  expect(parent.name).toBe("x!");
});
