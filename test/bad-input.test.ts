/** What a user does wrong in the first hour: every error names the thing and says what to do. */
import { createAsyncEngine } from "@athanor/async";
import { AsyncSession } from "@athanor/async/orm";
import {
  ArgumentError,
  column,
  createEngine,
  delete_,
  insert,
  NoSuchModuleError,
  OperationalError,
  ResourceClosedError,
  registerDialect,
  StatementError,
  select,
  t,
  text,
  update,
} from "@athanor/core";
import { SQLiteDialect } from "@athanor/dialect-sqlite";
import "@athanor/dialect-mysql";
import "@athanor/dialect-postgres";
import { declarativeBase, many, Session, UnmappedClassError } from "@athanor/orm";
import { describe, expect, test } from "vitest";
import { mysqlUrl, pgUrl } from "./setup/urls.ts";

const Base = declarativeBase();

class User extends Base.mapped("users", {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(50)),
}) {}

class Unmapped {}

const nothing = undefined as never;

describe("URLs and drivers", () => {
  test("a scheme that nobody knows", () => {
    expect(() => createEngine("nosuch://host/db")).toThrow(NoSuchModuleError);
    expect(() => createEngine("nosuch://host/db")).toThrow(/"nosuch".*begins with postgresql/);
  });

  test("something that is no URL, without telling the password", () => {
    expect(() => createEngine("user:secret@host")).toThrow(/dialect\+driver:\/\/user:password@host/);
    expect(() => createEngine("user:secret@host")).not.toThrow(/secret/);
  });

  test("a dialect whose package is not installed", () => {
    expect(() => createEngine("oracle://host/db")).toThrow(/npm install @athanor\/dialect-oracle/);
  });

  test("a driver that the dialect does not have", () => {
    expect(() => createEngine("sqlite+nosuch://")).toThrow(/no driver "nosuch".*better-sqlite3, node/);
  });

  test("a driver whose npm package is not installed", () => {
    registerDialect("lonely", {
      defaultDriver: "gone",
      drivers: {
        gone: {
          package: "athanor-test-driver-that-is-not-there",
          create: () => {
            throw new Error("never");
          },
        },
      },
      create: () => new SQLiteDialect(),
    });
    expect(() => createEngine("lonely://").connect()).toThrow(/npm install athanor-test-driver-that-is-not-there/);
  });

  test("an asynchronous driver behind the synchronous API", () => {
    expect(() => createEngine("postgresql://host/db").connect()).toThrow(/createAsyncEngine/);
  });

  test("a folder that does not exist", () => {
    expect(() => createEngine("sqlite:////no/such/folder/x.db").connect()).toThrow(/directory does not exist/);
  });

  test.skipIf(mysqlUrl() === null)("a wrong password", async () => {
    const url = new URL(mysqlUrl() as string);
    url.password = "wrong";
    const engine = createAsyncEngine(url.href);
    const failure = await engine.connect().then(
      () => null,
      (error: unknown) => error,
    );
    await engine.dispose();
    expect(failure).toBeInstanceOf(OperationalError);
    expect((failure as Error).message).toMatch(/Access denied/);
    expect((failure as Error).message).not.toContain("wrong");
  });

  test.skipIf(pgUrl() === null)("a user that the server does not know", async () => {
    const url = new URL(pgUrl() as string);
    url.username = "athanor_nobody";
    const engine = createAsyncEngine(url.href);
    await expect(engine.connect()).rejects.toThrow(/athanor_nobody/);
    await engine.dispose();
  });
});

describe("sessions and connections", () => {
  test("that are closed", async () => {
    const engine = createEngine("sqlite://");
    const session = new Session(engine, { closeResetsOnly: false });
    session.close();
    expect(() => session.scalars(select(User))).toThrow(/permanently closed/);
    const connection = engine.connect();
    connection.close();
    expect(() => connection.execute(text("select 1"))).toThrow(ResourceClosedError);
    engine.dispose();

    const asyncEngine = createAsyncEngine("sqlite://");
    const asyncSession = new AsyncSession(asyncEngine, { closeResetsOnly: false });
    await asyncSession.close();
    await expect(asyncSession.scalars(select(User))).rejects.toThrow(/permanently closed/);
    await asyncEngine.dispose();
  });

  test("that are given what is not mapped", () => {
    using session = new Session(createEngine("sqlite://"));
    expect(() => session.add(new Unmapped())).toThrow(/'Unmapped' is not mapped/);
    expect(() => session.get(Unmapped as never, nothing)).toThrow(UnmappedClassError);
    expect(() => select(Unmapped as never)).toThrow(/Unmapped/);
  });
});

describe("mapped classes", () => {
  test("a relationship without a foreign key", () => {
    const Own = declarativeBase();
    class Child extends Own.mapped("children", { id: column(t.integer, { primaryKey: true }) }) {}
    class Parent extends Own.mapped("parents", {
      id: column(t.integer, { primaryKey: true }),
      children: () => many(Child),
    }) {}
    expect(() => new Parent({})).toThrow(/relationship Parent\.children.*no foreign keys/);
  });

  test("an attribute that the class does not have", () => {
    expect(() => new User({ nam: "Ann" } as never)).toThrow(/'?nam'?.*User/);
    expect(() => (User.$ as unknown as Record<string, { eq(value: unknown): unknown }>)["nam"]?.eq(1)).toThrow(
      /User has no mapped attribute 'nam'. Its attributes are id, name/,
    );
  });
});

describe("undefined is never a filter left out", () => {
  test.each<[string, () => unknown]>([
    ["in a comparison", () => User.$.name.eq(nothing)],
    ["in IN", () => User.$.id.in([1, nothing])],
    ["in where()", () => select(User).where(nothing)],
    ["in INSERT's values", () => insert(User).values({ name: nothing })],
    ["in UPDATE's values", () => update(User).values({ name: nothing })],
  ])("%s", (_, build) => {
    expect(build).toThrow(ArgumentError);
    expect(build).toThrow(/undefined/);
  });

  test("in parameters of an execution", () => {
    using connection = createEngine("sqlite://").connect();
    expect(() => connection.execute(text("select :a"), { a: nothing })).toThrow(StatementError);
    expect(() => connection.execute(text("select :a"), { a: nothing })).toThrow(/parameter "a" is undefined/);
  });
});

test("params() of a statement that has values is refused", () => {
  for (const statement of [insert(User), update(User), delete_(User)])
    expect(() => statement.params({ name: "x" })).toThrow(
      /params\(\) is not for INSERT, UPDATE and DELETE.*values\(\)/s,
    );
});
