/** PostgreSQL and MariaDB (or MySQL). What depends on the server and its settings is asked before. */
import { createAsyncEngine } from "@athanor/async";
import { text } from "@athanor/core";
import "@athanor/dialect-mysql";
import type { MySQLDialect } from "@athanor/dialect-mysql";
import { complianceSuite } from "@athanor/testing";
import "@athanor/dialect-postgres";
import { afterAll, beforeAll, describe, it } from "vitest";
import { mysqlUrls, pgUrls } from "../../../test/setup/urls.ts";

const runner = { describe, it, beforeAll, afterAll };

/** Two-phase transactions of PostgreSQL are off by default. */
async function hasTwoPhase(url: string): Promise<boolean> {
  await using engine = createAsyncEngine(url);
  const setting = text("SELECT current_setting('max_prepared_transactions')");
  return Number(await engine.begin((connection) => connection.scalar(setting))) > 0;
}

async function isMariaDB(url: string): Promise<boolean> {
  await using engine = createAsyncEngine(url);
  return await engine.begin(async ({ dialect }) => (dialect as MySQLDialect).isMariaDB);
}

for (const { name, url } of pgUrls()) {
  if (url === null) continue;
  const twoPhase = await hasTwoPhase(url);
  describe(name, () => {
    complianceSuite({
      url,
      runner,
      requirements: {
        fetchTies: true,
        twoPhase,
        arrays: true,
        transactionalDdl: true,
        schema: "public",
        repeatableReads: true,
        readOnly: true,
        cancellation: true,
        slowStatement: "SELECT pg_sleep(30)",
        isolationLevels: ["READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"],
      },
    });
  });
}

for (const { name, url } of mysqlUrls()) {
  if (url === null) continue;
  const has = await isMariaDB(url);
  describe(name.replace("MySQL or MariaDB", has ? "MariaDB" : "MySQL"), () => {
    complianceSuite({
      url,
      runner,
      requirements: {
        insertReturning: has,
        insertManyReturning: has,
        deleteReturning: has,
        sequences: has,
        fetch: has,
        nullsOrdering: false,
        limitExpressions: false,
        fullJoin: false,
        lateral: false,
        valuesTable: false,
        fractionalSeconds: false,
        longText: 16_000,
        twoPhase: true,
        repeatableReads: true,
        readOnly: true,
        cancellation: true,
        slowStatement: "SELECT SLEEP(30)",
        schema: new URL(url).pathname.slice(1),
        isolationLevels: ["READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"],
      },
    });
  });
}
