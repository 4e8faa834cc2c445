// Orchestrator: one long-lived child per (peer, workload); reps are interleaved over the peers (A B C A B C ...).
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import Database from "better-sqlite3";
import pg from "pg";
import { toMarkdown } from "./lib/report.mjs";
import * as spec from "./lib/spec.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
process.chdir(here);
const arg = (n, d) => {
  const i = process.argv.indexOf(`--${n}`);
  return i < 0 ? d : process.argv[i + 1];
};
const flag = (n) => process.argv.includes(`--${n}`);
const REPS = Number(arg("reps", 5));
const WARM = Number(arg("warmup", 2));
const REP_CAP_MS = Number(arg("cap", 8000)); // loop workloads slower than this are run with a smaller n and scaled; others get 3 reps
const FAST_MS = 250,
  REWARM_MS = 1500; // repetitions shorter than FAST_MS are measured three times a turn
const tmp = fs.mkdtempSync(
  path.join(process.env.BENCH_TMP ?? (fs.existsSync("/dev/shm") ? "/dev/shm" : os.tmpdir()), "bench-"),
);
const PGURL = process.env.BENCH_PG_URL ?? "postgres://postgres@127.0.0.1:5432/postgres";
const dbs = arg("db", "sqlite,pg").split(",");
const wantW = arg("workloads")?.split(",");
const wantP = arg("peers")?.split(",");
const outBase = arg(
  "out",
  arg("merge")?.replace(/\.json$/, "") ??
    path.join("results", `${new Date().toISOString().slice(0, 10)}-${arg("label", "run")}`),
);
const median = (a) => {
  const s = [...a].sort((x, y) => x - y);
  return s.length % 2 ? s[(s.length - 1) / 2] : (s[s.length / 2 - 1] + s[s.length / 2]) / 2;
};
const log = (...a) => console.error(...a);

// ---- peers ----
const peers = [];
for (const f of fs
  .readdirSync("peers")
  .filter((f) => f.endsWith(".mjs"))
  .sort()) {
  const name = f.replace(/\.mjs$/, "");
  if (wantP && !wantP.includes(name) && name !== "raw") continue;
  try {
    const m = (await import(pathToFileURL(path.resolve("peers", f)).href)).default;
    if (m.skip) {
      log(`skip ${name}: ${m.skip}`);
      continue;
    }
    peers.push({ ...m, name, file: path.join("peers", f) });
  } catch (e) {
    log(`peer ${name} does not load: ${e.message}`);
  }
}
peers.sort((a, b) => (a.name === "raw" ? -1 : b.name === "raw" ? 1 : 0));

// ---- databases ----
const tmpl = {};
async function sqliteFile(peer, set, key) {
  const f = peer.dateFormat ?? "space",
    t = path.join(tmp, `tmpl-${set}-${f}.db`);
  if (!tmpl[t]) {
    await spec.seedSqlite(t, f, spec.SETS[set]);
    tmpl[t] = true;
  }
  if (set === "ro") return t;
  const c = path.join(tmp, `${key.replace(/\W/g, "_")}.db`);
  fs.copyFileSync(t, c);
  return c;
}
const pgDb = (set) => {
  const u = new URL(PGURL);
  u.pathname = `/bench_${set}`;
  return u.href;
};
let pgAdmin;
const pgVerify = {};
async function setupPg() {
  pgAdmin = new pg.Client(PGURL);
  await pgAdmin.connect();
  for (const set of Object.keys(spec.SETS)) {
    await pgAdmin.query(`DROP DATABASE IF EXISTS bench_${set}`);
    await pgAdmin.query(`CREATE DATABASE bench_${set}`);
    await spec.seedPg(pgDb(set), spec.SETS[set]);
    pgVerify[set] = new pg.Client(pgDb(set));
    await pgVerify[set].connect();
  }
}
async function reset(db, w, file) {
  const W = spec.WORKLOADS[w];
  if (!W.write) return;
  if (db === "sqlite") {
    if (w === "W7") return;
    const d = new Database(file);
    d.pragma("foreign_keys=OFF");
    for (const t of ["child", "parent", "item", "bulk"]) d.exec(`DELETE FROM ${t}`);
    d.exec("DELETE FROM sqlite_sequence");
    d.pragma("wal_checkpoint(TRUNCATE)");
    d.close();
  } else {
    const c = pgVerify[W.set];
    await c.query("TRUNCATE item, item_big, parent, child, bulk RESTART IDENTITY CASCADE");
    if (w === "W7") {
      await spec.pgInsertItems(c, "item", spec.SIZES.item);
      await c.query("VACUUM ANALYZE item");
    }
    await c.query("CHECKPOINT");
  }
}
async function verify(db, w, file) {
  const sql = spec.VERIFY_SQL[w];
  if (db === "sqlite") {
    const d = new Database(file, { readonly: true });
    const r = d.prepare(sql).all();
    d.close();
    return spec.verifyRows(w, r);
  }
  return spec.verifyRows(w, (await pgVerify[spec.WORKLOADS[w].set].query(sql)).rows);
}
const expectCache = {};
const expected = (w, rep, n) =>
  w === "W7"
    ? spec.EXPECT.W7(rep)
    : w === "W2" || w === "W10"
      ? spec.expectedPoint(n)
      : (expectCache[w] ??= spec.EXPECT[w]?.());
let w1ref;
function checkW1(res) {
  // run the compiled statement and compare rows with the reference statement
  const f = path.join(tmp, "tmpl-ro-space.db");
  const d = new Database(f, { readonly: true });
  try {
    const run = (sql, p) =>
      spec.hashLines(
        d
          .prepare(sql)
          .raw()
          .all(...p)
          .map((r) => r.join("|")),
      );
    w1ref ??= run(
      `SELECT p.id, p.name, p.email, c.id, c.label, i.title FROM parent p JOIN child c ON c.parent_id = p.id JOIN item i ON i.id = c.id WHERE p.rank IN (?,?,?,?,?) AND c.pos >= ? AND c.amount < ? AND i.score > ? ORDER BY p.name ASC, c.pos DESC LIMIT ?`,
      [...spec.W1_RANKS, 1, spec.w1Amount(0), 10, 20],
    );
    return run(res.sql, res.params) === w1ref ? "ok" : "MISMATCH";
  } catch (e) {
    return `ERROR ${e.message}`;
  } finally {
    d.close();
  }
}

// ---- children ----
class Child {
  constructor(peer, workload, db, file, url) {
    const cfg = JSON.stringify({ peerFile: peer.file, workload, db, sqliteFile: file, pgUrl: url });
    const [cmd, args] = peer.command
      ? [peer.command[0], [...peer.command.slice(1), cfg]]
      : [process.execPath, ["--expose-gc", "--max-old-space-size=8192", "worker.mjs", cfg]];
    this.p = spawn(cmd, args, {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, ...peer.env?.(workload), TZ: "UTC", NODE_ENV: "production" },
    });
    this.q = [];
    this.w = [];
    this.err = "";
    createInterface({ input: this.p.stdout }).on("line", (l) => {
      if (l.startsWith("@@")) this.push(JSON.parse(l.slice(2)));
    });
    this.p.stderr.on("data", (d) => {
      if (this.err.length < 3000) this.err += d;
    });
    this.p.on("exit", (c) => this.push({ error: `child exited ${c} ${this.err.slice(-800)}` }));
    this.p.stdin.on("error", () => {});
  }
  push(m) {
    const w = this.w.shift();
    if (w) w(m);
    else this.q.push(m);
  }
  next(ms = 240_000) {
    return new Promise((res) => {
      if (this.q.length) return res(this.q.shift());
      const t = setTimeout(() => {
        this.p.kill("SIGKILL");
        res({ error: `no answer in ${ms} ms` });
      }, ms);
      this.w.push((m) => {
        clearTimeout(t);
        res(m);
      });
    });
  }
  async call(m) {
    this.p.stdin.write(`${JSON.stringify(m)}\n`);
    return this.next();
  }
  async end() {
    if (this.p.exitCode !== null || this.p.signalCode) return;
    const done = new Promise((r) => this.p.once("exit", r));
    this.p.stdin.write('{"cmd":"exit"}\n');
    const t = setTimeout(() => this.p.kill("SIGKILL"), 5000);
    await done;
    clearTimeout(t);
  }
}

// ---- other work on this machine ----
// Before a measured repetition nothing of ours runs, so whatever is busy is somebody else's. Wait for a quiet
// moment (up to --quiet-wait ms each, within a budget per workload), and note whether there was one.
const QUIET_WAIT = Number(arg("quiet-wait", 0)),
  QUIET_BUDGET = Number(arg("quiet-budget", 60_000));
const cpuTicks = () => {
  const v = fs.readFileSync("/proc/stat", "utf8").split("\n", 1)[0].trim().split(/\s+/).slice(1).map(Number);
  return { idle: v[3] + v[4], all: v.slice(0, 8).reduce((a, b) => a + b, 0) };
};
const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
const canSample = fs.existsSync("/proc/stat");
async function quiet(budget) {
  if (!QUIET_WAIT || !canSample) return undefined;
  const end = performance.now() + Math.min(QUIET_WAIT, budget.left),
    t0 = performance.now();
  for (;;) {
    const a = cpuTicks();
    await sleep(120);
    const b = cpuTicks();
    const busy = ((b.all - a.all - (b.idle - a.idle)) / Math.max(1, b.all - a.all)) * os.cpus().length; // cores in use by others
    const ok = busy < 0.25;
    if (ok || performance.now() > end) {
      budget.left -= Math.max(0, performance.now() - t0 - 130);
      return ok;
    }
  }
}

// --merge FILE: measure into an existing result. Its raw rows stay; a row measured now replaces its old one, keeps
// the ratio to the raw driver of its own session, and says so.
const MERGE = arg("merge");
const prior = MERGE ? JSON.parse(fs.readFileSync(MERGE, "utf8")) : null;
const results = prior?.results ?? [];
const versions = prior?.meta.versions ?? {};
function record(row) {
  const i = results.findIndex((r) => r.db === row.db && r.workload === row.workload && r.label === row.label);
  if (!prior) results.push(row);
  else if (row.peer !== "raw" || i < 0) {
    row.session = new Date().toISOString();
    if (i < 0) results.push(row);
    else results[i] = row;
  }
}
function save() {
  fs.mkdirSync(path.dirname(outBase), { recursive: true });
  const meta = {
    date: prior?.meta.date ?? new Date().toISOString(),
    node: process.version,
    cores: os.cpus().length,
    cpu: os.cpus()[0]?.model,
    memGb: Math.round(os.totalmem() / 2 ** 30),
    reps: REPS,
    warmup: WARM,
    quietWaitMs: QUIET_WAIT,
    sqliteBundled: new Database(":memory:").prepare("select sqlite_version() v").get().v,
    pg: pgVersion ?? prior?.meta.pg ?? null,
    versions,
  };
  fs.writeFileSync(`${outBase}.json`, JSON.stringify({ meta, results }, null, 1));
  fs.writeFileSync(`${outBase}.md`, toMarkdown({ meta, results }, spec));
}
let pgVersion = null;

async function runWorkload(db, w) {
  const W = spec.WORKLOADS[w];
  const entries = [];
  for (const peer of peers) {
    if (!peer.dbs.includes(db)) continue;
    for (const key of Object.keys(peer.workloads)) {
      if (key.split(".")[0] !== w) continue;
      if (peer.workloads[key].dbs && !peer.workloads[key].dbs.includes(db)) continue;
      const file = db === "sqlite" ? await sqliteFile(peer, W.set, `${peer.name}-${key}`) : null;
      entries.push({ peer, key, file, ms: [], extra: {}, label: peer.name + key.slice(w.length) });
    }
  }
  if (w === "W1") await sqliteFile({ dateFormat: "space" }, "ro");
  if (!entries.length) return;
  log(`== ${db} ${w} ${W.title}`);
  for (const e of entries) {
    e.child = new Child(e.peer, e.key, db, e.file, db === "pg" ? pgDb(W.set) : null);
    const r = await e.child.next(60_000);
    if (r.error) {
      e.error = r.error;
      log(`  ${e.label}: ${r.error.slice(0, 600)}`);
      continue;
    }
    if (!prior || e.peer.name !== "raw") versions[e.peer.name] = r.version;
    e.n = W.n;
  }
  let rep = 0;
  const budget = { left: QUIET_BUDGET };
  const one = async (e, measured, doVerify) => {
    if (e.error) return;
    await reset(db, w, e.file);
    const calm = measured ? await quiet(budget) : undefined;
    const n = measured ? e.n : W.n ? Math.min(e.n, Math.ceil(W.n / 10)) : undefined;
    const r = await e.child.call({ cmd: "rep", n, rep });
    if (r.error) {
      e.error = r.error;
      log(`  ${e.label}: ${r.error.slice(0, 900)}`);
      return;
    }
    let ok = "ok";
    if (r.w1) ok = checkW1(r.w1);
    else if (W.write) {
      if (doVerify) ok = (await verify(db, w, e.file)) === expected(w, rep) ? "ok" : "MISMATCH";
    } else ok = r.check === expected(w, rep, n) ? "ok" : "MISMATCH";
    if (ok !== "ok") {
      e.checkFail = ok;
      log(`  ${e.label}: checksum ${ok}`);
    }
    if (r.types) e.extra.types = r.types;
    if (r.idsAssigned !== undefined) e.extra.idsAssigned = r.idsAssigned;
    const ms = W.n ? (r.ms * W.n) / n : r.ms;
    if (measured) {
      if (calm) (e.calm ??= []).push(ms);
      e.ms.push(ms);
      if (r.cpuMs !== undefined) (e.cpu ??= []).push(W.n ? (r.cpuMs * W.n) / n : r.cpuMs);
      if (r.p99 !== undefined) {
        (e.p99s ??= []).push(r.p99);
        (e.p50s ??= []).push(r.p50);
      }
    } else e.warmMs = ms;
    if (!measured && W.n && ms > REP_CAP_MS) {
      e.n = Math.max(Math.ceil(W.n / 50), Math.ceil((W.n * REP_CAP_MS) / ms / 2));
      e.extra.scaledFrom = e.n;
    }
  };
  const slow = (e) => !W.n && e.warmMs > REP_CAP_MS,
    fast = (e) => e.warmMs < FAST_MS;
  for (let i = 0; i < WARM + 2; i++) {
    rep++;
    for (const e of entries) if (i === 0 || (i < WARM ? !slow(e) : fast(e))) await one(e, false, i === 0);
  }
  // A turn: an untimed repetition (the child has been idle: cold caches, memory given back), then the measured ones.
  for (let i = 0; i < REPS; i++) {
    for (const e of entries) {
      if (slow(e) && i >= (e.warmMs > 10_000 ? 1 : 3)) continue;
      rep++;
      if (e.warmMs < REWARM_MS) await one(e, false, false);
      const k = fast(e) && !flag("quick") ? 3 : 1;
      for (let j = 0; j < k; j++) {
        rep++;
        await one(e, true, i === REPS - 1 && j === 0);
      }
    }
  }
  for (const e of entries) await e.child.end();
  // memory: a fresh child, one cold repetition
  if (W.mem && !flag("no-mem"))
    for (const e of entries) {
      if (e.error) continue;
      const c = new Child(e.peer, e.key, db, e.file, db === "pg" ? pgDb(W.set) : null);
      await c.next(60_000);
      const r = await c.call({ cmd: "mem", n: W.n, rep: 1 });
      if (!r.error)
        e.extra.mem = {
          peakRssMb: +r.peakRssMb.toFixed(1),
          overBaseMb: +(r.peakRssMb - r.baseRssMb).toFixed(1),
          retainedMb: r.retainedMb === undefined ? null : +r.retainedMb.toFixed(1),
        };
      await c.end();
    }
  const load = os.loadavg()[0];
  const med1 = (e) => median(e.calm?.length >= 3 ? e.calm : e.ms); // quiet repetitions, where there were enough of them
  const raw = entries.find((e) => e.label === "raw" && e.ms.length);
  for (const e of entries) {
    const med = e.ms.length ? med1(e) : null;
    const row = {
      db,
      workload: w,
      peer: e.peer.name,
      variant: e.key.slice(w.length + 1) || null,
      label: e.label,
      medianMs: med && +med.toFixed(2),
      minMs: med && +Math.min(...e.ms).toFixed(2),
      maxMs: med && +Math.max(...e.ms).toFixed(2),
      cpuMs: e.cpu ? +median(e.cpu).toFixed(2) : null,
      ratioToRaw: raw && med ? +(med / med1(raw)).toFixed(2) : null,
      ratioOfMins: raw && med ? +(Math.min(...e.ms) / Math.min(...raw.ms)).toFixed(2) : null,
      reps: e.ms.length,
      ...(QUIET_WAIT ? { quietReps: e.calm?.length ?? 0 } : {}),
      loadavg1: +load.toFixed(2),
      samples: e.ms.map((x) => +x.toFixed(2)),
      check: e.error ? "error" : (e.checkFail ?? "ok"),
      ...(e.error ? { error: e.error.replaceAll(here, ".") } : {}),
      ...(e.p99s
        ? {
            p50Ms: +median(e.p50s).toFixed(2),
            p99Ms: +median(e.p99s).toFixed(2),
            perSec: Math.round((W.n * 1000) / med),
          }
        : {}),
      ...e.extra,
    };
    record(row);
    log(
      `  ${row.label.padEnd(22)} ${String(row.medianMs ?? "ERR").padStart(10)} ms  x${row.ratioToRaw ?? "-"} [${row.minMs}..${row.maxMs}] ${row.check}${row.p99Ms !== undefined ? ` p99 ${row.p99Ms}` : ""}${row.mem ? ` rss ${row.mem.peakRssMb} (+${row.mem.overBaseMb})` : ""}${row.scaledFrom ? ` n=${row.scaledFrom}` : ""}`,
    );
  }
  if (db === "sqlite")
    for (const f of fs.readdirSync(tmp)) if (!f.startsWith("tmpl-")) fs.rmSync(path.join(tmp, f), { force: true });
  save();
}

try {
  for (const db of dbs) {
    if (db === "pg") {
      await setupPg();
      pgVersion = (await pgAdmin.query("show server_version")).rows[0].server_version;
    }
    for (const w of Object.keys(spec.WORKLOADS)) {
      if (wantW && !wantW.includes(w)) continue;
      if (spec.WORKLOADS[w].dbs && !spec.WORKLOADS[w].dbs.includes(db)) continue;
      await runWorkload(db, w);
    }
  }
  save();
  console.log(fs.readFileSync(`${outBase}.md`, "utf8"));
} finally {
  fs.rmSync(tmp, { recursive: true, force: true });
  for (const c of Object.values(pgVerify)) await c.end().catch(() => {});
  await pgAdmin?.end().catch(() => {});
}
