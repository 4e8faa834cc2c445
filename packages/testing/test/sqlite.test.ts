/** SQLite, through both drivers. */
import { complianceSuite } from "@athanor/testing";
import "@athanor/dialect-sqlite";
import { afterAll, beforeAll, describe, it } from "vitest";

for (const driver of ["better-sqlite3", "node"]) {
  describe(driver, () => {
    complianceSuite({
      url: `sqlite+${driver}:///:memory:?foreign_keys=on`,
      runner: { describe, it, beforeAll, afterAll },
      requirements: {
        fetch: false,
        lateral: false,
        forUpdate: false,
        comments: false,
        numericDigits: 15,
        isolationLevels: ["SERIALIZABLE", "READ UNCOMMITTED"],
        valuesTable: false,
        limitInSetMembers: false,
        deleteUsing: false,
        schema: "main",
      },
    });
  });
}
