import {
  column,
  columnClause,
  delete_,
  foreignKey,
  func,
  identity,
  index,
  insert,
  MetaData,
  select,
  sequence,
  t,
  table,
  text,
  uniqueConstraint,
  update,
} from "@athanor/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as mysql from "../src/index.ts";
import { drivers, url } from "./connect.ts";

describe.skipIf(url === null).each(drivers)("an engine by $name", ({ connect, engineOf }) => {
  const engine = engineOf();
  const metadata = new MetaData();
  const people = table(
    "people",
    metadata,
    {
      id: column(t.integer, identity(), { primaryKey: true }),
      name: column(t.string(40), { nullable: false, index: true, comment: "it's a name" }),
      balance: column(t.numeric(20, 4), { serverDefault: "0" }),
      notes: column(t.text),
      data: column(t.json),
      seen: column(mysql.TIMESTAMP({ fsp: 3 }), { serverDefault: text("CURRENT_TIMESTAMP(3)") }),
    },
    uniqueConstraint("name", { name: "uq_people_name" }),
    { mysqlEngine: "InnoDB", mysqlCharset: "utf8mb4", comment: "people" },
  );
  const pets = table("pets", metadata, {
    id: column(t.integer, { primaryKey: true }),
    owner: column(t.integer, foreignKey("people.id")),
    name: column(t.string(10)),
  });
  index("ft_notes", people.c.notes, { mysqlPrefix: "FULLTEXT", mariadbPrefix: "FULLTEXT" });
  let isMariaDB: boolean;

  beforeAll(async () => {
    await metadata.createAll(engine);
    isMariaDB = (engine.dialect as mysql.MySQLDialect).isMariaDB;
  });
  afterAll(() => metadata.dropAll(engine));

  it("finds out what the server is", async () => {
    const dialect = engine.dialect as mysql.MySQLDialect;
    await using conn = await engine.connect();
    const banner = String(await conn.scalar(text("SELECT VERSION()")));
    expect(dialect.name).toBe("mysql");
    expect(dialect.isMariaDB).toBe(/mariadb/i.test(banner));
    expect(banner).toContain(dialect.serverVersion.join("."));
    expect(dialect.capabilities.insertReturning).toBe(dialect.isMariaDB);
    expect(dialect.defaultSchema).toBe(engine.url.database);
  });

  it("mariadb:// insists on MariaDB", async () => {
    const maria = engineOf({ dialect: new mysql.MariaDBDialect({ driver: engine.dialect.driver }) });
    const outcome = await maria.connect().then(
      (conn) => conn.close().then(() => "connected"),
      (error: unknown) => String(error),
    );
    if (isMariaDB) expect(outcome).toBe("connected");
    else expect(outcome).toMatch(/is not a MariaDB variant/);
  });

  it("makes tables once", async () => {
    await metadata.createAll(engine);
    await using conn = await engine.connect();
    const [, ddl] = (await conn.execute(text("SHOW CREATE TABLE people"))).one();
    expect(ddl).toMatch(/AUTO_INCREMENT/);
    expect(ddl).toMatch(/FULLTEXT KEY `ft_notes`/);
    expect(ddl).toMatch(/COMMENT 'it''s a name'/);
    expect(ddl).toMatch(/COMMENT='people'/);
  });

  it("inserts, brings keys back, updates, deletes", async () => {
    await using conn = await engine.connect();
    const inserted = await conn.execute(
      insert(people).values({ name: "Ann", balance: "12345678901234.5678", data: { tags: ["a"] } }),
    );
    const [id] = inserted.insertedPrimaryKey as unknown as [number];
    expect(inserted.rowcount).toBe(1);
    const row = (await conn.execute(select(people).where(people.c.id.eq(id)))).one();
    expect(row).toMatchObject({ name: "Ann", balance: "12345678901234.5678", data: { tags: ["a"] }, notes: null });
    expect(row.seen).toBeInstanceOf(Date);
    expect(Math.abs((row.seen as Date).getTime() - Date.now())).toBeLessThan(60_000);
    expect((await conn.execute(update(people).where(people.c.id.eq(id)).values({ name: "Ann" }))).rowcount).toBe(1);
    expect(await conn.scalar(select(people.c.data.at(["tags", 0]).asString()).where(people.c.id.eq(id)))).toBe("a");
    expect((await conn.execute(delete_(people).where(people.c.id.eq(id)))).rowcount).toBe(1);
    await conn.rollback();
  });

  it("several tables in UPDATE and DELETE, LIMIT in both", async () => {
    await using conn = await engine.connect();
    await conn.execute(insert(people), [
      { id: 1, name: "a" },
      { id: 2, name: "b" },
    ]);
    await conn.execute(insert(pets), [
      { owner: 1, name: "x" },
      { owner: 2, name: "y" },
      { owner: 2, name: "z" },
    ]);
    await conn.execute(
      update(pets).where(pets.c.owner.eq(people.c.id), people.c.name.eq("b")).values({ name: people.c.name }),
    );
    expect((await conn.execute(select(pets.c.name).orderBy(pets.c.id))).scalars().all()).toEqual(["x", "b", "b"]);
    expect((await conn.execute(delete_(pets).where(pets.c.name.eq("b")).ext(mysql.limit(1)))).rowcount).toBe(1);
    expect(
      (await conn.execute(delete_(pets).where(pets.c.owner.eq(people.c.id), people.c.name.eq("b")))).rowcount,
    ).toBe(1);
    await conn.rollback();
  });

  it("ON DUPLICATE KEY UPDATE", async () => {
    await using conn = await engine.connect();
    const statement = mysql.insert(people).values([
      { name: "a", balance: "1" },
      { name: "b", balance: "2" },
    ]);
    const upsert = statement.onDuplicateKeyUpdate({ balance: people.c.balance.add(statement.inserted.balance) });
    await conn.execute(upsert);
    await conn.execute(upsert);
    expect((await conn.execute(select(people.c.balance).orderBy(people.c.name))).scalars().all()).toEqual([
      "2.0000",
      "4.0000",
    ]);
    const many = mysql.insert(people);
    await conn.execute(many.onDuplicateKeyUpdate({ balance: many.inserted.balance }), [
      { name: "a", balance: "7" },
      { name: "c", balance: "8" },
    ]);
    expect((await conn.execute(select(people.c.balance).orderBy(people.c.name))).scalars().all()).toEqual([
      "7.0000",
      "4.0000",
      "8.0000",
    ]);
    await conn.rollback();
  });

  it("full-text search", async () => {
    // InnoDB indexes words when they are committed.
    await engine.begin((conn) =>
      conn.execute(insert(people), [
        { name: "t1", notes: "alchemy and gold" },
        { name: "t2", notes: "lead and tin" },
      ] as never),
    );
    await using conn = await engine.connect();
    const search = mysql.match(people.c.notes, { against: "+gold -tin" }).inBooleanMode();
    expect((await conn.execute(select(people.c.name).where(search).orderBy(search.desc()))).scalars().all()).toEqual([
      "t1",
    ]);
    expect(await conn.scalar(select(func.count()).where(people.c.notes.match("lead")))).toBe(1);
    await conn.execute(delete_(people));
    await conn.commit();
  });

  it("RETURNING on MariaDB, in the order of the parameter sets", async () => {
    if (!isMariaDB) return;
    await using conn = await engine.connect();
    const sets = Array.from({ length: 50 }, (_, place) => ({ name: `n${place}` }));
    const result = await conn.execute(
      insert(people).returning(people.c.id, people.c.name, { sortByParameterOrder: true }),
      sets,
    );
    expect(result.all().map((row) => row.name)).toEqual(sets.map((set) => set.name));
    expect(
      (await conn.execute(delete_(people).where(people.c.name.eq("n7")).returning(people.c.name))).scalars().all(),
    ).toEqual(["n7"]);
    await conn.rollback();
  });

  it("sequences on MariaDB", async () => {
    if (!isMariaDB) return;
    const own = new MetaData();
    const numbered = table("numbered", own, {
      id: column(t.integer, sequence("number_of_it", { start: 100 }), { primaryKey: true }),
      name: column(t.string(5)),
    });
    await own.createAll(engine);
    await engine.begin(async (conn) => {
      expect([...((await conn.execute(insert(numbered).values({ name: "a" }))).insertedPrimaryKey ?? [])]).toEqual([
        100,
      ]);
      expect(await conn.scalar(sequence("number_of_it").nextValue())).toBe(101);
    });
    await own.dropAll(engine);
  });

  it("isolation levels", async () => {
    await using conn = await engine.connect();
    const level = await conn.getIsolationLevel();
    expect(level).toBe("REPEATABLE READ");
    await conn.executionOptions({ isolationLevel: "SERIALIZABLE" });
    const variable = isMariaDB ? "@@tx_isolation" : "@@transaction_isolation";
    expect(await conn.scalar(text(`SELECT ${variable}`))).toBe("SERIALIZABLE");
    await conn.close();
    await using next = await engine.connect();
    expect(await next.scalar(text(`SELECT ${variable}`))).toBe("REPEATABLE-READ");
  });

  it("AUTOCOMMIT commits each statement", async () => {
    const auto = engine.executionOptions({ isolationLevel: "AUTOCOMMIT" });
    await using conn = await auto.connect();
    await conn.execute(insert(people).values({ name: "auto" }));
    await conn.rollback();
    expect((await conn.execute(delete_(people).where(people.c.name.eq("auto")))).rowcount).toBe(1);
    await conn.rollback();
  });

  it("savepoints", async () => {
    await using conn = await engine.connect();
    await conn.execute(insert(people).values({ name: "kept" }));
    const savepoint = await conn.beginNested();
    await conn.execute(insert(people).values({ name: "lost" }));
    await savepoint.rollback();
    expect((await conn.execute(select(people.c.name))).scalars().all()).toEqual(["kept"]);
    await conn.rollback();
  });

  it("two-phase commits outlive their connection", async () => {
    await using conn = await engine.connect();
    const transaction = await conn.beginTwoPhase("athanor_test_1");
    await conn.execute(insert(people).values({ name: "twice" }));
    await transaction.prepare();
    const other = await connect();
    expect(
      (await other.execute("XA RECOVER", [])).rows.map((row) =>
        String(row[3] instanceof Uint8Array ? new TextDecoder().decode(row[3]) : row[3]),
      ),
    ).toContain("athanor_test_1");
    await transaction.commit();
    const second = await conn.beginTwoPhase();
    await conn.execute(delete_(people).where(people.c.name.eq("twice")));
    await second.rollback();
    const third = await conn.beginTwoPhase();
    expect((await conn.execute(delete_(people).where(people.c.name.eq("twice")))).rowcount).toBe(1);
    await third.commit();
  });

  it("streams rows", async () => {
    await using conn = await engine.connect();
    await conn.execute(insert(people), Array.from({ length: 1500 }, (_, place) => ({ name: `s${place}` })) as never);
    const seen: string[] = [];
    for await (const row of await conn.stream(select(people.c.name).orderBy(people.c.id), undefined, { yieldPer: 100 }))
      seen.push(row.name);
    expect(seen).toHaveLength(1500);
    expect(seen.at(-1)).toBe("s1499");
    for await (const row of await conn.stream(select(people.c.name))) {
      expect(row.name).toBeTypeOf("string");
      break;
    }
    expect(await conn.scalar(select(func.count()).selectFrom(people))).toBe(1500);
    await conn.rollback();
  });

  it("frames of windows and digits of the time are numbers, also in statements that are compiled once", async () => {
    await using conn = await engine.connect();
    const n = columnClause("n", t.integer);
    const numbers = text("(SELECT 1 AS n UNION SELECT 2 UNION SELECT 4 UNION SELECT 8) AS numbers");
    const sums = (before: number) =>
      select(
        func
          .sum(n)
          .over({ orderBy: n, rows: [-before, 1] })
          .label("sum"),
      ).selectFrom(numbers);
    for (const [before, expected] of [
      [1, [3, 7, 14, 12]],
      [2, [3, 7, 15, 14]],
    ] as const)
      expect((await conn.scalars(sums(before))).all().map(Number)).toEqual(expected);
    const [utc, now, local] = (
      await conn.execute(select(func.utc_timestamp(6), func.now(3), func.localtimestamp(2)))
    ).one();
    for (const time of [utc, now, local]) expect(time).toBeInstanceOf(Date);
  });

  it("serves many tasks over few connections", async () => {
    const small = engineOf({ poolSize: 3, maxOverflow: 0 });
    const results = await Promise.all(
      Array.from({ length: 60 }, (_, place) =>
        small.begin((conn) => conn.scalar(text("SELECT :n + 1").bindparams({ n: place }))),
      ),
    );
    expect(results.map(Number)).toEqual(Array.from({ length: 60 }, (_, place) => place + 1));
  });
});
