/** What stands behind the fake connections: something that executes, or scripts that answer. */

/** A parameter as the driver has checked and typed it. */
export interface FakeBind {
  /** As in the statement: in capitals, unless quoted. */
  readonly name: string;
  /** As the program gave it. */
  readonly key: string;
  /** `NUMBER`, `VARCHAR`, `TIMESTAMP`, … */
  readonly type: string;
  readonly isOut: boolean;
  /** Of RETURNING … INTO. */
  readonly isReturning: boolean;
  readonly maxSize: number | undefined;
  /** One for each iteration. */
  readonly values: readonly unknown[];
}

/** One call of `execute` or `executeMany`. */
export interface FakeStatement {
  readonly sql: string;
  readonly binds: readonly FakeBind[];
  readonly iterations: number;
  readonly isMany: boolean;
  readonly options: Readonly<Record<string, unknown>>;
  readonly timeout: number;
}

/** A column of the rows. */
export interface FakeColumn {
  readonly name: string;
  /** `NUMBER`, `VARCHAR`, `DATE`, … as in oracledb's `DB_TYPE_…`. */
  readonly type: string;
  readonly precision?: number;
  readonly scale?: number;
}

/** The answer. */
export interface FakeReply {
  readonly columns?: readonly FakeColumn[];
  readonly rows?: readonly (readonly unknown[])[];
  readonly affected?: number;
  /** For each iteration, one value per out parameter; a list of them for RETURNING. */
  readonly out?: readonly (readonly unknown[])[];
}

/** A session. */
export interface FakeBackend {
  execute(statement: FakeStatement): Promise<FakeReply>;
  /** COMMIT, ROLLBACK, PING, AUTOCOMMIT, TPC …; false: a prepared transaction has nothing to commit. */
  call(what: { readonly word: string }): Promise<unknown>;
  close(): Promise<void>;
}

/** Thrown by a backend: the connection breaks. */
export class Broken extends Error {
  readonly breaks = true;
}

interface Script {
  readonly matches: RegExp;
  readonly reply: (statement: FakeStatement) => FakeReply | Promise<FakeReply>;
  times: number;
}

/** Answers from scripts in front of a backend, and remembers what came. */
export class Scripted {
  /** Statements and calls, in order. */
  readonly story: string[] = [];
  readonly statements: FakeStatement[] = [];
  readonly #scripts: Script[] = [];

  /** Answers statements that match, the next `times` of them. Later scripts come first. */
  script(
    matches: RegExp,
    reply: FakeReply | Error | ((statement: FakeStatement) => FakeReply | Promise<FakeReply>),
    times = Infinity,
  ): void {
    const answer =
      reply instanceof Error ? () => Promise.reject(reply) : typeof reply === "function" ? reply : () => reply;
    this.#scripts.unshift({ matches, times, reply: answer });
  }

  /** The last statement that matches. */
  last(matches: RegExp): FakeStatement | undefined {
    return this.statements.findLast(({ sql }) => matches.test(sql));
  }

  clear(): void {
    this.story.length = 0;
    this.statements.length = 0;
    this.#scripts.length = 0;
  }

  /** A session that is scripted; what no script answers goes to `behind`. */
  session(behind: FakeBackend | null): FakeBackend {
    return {
      execute: async (statement) => {
        this.statements.push(statement);
        this.story.push(statement.sql);
        const script = this.#scripts.find((candidate) => candidate.times > 0 && candidate.matches.test(statement.sql));
        if (script === undefined) return (await behind?.execute(statement)) ?? {};
        script.times -= 1;
        return script.reply(statement);
      },
      call: async (what) => {
        if (what.word !== "AUTOCOMMIT") this.story.push(what.word);
        return behind?.call(what);
      },
      close: async () => {
        await behind?.close();
      },
    };
  }
}
