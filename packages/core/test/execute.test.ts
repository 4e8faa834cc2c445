import {
  ArgumentError,
  bindparam,
  column,
  delete_,
  event,
  func,
  IntegrityError,
  InvalidRequestError,
  insert,
  MetaData,
  ObjectNotExecutableError,
  onWarning,
  StatementError,
  select,
  sql,
  t,
  table,
  text,
  update,
} from "@athanor/core";
import { describe, expect, it } from "vitest";
import { engineWithUsers, users } from "./story.ts";

describe("execute", () => {
  it("takes statements, functions, text, and nothing else", () => {
    const { engine } = engineWithUsers({}, "a", "b");
    using connection = engine.connect();
    expect(
      connection
        .execute(select(users.c.name))
        .all()
        .map((row) => row.name),
    ).toEqual(["a", "b"]);
    expect(connection.scalar(func.upper("x"))).toBe("X");
    expect(connection.execute(text("SELECT id, name FROM users WHERE id = :id"), { id: 2 }).one()).toMatchObject({
      id: 2,
      name: "b",
    });
    expect(() => connection.execute("SELECT 1" as never)).toThrow(/Write text\(/);
    expect(() => connection.execute(null as never)).toThrow(ArgumentError);
    expect(() => connection.execute(users as never)).toThrow(/Not an executable object/);
  });

  it("takes options of text, templates and functions", () => {
    const { engine } = engineWithUsers({}, "a");
    const seen: unknown[] = [];
    event.listen(engine, "beforeExecute", (_conn, _statement, _many, _params, options) => {
      seen.push((options as { mark?: unknown }).mark);
    });
    using connection = engine.connect();
    for (const statement of [
      text("SELECT 1").executionOptions({ mark: 1 }),
      sql`SELECT 1`.executionOptions({ mark: 2 }),
      func.abs(-1).executionOptions({ mark: 3 }),
      text("SELECT 1").columns({ n: t.integer }).executionOptions({ mark: 4 }),
    ])
      expect(connection.execute(statement).scalarOne()).toBe(1);
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(text("x").executionOptions({ a: 1 }).executionOptions({ b: 2 }).getExecutionOptions()).toEqual({
      a: 1,
      b: 2,
    });
    expect(select(users.c.id).getExecutionOptions()).toEqual({});
    // @ts-expect-error misspelt
    void text("x").executionOption;
    // @ts-expect-error options are objects of the ORM
    void text("x").options("eager");
  });

  it("gives values to parameters", () => {
    const { engine } = engineWithUsers({}, "a", "b", "c");
    using connection = engine.connect();
    const byId = select(users.c.name).where(users.c.id.eq(bindparam("id")));
    for (const id of [1, 2, 3, 1]) expect(connection.scalar(byId, { id })).toBe("abc"[id - 1]);
    expect(() => connection.execute(byId)).toThrow(/A value is required for bind parameter 'id'/);
    expect(() => connection.execute(byId, { id: undefined })).toThrow(/undefined/);
    expect(() => connection.execute(byId)).toThrow(StatementError);
    expect(connection.scalar(byId.params({ id: 2 }))).toBe("b");
    expect(connection.scalar(byId.params({ id: 2 }), { id: 3 })).toBe("c");
    const among = select(users.c.name).where(users.c.id.in(bindparam("ids", { expanding: true })));
    expect(connection.scalars(among, { ids: [1, 3] }).all()).toEqual(["a", "c"]);
    expect(connection.scalars(among, { ids: [] }).all()).toEqual([]);
    expect(connection.scalars(among, { ids: [2] }).all()).toEqual(["b"]);
  });

  it("takes its own values from statements of one structure", () => {
    const { engine } = engineWithUsers({}, "a", "b", "c");
    using connection = engine.connect();
    const named = (id: number, age: number) =>
      select(users.c.name).where(users.c.id.eq(id), users.c.age.le(age), users.c.id.in([id, 99]));
    for (let round = 0; round < 3; round++)
      for (const id of [1, 2, 3]) expect(connection.scalar(named(id, 5))).toBe("abc"[id - 1]);
    expect(connection.scalar(named(3, 0))).toBeNull();
    const same = named(2, 5);
    for (let round = 0; round < 3; round++) expect(connection.scalar(same)).toBe("b");
    let value = 0;
    const computed = select(users.c.name).where(
      users.c.id.eq(bindparam("x", { callable: () => ++value, type: t.integer })),
    );
    expect([1, 2, 3].map(() => connection.scalar(computed))).toEqual(["a", "b", "c"]);
  });

  it("keeps variants of one statement object apart", () => {
    const { engine } = engineWithUsers();
    using connection = engine.connect();
    const statement = insert(users);
    for (const params of [
      { name: "a" },
      { name: "b", age: 5 },
      { name: "c" },
      { age: 6, name: "d" },
      { name: "e", age: 7 },
    ])
      connection.execute(statement, params);
    connection.execute(statement, [{ name: "f" }, { name: "g" }]);
    expect(
      connection
        .execute(select(users.c.name, users.c.age).orderBy(users.c.id))
        .all()
        .map((row) => [...row]),
    ).toEqual([
      ["a", null],
      ["b", 5],
      ["c", null],
      ["d", 6],
      ["e", 7],
      ["f", null],
      ["g", null],
    ]);
    expect(() => connection.execute(statement, { name: "x", nope: 1 })).toThrow(
      "Unconsumed column names: nope. This statement takes id, name, age.",
    );
  });

  it("takes statements only", () => {
    const { engine } = engineWithUsers();
    using connection = engine.connect();
    for (const given of ["SELECT 1", null, { sql: "SELECT 1" }, 5])
      expect(() => connection.execute(given as never)).toThrow(ObjectNotExecutableError);
    expect(new ObjectNotExecutableError("x")).toBeInstanceOf(ArgumentError);
  });

  it("tells of the statement's own kind only", () => {
    const { engine } = engineWithUsers();
    using connection = engine.connect();
    const many = connection.execute(insert(users), [{ name: "a" }, { name: "b" }]);
    expect(many.lastInsertedParams()).toMatchObject([{ name: "a" }, { name: "b" }]);
    expect(() => many.lastUpdatedParams()).toThrow("Statement is not an update() expression construct.");
    expect(() => many.returnedDefaults).toThrow(/executemany call; .* please use .returnedDefaultsRows/);
    const read = connection.execute(select(users.c.id));
    expect(() => read.lastInsertedParams()).toThrow("Statement is not an insert() expression construct.");
    expect(() => read.prefetchCols()).toThrow("Statement is not an insert() or update() expression construct.");
    expect(() => read.postfetchCols()).toThrow(InvalidRequestError);
    expect(() => connection.execDriverSql("SELECT 1").lastInsertedParams()).toThrow(/not a compiled expression/);
  });

  it("tells what was written", () => {
    const { engine } = engineWithUsers();
    using connection = engine.connect();
    const inserted = connection.execute(insert(users).values({ name: "a" }));
    expect(inserted.insertedPrimaryKey.id).toBe(1);
    expect([...inserted.insertedPrimaryKey]).toEqual([1]);
    expect([inserted.rowcount, inserted.lastrowid, inserted.isInsert, inserted.returnsRows]).toEqual([
      1,
      1,
      true,
      false,
    ]);
    expect(() => inserted.all()).toThrow(/does not return rows/);
    expect([...connection.execute(insert(users).values({ id: 10, name: "b" })).insertedPrimaryKey]).toEqual([10]);
    expect(connection.execute(insert(users).returning(users.c.id, users.c.name), { name: "c" }).one()).toMatchObject({
      id: 11,
      name: "c",
    });
    expect(connection.execute(update(users).values({ age: 5 })).rowcount).toBe(3);
    expect(
      connection.execute(update(users).values({ age: 6 }).where(users.c.name.eq("a")).returning(users.c.age)).scalar(),
    ).toBe(6);
    expect(connection.execute(delete_(users).where(users.c.age.eq(5))).rowcount).toBe(2);
    expect(() => connection.execute(select(users)).insertedPrimaryKey).toThrow(/not an insert/);
    const returned = connection.execute(insert(users).values({ name: "z" }).returnDefaults(users.c.id));
    expect(returned.returnedDefaults?.id).toBe(2);
    expect([...returned.insertedPrimaryKey]).toEqual([2]);
  });

  it("computes defaults", () => {
    const { engine } = engineWithUsers();
    let calls = 0;
    const things = table("things", new MetaData(), {
      id: column(t.integer, { primaryKey: true }),
      a: column(t.integer, { default: 5 }),
      b: column(t.integer, { default: () => ++calls }),
      c: column(t.string, {
        default: (context: { currentParameters: Record<string, unknown> }) =>
          `a is ${String(context.currentParameters.a)}`,
      }),
      d: column(t.integer, { onupdate: () => 9 }),
    });
    things.create(engine);
    using connection = engine.connect();
    connection.execute(insert(things).values({ a: 1 }));
    connection.execute(insert(things));
    connection.execute(insert(things), [{ b: 100 }, { b: 200 }]);
    connection.execute(insert(things), [{ a: 2 }, { a: 3 }]);
    expect(
      connection
        .execute(select(things.c.a, things.c.b, things.c.c).orderBy(things.c.id))
        .all()
        .map((row) => [...row]),
    ).toEqual([
      [1, 1, "a is 1"],
      [5, 2, "a is 5"],
      [5, 100, "a is 5"],
      [5, 200, "a is 5"],
      [2, 3, "a is 2"],
      [3, 4, "a is 3"],
    ]);
    connection.execute(update(things).values({ a: 7 }).where(things.c.id.eq(1)));
    expect(connection.scalar(select(things.c.d).where(things.c.id.eq(1)))).toBe(9);
  });

  it("converts values both ways", () => {
    const { engine } = engineWithUsers();
    const values = table("vals", new MetaData(), {
      id: column(t.integer, { primaryKey: true }),
      flag: column(t.boolean),
      at: column(t.dateTime),
      big: column(t.numeric(10, 2)),
    });
    values.create(engine);
    using connection = engine.connect();
    const at = new Date("2024-02-03T04:05:06Z");
    connection.execute(insert(values).values({ flag: true, at, big: "12.50" }));
    expect(connection.execute(select(values)).one()).toEqual(
      Object.assign(Object.create(null) as object, { id: 1, flag: true, at, big: "12.50" }),
    );
    expect(connection.scalar(select(values.c.id).where(values.c.flag.eq(true)))).toBe(1);
  });

  it("executes several sets", () => {
    const { engine, log } = engineWithUsers();
    using connection = engine.connect();
    const many = connection.execute(insert(users), [{ name: "a" }, { name: "b" }]);
    expect(many.rowcount).toBe(2);
    expect(() => many.insertedPrimaryKey).toThrow(/executemany/);
    expect(log.take().at(-1)).toBe('[generated in Ns] [["a"], ["b"]]');
    expect(
      connection.execute(
        update(users)
          .values({ age: bindparam("years") })
          .where(users.c.name.eq(bindparam("who"))),
        [
          { years: 1, who: "a" },
          { years: 2, who: "b" },
        ],
      ).rowcount,
    ).toBe(2);
    expect(connection.scalars(select(users.c.age).orderBy(users.c.id)).all()).toEqual([1, 2]);
    expect(() => connection.execute(insert(users), [{ name: "c" }, { age: 1 }])).toThrow(
      /required for bind parameter 'name', in parameter group 1/,
    );
    expect(() => connection.execute(insert(users), [1] as never)).toThrow(/parameter set/);
  });

  it("batches INSERT … RETURNING", () => {
    const { engine, log } = engineWithUsers({ insertmanyvaluesPageSize: 2 });
    using connection = engine.connect();
    const names = ["a", "b", "c", "d", "e"].map((name) => ({ name }));
    expect(connection.execute(insert(users).returning(users.c.id), names).scalars().all()).toEqual([1, 2, 3, 4, 5]);
    expect(log.take().filter((line) => line.startsWith("INSERT"))).toEqual([
      "INSERT INTO users (name) VALUES (?), (?) RETURNING users.id",
      "INSERT INTO users (name) VALUES (?), (?) RETURNING users.id",
      "INSERT INTO users (name) VALUES (?) RETURNING users.id",
    ]);
    const sorted = insert(users).returning(users.c.id, users.c.name, { sortByParameterOrder: true });
    expect(
      connection
        .execute(sorted, [{ name: "z" }, { name: "y" }])
        .all()
        .map((row) => row.name),
    ).toEqual(["z", "y"]);
    expect(log.take().filter((line) => line.includes("batch not supported")).length).toBe(2);
    const keys = connection.execute(insert(users).returnDefaults({ sortByParameterOrder: true } as never), [
      { name: "q" },
      { name: "r" },
    ]);
    expect(keys.insertedPrimaryKeyRows.map((key) => key.id)).toEqual([8, 9]);
  });

  it("streams", () => {
    const { engine } = engineWithUsers({}, ..."abcdefghij");
    using connection = engine.connect();
    const result = connection.stream(select(users.c.name).orderBy(users.c.id));
    expect(result.fetchone()?.name).toBe("a");
    expect(result.scalars().all().join("")).toBe("bcdefghij");
    const parts = connection.execute(select(users.c.id).orderBy(users.c.id), null, { yieldPer: 4 });
    expect([...parts.partitions()].map((part) => part.length)).toEqual([4, 4, 2]);
    const open = connection.stream(select(users));
    open.fetchone();
    connection.commit();
    expect(() => open.fetchone()).toThrow(/closed/);
  });

  it("executes driver-level SQL", () => {
    const { engine } = engineWithUsers();
    using connection = engine.connect();
    connection.execDriverSql("INSERT INTO users (name) VALUES (?)", ["a"]);
    connection.execDriverSql("INSERT INTO users (name) VALUES (?)", [["b"], ["c"]]);
    const result = connection.execDriverSql("SELECT id, name FROM users WHERE id > ?", [1]);
    expect(result.keys()).toEqual(["id", "name"]);
    expect(result.all().length).toBe(2);
    expect(() => connection.execDriverSql(text("x") as never)).toThrow(/takes SQL text/);
  });

  it("wraps errors", () => {
    const { engine } = engineWithUsers({}, "a");
    using connection = engine.connect();
    for (let round = 0; round < 3; round++) {
      let error: IntegrityError | undefined;
      try {
        connection.execute(insert(users).values({ name: "a" }));
      } catch (failure) {
        error = failure as IntegrityError;
      }
      expect(error).toBeInstanceOf(IntegrityError);
      expect(error).toMatchObject({ kind: "unique", statement: "INSERT INTO users (name) VALUES (?)", params: ["a"] });
      expect(error?.message).toBe(
        'UNIQUE constraint failed: users.name\n[SQL: INSERT INTO users (name) VALUES (?)]\n[parameters: ["a"]]',
      );
      expect((error?.orig as Error | undefined)?.name).toBe("SqliteError");
      expect(error?.stack).toContain("execute.test.ts");
    }
    const hidden = engineWithUsers({ hideParameters: true }, "a").engine;
    expect(() => hidden.begin((one) => one.execute(insert(users).values({ name: "a" })))).toThrow(
      /parameters are hidden/,
    );
    expect(() =>
      connection.execute(select(users).where(users.c.age.eq(bindparam("x", { type: t.dateTime }))), { x: "no date" }),
    ).toThrow(StatementError);
  });

  it("translates schemas", () => {
    const { engine } = engineWithUsers();
    const shared = table(
      "users",
      new MetaData(),
      { id: column(t.integer, { primaryKey: true }) },
      { schema: "tenant" },
    );
    using connection = engine.connect();
    expect(connection.execute(select(shared), null, { schemaTranslateMap: { tenant: "main" } }).all()).toEqual([]);
    expect(connection.execute(select(shared), null, { schemaTranslateMap: { tenant: null } }).all()).toEqual([]);
    expect(() => connection.execute(select(shared))).toThrow(/no such table: tenant.users/);
  });
});

describe("text whose columns were given", () => {
  it("has further columns of its own, and is matched by name with a warning where it has fewer", () => {
    const { engine } = engineWithUsers({}, "a");
    using connection = engine.connect();
    const more = text("SELECT id, name, 7 AS z FROM users").columns(users.c.id);
    for (let time = 0; time < 2; time++) {
      const row = connection.execute(more).one();
      expect({ ...row }).toEqual({ id: 1, name: "a", z: 7 });
      expect([...row]).toEqual([1, "a", 7]);
    }
    const warnings: string[] = [];
    const stop = onWarning((message) => warnings.push(String(message)));
    try {
      const fewer = text("SELECT name FROM users").columns(users.c.id, users.c.name);
      expect({ ...connection.execute(fewer).one() }).toEqual({ name: "a" });
    } finally {
      stop();
    }
    expect(warnings).toEqual([expect.stringContaining("The text has 1 columns, and 2 were given to columns()")]);
  });
});
