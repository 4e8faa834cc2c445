/**
 * Streams many rows through PostgreSQL and MariaDB or MySQL, row by row and in portions, and prints the memory it takes: with
 * rows left on the server it does not grow with their number. What is alive is measured after a full collection, ten times on
 * the way; the process itself (RSS) also holds what the collector has not asked back yet. Fails where what is alive grows.
 * Each measurement is a process of its own.
 *
 *     npm run bench -- stream [--rows 10000000] [--db pg,mysql]
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createAsyncEngine } from "@athanor/async";
import { t, text } from "@athanor/core";
import "@athanor/dialect-mysql";
import "@athanor/dialect-postgres";

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
};
const rows = Number(option("rows", 10_000_000));
const urls = {
  pg: process.env.BENCH_PG_URL ?? "postgresql://postgres@127.0.0.1:5432/postgres",
  mysql: process.env.BENCH_MYSQL_URL ?? "mysql://root@127.0.0.1:3306/mysql",
};
const digits =
  "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";
const statements = {
  pg: "SELECT i AS id, 'row number ' || i AS name, i * 0.5::float8 AS amount FROM generate_series(1, CAST(:count AS INTEGER)) AS i",
  // The server makes the rows as they are read: nothing is sorted and nothing is stored.
  mysql: `SELECT seq.id, CONCAT('row number ', seq.id) AS name, seq.id * 0.5e0 AS amount FROM (SELECT ${[
    0, 1, 2, 3, 4, 5, 6, 7,
  ]
    .map((place) => `d${place}.d * ${10 ** place}`)
    .join(
      " + ",
    )} + 1 AS id FROM ${[7, 6, 5, 4, 3, 2, 1, 0].map((place) => `${digits} AS d${place}`).join(" CROSS JOIN ")}) AS seq LIMIT :count`,
};

async function readOne(result, note) {
  for await (const row of result) note(row);
}

async function readPortions(result, note) {
  for await (const portion of result.partitions(1000)) for (const row of portion) note(row);
}

async function measure(db, how) {
  await using engine = createAsyncEngine(urls[db].replace(/^postgres:/, "postgresql:"));
  await using connection = await engine.connect();
  const statement = text(statements[db]).columns({ id: t.integer, name: t.text, amount: t.double });
  let count = 0;
  let sum = 0;
  let peak = 0;
  const alive = [];
  const note = (row) => {
    sum += row.id + row.name.length + row.amount;
    if (++count % Math.ceil(rows / 10) !== 0 && count !== rows) return;
    peak = Math.max(peak, process.memoryUsage.rss());
    globalThis.gc();
    const { heapUsed, external } = process.memoryUsage();
    alive.push(heapUsed + external);
  };
  const started = performance.now();
  const result = await connection.stream(statement, { count: rows }, { yieldPer: 1000 });
  await (how === "rows" ? readOne : readPortions)(result, note);
  const seconds = (performance.now() - started) / 1000;
  if (count !== rows) throw new Error(`${db}: ${count} rows instead of ${rows}`);
  const megabytes = (bytes) => (bytes / 2 ** 20).toFixed(1);
  const [first, ...later] = alive;
  console.log(
    `| ${db} | ${how} | ${count} | ${seconds.toFixed(1)} | ${Math.round(count / seconds)} | ${megabytes(first)} | ${megabytes(Math.max(...later))} | ${megabytes(alive.at(-1))} | ${megabytes(peak)} |`,
  );
  const growth = Math.max(...later) - first;
  if (growth > 4 * 2 ** 20) throw new Error(`${db}, ${how}: what is alive grew by ${megabytes(growth)} MiB`);
  return sum;
}

const child = option("child");
if (child !== undefined) await measure(...child.split(":"));
else {
  console.log(
    "| database | reads | rows | seconds | rows/s | alive after a tenth, MiB | most alive later | alive at the end | peak RSS |",
  );
  console.log("|---|---|---:|---:|---:|---:|---:|---:|---:|");
  for (const db of option("db", "pg,mysql").split(",")) {
    for (const how of ["rows", "portions"]) {
      const args = ["--expose-gc", fileURLToPath(import.meta.url), "--child", `${db}:${how}`, "--rows", String(rows)];
      const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
      if (status !== 0) process.exitCode = 1;
    }
  }
}
