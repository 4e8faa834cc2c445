// Child process: one (peer, workload, db). Speaks JSON lines: commands on stdin, replies on stdout prefixed with "@@".

import path from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import * as spec from "./lib/spec.mjs";

const cfg = JSON.parse(process.argv[2]);
const send = (o) => process.stdout.write(`@@${JSON.stringify(o)}\n`);
const base = cfg.workload.split(".")[0];
const gc = () => {
  if (globalThis.gc) {
    globalThis.gc();
    globalThis.gc();
  }
};

function freshData() {
  const { SIZES: S } = spec;
  const range = (n, f) => {
    const a = new Array(n);
    for (let i = 0; i < n; i++) a[i] = f(i + 1);
    return a;
  };
  if (base === "W6")
    return range(S.w6, (i) => {
      const { id, ...r } = spec.itemRow(i);
      r.created = new Date(r.created);
      return r;
    });
  if (base === "W8") return range(S.w8, spec.bulkRow);
  if (base === "W9")
    return range(S.w9p, (i) => {
      const { id, ...p } = spec.parentRow(i);
      p.children = range(S.w9k, (k) => {
        const { parentId, ...c } = spec.childRow(i, k - 1, S.w9k);
        return c;
      });
      return p;
    });
  return undefined;
}

function check(res) {
  if (base === "W1") return { w1: res };
  if (base === "W2") return { check: res };
  if (base === "W10") return { check: res.sum, p50: res.p50, p99: res.p99 };
  if (base === "W3" || base === "W4") return { check: spec.sumItems(res), types: spec.describeTypes(res[0]) };
  if (base === "W5") return { check: spec.sumParents(res) };
  if (base === "W6" || base === "W9")
    return { idsAssigned: Array.isArray(res) ? res.length > 0 && res.every((e) => e.id != null) : false };
  return {};
}

/** the W10 driver: 64 clients share a counter of n requests; one(id) must resolve to the row */
async function concurrent(one, n, clients = 64) {
  let k = 0,
    sum = 0;
  const lat = new Float64Array(n);
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (k < n) {
        const i = k++;
        const t = performance.now();
        const r = await one(spec.idAt(i));
        lat[i] = performance.now() - t;
        sum += r.id + r.title.length;
      }
    }),
  );
  lat.sort();
  return { sum, p50: lat[Math.floor(n * 0.5)], p99: lat[Math.floor(n * 0.99)] };
}

try {
  const mod = await import(pathToFileURL(path.resolve(cfg.peerFile)).href);
  const peer = mod.default;
  const ctx = {
    db: cfg.db,
    sqliteFile: cfg.sqliteFile,
    pgUrl: cfg.pgUrl,
    poolSize: base === "W10" ? 10 : 1,
    workload: cfg.workload,
    spec,
    idAt: spec.idAt,
    concurrent,
  };
  const wl = peer.workloads[cfg.workload];
  const h = await peer.open(ctx);
  send({ ready: true, version: peer.version?.() ?? null });
  for await (const line of createInterface({ input: process.stdin })) {
    const m = JSON.parse(line);
    if (m.cmd === "exit") break;
    try {
      const a = { n: m.n, rep: m.rep, data: freshData(), ctx };
      if (wl.before) await wl.before(h, a);
      gc();
      const before = process.memoryUsage();
      const c0 = process.cpuUsage(),
        t0 = performance.now();
      const res = await wl.run(h, a);
      const ms = performance.now() - t0,
        c = process.cpuUsage(c0);
      const out = { ms, cpuMs: (c.user + c.system) / 1000 };
      if (m.cmd === "mem") {
        out.peakRssMb = process.resourceUsage().maxRSS / 1024;
        out.baseRssMb = before.rss / 1048576;
        gc();
        const after = process.memoryUsage();
        out.retainedMb = (after.heapUsed + after.external - before.heapUsed - before.external) / 1048576;
      }
      Object.assign(out, check(res));
      send(out);
    } catch (e) {
      send({ error: String(e?.stack ?? e).slice(0, 1500) });
    }
  }
  await peer.close?.(h);
  process.exit(0);
} catch (e) {
  send({ error: String(e?.stack ?? e).slice(0, 1500) });
  process.exit(1);
}
