/** Transactions, savepoints, isolation, two-phase commits. */
import { deepEqual, equal, rejects } from "node:assert/strict";
import {
  column,
  DBAPIError,
  func,
  IntegrityError,
  InvalidRequestError,
  insert,
  MetaData,
  select,
  t,
  table,
} from "@athanor/core";
import type { Suite } from "../suite.ts";

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

    group.test("autocommit of one statement", "autocommit", async ({ connection }) => {
      await connection.rollback();
      await connection.execute(note(61).executionOptions({ isolationLevel: "AUTOCOMMIT" }));
      equal(connection.inTransaction(), false);
      await connection.execute(note(62));
      await connection.rollback();
      equal(await connection.scalar(count.where(notes.c.id.in([61, 62]))), 1);
      await rejects(connection.execute(note(63), undefined, { isolationLevel: "AUTOCOMMIT" }), /of a statement/);
    });

    group.test("an isolation level of one statement is its transaction's", async ({ engine, requirements }) => {
      for (const level of requirements.isolationLevels) {
        const connection = await engine.connect();
        try {
          const usual = await connection.getIsolationLevel();
          await connection.rollback();
          await connection.execute(count, undefined, { isolationLevel: level });
          equal(connection.inTransaction(), level !== "AUTOCOMMIT");
          if (level !== "AUTOCOMMIT") equal(await connection.getIsolationLevel(), level);
          await connection.commit();
          equal(await connection.getIsolationLevel(), usual);
        } finally {
          await connection.close();
        }
      }
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

    group.test(
      "two-phase: what was prepared is found and ended by another connection",
      "twoPhase",
      async ({ engine }) => {
        const xids = ["ath_kept", "ath_dropped"];
        for (const [index, xid] of xids.entries()) {
          const connection = await engine.connect();
          const transaction = await connection.beginTwophase(xid);
          await connection.execute(note(80 + index));
          await transaction.prepare();
          // The database keeps it; this connection is given up, so that another has to end it.
          await connection.invalidate();
          await connection.close();
        }
        const other = await engine.connect();
        try {
          const waiting = await other.recoverTwophase();
          deepEqual(
            xids.filter((xid) => waiting.includes(xid)),
            xids,
          );
          await other.rollback();
          await other.commitPrepared("ath_kept");
          await other.rollbackPrepared("ath_dropped");
          const ids = select(notes.c.id).where(notes.c.id.ge(80), notes.c.id.lt(90));
          deepEqual((await other.scalars(ids)).all(), [80]);
        } finally {
          await other.close();
        }
      },
    );

    group.test("what a repeatable read has seen stays as it is", "repeatableReads", async ({ engine }) => {
      const reader = await (await engine.connect()).executionOptions({ isolationLevel: "REPEATABLE READ" });
      try {
        const mine = count.where(notes.c.id.ge(90), notes.c.id.lt(100));
        const before = await reader.scalar(mine);
        await engine.begin((writer) => writer.execute(note(90)));
        equal(await reader.scalar(mine), before);
        await reader.rollback();
        equal(await reader.scalar(mine), Number(before) + 1);
      } finally {
        await reader.close();
      }
    });

    group.test("a read-only transaction writes nothing", "readOnly", async ({ engine }) => {
      const connection = await (await engine.connect()).executionOptions({ readOnly: true });
      try {
        await connection.scalar(count);
        await rejects(connection.execute(note(100)), DBAPIError);
        await connection.rollback();
      } finally {
        await connection.close();
      }
      equal(await engine.begin((other) => other.scalar(count.where(notes.c.id.eq(100)))), 0);
    });

    group.test("begin() where a transaction is open is refused", async ({ connection }) => {
      await connection.execute(note(110));
      await rejects(connection.begin(), InvalidRequestError);
      await connection.rollback();
      const transaction = await connection.begin();
      await connection.execute(note(111));
      await transaction.commit();
      await rejects(transaction.commit(), InvalidRequestError);
      equal(await connection.scalar(count.where(notes.c.id.ge(110), notes.c.id.lt(120))), 1);
    });
  });
}
