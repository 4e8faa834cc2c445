/**
 * `npm test`: every check in order, stopping at the first that fails. The last line is always `N passed, N failed`:
 * the counts of vitest's tests, plus one for each other stage.
 */
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binOf, root, runNode } from "./run-node.mjs";

let passed = 0;
let failed = 0;
const started = performance.now();

function countTests(report, status) {
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, "utf8"));
  // A file that cannot be loaded, or an unhandled error, fails the run without failing a test.
  return { passed: numPassedTests, failed: status === 0 ? numFailedTests : Math.max(1, numFailedTests) };
}

/** The tests, or those of some folders, with variables of their own. */
function runVitest(paths = [], variables = {}) {
  const folder = mkdtempSync(join(tmpdir(), "athanor-vitest-"));
  const report = join(folder, "report.json");
  const args = ["run", ...paths, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const status = runNode([binOf("vitest"), ...args], { env: { ...process.env, ...variables } });
  const counts = countTests(report, status);
  rmSync(folder, { recursive: true, force: true });
  return counts;
}

/** The files that talk to MySQL or MariaDB once more, on the other of the two. */
function runOnOtherMysql() {
  const url = process.env.ATHANOR_TEST_OTHER_MYSQL_URL;
  if (url) return runVitest(mysqlTests(), { ATHANOR_TEST_MYSQL_URL: url, ATHANOR_TEST_PG_URL: "none" });
  console.error("*** NO SECOND MYSQL (ATHANOR_TEST_OTHER_MYSQL_URL): the tests on it are SKIPPED ***");
  return { passed: 0, failed: 0 };
}

const mysqlTests = () =>
  globSync(["packages/*/test/**/*.test.ts", "test/**/*.test.ts"], { cwd: root }).filter(
    (file) => file.startsWith("packages/dialect-mysql/") || readFileSync(join(root, file), "utf8").includes("mysqlUrl"),
  );

const one = (args) => () => (runNode(args) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });

const stages = [
  ["lint", one([binOf("@biomejs/biome", "biome"), "check", "--error-on-warnings", "."])],
  ["layers", one(["tools/check-layers.mjs"])],
  ["cycles", one(["tools/check-cycles.mjs"])],
  ["size", one(["tools/check-size.mjs"])],
  ["lockfile", one(["tools/check-lockfile.mjs"])],
  ["build", one([binOf("typescript", "tsc"), "-b"])],
  ["declarations", one(["tools/check-declarations.mjs"])],
  ["packages", one(["tools/check-packages.mjs"])],
  ["types", one([binOf("typescript", "tsc"), "-p", "tsconfig.check.json"])],
  ["type tests", one(["tools/type-tests.mjs"])],
  ["type budget", one(["tools/check-type-budget.mjs"])],
  ["tests", () => runVitest()],
  ["tests on the other of MySQL and MariaDB", runOnOtherMysql],
  ["recorded cases", one(["tools/check-conformance.mjs"])],
  ["conformance", one(["--conditions=athanor-source", "conformance/run.ts"])],
  ["install", one(["tools/install-test.mjs"])],
];

try {
  for (const [name, run] of stages) {
    console.log(`\n--- ${name}`);
    const counts = run();
    passed += counts.passed;
    failed += counts.failed;
    if (counts.failed > 0) {
      console.error(`\nstopped: ${name} failed`);
      break;
    }
  }
} catch (error) {
  failed += 1;
  console.error(error);
} finally {
  console.log(`\n${((performance.now() - started) / 1000).toFixed(1)} s on Node ${process.version}`);
  console.log(`${passed} passed, ${failed} failed`);
}
process.exitCode = failed > 0 ? 1 : 0;
