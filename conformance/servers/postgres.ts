/** PostgreSQL: a Parse message, as its drivers send it. */
import { PostgresDialect } from "@athanor/dialect-postgres";
import pg from "pg";
import { findPostgres, type Server } from "../../test/setup/servers.ts";
import { type ScratchServer, versionOf } from "./server.ts";

/** The part of pg's protocol layer that a submitted query uses. */
interface Wire {
  parse(message: { readonly text: string; readonly name: string; readonly types: readonly number[] }): void;
  sync(): void;
}

/** Sends Parse and Sync, and waits until the server is ready again. */
class ParseOnly {
  readonly #text: string;
  readonly #done: (complaint: string | null) => void;

  constructor(text: string, done: (complaint: string | null) => void) {
    this.#text = text;
    this.#done = done;
  }
  submit(wire: Wire): void {
    wire.parse({ text: this.#text, name: "", types: [] });
    wire.sync();
  }
  handleError(error: Error): void {
    // pg does not tell this query when the server is ready again; it queues the next one until then.
    this.#done(error.message);
  }
  handleReadyForQuery(): void {
    this.#done(null);
  }
}

/** A database of its own, dropped at the end. */
export class PostgresServer implements ScratchServer {
  readonly dialectName = "postgresql";
  readonly version: readonly number[];
  /** As behind a driver: every parameter is cast. */
  readonly dialect: PostgresDialect = new PostgresDialect({ serverVersion: [18], bindCasts: true });
  readonly #client: pg.Client;
  readonly #name: string;
  readonly #server: Server;
  #began = false;

  private constructor(client: pg.Client, name: string, server: Server, version: string) {
    this.#client = client;
    this.#name = name;
    this.#server = server;
    this.version = versionOf(version);
  }

  static async open(): Promise<PostgresServer | null> {
    const server = await findPostgres();
    if (server === null) return null;
    const name = `athanor_conformance_${process.pid}`;
    await withAdmin(server, async (admin) => {
      await admin.query(`DROP DATABASE IF EXISTS ${name}`);
      await admin.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
    });
    const url = new URL(server.url);
    url.pathname = `/${name}`;
    const client = new pg.Client({ connectionString: url.href });
    client.on("error", () => {});
    await client.connect();
    await client.query("SET client_min_messages = error");
    for (const extension of ["hstore", "citext"]) await client.query(`CREATE EXTENSION IF NOT EXISTS ${extension}`);
    const { rows } = await client.query<{ server_version: string }>("SHOW server_version");
    return new PostgresServer(client, name, server, rows[0]?.server_version ?? "0");
  }

  prepare(sql: string): Promise<string | null> {
    return new Promise((done) => {
      this.#client.query(new ParseOnly(sql, done) as unknown as pg.Submittable);
    });
  }

  async run(sql: string): Promise<string | null> {
    // Not allowed in a transaction: the grammar is looked at.
    if (/\bCONCURRENTLY\b/.test(sql)) return this.prepare(sql);
    // What fails must not take back what was made before it.
    if (this.#began) await this.#client.query("SAVEPOINT before_it");
    try {
      await this.#client.query(sql);
      return null;
    } catch (error) {
      if (this.#began) await this.#client.query("ROLLBACK TO SAVEPOINT before_it");
      return (error as Error).message;
    }
  }

  async makeSchema(name: string): Promise<void> {
    await this.#client.query(`CREATE SCHEMA IF NOT EXISTS ${this.#client.escapeIdentifier(name)}`);
  }

  async begin(): Promise<void> {
    await this.#client.query("BEGIN");
    this.#began = true;
  }

  async rollback(): Promise<void> {
    this.#began = false;
    await this.#client.query("ROLLBACK");
  }

  /** Cases of DDL are rolled back. */
  async empty(): Promise<void> {}

  async close(): Promise<void> {
    await this.#client.end();
    await withAdmin(this.#server, async (admin) => {
      await admin.query(`DROP DATABASE IF EXISTS ${this.#name} WITH (FORCE)`);
    });
    await this.#server.stop();
  }
}

async function withAdmin(server: Server, work: (admin: pg.Client) => Promise<void>): Promise<void> {
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}
