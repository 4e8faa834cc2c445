/** Code made at run time and its interpreted twin do the same: new objects, rows of INSERTs, loading, parameters of executemany. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const modes = ["0", "1"] as const;

async function libraries(off: string) {
  vi.stubEnv("ATHANOR_NO_CODEGEN", off);
  vi.resetModules();
  const core = await import("@athanor/core");
  const orm = await import("@athanor/orm");
  await import("@athanor/dialect-sqlite");
  expect(core.codegenAllowed()).toBe(off === "0");
  return { core, orm };
}

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

describe.each(modes)("ATHANOR_NO_CODEGEN=%s", (off) => {
  let libs: Awaited<ReturnType<typeof libraries>>;
  beforeEach(async () => {
    libs = await libraries(off);
  });

  function world() {
    const { column, createEngine, foreignKey, t } = libs.core;
    const { declarativeBase, many, one } = libs.orm;
    const Base = declarativeBase();
    class User extends Base.mapped("users", {
      id: column(t.integer, { primaryKey: true }),
      name: column(t.string(50)),
      "odd key": column("odd_name", t.string(20)),
      status: column(t.string(10), { default: "new" }),
      rank: column(t.integer, { serverDefault: "7" }),
      meta: column(t.json()),
      notes: () => many(Note, { backPopulates: "user", cascade: "all, delete-orphan" }),
    }) {
      set loud(value: string) {
        this.status = value.toUpperCase();
      }
    }
    class Note extends Base.mapped("notes", {
      id: column(t.integer, { primaryKey: true }),
      userId: column("user_id", t.integer, foreignKey("users.id")),
      text: column(t.string(50)),
      user: () => one(User, { backPopulates: "notes" }),
    }) {}
    const engine = createEngine("sqlite://");
    Base.metadata.createAll(engine);
    return { User, Note, engine };
  }

  test("new objects take their values, in whatever order and number", () => {
    const { User, Note } = world();
    const one = new User({ name: "a", status: "x" });
    const other = new User({ name: "b", status: "y" });
    const third = new User({ status: "z", name: "c" });
    expect([one.name, one.status, other.name, other.status, third.name, third.status]).toEqual([
      "a",
      "x",
      "b",
      "y",
      "c",
      "z",
    ]);
    const { inspect } = libs.orm;
    expect(inspect(other).attrs["name"]?.history).toMatchObject({ added: ["b"], unchanged: [], deleted: [] });
    expect(inspect(other).attrs["rank"]?.history).toMatchObject({ added: [], unchanged: [], deleted: [] });

    const withNotes = new User({ notes: [new Note({ text: "n" })], name: "d", "odd key": "k" });
    expect([withNotes.name, withNotes["odd key"], withNotes.notes[0]?.user]).toEqual(["d", "k", withNotes]);
    const again = new User({ notes: [], name: "e", "odd key": undefined as never });
    expect([again.name, again["odd key"], again.notes.length]).toEqual(["e", null, 0]);
    expect(new User({ name: "f", loud: "hey" } as never).status).toBe("HEY");
    expect(() => new User({ name: "g", nmae: "h" } as never)).toThrow("'nmae' is an invalid keyword argument");
    expect(() => new User({ name: "g", nmae: "h" } as never)).toThrow("'nmae' is an invalid keyword argument");
  });

  test("listeners and inherited values", () => {
    const { User } = world();
    expect(new User({ name: "before" }).name).toBe("before");
    libs.core.listen(User.$.name, "set", (_target: object, value: unknown) => `<${String(value)}>`, {
      retval: true,
    } as never);
    expect(new User({ name: "a" }).name).toBe("<a>");
    const init = Object.assign(Object.create({ name: "inherited" }) as object, { status: "own" });
    const user = new User(init as never);
    expect([user.name, user.status]).toEqual([null, "own"]);
  });

  test("rows of a flush: defaults, nulls, missing values, many of them", () => {
    const { User, engine } = world();
    using session = new libs.orm.Session(engine, { expireOnCommit: false });
    const users = [
      new User({ name: "full", "odd key": "o", status: "s", rank: 1, meta: { a: 1 } }),
      new User({ name: "full2", "odd key": "o", status: "s", rank: 2, meta: { a: 2 } }),
      new User({ name: "sparse" }),
      new User({ name: null, meta: null }),
      new User(),
      ...Array.from({ length: 8 }, (_, index) => new User({ name: `many${index}`, rank: index })),
    ];
    session.addAll(users);
    session.commit();
    expect(users.map(({ id }) => id)).toEqual(users.map((_, index) => index + 1));
    expect(users.slice(0, 5).map((user) => [user.name, user["odd key"], user.status, user.rank, user.meta])).toEqual([
      ["full", "o", "s", 1, { a: 1 }],
      ["full2", "o", "s", 2, { a: 2 }],
      ["sparse", null, "new", 7, null],
      [null, null, "new", 7, null],
      [null, null, "new", 7, null],
    ]);
    const { select } = libs.core;
    const loaded = new libs.orm.Session(engine).scalars(select(User).orderBy(User.$.id)).all();
    const values = (user: InstanceType<typeof User>): unknown[] => [
      user.id,
      user.name,
      user.status,
      user.rank,
      user.meta,
    ];
    expect(loaded.map(values)).toEqual(users.map(values));
  });

  test("a graph by cascade, changed and moved", () => {
    const { User, Note, engine } = world();
    const { select } = libs.core;
    const { Session, selectinload, joinedload } = libs.orm;
    using session = new Session(engine);
    const users = Array.from(
      { length: 7 },
      (_, user) =>
        new User({
          name: `u${user}`,
          notes: Array.from({ length: 20 }, (_, note) => new Note({ text: `${user}.${note}` })),
        }),
    );
    session.addAll(users);
    session.commit();
    for (const option of [selectinload, joinedload]) {
      using other = new Session(engine);
      const found = other
        .scalars(select(User).options(option(User.$.notes)).orderBy(User.$.id))
        .unique()
        .all();
      expect(found.map((user) => user.notes.map(({ text }) => text).sort())).toEqual(
        users.map((_, user) => Array.from({ length: 20 }, (_, note) => `${user}.${note}`).sort()),
      );
    }
    const [first, second] = users as [InstanceType<typeof User>, InstanceType<typeof User>];
    const moved = first.notes[3] as InstanceType<typeof Note>;
    second.notes.push(moved);
    first.notes.splice(0, 2);
    for (const user of users) user.name = `${user.name}!`;
    session.commit();
    expect([first.notes.length, second.notes.length, moved.userId, users.map(({ name }) => name)]).toEqual([
      17,
      21,
      second.id,
      users.map((_, index) => `u${index}!`),
    ]);
    expect(session.scalar(select(libs.core.func.count(Note.$.id)))).toBe(138);
  });

  test("executemany: sets of all kinds", () => {
    const { column, createEngine, insert, MetaData, select, t, table, update, bindparam } = libs.core;
    const things = table("things", new MetaData(), {
      id: column(t.integer, { primaryKey: true }),
      name: column(t.string(20)),
      constructor: column("constructor", t.string(20)),
      seen: column(t.dateTime),
    });
    const engine = createEngine("sqlite://");
    things.metadata.createAll(engine);
    class Given {
      id = 4;
      get name(): string {
        return "a getter does not count";
      }
    }
    using connection = engine.connect();
    const seen = new Date(Date.UTC(2024, 1, 3));
    connection.execute(insert(things), [
      { id: 1, name: "a", seen },
      { id: 2, name: null, seen: null },
      { seen, name: "c", id: 3 },
    ]);
    connection.execute(insert(things), [
      { id: 5, constructor: "own" } as never,
      { id: 6, constructor: "own too" } as never,
    ]);
    expect(() => connection.execute(insert(things), [{ id: 7, name: "x" }, new Given() as never])).toThrow(
      "A value is required for bind parameter 'name', in parameter group 1",
    );
    expect(() =>
      connection.execute(insert(things), [
        { id: 7, name: "x" },
        { id: 8, name: undefined as never },
      ]),
    ).toThrow('the value of parameter "name" is undefined');
    connection.execute(
      update(things)
        .where(things.c.id.eq(bindparam("key")))
        .values({ name: bindparam("title") } as never),
      [
        { key: 1, title: "A" },
        { key: 3, title: "C" },
      ],
    );
    const returned = connection.execute(
      insert(things).returning(things.c.id, { sortByParameterOrder: true } as never),
      [{ name: "r1" }, { name: "r2" }, { name: "r3" }, { name: "r4" }, { name: "r5" }, { name: "r6" }, { name: "r7" }],
    );
    expect(returned.scalars().all()).toEqual([7, 8, 9, 10, 11, 12, 13]);
    const rows = connection
      .execute(
        select({ id: things.c.id, name: things.c.name, seen: things.c.seen })
          .where(things.c.id.le(6))
          .orderBy(things.c.id),
      )
      .all();
    expect(rows.map(({ id, name, seen: at }) => [id, name, at?.getTime() ?? null])).toEqual([
      [1, "A", seen.getTime()],
      [2, null, null],
      [3, "C", seen.getTime()],
      [5, null, null],
      [6, null, null],
    ]);
  });
});
