/** The thread that talks to the server with the real, asynchronous driver. Other side: ./driver.ts. */
import { workerData } from "node:worker_threads";
import { makeUrl, resolveDialect } from "@athanor/core";
import type { DriverConnection } from "@athanor/driver";
import type { Answer, Call, WorkerData } from "./messages.ts";

const { url, signal, port } = workerData as WorkerData;
const { driver } = resolveDialect(makeUrl(url), { isAsync: true });
const answered = new Int32Array(signal);
const connections = new Map<number, DriverConnection>();

async function answer({ id, method, args }: Call): Promise<unknown> {
  if (method === "connect") {
    connections.set(id, (await driver?.connect(args[0])) as DriverConnection);
    return null;
  }
  const connection = connections.get(id) as DriverConnection;
  if (method === "close") connections.delete(id);
  return await (connection[method] as (...args: readonly unknown[]) => unknown).apply(connection, [...args]);
}

/** What of an error can be sent: its fields that are plain values. */
function facts(error: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(error).filter(
      ([, value]) => value === null || ["string", "number", "boolean"].includes(typeof value),
    ),
  );
}

port.on("message", async (call: Call) => {
  let reply: Answer;
  try {
    reply = { ok: true, value: await answer(call) };
  } catch (error) {
    reply = { ok: false, message: (error as Error).message, facts: facts(error as object) };
  }
  port.postMessage(reply);
  Atomics.add(answered, 0, 1);
  Atomics.notify(answered, 0);
});
