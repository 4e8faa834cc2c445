/** Errors of the driver become Athanor's: their class, their kind, and what they name. */
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import {
  bindparam,
  type Constraint,
  checkConstraint,
  column,
  DBAPIError,
  delete_,
  foreignKey,
  func,
  insert,
  MetaData,
  select,
  t,
  table,
  text,
  uniqueConstraint,
  violates,
} from "@athanor/core";
import type { Suite } from "../suite.ts";

/** Errors of the driver become Athanor's, with the kind of what went wrong. */
export function errorSuite(suite: Suite): void {
  const metadata = new MetaData();
  const checks = suite.requirements.checkConstraints ? [checkConstraint("amount > 0", { name: "ath_positive" })] : [];
  const owner = table("ath_owner", metadata, { id: column(t.integer, { primaryKey: true, autoincrement: false }) });
  const thing = table(
    "ath_thing",
    metadata,
    {
      id: column(t.integer, { primaryKey: true, autoincrement: false }),
      code: column(t.string(10), { unique: true }),
      name: column(t.string(10), { nullable: false }),
      ownerId: column("owner_id", t.integer, foreignKey("ath_owner.id", { name: "ath_thing_owner" })),
      amount: column(t.integer),
      mail: column(t.string(10)),
      box: column(t.integer),
    },
    uniqueConstraint("mail", "box", { name: "ath_thing_place" }),
    ...checks,
  );
  const good = { id: 1, code: "a", name: "n" };
  suite.group("errors", metadata, (group) => {
    const kindOf = async (work: Promise<unknown>): Promise<unknown> => {
      try {
        await work;
      } catch (error) {
        ok(error instanceof DBAPIError, String(error));
        ok(error.statement !== null && error.orig !== null);
        return [error.constructor.name, error.kind];
      }
      return "no error";
    };

    group.test("a key that is there already", async ({ connection }) => {
      await connection.execute(insert(thing).values(good));
      deepEqual(await kindOf(connection.execute(insert(thing).values({ ...good, code: "b" }))), [
        "IntegrityError",
        "unique",
      ]);
    });

    group.test("a value that must be unique", async ({ connection }) => {
      await connection.execute(insert(thing).values(good));
      deepEqual(await kindOf(connection.execute(insert(thing).values({ ...good, id: 2 }))), [
        "IntegrityError",
        "unique",
      ]);
    });

    group.test("a value that is missing", async ({ connection }) => {
      const work = connection.execute(insert(thing).values({ ...good, name: null as never }));
      deepEqual(await kindOf(work), ["IntegrityError", "notNull"]);
    });

    group.test("a reference to nothing", "foreignKeys", async ({ connection }) => {
      const work = connection.execute(insert(thing).values({ ...good, ownerId: 99 }));
      deepEqual(await kindOf(work), ["IntegrityError", "foreignKey"]);
    });

    group.test("a row that others refer to", "foreignKeys", async ({ connection }) => {
      await connection.execute(insert(owner).values({ id: 1 }));
      await connection.execute(insert(thing).values({ ...good, ownerId: 1 }));
      deepEqual(await kindOf(connection.execute(delete_(owner))), ["IntegrityError", "foreignKey"]);
    });

    group.test("a check that fails", "checkConstraints", async ({ connection }) => {
      const work = connection.execute(insert(thing).values({ ...good, amount: -1 }));
      deepEqual(await kindOf(work), ["IntegrityError", "check"]);
    });

    group.test("which constraint, table and columns", "errorDetails", async ({ connection }) => {
      const failure = async (row: object): Promise<DBAPIError> => {
        try {
          await connection.execute(insert(thing).values(row as typeof good));
        } catch (error) {
          ok(error instanceof DBAPIError, String(error));
          return error;
        } finally {
          await connection.rollback();
        }
        throw new Error("no error");
      };
      const missing = await failure({ ...good, name: null });
      deepEqual(missing.columns, ["name"]);
      ok(missing.sqlState !== undefined || missing.nativeCode !== undefined);
      await connection.execute(insert(thing).values(good));
      await connection.commit();
      try {
        const taken = await failure({ ...good, id: 2 });
        ok(taken.constraint !== undefined || taken.columns.includes("code"), "neither constraint nor columns");
      } finally {
        await connection.execute(delete_(thing));
        await connection.commit();
      }
    });

    group.test("violates() tells by declared columns and constraints", "errorDetails", async ({ connection }) => {
      const place = [...thing.constraints].find(({ name }) => name === "ath_thing_place");
      const failure = async (row: object): Promise<unknown> => {
        const savepoint = await connection.beginNested();
        try {
          await connection.execute(insert(thing).values({ ...good, ...row }));
        } catch (error) {
          return error;
        } finally {
          await savepoint.rollback();
        }
        return null;
      };
      await connection.execute(insert(thing).values({ ...good, mail: "m", box: 1 }));
      const taken = await failure({ id: 2, code: "b", mail: "m", box: 1 });
      ok(violates(taken, thing.c.box, thing.c.mail));
      ok(violates(taken, place as Constraint));
      ok(!violates(taken, thing.c.mail) && !violates(taken, thing.c.code) && !violates(taken, owner.c.id));
      const missing = await failure({ id: 2, code: "b", name: null });
      ok(violates(missing, thing.c.name) && !violates(missing, thing.c.code));
      ok(!violates(new Error("another"), thing.c.name));
    });

    group.test("the name of a check", "checkConstraints", "errorDetails", async ({ connection }) => {
      const work = connection.execute(insert(thing).values({ ...good, amount: -1 }));
      await rejects(work, { constraint: "ath_positive" });
    });

    group.test("text that is no SQL, tables and columns that are not there or there already", async ({ engine }) => {
      for (const [sql, kind] of [
        ["SELEC 1", "syntax"],
        ["SELECT * FROM ath_missing_table", "undefinedTable"],
        ["SELECT missing_column FROM ath_thing", "undefinedColumn"],
        ["CREATE TABLE ath_thing (id INTEGER)", "duplicateObject"],
      ] as const) {
        const work = engine.begin((connection) => connection.execute(text(sql)));
        await rejects(work, (error) => error instanceof DBAPIError && error.kind === kind);
      }
    });

    group.test("a parameter that is missing is told before anything is sent", async ({ connection }) => {
      const byId = select(thing.c.id).where(thing.c.id.eq(bindparam("wanted")));
      await rejects(connection.execute(byId), /A value is required for bind parameter 'wanted'/);
      equal((await connection.execute(byId, { wanted: 1 })).first(), null);
    });

    group.test(
      "values are kept out of messages where that is asked for, and shown where not",
      async ({ connection }) => {
        await connection.execute(insert(thing).values({ ...good, code: "secret" }));
        await rejects(connection.execute(insert(thing).values({ ...good, id: 2, code: "secret" })), /secret/);
      },
    );

    group.test("the connection goes on after a rollback", async ({ connection }) => {
      await rejects(connection.execute(text("SELECT * FROM ath_missing_table")), DBAPIError);
      await connection.rollback();
      equal(await connection.scalar(select(func.count()).selectFrom(thing)), 0);
    });
  });
}
