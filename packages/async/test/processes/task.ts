/** What a worker thread or a forked process does in ../processes.test.ts: an engine of its own, some rows, and a report. */
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { createAsyncEngine } from "@athanor/async";
import { text } from "@athanor/core";
import "@athanor/dialect-mysql";
import "@athanor/dialect-postgres";
import "@athanor/dialect-sqlite";

/** What the task is told. */
export interface Task {
  readonly url: string;
  /** SELECT of the session's number. */
  readonly id: string;
  readonly table: string;
  readonly name: string;
  readonly poolSize: number;
}

/** What it tells. */
export interface Report {
  readonly ids: readonly string[];
  readonly status: string;
}

async function run({ url, id, table, name, poolSize }: Task): Promise<Report> {
  const engine = createAsyncEngine(url, { poolSize, maxOverflow: 0 });
  const ids = new Set<string>();
  await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      engine.begin(async (connection) => {
        ids.add(String(await connection.scalar(text(id))));
        await connection.execute(text(`INSERT INTO ${table} (who, n) VALUES (:name, :index)`), { name, index });
      }),
    ),
  );
  const status = engine.pool.status();
  await engine.dispose();
  return { ids: [...ids], status };
}

if (!isMainThread && parentPort !== null) parentPort.postMessage(await run(workerData as Task));
else if (process.send !== undefined) {
  process.once("message", (task: Task) => {
    void run(task).then((report) => process.send?.(report, () => process.disconnect()));
  });
}
