/** Tests that leave nothing behind, though the code under test commits. Text: docs/recipes/rolled-back-tests.md */
import type { AsyncEngine } from "@athanor/async";
import { AsyncSession } from "@athanor/async/orm";
import type { Engine } from "@athanor/core";
import { Session } from "@athanor/orm";

/** Runs a test with a session whose commits end savepoints only; all of it is rolled back in the end. */
export function rolledBack<T>(engine: Engine, test: (session: Session) => T): T {
  using connection = engine.connect();
  const transaction = connection.begin();
  try {
    using session = new Session(connection, { joinTransactionMode: "createSavepoint" });
    return test(session);
  } finally {
    transaction.rollback();
  }
}

/** The same for asynchronous sessions. */
export async function rolledBackAsync<T>(engine: AsyncEngine, test: (session: AsyncSession) => Promise<T>): Promise<T> {
  await using connection = await engine.connect();
  const transaction = await connection.begin();
  try {
    await using session = new AsyncSession(connection, { joinTransactionMode: "createSavepoint" });
    return await test(session);
  } finally {
    await transaction.rollback();
  }
}
