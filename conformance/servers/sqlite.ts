/** SQLite in memory: preparing resolves every name. */
import { SQLiteDialect } from "@athanor/dialect-sqlite";
import Database from "better-sqlite3";
import { type ScratchServer, versionOf } from "./server.ts";

/** A database in memory; schemas are attached ones. */
export class SqliteServer implements ScratchServer {
  readonly dialectName = "sqlite";
  readonly version: readonly number[];
  readonly dialect: SQLiteDialect = new SQLiteDialect({ serverVersion: [3, 40] });
  #database: Database.Database;
  #schemas = new Set<string>();

  constructor() {
    this.#database = open();
    this.version = versionOf(String(this.#database.prepare("SELECT sqlite_version()").pluck().get()));
  }

  async prepare(sql: string): Promise<string | null> {
    return complaint(() => this.#database.prepare(sql));
  }

  async run(sql: string): Promise<string | null> {
    return complaint(() => this.#database.exec(sql));
  }

  async makeSchema(name: string): Promise<void> {
    if (this.#schemas.has(name)) return;
    this.#schemas.add(name);
    this.#database.exec(`ATTACH ':memory:' AS "${name.replaceAll('"', '""')}"`);
  }

  async begin(): Promise<void> {
    this.#database.exec("BEGIN");
  }

  async rollback(): Promise<void> {
    this.#database.exec("ROLLBACK");
  }

  async empty(): Promise<void> {
    this.#database.close();
    this.#database = open();
    this.#schemas = new Set();
  }

  async close(): Promise<void> {
    this.#database.close();
  }
}

function open(): Database.Database {
  const database = new Database(":memory:");
  // The functions that the dialect gives each connection.
  database.function("regexp", { deterministic: true }, (pattern: unknown, text: unknown) =>
    Number(new RegExp(String(pattern)).test(String(text))),
  );
  return database;
}

function complaint(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
