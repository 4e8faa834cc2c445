/** Transactions, isolation, errors, results: what a connection does. */
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import {
  checkConstraint,
  column,
  DBAPIError,
  delete_,
  foreignKey,
  func,
  IntegrityError,
  insert,
  MetaData,
  MultipleResultsFound,
  NoResultFound,
  select,
  t,
  table,
  text,
} from "@athanor/core";
import type { Suite } from "../suite.ts";
import { someRows, someTable } from "./tables.ts";

/** Transactions. */
export function transactionSuite(suite: Suite): void {
  const metadata = new MetaData();
  const notes = table("ath_notes", metadata, {
    id: column(t.integer, { primaryKey: true, autoincrement: false }),
    text: column(t.string(20)),
  });
  const count = select(func.count()).selectFrom(notes);
  const note = (id: number) => insert(notes).values({ id, text: `n${id}` });
  suite.group("transactions", metadata, (group) => {
    group.test("nothing lasts that was not committed", async ({ engine }) => {
      const connection = await engine.connect();
      await connection.execute(note(1));
      await connection.close();
      equal(await engine.begin((other) => other.scalar(count)), 0);
    });

    group.test("commit and rollback, again and again", async ({ engine, connection }) => {
      await connection.execute(note(10));
      await connection.commit();
      await connection.execute(note(11));
      await connection.rollback();
      await connection.execute(note(12));
      await connection.commit();
      const ids = select(notes.c.id).where(notes.c.id.ge(10), notes.c.id.lt(20)).orderBy(notes.c.id);
      deepEqual(await engine.begin(async (other) => (await other.scalars(ids)).all()), [10, 12]);
    });

    group.test("a block that throws is undone", async ({ engine }) => {
      await rejects(
        engine.begin(async (connection) => {
          await connection.execute(note(20));
          throw new Error("changed my mind");
        }),
        /changed my mind/,
      );
      equal(await engine.begin((other) => other.scalar(count.where(notes.c.id.eq(20)))), 0);
    });

    group.test("savepoints", "savepoints", async ({ connection }) => {
      await connection.execute(note(30));
      await connection.beginNested(async (inner) => {
        await inner.execute(note(31));
      });
      await rejects(
        connection.beginNested(async (inner) => {
          await inner.execute(note(32));
          throw new Error("no");
        }),
        /no/,
      );
      const ids = select(notes.c.id).where(notes.c.id.ge(30), notes.c.id.lt(40)).orderBy(notes.c.id);
      deepEqual((await connection.scalars(ids)).all(), [30, 31]);
    });

    group.test("savepoints inside of savepoints", "savepoints", async ({ connection }) => {
      await connection.execute(note(40));
      const outer = await connection.beginNested();
      await connection.execute(note(41));
      const inner = await connection.beginNested();
      await connection.execute(note(42));
      await inner.rollback();
      await connection.execute(note(43));
      await outer.commit();
      const ids = select(notes.c.id).where(notes.c.id.ge(40), notes.c.id.lt(50)).orderBy(notes.c.id);
      deepEqual((await connection.scalars(ids)).all(), [40, 41, 43]);
    });

    group.test("an error inside a savepoint leaves the transaction usable", "savepoints", async ({ connection }) => {
      await connection.execute(note(50));
      await rejects(
        connection.beginNested((inner) => inner.execute(note(50))),
        IntegrityError,
      );
      await connection.execute(note(51));
      equal(await connection.scalar(count.where(notes.c.id.ge(50), notes.c.id.lt(60))), 2);
    });

    group.test("isolation levels are set and put back", async ({ engine, requirements }) => {
      const usual = await engine.begin((connection) => connection.getIsolationLevel());
      for (const level of requirements.isolationLevels) {
        const connection = await (await engine.connect()).executionOptions({ isolationLevel: level });
        equal(await connection.getIsolationLevel(), level);
        await connection.scalar(count);
        await connection.close();
        equal(await engine.begin((other) => other.getIsolationLevel()), usual);
      }
    });

    group.test("an unknown isolation level is refused", async ({ connection }) => {
      await rejects(connection.executionOptions({ isolationLevel: "BANANAS" as never }), /BANANAS/);
    });

    group.test("autocommit", "autocommit", async ({ engine }) => {
      const connection = await (await engine.connect()).executionOptions({ isolationLevel: "AUTOCOMMIT" });
      await connection.execute(note(60));
      await connection.rollback();
      await connection.close();
      equal(await engine.begin((other) => other.scalar(count.where(notes.c.id.eq(60)))), 1);
    });

    group.test("two-phase", "twoPhase", async ({ engine, connection }) => {
      const transaction = await connection.beginTwophase();
      await connection.execute(note(70));
      await transaction.prepare();
      await transaction.commit();
      equal(await engine.begin((other) => other.scalar(count.where(notes.c.id.eq(70)))), 1);
      const undone = await connection.beginTwophase();
      await connection.execute(note(71));
      await undone.prepare();
      await undone.rollback();
      equal(await engine.begin((other) => other.scalar(count.where(notes.c.id.eq(71)))), 0);
    });
  });
}

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
    },
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

    group.test("text that is no SQL, a table that is not there", async ({ engine }) => {
      for (const sql of ["SELEC 1", "SELECT * FROM ath_missing_table"]) {
        await rejects(
          engine.begin((connection) => connection.execute(text(sql))),
          DBAPIError,
        );
      }
    });

    group.test("the connection goes on after a rollback", async ({ connection }) => {
      await rejects(connection.execute(text("SELECT * FROM ath_missing_table")), DBAPIError);
      await connection.rollback();
      equal(await connection.scalar(select(func.count()).selectFrom(thing)), 0);
    });
  });
}

/** Results. */
export function resultSuite(suite: Suite): void {
  const { metadata, some } = someTable();
  const ordered = select(some.c.id, some.c.name).orderBy(some.c.id);
  suite.group("results", metadata, (group) => {
    group.fill(some, someRows);

    group.test("one, first, none", async ({ connection }) => {
      const at = (id: number) => connection.execute(ordered.where(some.c.id.eq(id)));
      equal((await at(1)).one().name, "alpha");
      equal((await at(99)).oneOrNone(), null);
      equal((await at(99)).first(), null);
      const [none, many] = [await at(99), await connection.execute(ordered)];
      await rejects(async () => none.one(), NoResultFound);
      await rejects(async () => many.one(), MultipleResultsFound);
    });

    group.test("mappings, scalars, partitions", async ({ connection }) => {
      deepEqual((await connection.execute(ordered.limit(1))).mappings().all(), [{ id: 1, name: "alpha" }]);
      deepEqual((await connection.execute(ordered)).scalars(1).all(), ["alpha", "beta", "gamma", null, "al%ph_a"]);
      deepEqual(
        [...(await connection.execute(ordered)).partitions(2)].map((part) => part.map((row) => row.id)),
        [[1, 2], [3, 4], [5]],
      );
    });

    group.test("rows are read piece by piece", "streaming", async ({ connection }) => {
      const seen: unknown[] = [];
      for await (const row of await connection.stream(ordered)) seen.push(row.id);
      deepEqual(seen, [1, 2, 3, 4, 5]);
    });

    group.test("reading that stops early leaves the connection usable", "streaming", async ({ connection }) => {
      for await (const row of await connection.stream(ordered)) {
        equal(row.id, 1);
        break;
      }
      equal(await connection.scalar(select(func.count()).selectFrom(some)), 5);
    });
  });
}
