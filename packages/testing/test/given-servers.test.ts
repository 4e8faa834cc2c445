/** SQL Server and Oracle, whose servers are not started here: the suite runs where an environment variable names one. */
import { complianceSuite } from "@athanor/testing";
import "@athanor/dialect-mssql";
import "@athanor/dialect-oracle";
import { afterAll, beforeAll, describe, it } from "vitest";

const runner = { describe, it, beforeAll, afterAll };
const mssql = process.env["ATHANOR_TEST_MSSQL_URL"];
const oracle = process.env["ATHANOR_TEST_ORACLE_URL"];

describe.skipIf(mssql === undefined)("SQL Server (ATHANOR_TEST_MSSQL_URL)", () => {
  if (mssql === undefined) {
    it("needs a server", () => {});
    return;
  }
  complianceSuite({
    url: mssql,
    runner,
    requirements: {
      nullsOrdering: false,
      booleanExpressions: false,
      lateral: false,
      tupleIn: false,
      regexp: false,
      forUpdate: false,
      limitInSetMembers: false,
      fetchTies: true,
      transactionalDdl: true,
      jsonNull: false,
      cancellation: true,
      slowStatement: "WAITFOR DELAY '00:00:30'",
      schema: "dbo",
      isolationLevels: ["READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"],
    },
  });
});

describe.skipIf(oracle === undefined)("Oracle (ATHANOR_TEST_ORACLE_URL)", () => {
  if (oracle === undefined) {
    it("needs a server", () => {});
    return;
  }
  complianceSuite({
    url: oracle,
    runner,
    requirements: {
      numberedKeys: false,
      emptyStrings: false,
      fractionalSeconds: false,
      updateFrom: false,
      deleteUsing: false,
      booleanExpressions: false,
      fetchTies: true,
      twoPhase: true,
      readOnly: true,
      isolationLevels: ["READ COMMITTED", "SERIALIZABLE"],
    },
  });
});
