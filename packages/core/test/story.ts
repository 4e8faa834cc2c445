/** What the engine's tests begin with: an engine of the small dialect, a table, and the lines that were logged. */
import {
  column,
  createEngine,
  type Engine,
  type EngineOptions,
  insert,
  type Logger,
  MetaData,
  t,
  table,
} from "@athanor/core";
import "./small-sqlite.ts";

export const metadata = new MetaData();

export const users = table("users", metadata, {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string(50), { nullable: false, unique: true }),
  age: column(t.integer),
});

/** Keeps log lines. */
export class Lines implements Logger {
  readonly lines: string[] = [];
  info(message: string): void {
    this.lines.push(message.replaceAll(/\d+\.\d+(e-\d+)?s/g, "Ns"));
  }
  /** Takes what was logged so far. */
  take(): string[] {
    return this.lines.splice(0);
  }
}

/** An engine in memory with the tables. */
export function engineWithUsers(options: EngineOptions = {}, ...names: string[]): { engine: Engine; log: Lines } {
  const logger = new Lines();
  const engine = createEngine("small://", { logger, ...options });
  metadata.createAll(engine);
  if (names.length > 0)
    engine.begin((connection) =>
      connection.execute(
        insert(users),
        names.map((name, index) => ({ name, age: index })),
      ),
    );
  logger.take();
  return { engine, log: logger };
}
