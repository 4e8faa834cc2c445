/** One connection of the test server: packets, messages, and what they ask for. */
import type net from "node:net";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { readParameter, type TdsParameter } from "./parameter.ts";
import type { TdsReply, TdsServer, TdsSession, TdsStatement } from "./server.ts";
import {
  collationBytes,
  columnsToken,
  doneToken,
  environmentToken,
  messageToken,
  rowToken,
  shortBytes,
  shortText,
  status,
  type TdsResult,
  token,
} from "./tokens.ts";

/** Kinds of the client's messages. */
const message = { batch: 0x01, rpc: 0x03, attention: 0x06, bulk: 0x07, transaction: 0x0e, login: 0x10, prelogin: 0x12 };
const REPLY = 0x04;
const SP_EXECUTESQL = 10;
const BEGIN = 5;
const COMMIT = 7;
const ROLLBACK = 8;

/** A client that has connected. */
export class Client {
  readonly #socket: net.Socket;
  readonly #server: TdsServer;
  readonly #session: TdsSession | null;
  #received = Buffer.alloc(0);
  #parts: Buffer[] = [];
  #packetSize = 4096;
  #transaction = 0n;
  #isOpen = false;
  #work: Promise<void> = Promise.resolve();
  #isBusy = false;
  #isInterrupted = false;
  #wake: (() => void) | null = null;

  constructor(socket: net.Socket, server: TdsServer, session: TdsSession | null) {
    this.#socket = socket;
    this.#server = server;
    this.#session = session;
    socket.on("data", (data) => this.#receive(data));
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#isInterrupted = true;
      this.#wake?.();
      void session?.close();
    });
  }

  drop(): void {
    this.#socket.destroy();
  }

  #receive(data: Buffer): void {
    this.#received = Buffer.concat([this.#received, data]);
    while (this.#received.length >= 8 && this.#received.length >= this.#received.readUInt16BE(2)) {
      const length = this.#received.readUInt16BE(2);
      const packet = this.#received.subarray(0, length);
      this.#received = this.#received.subarray(length);
      this.#parts.push(packet.subarray(8));
      const bits = packet[1] as number;
      if ((bits & 1) === 0) continue;
      const body = Buffer.concat(this.#parts);
      this.#parts = [];
      const type = packet[0] as number;
      // "Ignore this message": the client gave up while it was sending.
      const isIgnored = (bits & 2) !== 0;
      if (type === message.attention) this.#interrupt();
      else
        this.#queue(() => (isIgnored ? this.#send([doneToken(token.done, status.error)]) : this.#handle(type, body)));
    }
  }

  /** One message is answered after the other; what goes wrong here ends the connection, as a server's bug would. */
  #queue(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch((error: unknown) => {
      this.#socket.destroy(error as Error);
    });
  }

  #interrupt(): void {
    this.#server.log.push({ type: "attention" });
    if (this.#isBusy) {
      this.#isInterrupted = true;
      this.#wake?.();
    }
    this.#queue(async () => {
      this.#isInterrupted = false;
      await this.#send([doneToken(token.done, status.attention)]);
    });
  }

  async #handle(type: number, body: Buffer): Promise<void> {
    switch (type) {
      case message.prelogin:
        return this.#send([preLogin()]);
      case message.login:
        return this.#login(body);
      case message.transaction:
        return this.#manage(afterHeaders(body));
      case message.batch: {
        const input = afterHeaders(body);
        return this.#answer({ kind: "batch", sql: input.ucs2(input.rest / 2), declarations: "", parameters: [] });
      }
      case message.rpc:
        return this.#answer(readCall(afterHeaders(body)));
      case message.bulk:
        return this.#answer({
          kind: "bulk",
          sql: `bulk data of ${body.length} bytes`,
          declarations: "",
          parameters: [],
        });
      default:
        throw new Error(`the server does not know messages of type ${type}`);
    }
  }

  async #login(body: Buffer): Promise<void> {
    const at = (offset: number): string =>
      body
        .subarray(body.readUInt16LE(offset), body.readUInt16LE(offset) + body.readUInt16LE(offset + 2) * 2)
        .toString("utf16le");
    const user = at(40);
    const app = at(48);
    const database = at(68) || "master";
    const refusal = this.#server.login(user, database);
    if (refusal !== null) {
      await this.#send([messageToken(refusal, true), doneToken(token.done, status.error)]);
      return;
    }
    this.#packetSize = Math.min(body.readUInt32LE(8) || 4096, 32_767);
    this.#server.log.push({ type: "login", user, database, app });
    const ack = new ByteWriter()
      .u8(1)
      .bytes(Buffer.of(0x74, 0, 0, 4))
      .shortText("Microsoft SQL Server")
      .bytes(Buffer.of(16, 0, 0x10, 0)).done;
    await this.#send([
      environmentToken(1, shortText(database), shortText("master")),
      environmentToken(7, collationBytes, shortBytes(Buffer.alloc(0))),
      new ByteWriter().u8(token.loginAck).u16(ack.length).bytes(ack).done,
      environmentToken(4, shortText(String(this.#packetSize)), shortText("4096")),
      doneToken(token.done, status.final),
    ]);
  }

  /** Begin, commit and rollback by requests of the protocol. */
  async #manage(input: ByteReader): Promise<void> {
    const kind = input.u16();
    const none = shortBytes(Buffer.alloc(0));
    const id = (): Buffer => shortBytes(new ByteWriter().i64(this.#transaction).done);
    const { log } = this.#server;
    if (kind === BEGIN) {
      log.push({ type: "begin", level: input.u8() });
      await this.#session?.begin();
      this.#transaction += 1n;
      this.#isOpen = true;
      return this.#send([environmentToken(8, id(), none), doneToken(token.done, status.final)]);
    }
    if (kind !== COMMIT && kind !== ROLLBACK) throw new Error(`the server does not know transaction request ${kind}`);
    const isCommit = kind === COMMIT;
    log.push({ type: isCommit ? "commit" : "rollback" });
    if (!this.#isOpen) {
      const word = isCommit ? "COMMIT" : "ROLLBACK";
      const missing = `The ${word} TRANSACTION request has no corresponding BEGIN TRANSACTION.`;
      return this.#send([
        messageToken({ number: isCommit ? 3902 : 3903, message: missing }, true),
        doneToken(token.done, status.error),
      ]);
    }
    if (isCommit) await this.#session?.commit();
    else await this.#session?.rollback();
    this.#isOpen = false;
    await this.#send([environmentToken(isCommit ? 9 : 10, none, id()), doneToken(token.done, status.final)]);
  }

  // ---- statements ----

  async #answer(statement: TdsStatement): Promise<void> {
    this.#server.log.push({ type: "statement", ...statement });
    this.#isBusy = true;
    try {
      const reply = this.#server.scripted(statement) ?? (await this.#own(statement)) ?? { results: [{ count: null }] };
      if (reply.drop === "before") return this.drop();
      if (reply.hang === true) await this.#interruption();
      else if (reply.delay !== undefined) await this.#interruption(reply.delay);
      if (this.#isInterrupted) return await this.#send([doneToken(token.done, status.error)]);
      await this.#send(this.#tokensOf(statement, reply));
    } finally {
      this.#isBusy = false;
    }
  }

  /** What tedious sends of itself, and the session's own statements. */
  #own(statement: TdsStatement): TdsReply | Promise<TdsReply> | undefined {
    if (/^set /i.test(statement.sql)) return { results: [{ count: null }] };
    return this.#session?.query(statement);
  }

  /** Waits for an attention, or for the end of a time. */
  #interruption(milliseconds?: number): Promise<void> {
    if (this.#isInterrupted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  *#tokensOf(statement: TdsStatement, reply: TdsReply): Generator<Buffer> {
    const isCall = statement.kind === "rpc";
    const { results = [], errors = [], info = [] } = reply;
    for (const said of info) yield messageToken(said, false);
    for (const [index, result] of results.entries()) {
      const isLast = !isCall && index === results.length - 1 && errors.length === 0;
      yield* this.#resultTokens(result, isCall ? token.doneInProcedure : token.done, isLast, reply);
      if (this.#isInterrupted) return;
    }
    for (const error of errors) yield messageToken(error, true);
    if (reply.rollsBack === true && this.#isOpen) {
      this.#isOpen = false;
      void this.#session?.rollback();
      yield environmentToken(10, shortBytes(Buffer.alloc(0)), shortBytes(new ByteWriter().i64(this.#transaction).done));
    }
    const end = errors.length > 0 ? status.error : status.final;
    if (isCall) {
      yield new ByteWriter().u8(token.returnStatus).i32(errors[0]?.number ?? 0).done;
      yield doneToken(token.doneProcedure, end);
    } else if (results.length === 0 || errors.length > 0) yield doneToken(token.done, end);
  }

  *#resultTokens(result: TdsResult, kind: number, isLast: boolean, reply: TdsReply): Generator<Buffer> {
    const { columns, rows = [], count = 0 } = result;
    const more = isLast ? status.final : status.more;
    if (columns === undefined) {
      yield doneToken(kind, count === null ? more : more | status.count, count ?? 0);
      return;
    }
    yield columnsToken(columns);
    let sent = 0;
    for (const row of rows) {
      yield rowToken(columns, row);
      sent += 1;
      if (this.#isInterrupted) return;
      if (reply.drop === "midway") {
        this.drop();
        return;
      }
    }
    yield doneToken(kind, more | status.count, sent);
  }

  /** Writes a message in packets, no faster than the client reads. */
  async #send(tokens: Iterable<Buffer>): Promise<void> {
    const room = this.#packetSize - 8;
    let waiting: Buffer[] = [];
    let size = 0;
    let number = 1;
    const write = async (body: Buffer, isLast: boolean): Promise<void> => {
      const header = Buffer.alloc(8);
      header[0] = REPLY;
      header[1] = isLast ? 1 : 0;
      header.writeUInt16BE(body.length + 8, 2);
      header[6] = number++ & 0xff;
      if (this.#socket.destroyed || this.#socket.write(Buffer.concat([header, body]))) return;
      await new Promise<void>((resolve) => {
        this.#socket.once("drain", resolve);
        this.#socket.once("close", () => resolve());
      });
    };
    for (const part of tokens) {
      waiting.push(part);
      size += part.length;
      if (size <= room) continue;
      let all = Buffer.concat(waiting);
      for (; all.length > room; all = all.subarray(room)) await write(all.subarray(0, room), false);
      waiting = [all];
      size = all.length;
      if (this.#socket.destroyed) return;
    }
    if (this.#isInterrupted && this.#isBusy) waiting.push(doneToken(token.done, status.error));
    const all = Buffer.concat(waiting);
    if (all.length > room) {
      await write(all.subarray(0, room), false);
      await write(all.subarray(room), true);
    } else await write(all, true);
  }
}

/** VERSION, ENCRYPTION (not supported), INSTOPT, THREADID, MARS. */
function preLogin(): Buffer {
  const options: readonly (readonly [number, Buffer])[] = [
    [0, Buffer.of(16, 0, 4, 0, 0, 0)],
    [1, Buffer.of(2)],
    [2, Buffer.of(0)],
    [3, Buffer.alloc(0)],
    [4, Buffer.of(0)],
  ];
  let offset = options.length * 5 + 1;
  const heads = options.map(([kind, value]) => {
    const head = Buffer.alloc(5);
    head[0] = kind;
    head.writeUInt16BE(offset, 1);
    head.writeUInt16BE(value.length, 3);
    offset += value.length;
    return head;
  });
  return Buffer.concat([...heads, Buffer.of(0xff), ...options.map(([, value]) => value)]);
}

/** The body behind the headers that every request begins with. */
function afterHeaders(body: Buffer): ByteReader {
  return new ByteReader(body.subarray(body.readUInt32LE(0)));
}

/** A call of sp_executesql. */
function readCall(input: ByteReader): TdsStatement {
  const length = input.u16();
  const procedure = length === 0xffff ? input.u16() : input.ucs2(length);
  if (procedure !== SP_EXECUTESQL) throw new Error(`the server does not know the procedure ${procedure}`);
  input.u16();
  const parameters: TdsParameter[] = [];
  while (input.hasMore) parameters.push(readParameter(input));
  const [statement, declarations, ...values] = parameters;
  return {
    kind: "rpc",
    sql: String(statement?.value),
    declarations: String(declarations?.value ?? ""),
    parameters: values,
  };
}
