/** `returnDefaults()` executed: what the database generated, and further columns beside it. */
import {
  CompileError,
  column,
  createEngine,
  delete_,
  func,
  type Insert,
  insert,
  MetaData,
  select,
  t,
  table,
  text,
  update,
} from "@athanor/core";
import "@athanor/dialect-sqlite";
import { describe, expect, test } from "vitest";

const metadata = new MetaData();
const users = table("users", metadata, {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(20)),
  visits: column(t.integer, { serverDefault: text("7") }),
  email: column(t.string(20)),
});

function connect() {
  const conn = createEngine("sqlite:///:memory:").connect();
  metadata.createAll(conn);
  return conn;
}

describe("supplementalCols", () => {
  test("an INSERT brings them back beside what was generated", () => {
    using conn = connect();
    const statement = insert(users).returnDefaults(users.c.visits, { supplementalCols: [users.c.name, "email"] });
    const result = conn.execute(statement, { name: "Ann", email: "a@b.c" });
    expect({ ...result.returnedDefaults }).toEqual({ id: 1, name: "Ann", visits: 7, email: "a@b.c" });
    expect([...(result.insertedPrimaryKey ?? [])]).toEqual([1]);
  });

  test("columns that stand in both lists come once; expressions may stand there", () => {
    using conn = connect();
    const loud = func.upper(users.c.name).label("loud");
    const statement = insert(users)
      .returnDefaults(users.c.visits)
      .returnDefaults({ supplementalCols: [users.c.visits, loud] });
    expect(statement.compile({ dialect: conn.dialect }).sql).toBe(
      "INSERT INTO users (id, name, visits, email) VALUES (?, ?, ?, ?) RETURNING id, visits, upper(name) AS loud",
    );
    const { returnedDefaults } = conn.execute(statement, { name: "Ann" });
    expect({ ...returnedDefaults }).toEqual({ id: 1, visits: 7, loud: "ANN" });
  });

  test("UPDATE and DELETE bring them back, rows of many parameter sets keep their order", () => {
    using conn = connect();
    const many = insert(users).returnDefaults({ supplementalCols: [users.c.name], sortByParameterOrder: true });
    const rows = conn.execute(many, [{ name: "a" }, { name: "b" }, { name: "c" }]).returnedDefaultsRows;
    expect(rows?.map(({ id, name }) => [id, name])).toEqual([
      [1, "a"],
      [2, "b"],
      [3, "c"],
    ]);
    const changed = update(users).where(users.c.id.eq(2)).values({ name: "B" });
    const updated = conn.execute(changed.returnDefaults({ supplementalCols: [users.c.visits, users.c.name] }));
    expect({ ...updated.returnedDefaults }).toEqual({ name: "B", visits: 7 });
    const gone = conn.execute(
      delete_(users)
        .where(users.c.id.eq(3))
        .returnDefaults({ supplementalCols: ["name"] }),
    );
    expect({ ...gone.returnedDefaults }).toEqual({ name: "c" });
    expect(conn.execute(select(func.count(users.c.id))).scalarOne()).toBe(2);
  });

  test("statements that differ in them are compiled each", () => {
    using conn = connect();
    const one = (statement: Insert) => conn.execute(statement, { name: "Ann" }).returnedDefaults;
    expect(Object.keys(one(insert(users).returnDefaults({ supplementalCols: ["name"] })) ?? {})).toContain("name");
    expect(Object.keys(one(insert(users).returnDefaults({ supplementalCols: ["email"] })) ?? {})).not.toContain("name");
  });

  test("beside returning() and for unknown columns there is an error", () => {
    expect(() =>
      insert(users)
        .returning(users.c.id)
        .returnDefaults({ supplementalCols: ["name"] }),
    ).toThrow(CompileError);
    expect(() => insert(users).returnDefaults({ supplementalCols: ["nmae"] })).toThrow(/no column "nmae".*id, name/);
  });
});
