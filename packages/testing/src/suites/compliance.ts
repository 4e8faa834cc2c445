/** The whole suite. */
import { Suite, type SuiteOptions } from "../suite.ts";
import { cancellationSuite } from "./cancellation.ts";
import { transactionSuite } from "./connections.ts";
import { ddlSuite } from "./ddl.ts";
import { dmlSuite } from "./dml.ts";
import { errorSuite } from "./errors.ts";
import { manySuite } from "./many.ts";
import { ormSuite } from "./orm.ts";
import { reflectionSuite } from "./reflection.ts";
import { resultSuite } from "./results.ts";
import { selectSuite } from "./select.ts";
import { typeSuite } from "./types.ts";

/**
 * Registers the compliance tests of a dialect with a test runner. Import the dialect first.
 *
 * @example
 * import { describe, it, beforeAll, afterAll } from "vitest";
 * import { complianceSuite } from "@athanor/testing";
 * import "athanor-dialect-duckdb";
 *
 * complianceSuite({
 *   url: "duckdb:///:memory:",
 *   runner: { describe, it, beforeAll, afterAll },
 *   requirements: { lateral: false },
 *   skip: { "select.fetch with ties": "DuckDB has no WITH TIES" },
 * });
 * @throws Error for a name in `skip` that no test has.
 */
export function complianceSuite(options: SuiteOptions): void {
  const suite = new Suite(options);
  for (const define of [
    selectSuite,
    dmlSuite,
    manySuite,
    typeSuite,
    transactionSuite,
    errorSuite,
    resultSuite,
    cancellationSuite,
    ddlSuite,
    reflectionSuite,
    ormSuite,
  ])
    define(suite);
  suite.end();
}
