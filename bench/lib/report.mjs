/** JSON results -> markdown: one table per database (peers down, workloads across) and one per workload. */
export function toMarkdown({ meta, results }, spec) {
  const f = (x) => (x == null ? "" : x >= 100 ? String(Math.round(x)) : x.toFixed(1));
  const out = [
    `# Peer benchmark`,
    "",
    `${meta.date} · Node ${meta.node} · ${meta.cores} cores (${meta.cpu}) · SQLite ${meta.sqliteBundled} (better-sqlite3)${meta.pg ? ` · PostgreSQL ${meta.pg} on loopback` : ""} · median of ${meta.reps} or more interleaved repetitions after ${meta.warmup} warm-ups`,
    "",
    "Each cell: median ms (ratio to `raw` in the same session). `~` = run with a smaller n and scaled; `!` = checksum differs; `err` = failed.",
    "",
  ];
  for (const db of [...new Set(results.map((r) => r.db))]) {
    const rs = results.filter((r) => r.db === db);
    const ws = [...new Set(rs.map((r) => r.workload))];
    const labels = [...new Set(rs.map((r) => r.label))];
    out.push(`## ${db}`, "", `| peer | ${ws.join(" | ")} |`, `|---|${ws.map(() => "---:").join("|")}|`);
    for (const l of labels)
      out.push(
        `| ${l} | ${ws
          .map((w) => {
            const r = rs.find((x) => x.workload === w && x.label === l);
            if (!r) return "";
            if (r.medianMs == null) return "err";
            return `${r.scaledFrom ? "~" : ""}${f(r.medianMs)}${r.ratioToRaw ? ` (${r.ratioToRaw}x)` : ""}${r.check === "ok" ? "" : "!"}`;
          })
          .join(" | ")} |`,
      );
    out.push("");
    for (const w of ws) {
      const rows = rs.filter((r) => r.workload === w).sort((a, b) => (a.medianMs ?? 1e12) - (b.medianMs ?? 1e12));
      out.push(
        `### ${db} ${w}: ${spec.WORKLOADS[w].title}`,
        "",
        `| peer | median ms | min..max | cpu ms | x raw | min/min | reps (quiet) | ${w === "W10" ? "req/s | p50 ms | p99 ms | " : ""}${spec.WORKLOADS[w].mem ? "peak RSS MiB | over base MiB | retained heap MiB | value types | " : ""}check |`,
        `|---|---:|---:|---:|---:|---:|---:|${w === "W10" ? "---:|---:|---:|" : ""}${spec.WORKLOADS[w].mem ? "---:|---:|---:|---|" : ""}---|`,
      );
      for (const r of rows)
        out.push(
          `| ${r.label} | ${r.scaledFrom ? "~" : ""}${f(r.medianMs)} | ${f(r.minMs)}..${f(r.maxMs)} | ${f(r.cpuMs)} | ${r.ratioToRaw ?? ""} | ${r.ratioOfMins ?? ""} | ${r.reps}${r.quietReps === undefined ? "" : ` (${r.quietReps})`} | ${w === "W10" ? `${r.perSec ?? ""} | ${r.p50Ms ?? ""} | ${r.p99Ms ?? ""} | ` : ""}${spec.WORKLOADS[w].mem ? `${r.mem?.peakRssMb ?? ""} | ${r.mem?.overBaseMb ?? ""} | ${r.mem?.retainedMb ?? ""} | ${r.types ?? ""} | ` : ""}${r.check}${r.idsAssigned === false ? ", ids not assigned" : ""}${r.session ? ", later session" : ""} |`,
        );
      out.push("");
    }
  }
  out.push("## Fastest peers (raw aside)", "", "| db | workload | first | second | third |", "|---|---|---|---|---|");
  for (const db of [...new Set(results.map((r) => r.db))])
    for (const w of [...new Set(results.filter((r) => r.db === db).map((r) => r.workload))]) {
      const top = results
        .filter((r) => r.db === db && r.workload === w && r.peer !== "raw" && r.medianMs != null && r.check === "ok")
        .sort((a, b) => a.medianMs - b.medianMs)
        .slice(0, 3);
      out.push(
        `| ${db} | ${w} ${spec.WORKLOADS[w].title} | ${[0, 1, 2].map((i) => (top[i] ? `${top[i].label} ${f(top[i].medianMs)} ms${top[i].ratioToRaw ? ` (${top[i].ratioToRaw}x)` : ""}` : "")).join(" | ")} |`,
      );
    }
  out.push("", "## Versions", "", ...Object.entries(meta.versions).map(([k, v]) => `- ${k}: ${v}`), "");
  return out.join("\n");
}

// node lib/report.mjs results/X.json: writes the table of a stored result again
if (
  process.argv[1] &&
  import.meta.url.endsWith(process.argv[1].replaceAll("\\", "/").split("/").pop()) &&
  process.argv[2]?.endsWith(".json")
) {
  const fs = await import("node:fs");
  const spec = await import("./spec.mjs");
  fs.writeFileSync(
    process.argv[2].replace(/json$/, "md"),
    toMarkdown(JSON.parse(fs.readFileSync(process.argv[2], "utf8")), spec),
  );
}
