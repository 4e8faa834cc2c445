/** What the suite asks of a test runner: vitest, node:test, mocha and Jest all have it. */

/** The functions of a test runner. */
export interface TestRunner {
  describe(name: string, define: () => void): unknown;
  it: {
    (name: string, work: () => Promise<void>): unknown;
    skip(name: string, work: () => Promise<void>): unknown;
  };
  before(work: () => Promise<void>): unknown;
  after(work: () => Promise<void>): unknown;
}

/** Runners name their hooks in one of two ways. */
export interface GivenRunner extends Omit<TestRunner, "before" | "after"> {
  readonly before?: TestRunner["before"];
  readonly after?: TestRunner["after"];
  readonly beforeAll?: TestRunner["before"];
  readonly afterAll?: TestRunner["after"];
}

/** @throws TypeError when the runner has no hooks. */
export function toRunner(given: GivenRunner): TestRunner {
  const before = given.before ?? given.beforeAll;
  const after = given.after ?? given.afterAll;
  if (before === undefined || after === undefined)
    throw new TypeError("the compliance suite needs the runner's hooks: before and after, or beforeAll and afterAll");
  return { describe: given.describe, it: given.it, before, after };
}
