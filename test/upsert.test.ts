/** `upsert()` means the same on every database that can be reached. */
import { type AsyncConnection, createAsyncEngine } from "@athanor/async";
import {
  column,
  columnClause,
  createEngine,
  expandForExecution,
  func,
  insert,
  MetaData,
  select,
  t,
  table,
  tableClause,
  upsert,
} from "@athanor/core";
import { MSSQLDialect } from "@athanor/dialect-mssql";
import { MySQLDialect } from "@athanor/dialect-mysql";
import { OracleDialect } from "@athanor/dialect-oracle";
import { PostgresDialect } from "@athanor/dialect-postgres";
import "@athanor/dialect-sqlite";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { isMariadb, mysqlUrl, pgUrl } from "./setup/urls.ts";

const metadata = new MetaData();
const users = table("upserted_users", metadata, {
  id: column(t.integer, { primaryKey: true, autoincrement: false }),
  email: column("e_mail", t.string(50), { unique: true }),
  name: column(t.string(50)),
  visits: column(t.integer, { default: 1 }),
});
const copies = table("upserted_copies", metadata, {
  id: column(t.integer, { primaryKey: true, autoincrement: false }),
  label: column(t.string(50)),
});

for (const [name, url] of [
  ["SQLite", "sqlite://"],
  ["PostgreSQL", pgUrl()],
  ["MariaDB", isMariadb() ? (mysqlUrl()?.replace(/^mysql/, "mariadb") ?? null) : null],
  ["MySQL", isMariadb() ? null : mysqlUrl()],
] as const) {
  describe.skipIf(url === null)(`upsert on ${name}`, () => {
    const engine = createAsyncEngine(url ?? "sqlite://");
    const rows = async (conn: AsyncConnection) =>
      (await conn.execute(select(users.c.id, users.c.email, users.c.name, users.c.visits).orderBy(users.c.id)))
        .all()
        .map((row) => [...row]);
    const run = (story: (conn: AsyncConnection) => Promise<void>) => engine.begin(story);

    beforeEach(async () => {
      await metadata.dropAll(engine);
      await metadata.createAll(engine);
    });
    afterAll(async () => {
      await metadata.dropAll(engine);
      await engine.dispose();
    });

    test("inserts, then changes what was given and nothing else", () =>
      run(async (conn) => {
        await conn.execute(upsert(users).values({ id: 1, email: "a@x", name: "a", visits: 7 }));
        await conn.execute(upsert(users).values({ id: 1, name: "b" }));
        expect(await rows(conn)).toEqual([[1, "a@x", "b", 7]]);
      }));

    test("takes several rows, a key of its own, and values of the row that is there", () =>
      run(async (conn) => {
        await conn.execute(insert(users).values({ id: 1, email: "a@x", name: "a" }));
        await conn.execute(
          upsert(users)
            .values([
              { id: 8, email: "a@x", name: "new a" },
              { id: 2, email: "b@x", name: "b" },
            ])
            .onConflict("email")
            .doUpdate((excluded) => ({ name: func.upper(excluded.name), visits: users.c.visits.add(10) })),
        );
        expect(await rows(conn)).toEqual([
          [1, "a@x", "NEW A", 11],
          [2, "b@x", "b", 1],
        ]);
      }));

    test("leaves rows as they are", () =>
      run(async (conn) => {
        await conn.execute(insert(users).values({ id: 1, email: "a@x", name: "a" }));
        await conn.execute(upsert(users).values({ id: 1, email: "a@x", name: "b" }).doNothing());
        await conn.execute(upsert(users).values({ id: 1 }));
        expect(await rows(conn)).toEqual([[1, "a@x", "a", 1]]);
      }));

    test("is executed for many parameter sets", () =>
      run(async (conn) => {
        await conn.execute(insert(users).values({ id: 1, email: "a@x", name: "a" }));
        await conn.execute(upsert(users), [
          { id: 1, email: "a@x", name: "c" },
          { id: 2, email: "b@x", name: "d" },
        ]);
        expect(await rows(conn)).toEqual([
          [1, "a@x", "c", 1],
          [2, "b@x", "d", 1],
        ]);
      }));

    test("takes its rows from a SELECT", () =>
      run(async (conn) => {
        await conn.execute(insert(users).values({ id: 1, email: "a@x", name: "a" }));
        await conn.execute(insert(copies).values({ id: 1, label: "old" }));
        const statement = upsert(copies).fromSelect(["id", "label"], select(users.c.id, users.c.name));
        await conn.execute(statement);
        expect(await conn.scalar(select(copies.c.label))).toBe("a");
      }));

    test.skipIf(name === "MySQL")("gives the rows back", () =>
      run(async (conn) => {
        await conn.execute(insert(users).values({ id: 1, email: "a@x", name: "a" }));
        const statement = upsert(users).values({ id: 1, name: "z" }).returning(users.c.name, users.c.email);
        const row = (await conn.execute(statement)).one();
        expect([row.name, row.email]).toEqual(["z", "a@x"]);
      }),
    );

    test("changes only rows that meet a condition, where the database can say it", () =>
      run(async (conn) => {
        await conn.execute(insert(users).values({ id: 1, email: "a@x", name: "a", visits: 50 }));
        const statement = upsert(users)
          .values({ id: 1, name: "b" })
          .doUpdate({ name: "c" }, { where: users.c.visits.lt(10) });
        if (name === "MariaDB" || name === "MySQL")
          await expect(conn.execute(statement)).rejects.toThrow(/by a condition/);
        else {
          await conn.execute(statement);
          expect(await rows(conn)).toEqual([[1, "a@x", "a", 50]]);
        }
      }));
  });
}

describe("upsert without a database", () => {
  const text = (statement: object, dialect: object): string =>
    expandForExecution(statement as never, dialect as never).sql.replaceAll(/\s+/g, " ");
  const one = upsert(users).values({ id: 1, email: "a", name: "b" });

  test("is MERGE on SQL Server", () => {
    expect(text(one.returning(users.c.id), new MSSQLDialect())).toBe(
      "MERGE INTO upserted_users WITH (HOLDLOCK) USING (VALUES (@id, @email, @name, @visits)) AS excluded (id, e_mail, name, visits) ON (upserted_users.id = excluded.id) WHEN MATCHED THEN UPDATE SET e_mail = excluded.e_mail, name = excluded.name WHEN NOT MATCHED THEN INSERT (id, e_mail, name, visits) VALUES (excluded.id, excluded.e_mail, excluded.name, excluded.visits) OUTPUT inserted.id;",
    );
  });

  test("is MERGE on Oracle, also for several rows and for a SELECT", () => {
    const many = upsert(copies)
      .values([
        { id: 1, label: "a" },
        { id: 2, label: "b" },
      ])
      .doUpdate({ label: "c" }, { where: copies.c.id.gt(0) });
    expect(text(many, new OracleDialect())).toBe(
      "MERGE INTO upserted_copies USING (SELECT :id_m0 AS id, :label_m0 AS label FROM DUAL UNION ALL SELECT :id_m1, :label_m1 FROM DUAL) excluded ON (upserted_copies.id = excluded.id) WHEN MATCHED THEN UPDATE SET label = :label_1 WHERE upserted_copies.id > :id_1 WHEN NOT MATCHED THEN INSERT (id, label) VALUES (excluded.id, excluded.label)",
    );
    const selected = upsert(copies).fromSelect(["id", "label"], select(users.c.id, users.c.name));
    expect(text(selected, new OracleDialect())).toContain(
      "USING (SELECT upserted_users.id AS id, upserted_users.name AS label FROM upserted_users) excluded",
    );
    expect(() =>
      text(upsert(copies).values({ id: 1 }).returning(copies.c.id), new OracleDialect({ serverVersion: [19] })),
    ).toThrow(/MERGE has no RETURNING/);
  });

  test("uses MySQL's row alias, and has no RETURNING there", () => {
    const dialect = new MySQLDialect({ serverVersion: [8, 0, 36] });
    expect(text(upsert(copies).values({ id: 1, label: "a" }), dialect)).toBe(
      "INSERT INTO upserted_copies (id, label) VALUES (?, ?) AS new ON DUPLICATE KEY UPDATE label = new.label",
    );
    expect(() => text(one.returning(users.c.id), dialect)).toThrow(/no RETURNING/);
  });

  test("says what is wrong", () => {
    expect(() => upsert(users).onConflict()).toThrow(/at least one column/);
    expect(() => upsert(users).onConflict("nope" as never)).toThrow(/no column of upserted_users/);
    expect(() => upsert(users).doUpdate({})).toThrow(/at least one column/);
    expect(() => upsert(users).doUpdate({ name: undefined } as never)).toThrow(/undefined/);
    expect(() => upsert(users).doUpdate({ nam: "x" } as never)).toThrow(/no column of upserted_users/);
    expect(() => text(upsert(users).values({ name: "x" }), new MSSQLDialect())).toThrow(/no value for "id"/);
    expect(() => createEngine("sqlite://").connect().execute(upsert(users))).toThrow(/no values for upserted_users/);
    const keyless = tableClause("keyless", columnClause("a", t.integer));
    expect(() => text(upsert(keyless).values({ a: 1 }), new PostgresDialect())).toThrow(/no primary key/);
  });
});
