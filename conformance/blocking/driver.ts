/**
 * A blocking driver made of an asynchronous one: the real driver works in a thread, and each call sleeps until it has answered.
 * It lets the synchronous Session, lazy loads included, run on servers. For the recorded cases, not for production: it has no
 * cursors and no cancellation.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { makeUrl, resolveDialect } from "@athanor/core";
import type { Driver, DriverConnection, DriverParameters, DriverResult, ExecuteOptions } from "@athanor/driver";
import type { Answer, Call, WorkerData } from "./messages.ts";

/** A driver that has a thread of its own. */
export interface BlockingDriver extends Driver {
  /** Ends the thread. */
  end(): Promise<unknown>;
}

class Thread {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #answered: Int32Array<SharedArrayBuffer>;
  #connections = 0;

  constructor(url: string) {
    const signal = new SharedArrayBuffer(4);
    const { port1, port2 } = new MessageChannel();
    this.#answered = new Int32Array(signal);
    this.#port = port1;
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url), {
      workerData: { url, signal, port: port2 } satisfies WorkerData,
      transferList: [port2],
    });
    this.#worker.unref();
    port1.unref();
  }

  newId(): number {
    return ++this.#connections;
  }

  call(id: number, method: Call["method"], ...args: readonly unknown[]): unknown {
    const before = Atomics.load(this.#answered, 0);
    this.#port.postMessage({ id, method, args } satisfies Call);
    Atomics.wait(this.#answered, 0, before);
    const { message } = receiveMessageOnPort(this.#port) as { readonly message: Answer };
    if (message.ok) return message.value;
    throw Object.assign(new Error(message.message), message.facts);
  }

  end(): Promise<unknown> {
    return this.#worker.terminate();
  }
}

/** Options that mean something to a driver that only buffers. */
const sendable = ({ signal: _, ...options }: ExecuteOptions = {}): ExecuteOptions => options;

class BlockingConnection implements DriverConnection {
  readonly native = null;
  readonly #thread: Thread;
  readonly #id: number;
  #isOpen = true;

  constructor(thread: Thread, options: unknown) {
    this.#thread = thread;
    this.#id = thread.newId();
    thread.call(this.#id, "connect", options);
  }

  execute(sql: string, parameters: DriverParameters, options?: ExecuteOptions): DriverResult {
    return this.#thread.call(this.#id, "execute", sql, parameters, sendable(options)) as DriverResult;
  }

  executeMany(sql: string, sets: readonly DriverParameters[], options?: ExecuteOptions): DriverResult {
    return this.#thread.call(this.#id, "executeMany", sql, sets, sendable(options)) as DriverResult;
  }

  begin(sql?: string): void {
    this.#thread.call(this.#id, "begin", sql);
  }

  commit(): void {
    this.#thread.call(this.#id, "commit");
  }

  rollback(): void {
    this.#thread.call(this.#id, "rollback");
  }

  isOpen(): boolean {
    return this.#isOpen;
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#thread.call(this.#id, "close");
  }
}

/** The driver of a URL, made blocking. */
export function blockingDriver(url: string): BlockingDriver {
  const { driver } = resolveDialect(makeUrl(url), { isAsync: true });
  if (driver === null) throw new Error(`${url} has no driver`);
  const thread = new Thread(url);
  return {
    name: driver.name,
    paramStyle: driver.paramStyle,
    isAsync: false,
    connect: (options) => new BlockingConnection(thread, options),
    end: () => thread.end(),
  };
}
