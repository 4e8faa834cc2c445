/** LISTEN and NOTIFY: messages between connections of one database. */
import {
  AthanorError,
  type ConnectionCore,
  checkoutStep,
  type EngineCore,
  executeStep,
  InvalidRequestError,
  quoteIdentifier,
  text,
  translateFailure,
} from "@athanor/core";
import { CancelledError, runAsync } from "@athanor/driver";
import { type Notification, PostgresConnection } from "./connection.ts";

/** Options of {@link notifications}. */
export interface NotificationOptions {
  /** Ends the loop. */
  readonly signal?: AbortSignal;
  /** Called once the server listens: what is sent from then on arrives. */
  readonly onListening?: () => void;
}

/**
 * Messages of channels, as they arrive, over a connection of its own that is closed with the loop.
 *
 * @param engine an engine of `@athanor/async`.
 * @throws OperationalError when the connection is lost; messages sent meanwhile are not seen. CancelledError by the signal.
 * @example for await (const { payload } of notifications(engine, ["jobs"])) await work(payload);
 */
export async function* notifications(
  engine: { readonly core: EngineCore },
  channels: readonly string[],
  options: NotificationOptions = {},
): AsyncGenerator<Notification, void> {
  const { core } = engine;
  const { signal } = options;
  const lease = await runAsync(checkoutStep(core, signal === undefined ? undefined : { signal }));
  try {
    const connection = lease.connection;
    if (!(connection instanceof PostgresConnection))
      throw new InvalidRequestError(
        `LISTEN needs a connection to PostgreSQL, not over ${core.dialect.driver?.name ?? "no driver"}`,
      );
    await runAsync(lease.detach());
    const inbox = new Inbox(connection, signal);
    try {
      for (const channel of channels) {
        const name = quoteIdentifier(channel, core.dialect.identifiers);
        await connection.execute(`LISTEN ${name}`, [], { prepare: false, returnsRows: false });
      }
      options.onListening?.();
      for (;;) yield await inbox.next();
    } catch (error) {
      if (error instanceof AthanorError) throw error;
      await runAsync(lease.invalidate(error));
      throw await runAsync(
        translateFailure(core, null, error, { statement: `LISTEN ${channels.join()}`, parameters: [] }),
      );
    } finally {
      inbox.close();
    }
  } finally {
    await runAsync(lease.release());
  }
}

/** Messages that wait to be read. */
class Inbox {
  readonly #connection: PostgresConnection;
  readonly #signal: AbortSignal | undefined;
  readonly #stop: () => void;
  readonly #waiting: Notification[] = [];
  #failure: unknown = null;
  #wake: (() => void) | null = null;
  readonly #onAbort = (): void =>
    this.#fail(new CancelledError("the wait for notifications was cancelled", { cause: this.#signal?.reason }));

  constructor(connection: PostgresConnection, signal: AbortSignal | undefined) {
    this.#connection = connection;
    this.#signal = signal;
    this.#stop = connection.onNotification(
      (message) => {
        this.#waiting.push(message);
        this.#wake?.();
      },
      (error) => this.#fail(error),
    );
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    if (signal?.aborted) this.#onAbort();
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#wake?.();
  }

  async next(): Promise<Notification> {
    for (;;) {
      const message = this.#waiting.shift();
      if (message !== undefined) return message;
      if (this.#failure !== null) throw this.#failure;
      if (!this.#connection.isOpen()) throw new Error("Connection terminated unexpectedly");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
  }

  close(): void {
    this.#stop();
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }
}

/**
 * Sends a message; it arrives when the transaction commits.
 *
 * @param connection a connection of `@athanor/async`, or of an engine.
 * @example await notify(connection, "jobs", JSON.stringify({ id: 5 }));
 */
export async function notify(
  connection: { readonly core: ConnectionCore },
  channel: string,
  payload = "",
): Promise<void> {
  await runAsync(executeStep(connection.core, text("SELECT pg_notify(:channel, :payload)"), { channel, payload }));
}
