/** What the two sides of the blocking driver say to each other. */
import type { MessagePort } from "node:worker_threads";

/** A call: `connect` opens connection `id`, everything else goes to it (or to its cursor). */
export interface Call {
  readonly id: number;
  readonly method: "connect" | "execute" | "executeMany" | "begin" | "commit" | "rollback" | "close";
  readonly args: readonly unknown[];
}

/** What came of it. */
export type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string; readonly facts: Readonly<Record<string, unknown>> };

/** How a worker is started. */
export interface WorkerData {
  readonly url: string;
  /** Counts the answers; the caller sleeps on it. */
  readonly signal: SharedArrayBuffer;
  readonly port: MessagePort;
}
