/** Reflection: what was created is what is read. */
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { inspect } from "@athanor/async";
import {
  checkConstraint,
  column,
  createView,
  dropView,
  foreignKey,
  identity,
  index,
  MetaData,
  NoSuchTableError,
  select,
  sequence,
  t,
  table,
  uniqueConstraint,
} from "@athanor/core";
import type { Suite } from "../suite.ts";

/** The catalog. */
export function reflectionSuite(suite: Suite): void {
  const metadata = new MetaData();
  const { requirements } = suite;
  const users = table(
    "ath_users",
    metadata,
    {
      id: column(t.integer, { primaryKey: true }),
      name: column(t.string(40), { nullable: false }),
      email: column(t.string(60)),
      score: column(t.numeric(10, 2)),
      state: column(t.string(10), { serverDefault: "new" }),
      joined: column(t.dateTime),
    },
    uniqueConstraint("email", { name: "ath_uq_email" }),
    index("ath_ix_name", "name", "email"),
    ...(requirements.checkConstraints ? [checkConstraint("score > 0", { name: "ath_ck_score" })] : []),
    { comment: requirements.comments ? "people's 'names'" : null },
  );
  table("ath_notes", metadata, {
    a: column(t.integer, { primaryKey: true, autoincrement: false }),
    b: column(t.integer, { primaryKey: true, autoincrement: false }),
    userId: column("user_id", t.integer, foreignKey("ath_users.id", { name: "ath_fk_user", ondelete: "CASCADE" })),
    text: column(t.text),
  });
  const needs = "reflection" as const;
  suite.group("reflection", requirements.reflection ? metadata : null, (group) => {
    group.test("names of tables", needs, async ({ engine }) => {
      const inspector = await inspect(engine);
      const names = await inspector.getTableNames();
      ok(names.includes("ath_users") && names.includes("ath_notes"), names.join());
      equal(await inspector.hasTable("ath_users"), true);
      equal(await inspector.hasTable("ath_missing"), false);
      const found = await inspector.hasMultiTable(["ath_users", "ath_missing", "ath_notes"]);
      deepEqual(Object.fromEntries(found), { ath_users: true, ath_missing: false, ath_notes: true });
      const places = (await inspector.sortTablesOnForeignKeyDependency()).map(([place]) => place?.[1]);
      ok(places.indexOf("ath_users") < places.indexOf("ath_notes"), places.join());
    });

    group.test("a table that is not there", needs, async ({ engine }) => {
      const inspector = await inspect(engine);
      await rejects(async () => inspector.getColumns("ath_missing"), NoSuchTableError);
    });

    group.test("columns", needs, async ({ engine }) => {
      const columns = await (await inspect(engine)).getColumns("ath_users");
      deepEqual(
        columns.map(({ name }) => name),
        ["id", "name", "email", "score", "state", "joined"],
      );
      deepEqual(
        columns.map(({ nullable }) => nullable),
        [false, false, true, true, true, true],
      );
      deepEqual(
        columns.map(({ type }) => type.affinity),
        ["integer", "string", "string", "numeric", "string", "datetime"],
      );
      const [, name, , score, state] = columns;
      const sizes = (type: unknown): unknown[] => {
        const { length, precision, scale } = type as { length?: number; precision?: number; scale?: number };
        return [length, precision, scale].filter((size) => size !== undefined && size !== null);
      };
      deepEqual([sizes(name?.type), sizes(score?.type)], [[40], [10, 2]]);
      ok(String(state?.default).includes("new"), String(state?.default));
    });

    group.test("primary keys", needs, async ({ engine }) => {
      const inspector = await inspect(engine);
      deepEqual((await inspector.getPkConstraint("ath_users")).constrainedColumns, ["id"]);
      deepEqual((await inspector.getPkConstraint("ath_notes")).constrainedColumns, ["a", "b"]);
    });

    group.test("foreign keys", needs, "foreignKeys", async ({ engine }) => {
      const [key, ...others] = await (await inspect(engine)).getForeignKeys("ath_notes");
      equal(others.length, 0);
      deepEqual(
        [key?.constrainedColumns, key?.referredTable, key?.referredColumns, key?.name],
        [["user_id"], "ath_users", ["id"], "ath_fk_user"],
      );
      equal(key?.options?.["ondelete"], "CASCADE");
    });

    group.test("unique constraints and indexes", needs, async ({ engine }) => {
      const inspector = await inspect(engine);
      const indexes = await inspector.getIndexes("ath_users");
      const plain = indexes.find(({ name }) => name === "ath_ix_name");
      deepEqual([plain?.columnNames, Boolean(plain?.unique)], [["name", "email"], false]);
      const unique = [...(await inspector.getUniqueConstraints("ath_users")), ...indexes].find(
        ({ name }) => name === "ath_uq_email",
      );
      deepEqual(unique?.columnNames, ["email"]);
    });

    group.test("check constraints", needs, "checkConstraints", async ({ engine }) => {
      const checks = await (await inspect(engine)).getCheckConstraints("ath_users");
      const check = checks.find(({ name }) => name === "ath_ck_score");
      ok(/score.*>.*0/i.test(check?.sqltext ?? ""), JSON.stringify(checks));
    });

    group.test("comments", needs, "comments", async ({ engine }) => {
      equal((await (await inspect(engine)).getTableComment("ath_users")).text, "people's 'names'");
    });

    group.test("views", needs, "views", async ({ engine }) => {
      const view = createView(select(users.c.id, users.c.name), "ath_users_view");
      await engine.begin((connection) => connection.execute(view));
      try {
        const inspector = await inspect(engine);
        ok((await inspector.getViewNames()).includes("ath_users_view"));
        ok(!(await inspector.getTableNames()).includes("ath_users_view"));
        deepEqual(
          (await inspector.getColumns("ath_users_view")).map(({ name }) => name),
          ["id", "name"],
        );
        ok(/ath_users/i.test((await inspector.getViewDefinition("ath_users_view")) ?? ""));
      } finally {
        await engine.begin((connection) => connection.execute(dropView(view.table)));
      }
    });

    group.test("whole tables", needs, async ({ engine }) => {
      const read = new MetaData();
      await read.reflect({ bind: engine, only: (name: string) => name.startsWith("ath_") });
      const notes = read.tables.get("ath_notes");
      deepEqual(notes === undefined ? [] : [...notes.c].map(({ name }) => name), ["a", "b", "user_id", "text"]);
      if (requirements.foreignKeys)
        deepEqual(
          notes?.foreignKeys.map((key) => key.targetFullname),
          ["ath_users.id"],
        );
    });

    group.test("names that need quotes", needs, async ({ engine }) => {
      const odd = new MetaData();
      table("ath Odd 'name'", odd, {
        Id: column(t.integer, { primaryKey: true, autoincrement: false }),
        "with space": column(t.integer, { index: true }),
      });
      await odd.createAll(engine);
      try {
        const inspector = await inspect(engine);
        ok((await inspector.getTableNames()).includes("ath Odd 'name'"));
        deepEqual(
          (await inspector.getColumns("ath Odd 'name'")).map(({ name }) => name),
          ["Id", "with space"],
        );
        deepEqual(
          (await inspector.getIndexes("ath Odd 'name'")).map(({ columnNames }) => columnNames),
          [["with space"]],
        );
      } finally {
        await odd.dropAll(engine);
      }
    });

    group.test("identity columns", needs, "identityColumns", async ({ engine }) => {
      const counted = new MetaData();
      table("ath_counted", counted, {
        id: column(t.integer, identity({ start: 7, increment: 3 }), { primaryKey: true }),
      });
      await counted.createAll(engine);
      try {
        const [id] = await (await inspect(engine)).getColumns("ath_counted");
        deepEqual([Number(id?.identity?.start), Number(id?.identity?.increment)], [7, 3]);
      } finally {
        await counted.dropAll(engine);
      }
    });

    group.test("sequences", needs, "sequences", async ({ engine }) => {
      const counting = new MetaData();
      sequence("ath_sequence", { metadata: counting });
      await counting.createAll(engine);
      try {
        const inspector = await inspect(engine);
        ok((await inspector.getSequenceNames()).includes("ath_sequence"));
        equal(await inspector.hasSequence("ath_sequence"), true);
      } finally {
        await counting.dropAll(engine);
      }
    });
  });
}
