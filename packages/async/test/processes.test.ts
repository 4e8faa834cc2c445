/** Worker threads and forked processes: each makes an engine, and its pool is its own. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { createAsyncEngine } from "@athanor/async";
import { text } from "@athanor/core";
import "@athanor/dialect-mysql";
import "@athanor/dialect-postgres";
import "@athanor/dialect-sqlite";
import { afterAll, describe, expect, it } from "vitest";
import { mysqlUrl, pgUrl } from "../../../test/setup/urls.ts";
import type { Report, Task } from "./processes/task.ts";

const script = new URL("processes/task.ts", import.meta.url);
const execArgv = ["--conditions=athanor-source"];
const folder = mkdtempSync(join(tmpdir(), "athanor-processes-"));

async function inThread(task: Task): Promise<Report> {
  const worker = new Worker(script, { workerData: task, execArgv });
  const [report] = (await once(worker, "message")) as [Report];
  await worker.terminate();
  return report;
}

async function inProcess(task: Task): Promise<Report> {
  const child = fork(script, { execArgv });
  child.send(task);
  const [report] = (await once(child, "message")) as [Report];
  if (child.exitCode === null) await once(child, "exit");
  return report;
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each([
  ["SQLite", `sqlite:///${join(folder, "shared.sqlite")}?timeout=60&transaction_mode=immediate`, "SELECT 0"],
  ["PostgreSQL", pgUrl(), "SELECT pg_backend_pid()"],
  ["MariaDB", mysqlUrl(), "SELECT CONNECTION_ID()"],
] as const)("on %s", (server, url, id) => {
  it.skipIf(url === null).each([
    ["worker threads", inThread],
    ["forked processes", inProcess],
  ] as const)(
    "%s have pools of their own",
    async (how, start) => {
      const engine = createAsyncEngine(url as string, { poolSize: 2 });
      const table = how === "worker threads" ? "of_threads" : "of_processes";
      await engine.begin(async (connection) => {
        await connection.execDriverSql(`DROP TABLE IF EXISTS ${table}`);
        await connection.execDriverSql(`CREATE TABLE ${table} (who VARCHAR(10), n INTEGER)`);
      });
      // An open connection of the parent's goes on, whatever the others do.
      await using mine = await engine.connect();
      const own = String(await mine.scalar(text(id)));
      await mine.commit();
      const names = ["one", "two", "three"];
      // SQLite's libraries block: two connections of one thread would wait for each other.
      const poolSize = server === "SQLite" ? 1 : 3;
      const reports = await Promise.all(names.map((name) => start({ url: url as string, id, table, name, poolSize })));
      for (const { status } of reports) expect(status).toContain("Current Checked out connections: 0");
      if (server !== "SQLite") {
        const ids = reports.flatMap((report) => report.ids);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids).not.toContain(own);
        for (const report of reports) expect(report.ids.length).toBeLessThanOrEqual(3);
      }
      expect(String(await mine.scalar(text(id)))).toBe(own);
      const counted = await mine.execute(text(`SELECT who, count(*) AS n FROM ${table} GROUP BY who ORDER BY who`));
      expect(counted.all().map((row) => [row[0], Number(row[1])])).toEqual([
        ["one", 30],
        ["three", 30],
        ["two", 30],
      ]);
      await mine.rollback();
      await mine.execDriverSql(`DROP TABLE ${table}`);
      await mine.commit();
      await mine.close();
      await engine.dispose();
    },
    60_000,
  );
});
