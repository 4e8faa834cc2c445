/** MySQL and MariaDB: COM_STMT_PREPARE, and DDL in databases of our own. */
import { MariaDBDialect, MySQLDialect } from "@athanor/dialect-mysql";
import mysql from "mysql2/promise";
import { findMysql, type Server } from "../../test/setup/servers.ts";
import { type ScratchServer, versionOf } from "./server.ts";

/**
 * A database of its own. A schema is a database too, and the server may be shared: names of schemas in statements are replaced
 * by databases under our prefix.
 */
export class MysqlServer implements ScratchServer {
  readonly dialectName: "mysql" | "mariadb";
  readonly version: readonly number[];
  readonly dialect: MySQLDialect;
  readonly #connection: mysql.Connection;
  readonly #prefix: string;
  readonly #server: Server;
  readonly #databases = new Map<string, string>();

  private constructor(connection: mysql.Connection, prefix: string, server: Server, version: string) {
    this.#connection = connection;
    this.#prefix = prefix;
    this.#server = server;
    this.version = versionOf(version);
    this.dialectName = /mariadb/i.test(version) ? "mariadb" : "mysql";
    this.dialect =
      this.dialectName === "mariadb"
        ? new MariaDBDialect({ serverVersion: [11, 4] })
        : new MySQLDialect({ serverVersion: [8, 0, 36] });
  }

  /** A server that the tests find, or the one of a URL. */
  static async open(url?: string): Promise<MysqlServer | null> {
    const server = url === undefined ? await findMysql() : { url, stop: async () => {} };
    if (server === null) return null;
    const connection = await mysql.createConnection({ uri: server.url, rowsAsArray: true });
    const [rows] = await connection.query<mysql.RowDataPacket[][]>("SELECT VERSION()");
    const opened = new MysqlServer(connection, `athanor_conf_${process.pid}`, server, String(rows[0]?.[0]));
    await opened.empty();
    return opened;
  }

  async prepare(sql: string): Promise<string | null> {
    return complaint(async () => {
      const statement = await this.#connection.prepare(this.#moved(sql));
      await statement.close();
    });
  }

  async run(sql: string): Promise<string | null> {
    const created = /^\s*CREATE (?:DATABASE|SCHEMA) (?:IF NOT EXISTS )?`?([^`]+?)`?\s*$/i.exec(sql)?.[1];
    if (created !== undefined) this.#databases.set(created, `${this.#prefix}_${created}`);
    return complaint(() => this.#connection.query(this.#moved(sql)));
  }

  async makeSchema(name: string): Promise<void> {
    const database = `${this.#prefix}_${name}`;
    this.#databases.set(name, database);
    await this.#connection.query(`CREATE DATABASE IF NOT EXISTS ${quoted(database)} CHARACTER SET utf8mb4`);
  }

  /** DDL commits here: what was made stays until {@link empty}. */
  async begin(): Promise<void> {}
  async rollback(): Promise<void> {}

  async empty(): Promise<void> {
    await this.#drop();
    await this.#connection.query(`CREATE DATABASE ${quoted(this.#prefix)} CHARACTER SET utf8mb4`);
    await this.#connection.query(`USE ${quoted(this.#prefix)}`);
  }

  async close(): Promise<void> {
    await this.#drop();
    await this.#connection.end();
    await this.#server.stop();
  }

  async #drop(): Promise<void> {
    // Foreign keys across databases.
    await this.#connection.query("SET foreign_key_checks = 0");
    for (const database of [...this.#databases.values(), this.#prefix])
      await this.#connection.query(`DROP DATABASE IF EXISTS ${quoted(database)}`);
    await this.#connection.query("SET foreign_key_checks = 1");
    this.#databases.clear();
  }

  #moved(sql: string): string {
    let text = sql;
    for (const [name, database] of this.#databases) {
      const escaped = name.replaceAll(/[^\w]/g, "\\$&");
      text = text
        .replaceAll(`\`${name}\`.`, `${quoted(database)}.`)
        .replaceAll(new RegExp(`(?<![\\w\`.$])${escaped}\\.(?=[\\w\`])`, "g"), `${quoted(database)}.`)
        .replaceAll(
          new RegExp(`((?:SCHEMA|DATABASE) (?:IF (?:NOT )?EXISTS )?)\`?${escaped}\`?\\s*$`, "g"),
          `$1${quoted(database)}`,
        );
    }
    return text;
  }
}

const quoted = (name: string): string => `\`${name.replaceAll("`", "``")}\``;

async function complaint(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
