/** Ending statements: signals and time limits, in a transaction, between rows, and before anything has begun. */
import { equal, rejects } from "node:assert/strict";
import { CancelledError, DBAPIError, func, insert, select, text } from "@athanor/core";
import type { Suite } from "../suite.ts";
import { someRows, someTable } from "./tables.ts";

/** Signals and time limits. */
export function cancellationSuite(suite: Suite): void {
  const { metadata, some } = someTable();
  const count = select(func.count()).selectFrom(some);
  const slow = text(suite.requirements.slowStatement ?? "");
  const row = { id: 100, x: 1, y: 1, name: "undone" };
  suite.group("cancellation", metadata, (group) => {
    group.fill(some, someRows);

    group.test("a signal that was aborted before starts nothing", async ({ connection }) => {
      const signal = AbortSignal.abort();
      await rejects(connection.execute(insert(some).values(row), null, { signal }), CancelledError);
      await connection.rollback();
      equal(await connection.scalar(count), 5);
    });

    group.test("an abort between rows ends a stream", "streaming", async ({ connection }) => {
      const controller = new AbortController();
      const { signal } = controller;
      const stream = await connection.stream(select(some.c.id).orderBy(some.c.id), null, { signal, yieldPer: 1 });
      equal((await stream.fetchone())?.id, 1);
      controller.abort();
      await rejects(stream.all(), CancelledError);
      await connection.rollback();
      equal(await connection.scalar(count), 5);
    });

    group.test(
      "a signal ends a statement on the server; its transaction can be rolled back",
      "cancellation",
      async ({ connection }) => {
        await connection.execute(insert(some).values(row));
        const controller = new AbortController();
        const running = connection.execute(slow, null, { signal: controller.signal });
        setTimeout(() => controller.abort(), 50);
        await rejects(running, CancelledError);
        await connection.rollback();
        equal(await connection.scalar(count), 5);
      },
    );

    group.test("a time limit does so too, and is that of one statement", "cancellation", async ({ connection }) => {
      await connection.execute(insert(some).values(row));
      const running = connection.execute(slow, null, { statementTimeout: 50 });
      await rejects(running, (error) => error instanceof DBAPIError && error.kind === "timeout");
      await connection.rollback();
      equal(await connection.scalar(count), 5);
    });
  });
}
