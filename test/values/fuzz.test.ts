/** Names, texts, paths, patterns and comments as an attacker would choose them: nothing but the value may come of them. */

import type { AsyncConnection } from "@athanor/async";
import {
  column,
  createIndex,
  expandForExecution,
  index,
  insert,
  literal,
  MetaData,
  not,
  select,
  t,
  table,
  text,
  uniqueConstraint,
} from "@athanor/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fuzz, targets } from "./targets.ts";

const pieces = [
  "'",
  '"',
  "`",
  "\\",
  "%",
  "%%",
  "%s",
  "%(a)s",
  "?",
  ":a",
  "::int",
  "$1",
  "@x",
  "[",
  "]",
  "--",
  "/*",
  "*/",
  ";",
  "\n",
  "#",
  "{",
  "}",
  "$.",
  "$[0]",
  "_",
  "a",
  "Z",
  "0",
  " ",
  "ü",
  "ß",
  "😀",
  "\u202e",
  "DROP TABLE canary",
  "'); DROP TABLE canary; --",
  "\u2019",
  "ʼ",
];
const hostile = fc
  .oneof(
    fc.string({ unit: "binary", maxLength: 24 }),
    fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join("")),
  )
  .filter((value) => value.isWellFormed() && !value.includes("\0"));
/** Characters that every database has in names; MySQL has no blank at the end, and none beyond the basic plane. */
const names = fc
  .oneof(
    fc
      .array(fc.constantFrom(...pieces.filter((piece) => piece !== "😀")), { minLength: 1, maxLength: 5 })
      .map((parts) => parts.join("")),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }),
  )
  .filter(
    (name) => /^[\u0020-\ud7ff\ue000-\uffff]{1,30}$/.test(name) && name.trim() === name && Buffer.byteLength(name) < 60,
  );

describe.each(targets())("$name", ({ engine, family }) => {
  const sqlOf = (element: Parameters<typeof expandForExecution>[0]): string =>
    expandForExecution(element, engine.dialect, { literalBinds: true }).sql;

  async function on(work: (connection: AsyncConnection) => Promise<void>): Promise<void> {
    await using connection = await engine.connect();
    // A failure must not spoil the attempts that come after it.
    await connection.executionOptions({ isolationLevel: "AUTOCOMMIT" });
    await work(connection);
  }

  beforeAll(async () => {
    await engine.begin(async (connection) => {
      await connection.execDriverSql("DROP TABLE IF EXISTS canary");
      await connection.execDriverSql("CREATE TABLE canary (id INTEGER)");
      await connection.execDriverSql("INSERT INTO canary VALUES (1)");
    });
  });
  afterAll(async () => {
    await engine.begin(async (connection) => {
      expect(Number((await connection.execDriverSql("SELECT count(*) FROM canary")).scalarOne())).toBe(1);
      await connection.execDriverSql("DROP TABLE canary");
    });
  });

  test("texts in literals, alone and beside others", () =>
    on(async (connection) => {
      await fc.assert(
        fc.asyncProperty(hostile, hostile, async (one, two) => {
          const statement = select(
            literal(one, t.string).label("one"),
            literal(two, t.text).label("two"),
            literal(one, t.string).concat(two).label("both"),
          );
          const [first, second, both] = (await connection.execDriverSql(sqlOf(statement))).one();
          expect([first, second, both]).toEqual([one, two, one + two]);
          expect([...(await connection.execute(statement)).one()]).toEqual([one, two, one + two]);
        }),
        fuzz(150),
      );
    }));

  test("names of tables, columns, labels, aliases, constraints and indexes", () =>
    on(async (connection) => {
      await fc.assert(
        fc.asyncProperty(names, names, names, names, names, async (tableName, columnName, label, alias, other) => {
          // MySQL makes files of the names of tables; SQLite keeps some names for itself.
          if (/[./\\]/.test(tableName) || /^(?:sqlite_|canary$)/i.test(tableName)) return;
          if (columnName.toLowerCase() === "id" || other.toLowerCase() === tableName.toLowerCase()) return;
          const metadata = new MetaData();
          const kept = table(
            tableName,
            metadata,
            { id: column(t.integer, { primaryKey: true }), x: column(columnName, t.integer) },
            uniqueConstraint("x", { name: `u${other}` }),
          );
          await metadata.createAll(connection, { checkfirst: false });
          try {
            await connection.execute(createIndex(index(`i${other}`, kept.c.x)));
            await connection.execute(insert(kept).values({ id: 1, x: 7 }));
            const a = kept.alias(alias);
            const result = await connection.execute(select(a.c.x.label(label)).where(a.c.x.eq(7)).orderBy(label));
            expect(result.mappings().one()).toEqual({ [label]: 7 });
            expect((await connection.execute(select(kept.c.x))).one()).toEqual(expect.objectContaining({ x: 7 }));
            const again = select([...select(kept.c.x.label(label)).cte(alias).c][0] as never);
            expect(await connection.scalar(again)).toBe(7);
          } finally {
            await metadata.dropAll(connection, { checkfirst: false });
          }
        }),
        fuzz(family === "mysql" ? 25 : 80),
      );
    }));

  test("keys and indices of JSON paths", () =>
    on(async (connection) => {
      await fc.assert(
        fc.asyncProperty(hostile, hostile, fc.nat(2), async (key, second, position) => {
          // Control characters have no place in the paths of MySQL; MariaDB does not find keys that begin with a minus.
          if (family === "mysql" && [key, second].some((each) => /[\0-\u001f]/.test(each) || each.startsWith("-")))
            return;
          const list = ["a", "b", "c"];
          const document = literal({ [key]: { [second]: list } }, t.json);
          for (const found of [document.at(key).at(second).at(position), document.at([key, second, position])]) {
            const statement = select(found.asString());
            expect(await connection.scalar(statement)).toBe(list[position]);
            expect((await connection.execDriverSql(sqlOf(statement))).scalarOne()).toBe(list[position]);
          }
        }),
        fuzz(80),
      );
    }));

  test("patterns with autoescape match the text itself", () =>
    on(async (connection) => {
      const symbols = fc
        .array(fc.constantFrom("%", "_", "/", "\\", "'", "^", "[", "]", "1", "2", ":", "?"), { maxLength: 6 })
        .map((parts) => parts.join(""));
      await fc.assert(
        fc.asyncProperty(symbols, symbols, async (whole, part) => {
          const value = literal(whole, t.string);
          const given = { autoescape: true } as const;
          const statement = select(
            value.contains(part, given).label("c"),
            value.startswith(part, given).label("s"),
            value.endswith(part, given).label("e"),
            value.contains(part, { autoescape: true, escape: "^" }).label("x"),
            not(value.contains(part, given)).label("n"),
          );
          const expected = [
            whole.includes(part),
            whole.startsWith(part),
            whole.endsWith(part),
            whole.includes(part),
            !whole.includes(part),
          ];
          expect([...(await connection.execute(statement)).one()]).toEqual(expected);
          const literals = [...(await connection.execDriverSql(sqlOf(statement))).one()].map((each) =>
            Boolean(Number(each)),
          );
          expect(literals).toEqual(expected);
        }),
        fuzz(150),
      );
    }));

  test("text() leaves what is no parameter alone", () =>
    on(async (connection) => {
      await fc.assert(
        fc.asyncProperty(hostile, async (value) => {
          const inside = sqlOf(select(literal(value, t.string)))
            .replace(/^SELECT /, "")
            .replace(/ AS [^']*$/, "");
          const escaped = inside.replaceAll(/\\?:/g, (found) => (found === ":" ? "\\:" : `\\${found}`));
          // What the compiler marks places with is refused in text.
          if (/\\\\:|[\u0001-\u0003]/.test(escaped)) return;
          const statement = text(`SELECT ${escaped} AS one, :value AS two`).bindparams({ value });
          const [one] = (await connection.execute(statement)).one();
          expect(one).toBe(value);
        }),
        fuzz(80),
      );
    }));

  test.skipIf(family === "sqlite")("comments of tables and columns", () =>
    on(async (connection) => {
      await fc.assert(
        fc.asyncProperty(hostile, hostile, async (tableComment, columnComment) => {
          // MariaDB keeps comments in three bytes a character.
          if (family === "mysql" && /[\ud800-\udfff]/.test(tableComment + columnComment)) return;
          const metadata = new MetaData();
          table(
            "commented",
            metadata,
            { id: column(t.integer, { primaryKey: true }), x: column(t.integer, { comment: columnComment }) },
            { comment: tableComment },
          );
          await metadata.createAll(connection, { checkfirst: false });
          try {
            const query =
              family === "postgresql"
                ? "SELECT obj_description('commented'::regclass), col_description('commented'::regclass, 2)"
                : "SELECT t.table_comment, c.column_comment FROM information_schema.tables t JOIN information_schema.columns c USING (table_schema, table_name) WHERE table_schema = database() AND table_name = 'commented' AND column_name = 'x'";
            const found = [...(await connection.execDriverSql(query)).one()].map((each) => each ?? "");
            expect(found).toEqual([tableComment, columnComment]);
          } finally {
            await metadata.dropAll(connection, { checkfirst: false });
          }
        }),
        fuzz(family === "mysql" ? 15 : 60),
      );
    }),
  );
});
