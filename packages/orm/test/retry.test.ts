/** Transactions that are run again, without promises: a database file that another connection has locked. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEngine, isTransient, text } from "@athanor/core";
import "@athanor/dialect-sqlite";
import { sessionmaker } from "@athanor/orm";
import { expect, it } from "vitest";

it("waits for a locked SQLite file, on engines and on sessions", () => {
  const folder = mkdtempSync(join(tmpdir(), "athanor-retry-"));
  try {
    const url = `sqlite:///${join(folder, "locked.sqlite")}`;
    using engine = createEngine(url, { connectArgs: { timeout: 0 } });
    using other = createEngine(url);
    engine.begin((conn) => conn.execute(text("CREATE TABLE notes (id INTEGER)")));
    const write = text("INSERT INTO notes VALUES (1)");

    for (const begin of [
      (work: (run: (sql: typeof write) => unknown) => void, options: object) =>
        engine.begin((conn) => work((sql) => conn.execute(sql)), options),
      (work: (run: (sql: typeof write) => unknown) => void, options: object) =>
        sessionmaker(engine).begin((session) => work((sql) => session.execute(sql)), options),
    ]) {
      const blocker = other.connect();
      blocker.execute(write);
      const seen: unknown[] = [];
      begin(
        (run) => {
          if (seen.length === 2) blocker.rollback();
          run(write);
        },
        {
          attempts: 4,
          delay: 1,
          shouldRetry: (error: unknown) => {
            seen.push(error);
            return isTransient(error);
          },
        },
      );
      blocker.close();
      expect(seen).toMatchObject([{ kind: "lockTimeout" }, { kind: "lockTimeout" }]);
    }
    using conn = engine.connect();
    expect(conn.scalar(text("SELECT count(*) FROM notes"))).toBe(2);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
