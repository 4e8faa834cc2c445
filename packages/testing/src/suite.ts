/** The frame of the suite: groups of tests over tables of their own, what they require, what is skipped and why. */
import { type AsyncConnection, type AsyncEngine, createAsyncEngine } from "@athanor/async";
import { type EngineOptions, insert, type MetaData, type Table } from "@athanor/core";
import { type RequirementName, type Requirements, requirementsOf } from "./requirements.ts";
import { type GivenRunner, type TestRunner, toRunner } from "./runner.ts";

/** What a dialect author gives. */
export interface SuiteOptions {
  /** Of an empty database that the suite may fill; tables are dropped at the end. */
  readonly url: string;
  /** The functions of the test runner: `{ describe, it, beforeAll, afterAll }` of vitest, or those of node:test. */
  readonly runner: GivenRunner;
  /** Options of `createAsyncEngine()`. */
  readonly engine?: EngineOptions;
  /** What differs from {@link requirementsOf}. */
  readonly requirements?: Partial<Requirements>;
  /** Tests that cannot pass, each with the reason: `{ "select.full join": "H2 writes it otherwise" }`. */
  readonly skip?: Readonly<Record<string, string>>;
}

/** What a test works with. */
export interface TestContext {
  readonly engine: AsyncEngine;
  /** In a transaction that is rolled back at the end. */
  readonly connection: AsyncConnection;
  readonly requirements: Requirements;
}

type Work = (context: TestContext) => Promise<void>;
type Row = Readonly<Record<string, unknown>>;

/** Groups of tests for one database. */
export class Suite {
  readonly requirements: Requirements;
  readonly #runner: TestRunner;
  readonly #engine: AsyncEngine;
  readonly #skip: Readonly<Record<string, string>>;
  readonly #seen = new Set<string>();

  constructor(options: SuiteOptions) {
    this.#runner = toRunner(options.runner);
    this.#engine = createAsyncEngine(options.url, options.engine);
    this.requirements = { ...requirementsOf(this.#engine.dialect), ...options.requirements };
    this.#skip = options.skip ?? {};
  }

  /** A group with tables of its own, made before its tests and dropped after them. */
  group(name: string, metadata: MetaData | null, define: (group: Group) => void): void {
    this.#runner.describe(name, () => {
      const group = new Group((test, needs, work) => this.#add(`${name}.${test}`, needs, work));
      define(group);
      const engine = this.#engine;
      this.#runner.before(async () => {
        if (metadata === null) return;
        await metadata.dropAll(engine);
        await metadata.createAll(engine);
        await engine.begin(async (connection) => {
          for (const [table, rows] of group.rows) await connection.execute(insert(table), rows);
        });
      });
      this.#runner.after(async () => {
        if (metadata !== null) await metadata.dropAll(engine);
      });
    });
  }

  /**
   * Closes the engine after all groups. A name in `skip` that no test has fails there: runners that put off the body of a
   * nested `describe` have not seen the tests before.
   */
  end(): void {
    this.#runner.after(async () => {
      await this.#engine.dispose();
      const unknown = Object.keys(this.#skip).filter((id) => !this.#seen.has(id));
      if (unknown.length > 0)
        throw new Error(`no test is called ${unknown.map((id) => JSON.stringify(id)).join(", ")}`);
    });
  }

  #add(id: string, needs: readonly RequirementName[], work: Work): void {
    this.#seen.add(id);
    const name = id.slice(id.indexOf(".") + 1);
    const missing = needs.filter((need) => !this.requirements[need]);
    const reason = this.#skip[id] ?? (missing.length > 0 ? `no ${missing.join(", no ")}` : undefined);
    const { it } = this.#runner;
    if (reason !== undefined) it.skip(`${name} (${reason})`, async () => {});
    else it(name, () => this.#inTransaction(work));
  }

  async #inTransaction(work: Work): Promise<void> {
    const { requirements } = this;
    const engine = this.#engine;
    const connection = await engine.connect();
    try {
      await work({ engine, connection, requirements });
    } finally {
      await connection.close();
    }
  }
}

/** The tests of one subject. */
export class Group {
  /** Rows that are there before the first test, committed. */
  readonly rows: (readonly [Table, readonly Row[]])[] = [];
  readonly #add: (name: string, needs: readonly RequirementName[], work: Work) => void;

  constructor(add: (name: string, needs: readonly RequirementName[], work: Work) => void) {
    this.#add = add;
  }

  /** Fills a table before the tests. */
  fill(table: Table<never> | Table, rows: readonly Row[]): void {
    this.rows.push([table as Table, rows]);
  }

  /** A test; it is skipped where the database lacks what it needs. */
  test(name: string, ...rest: readonly [...needs: RequirementName[], work: Work]): void {
    this.#add(name, rest.slice(0, -1) as RequirementName[], rest.at(-1) as Work);
  }
}
