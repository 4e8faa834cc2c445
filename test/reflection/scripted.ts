/** A database that answers from a script: catalog rows as a server was seen to give them, for servers that are not at hand. */
import { createEngine, type Dialect, type Engine, registerDialect } from "@athanor/core";
import type { Driver, DriverConnection, DriverResult, DriverRow } from "@athanor/driver";

/** What is answered to statements that a pattern fits; the first that does counts. */
export type Answer = readonly [pattern: RegExp, rows: readonly DriverRow[]];

/** An engine of a script, with the statements that it was asked. */
export interface ScriptedEngine {
  readonly engine: Engine;
  readonly asked: readonly { readonly sql: string; readonly parameters: unknown }[];
}

let number = 0;

/** An engine whose dialect is the real one and whose server is the script. Statements that no pattern fits are an error. */
export function scriptedEngine(
  make: (driver: Driver) => Dialect,
  answers: readonly Answer[],
  native: object = {},
): ScriptedEngine {
  const asked: { sql: string; parameters: unknown }[] = [];
  const connection: DriverConnection = {
    native,
    execute(sql, parameters): DriverResult {
      asked.push({ sql, parameters });
      const answer = answers.find(([pattern]) => pattern.test(sql));
      if (answer === undefined) throw new Error(`the script has no answer to ${sql}`);
      return { columns: [], rows: [...answer[1]], rowCount: answer[1].length };
    },
    executeMany: () => ({ columns: null, rows: [], rowCount: -1 }),
    begin() {},
    commit() {},
    rollback() {},
    isOpen: () => true,
    close() {},
  };
  const driver: Driver = {
    name: "script",
    paramStyle: "named",
    isAsync: false,
    connect: () => connection,
  };
  const name = `script${++number}`;
  registerDialect(name, {
    defaultDriver: "script",
    drivers: { script: { package: "node:os", create: () => driver } },
    from: import.meta.url,
    create: (own) => make(own as Driver),
  });
  return { engine: createEngine(`${name}://`), asked };
}
