/** The compliance suite through a real tedious, executed by H2 in its SQL Server mode, where Java and H2 can be had. */
import { afterAll, beforeAll, describe, it } from "vitest";
import { h2Missing, stopH2 } from "../../../test/h2/jvm.ts";
import { complianceSuite } from "../../testing/src/index.ts";
import { H2Session } from "./tds/h2-session.ts";
import { TdsServer } from "./tds/server.ts";
import "../src/index.ts";

if (h2Missing !== null) console.warn(`SKIPPED: the compliance suite for SQL Server on H2: ${h2Missing}`);
const server = await new TdsServer(() => new H2Session("suite")).listen();

describe.skipIf(h2Missing !== null)("SQL Server on H2", () => {
  afterAll(async () => {
    await server.close();
    stopH2();
  });
  complianceSuite({
    url: server.url(),
    runner: { describe, it, beforeAll, afterAll },
    requirements: {
      nullsOrdering: false,
      booleanExpressions: false,
      lateral: false,
      tupleIn: false,
      regexp: false,
      forUpdate: false,
      limitInSetMembers: false,
      transactionalDdl: true,
      jsonNull: false,
      // Of H2, not of SQL Server:
      fullJoin: false,
      updateFrom: false,
      deleteUsing: false,
      isolationLevels: ["READ COMMITTED"],
      comments: false,
      computedColumns: false,
      json: false,
      reflection: false,
      errorDetails: false,
    },
    skip: {
      "common table expressions.recursive": "H2 wants the word RECURSIVE, which T-SQL does not have",
      "expressions.arithmetic keeps what it means": "H2 2.1 gives a quotient 100,000 digits, and refuses it then",
    },
  });
});
