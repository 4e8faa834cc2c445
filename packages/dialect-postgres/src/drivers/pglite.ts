/**
 * PGlite, PostgreSQL inside of the process: `postgresql+pglite://` is in memory, `postgresql+pglite:///folder` keeps its
 * data there. It speaks the wire protocol, so that `pg`'s client and ./pg-connection.ts work on it by a stream in between.
 */
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { Duplex } from "node:stream";
import { ArgumentError, type Driver, type DriverConnection, type ParamStyle } from "@athanor/driver";
import type { PostgresConnectOptions } from "../connect-options.ts";
import { PgDriver } from "./pg.ts";
import type { PgModule } from "./pg-port.ts";

/** What is used of a PGlite database. */
interface Database {
  execProtocolRaw(message: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
}

interface PgliteModule {
  readonly PGlite: { create(dataDir?: string, options?: object): Promise<Database> };
}

/** A socket that leads to a database in the same process. */
class DatabaseStream extends Duplex {
  readonly #database: Database;
  /** What a COPY … FROM STDIN has sent so far. */
  #copy: Buffer[] | null = null;

  constructor(database: Database) {
    super();
    this.#database = database;
  }

  connect(): this {
    setImmediate(() => this.emit("connect"));
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#send(chunk).then(() => done(), done);
  }

  /** What was written while the database was busy goes as one message: the extended protocol's parts belong together. */
  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk))).then(() => done(), done);
  }

  async #send(bytes: Buffer): Promise<void> {
    // Terminate would end the database, whose only session this is.
    const isFarewell = bytes.length === 5 && bytes[0] === 0x58;
    if (isFarewell) {
      this.push(null);
      return;
    }
    const message = this.#gathered(bytes);
    if (message === null) return;
    const answer = await this.#database.execProtocolRaw(new Uint8Array(message));
    if (answer.length > 0 && !this.destroyed) this.push(Buffer.from(answer));
  }

  /** The database wants a COPY with its data, in one piece: null while there is more to come. */
  #gathered(bytes: Buffer): Buffer | null {
    const copy = this.#copy;
    if (copy === null) {
      const isCopy =
        bytes[0] === 0x51 && /^(?:BEGIN[^;]*;)?\s*COPY\b[\s\S]*\bFROM\s+STDIN\b/i.test(bytes.toString("utf8", 5));
      if (!isCopy) return bytes;
      this.#copy = [bytes];
      this.push(copyInResponse);
      return null;
    }
    copy.push(bytes);
    if (!endsCopy(bytes)) return null;
    this.#copy = null;
    return Buffer.concat(copy);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.push(null);
    done();
  }
}

/** The server's word that it is ready for a COPY's data. */
const copyInResponse = Buffer.from([0x47, 0, 0, 0, 7, 0, 0, 0]);

/** Whether the last of some messages is CopyDone or CopyFail. */
function endsCopy(bytes: Buffer): boolean {
  let type = 0;
  for (let at = 0; at + 5 <= bytes.length; at += 1 + bytes.readInt32BE(at + 1)) type = bytes[at] as number;
  return type === 0x63 || type === 0x66;
}

/** `@electric-sql/pglite` as an Athanor driver. */
export class PgliteDriver implements Driver<PostgresConnectOptions> {
  readonly name: string = "pglite";
  readonly paramStyle: ParamStyle = "numeric_dollar";
  readonly isAsync: boolean = true;
  /** A database has one session. */
  readonly isSingle: boolean = true;
  readonly #module: PgliteModule;
  readonly #databases = new Map<string, Promise<Database>>();
  readonly #pg: unknown;

  /** @param pg what `import("pg")` gives. Default: the application's. */
  constructor(module: unknown, pg?: unknown) {
    const found = (module as { default?: unknown }).default ?? module;
    const known = (typeof (module as Partial<PgliteModule>).PGlite === "function" ? module : found) as PgliteModule;
    if (typeof known.PGlite?.create !== "function")
      throw new ArgumentError("this is not the package @electric-sql/pglite");
    this.#module = known;
    this.#pg = pg;
  }

  /** @param options.native options of `PGlite.create`; `database` is the folder, none: in memory. */
  async connect(options: PostgresConnectOptions = {}): Promise<DriverConnection> {
    const { database: folder, native, user, ...rest } = options;
    const dataDir = folder === undefined ? "memory://" : /^[a-z]+:\/\//.test(folder) ? folder : resolve(folder);
    let database = this.#databases.get(dataDir);
    if (database === undefined) {
      database = this.#module.PGlite.create(dataDir, native);
      this.#databases.set(dataDir, database);
      database.catch(() => this.#databases.delete(dataDir));
    }
    const opened = await database;
    const connection = await new PgDriver(withoutCancelling(this.#pg ?? loadPg())).connect({
      ...rest,
      host: "pglite",
      sslMode: "disable",
      user: user ?? "postgres",
      database: "postgres",
      native: { stream: () => new DatabaseStream(opened) },
    });
    // The session is the database's, not the connection's: begin it anew.
    await connection.execute("DISCARD ALL", [], { prepare: false });
    for (const [name, value] of Object.entries(settingsOf(options)))
      await connection.execute("SELECT set_config($1, $2, false)", [name, value], { prepare: false });
    const close = connection.close.bind(connection);
    connection.close = async () => {
      await close();
      if (this.#databases.delete(dataDir)) await opened.close();
    };
    return connection;
  }
}

/** The startup message's settings mean nothing to a session that is there already. */
function settingsOf({ timezone, settings, applicationName }: PostgresConnectOptions): Record<string, string> {
  return {
    DateStyle: "ISO",
    ...(timezone === null ? {} : { TimeZone: timezone ?? "UTC" }),
    ...(applicationName === undefined ? {} : { application_name: applicationName }),
    ...settings,
  };
}

/** A statement runs in this thread: no second connection can reach it, least of all one over the network. */
function withoutCancelling(module: unknown): PgModule {
  const pg = (
    typeof (module as Partial<PgModule>).Client === "function" ? module : (module as { default: unknown }).default
  ) as PgModule;
  class Client extends pg.Client {
    override get processID(): null {
      return null;
    }
    override set processID(_id: null) {}
  }
  return { Client, Connection: pg.Connection };
}

function loadPg(): unknown {
  try {
    return createRequire(`${process.cwd()}/athanor.js`)("pg");
  } catch {
    return createRequire(import.meta.url)("pg");
  }
}
