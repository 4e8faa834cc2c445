/** The compliance suite through the real front of oracledb, executed by H2 in its Oracle mode, where Java and H2 can be had. */
import { afterAll, beforeAll, describe, it } from "vitest";
import { complianceSuite } from "../../testing/src/index.ts";
import { url } from "./connect.ts";
import { H2Backend, h2Missing, stopH2 } from "./fake/h2-backend.ts";
import { fake, oracledb } from "./fake/install.ts";

if (h2Missing !== null) console.warn(`SKIPPED: the compliance suite for Oracle on H2: ${h2Missing}`);

const noKey = "its tables number their keys by themselves; on Oracle that takes identity() or a sequence";

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
    },
    skip: {
      "expressions.arithmetic keeps what it means": "H2 divides integers without a fraction",
      "common table expressions.recursive": "H2 takes the type of a recursive column from its untyped parameter",
      "types interval.as parameters": "H2 has intervals of another make than the driver's",
      "insert.a generated key is known": noKey,
      "insert.defaults of all kinds": noKey,
      "insert.null is not a default": noKey,
      "insert.nothing but defaults": noKey,
      "insert.many parameter sets, each with its defaults": noKey,
      "insert.returning": noKey,
      "insert.returning of many, in the order of the parameters": noKey,
      "ddl.indexes and unique constraints": noKey,
      "orm.objects and what they refer to are inserted, with their keys": noKey,
      "orm.collections are loaded: selectin": noKey,
      "orm.collections are loaded: joined": noKey,
      "orm.changes, orphans and deletions": noKey,
      "orm.a row that someone else changed is noticed": noKey,
      "orm.statements about classes": noKey,
      "orm.classes that inherit": noKey,
    },
  });
});
