/**
 * A server that speaks TDS 7.4 on the loopback interface: for tests of the driver with a real tedious. It answers from
 * scripts, or has a session (./sqlite-session.ts) execute what it is sent; it can drop connections, hang, answer late, and
 * be told to stop. No TLS: connect with `encrypt=false`.
 */
import net from "node:net";
import { Client } from "./client.ts";
import type { TdsParameter } from "./parameter.ts";
import type { TdsMessage, TdsResult } from "./tokens.ts";

/** What the server was sent. */
export interface TdsStatement {
  /** `"rpc"`: through sp_executesql. */
  readonly kind: "batch" | "rpc" | "bulk";
  readonly sql: string;
  /** Of `"rpc"`: `@a int, @b nvarchar(4000)`. */
  readonly declarations: string;
  readonly parameters: readonly TdsParameter[];
}

/** What the server answers. */
export interface TdsReply {
  readonly results?: readonly TdsResult[];
  /** Errors, behind the results. */
  readonly errors?: readonly TdsMessage[];
  /** Messages, in front of the results. */
  readonly info?: readonly TdsMessage[];
  /** Milliseconds before the answer. */
  readonly delay?: number;
  /** The connection is cut instead of an answer, or in the middle of the rows. */
  readonly drop?: "before" | "midway";
  /** No answer until the client sends an attention. */
  readonly hang?: boolean;
  /** The server gives the transaction up, as it does with deadlock victims. */
  readonly rollsBack?: boolean;
}

/** Executes statements that no script answers. */
export interface TdsSession {
  query(statement: TdsStatement): TdsReply | Promise<TdsReply>;
  begin(): void | Promise<void>;
  commit(): void | Promise<void>;
  rollback(): void | Promise<void>;
  close(): void | Promise<void>;
}

/** What happened, in order. */
export type TdsLogEntry =
  | { readonly type: "login"; readonly user: string; readonly database: string; readonly app: string }
  | ({ readonly type: "statement" } & TdsStatement)
  | { readonly type: "begin" | "commit" | "rollback"; readonly level?: number }
  | { readonly type: "attention" }
  | { readonly type: "close" };

interface Script {
  readonly matches: RegExp;
  readonly reply: (statement: TdsStatement) => TdsReply;
  times: number;
}

/** A running server. */
export class TdsServer {
  readonly log: TdsLogEntry[] = [];
  /** An error refuses a login. */
  login: (user: string, database: string) => TdsMessage | null = () => null;
  readonly #net: net.Server;
  readonly #scripts: Script[] = [];
  readonly #clients = new Set<Client>();
  readonly #makeSession: (() => TdsSession) | null;

  /** @param makeSession what executes the statements of a connection; null: those without a script are answered with nothing. */
  constructor(makeSession: (() => TdsSession) | null = null) {
    this.#makeSession = makeSession;
    this.#net = net.createServer((socket) => {
      const client = new Client(socket, this, this.#makeSession?.() ?? null);
      this.#clients.add(client);
      socket.on("close", () => {
        this.#clients.delete(client);
        this.log.push({ type: "close" });
      });
    });
  }

  /** Listens on a free port. */
  listen(): Promise<this> {
    return new Promise((resolve) => {
      this.#net.listen(0, "127.0.0.1", () => resolve(this));
    });
  }

  get port(): number {
    return (this.#net.address() as net.AddressInfo).port;
  }

  get connections(): number {
    return this.#clients.size;
  }

  /** `mssql://sa:…@127.0.0.1:port/shop?…` */
  url(query = ""): string {
    return `mssql://sa:secret@127.0.0.1:${this.port}/shop?encrypt=false${query === "" ? "" : `&${query}`}`;
  }

  /** Answers statements that match, the next `times` of them. Later scripts come first. */
  script(matches: RegExp, reply: TdsReply | ((statement: TdsStatement) => TdsReply), times = Infinity): void {
    this.#scripts.unshift({ matches, times, reply: typeof reply === "function" ? reply : () => reply });
  }

  /** Forgets scripts and log. */
  clear(): void {
    this.#scripts.length = 0;
    this.log.length = 0;
    this.login = () => null;
  }

  /** Statements that were sent, and what happened to transactions, as text. */
  get story(): string[] {
    return this.log.flatMap((entry) => {
      if (entry.type === "statement") return [entry.sql];
      return entry.type === "login" || entry.type === "close" ? [] : [entry.type.toUpperCase()];
    });
  }

  /** Statements whose text matches. */
  statements(matches: RegExp): TdsStatement[] {
    return this.log.flatMap((entry) => (entry.type === "statement" && matches.test(entry.sql) ? [entry] : []));
  }

  /** The answer of the first script that matches; undefined where none does. */
  scripted(statement: TdsStatement): TdsReply | undefined {
    const script = this.#scripts.find((candidate) => candidate.times > 0 && candidate.matches.test(statement.sql));
    if (script === undefined) return undefined;
    script.times -= 1;
    return script.reply(statement);
  }

  /** Cuts all connections. */
  dropAll(): void {
    for (const client of this.#clients) client.drop();
  }

  async close(): Promise<void> {
    this.dropAll();
    await new Promise((resolve) => this.#net.close(resolve));
  }
}
