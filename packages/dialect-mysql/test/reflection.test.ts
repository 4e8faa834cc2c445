/** What the catalog of MySQL and MariaDB tells. What every form looks like: ./reflection-gate.test.ts. */
import { inspect } from "@athanor/async";
import { column, insert, MetaData, NoSuchTableError, select, t, table } from "@athanor/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeTable } from "../../../test/reflection/describe.ts";
import type { MySQLDialect } from "../src/index.ts";
import { engineOf, url } from "./connect.ts";

/** Another database, of this worker alone. */
const away = `${url?.split("/").at(-1)?.split("?")[0] ?? ""}_away`;

const ddl = [
  `DROP DATABASE IF EXISTS ${away}`,
  `CREATE DATABASE ${away} CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`,
  `CREATE TABLE ${away}.places (id INTEGER PRIMARY KEY, name VARCHAR(5))`,
  "CREATE TABLE users (id INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(30) NOT NULL DEFAULT 'it''s', flag BOOL DEFAULT 1, level ENUM('a','b'), seen TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, CONSTRAINT ck_name CHECK (name <> ''), UNIQUE KEY uq_name (name)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci COMMENT='people'",
  `CREATE TABLE visits (id INTEGER PRIMARY KEY, user_id INTEGER, place_id INTEGER, CONSTRAINT fk_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE, CONSTRAINT fk_place FOREIGN KEY (place_id) REFERENCES ${away}.places (id))`,
  "CREATE VIEW names AS SELECT name FROM users",
];

describe.skipIf(url === null)("reflection of MySQL and MariaDB", () => {
  const engine = url === null ? (undefined as never) : engineOf();
  let isMariaDB = false;

  beforeAll(async () => {
    await using connection = await engine.connect();
    for (const sql of ddl) await connection.execDriverSql(sql);
    isMariaDB = (connection.dialect as MySQLDialect).isMariaDB;
    if (isMariaDB) await connection.execDriverSql("CREATE SEQUENCE counter");
    else await connection.execDriverSql("CREATE INDEX ix_function ON users ((lower(name)) DESC, level)");
  });

  afterAll(async () => {
    await using connection = await engine.connect();
    for (const sql of ["DROP TABLE visits", `DROP DATABASE ${away}`]) await connection.execDriverSql(sql);
  });

  test("lists what there is", async () => {
    const inspector = await inspect(engine);
    expect(await inspector.getSchemaNames()).toEqual(expect.arrayContaining(["information_schema", `${away}`]));
    expect(await inspector.getTableNames()).toEqual(["users", "visits"]);
    expect(await inspector.getTableNames(`${away}`)).toEqual(["places"]);
    expect(await inspector.getViewNames()).toEqual(["names"]);
    expect(await inspector.getViewDefinition("names")).toMatch(/^CREATE .* VIEW .* AS select/i);
    expect(await inspector.getSequenceNames()).toEqual(isMariaDB ? ["counter"] : []);
    expect(await inspector.hasTable("names")).toBe(true);
    expect(await inspector.hasTable("users", { schema: `${away}` })).toBe(false);
    await expect(inspector.getColumns("nothing", `${away}`)).rejects.toThrow(`${away}.nothing`);
    await expect(inspector.getIndexes("nothing")).rejects.toThrow(NoSuchTableError);
  });

  test("reads temporary tables, of which the catalog knows nothing, by name", async () => {
    await using connection = await engine.connect();
    const body =
      "(id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY COMMENT 'the, ''key', name VARCHAR(30) CHARACTER SET latin1 COLLATE latin1_bin NOT NULL DEFAULT 'it''s, (x', level ENUM('a','b,)') DEFAULT 'a', seen TIMESTAMP(3) NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), sum INT DEFAULT (1 + abs(2)), kept INT AS (sum * (2 + 1)) STORED, computed INT AS (sum + 1) VIRTUAL, doc JSON, amount INT CHECK (amount > 1), price DECIMAL(10,2) DEFAULT 1.50, bits BIT(3) DEFAULT b'101', body TEXT, `a ``q` INT, CONSTRAINT ck_name CHECK (name <> ',)' AND (sum < 5)), UNIQUE KEY uq (name, level), KEY ix (body(7), price)) ENGINE=InnoDB ROW_FORMAT=DYNAMIC COMMENT='it''s; temporary'";
    await connection.execDriverSql(`CREATE TEMPORARY TABLE passing ${body}`);
    await connection.execDriverSql(`CREATE TABLE lasting ${body.replaceAll("ck_name", "ck_lasting")}`);
    try {
      const inspector = await inspect(connection);
      expect(await inspector.getTableNames()).not.toContain("passing");
      expect([await inspector.hasTable("passing"), await inspector.hasTable("nothing")]).toEqual([true, false]);
      expect(await inspector.getTableComment("passing")).toEqual({ text: "it's; temporary" });
      const read = new MetaData();
      const shown: string[][] = [];
      for (const name of ["passing", "lasting"]) {
        const each = await table(name, read, { autoloadWith: connection });
        shown.push(
          describeTable(each, connection.dialect).map((text) =>
            text
              .replaceAll("ck_lasting", "ck_name")
              .replaceAll("lasting", "passing")
              .replace("CREATE TEMPORARY TABLE", "CREATE TABLE"),
          ),
        );
      }
      expect(shown[0]).toEqual(shown[1]);
      expect(shown[0]?.length).toBeGreaterThan(20);
    } finally {
      await connection.execDriverSql("DROP TABLE lasting");
    }
  });

  test("reads and writes the same where double quotes are for names", async () => {
    await using connection = await engine.connect();
    const described = async (name: string): Promise<string[]> =>
      describeTable(await table(name, new MetaData(), { autoloadWith: connection }), connection.dialect);
    const ddl = (name: string, check: string): string =>
      `CREATE TEMPORARY TABLE ${name} (\`a "b\` INT NOT NULL COMMENT 'say "x"', \`c\`\`d\` VARCHAR(5) DEFAULT '"', KEY ix (\`a "b\`), CONSTRAINT ${check} CHECK (\`a "b\` > 1))`;
    await connection.execDriverSql(ddl("plain", "ck_a"));
    const lasting = ddl("quotes_kept", "ck_b").replace("TEMPORARY ", "");
    await connection.execDriverSql(lasting);
    try {
      const before = [await described("plain"), await described("quotes_kept")];
      await connection.execDriverSql("SET SESSION sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES')");
      expect([await described("plain"), await described("quotes_kept")]).toEqual(before);
      const kept = await table("quotes_kept", new MetaData(), { autoloadWith: connection });
      await connection.execute(insert(kept).values({ 'a "b': 3, "c`d": 'it"s' } as never));
      expect((await connection.execute(select(kept))).one()[1]).toBe('it"s');
    } finally {
      await connection.invalidate();
      await using other = await engine.connect();
      await other.execDriverSql("DROP TABLE quotes_kept");
    }
  });

  test("creates and drops temporary tables where that is due", async () => {
    await using connection = await engine.connect();
    const metadata = new MetaData();
    const options = { prefixes: ["TEMPORARY"] };
    table("passing", metadata, { id: column(t.integer, { primaryKey: true }) }, options);
    await metadata.createAll(connection);
    await metadata.createAll(connection);
    const read = new MetaData();
    const passing = await table("passing", read, { autoloadWith: connection });
    expect(passing.prefixes).toEqual(["TEMPORARY"]);
    await read.dropAll(connection);
    expect(await (await inspect(connection)).hasTable("passing")).toBe(false);
    await metadata.dropAll(connection);
    await read.createAll(connection);
    expect(await (await inspect(connection)).hasTable("passing")).toBe(true);
    expect(await (await inspect(engine)).hasTable("passing")).toBe(false);
  });

  test("describes a table", async () => {
    const inspector = await inspect(engine);
    const [id, name, flag, level, seen] = await inspector.getColumns("users");
    expect(id).toMatchObject({ name: "id", nullable: false, default: null, autoincrement: true, comment: null });
    expect(name).toMatchObject({ default: "'it''s'", nullable: false, autoincrement: false });
    expect(flag?.type).toMatchObject({ displayWidth: 1 });
    expect(flag?.default).toBe(isMariaDB ? "1" : "'1'");
    expect(level?.type).toMatchObject({ enums: ["a", "b"] });
    expect(seen?.default?.toLowerCase().replaceAll("()", "")).toBe("current_timestamp on update current_timestamp");
    expect(await inspector.getPkConstraint("users")).toEqual({ constrainedColumns: ["id"], name: null });
    expect(await inspector.getUniqueConstraints("users")).toEqual([
      { name: "uq_name", columnNames: ["name"], duplicatesIndex: "uq_name" },
    ]);
    const [check] = await inspector.getCheckConstraints("users");
    expect(check?.name).toBe("ck_name");
    expect(check?.sqltext).toMatch(/^`name` <> (?:_utf8mb4)?''$/);
    expect(await inspector.getTableComment("users")).toEqual({ text: "people" });
    expect(await inspector.getTableOptions("users")).toEqual({
      mysqlEngine: "InnoDB",
      mysqlDefaultCharset: "utf8mb4",
      mysqlCollate: "utf8mb4_general_ci",
    });
    const made = (await inspector.getIndexes("users")).find((index) => index.name === "ix_function");
    expect(made).toEqual(
      isMariaDB
        ? undefined
        : {
            name: "ix_function",
            unique: false,
            columnNames: [null, "level"],
            expressions: ["(lower(`name`))", "level"],
            columnSorting: { "(lower(`name`))": ["desc"] },
            dialectOptions: {},
          },
    );
  });

  test("tells the index of a foreign key from one of the program's", async () => {
    const inspector = await inspect(engine);
    const keys = await inspector.getForeignKeys("visits");
    expect(keys).toEqual([
      {
        name: "fk_place",
        constrainedColumns: ["place_id"],
        referredSchema: `${away}`,
        referredTable: "places",
        referredColumns: ["id"],
        options: {},
      },
      {
        name: "fk_user",
        constrainedColumns: ["user_id"],
        referredSchema: null,
        referredTable: "users",
        referredColumns: ["id"],
        options: { ondelete: "CASCADE" },
      },
    ]);
    expect((await inspector.getIndexes("visits")).map((index) => [index.name, index.duplicatesConstraint])).toEqual([
      ["fk_place", "fk_place"],
      ["fk_user", "fk_user"],
    ]);
    const metadata = new MetaData();
    const visits = await table("visits", metadata, { autoloadWith: engine });
    expect([...visits.indexes]).toEqual([]);
    expect([...metadata.tables.keys()].sort()).toEqual([`${away}.places`, "users", "visits"]);
  });
});
