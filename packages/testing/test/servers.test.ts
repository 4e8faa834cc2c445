/** PostgreSQL and MariaDB (or MySQL). Two-phase transactions on PostgreSQL are a setting of the server, off by default. */
import { complianceSuite } from "@athanor/testing";
import "@athanor/dialect-mysql";
import "@athanor/dialect-postgres";
import { afterAll, beforeAll, describe, it } from "vitest";
import { mysqlUrl, pgUrls } from "../../../test/setup/urls.ts";

const runner = { describe, it, beforeAll, afterAll };
const mysql = mysqlUrl();

for (const { name, url } of pgUrls()) {
  if (url === null) continue;
  describe(name, () => {
    complianceSuite({
      url,
      runner,
      requirements: {
        fetchTies: true,
        arrays: true,
        transactionalDdl: true,
        schema: "public",
        isolationLevels: ["READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"],
      },
    });
  });
}

if (mysql !== null)
  describe("MariaDB", () => {
    complianceSuite({
      url: mysql,
      runner,
      requirements: {
        nullsOrdering: false,
        limitExpressions: false,
        fullJoin: false,
        lateral: false,
        valuesTable: false,
        fractionalSeconds: false,
        longText: 16_000,
        twoPhase: true,
        schema: new URL(mysql).pathname.slice(1),
        isolationLevels: ["READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"],
      },
    });
  });
