/** The compliance suite through the real front of oracledb, executed by H2 in its Oracle mode, where Java and H2 can be had. */
import { afterAll, beforeAll, describe, it } from "vitest";
import { complianceSuite } from "../../testing/src/index.ts";
import { url } from "./connect.ts";
import { H2Backend, h2Missing, stopH2 } from "./fake/h2-backend.ts";
import { fake, oracledb } from "./fake/install.ts";

if (h2Missing !== null) console.warn(`SKIPPED: the compliance suite for Oracle on H2: ${h2Missing}`);

describe.skipIf(h2Missing !== null)("Oracle on H2", () => {
  fake.backend = () => new H2Backend("suite");
  fake.version = "19.3.0.0.0";
  afterAll(() => {
    fake.backend = null;
    stopH2();
  });
  complianceSuite({
    url,
    engine: { module: oracledb },
    runner: { describe, it, beforeAll, afterAll },
    requirements: {
      numberedKeys: false,
      emptyStrings: false,
      fractionalSeconds: false,
      updateFrom: false,
      deleteUsing: false,
      // Of H2, not of Oracle:
      fullJoin: false,
      booleanExpressions: false,
      isolationLevels: ["READ COMMITTED"],
      comments: false,
      computedColumns: false,
      json: false,
      lateral: false,
      reflection: false,
      errorDetails: false,
    },
    skip: {
      "expressions.arithmetic keeps what it means": "H2 divides integers without a fraction",
      "common table expressions.recursive": "H2 takes the type of a recursive column from its untyped parameter",
      "types interval.as parameters": "H2 has intervals of another make than the driver's",
    },
  });
});
