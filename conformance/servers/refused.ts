/**
 * The statements that a server may refuse, from refused.md: `- core postgresql,mysql case.id other.id: reason`, and, where only
 * older servers refuse, `- core postgresql before 16 case.id: reason`.
 */
import { readFileSync } from "node:fs";
import type { IsListed } from "../report.ts";
import { isEarlier, type ScratchServer } from "./server.ts";

/** What is listed for these servers. */
export function readRefusals(servers: readonly ScratchServer[]): IsListed {
  const versions = new Map(servers.map((server) => [server.dialectName, server.version]));
  const text = readFileSync(new URL("./refused.md", import.meta.url), "utf8");
  const listed = new Set<string>();
  for (const [, file, dialects, before, ids] of text.matchAll(
    /^- (\w+) ([\w,]+)(?: before ([\d.]+))? ((?:[\w.]+ ?)+): \S/gm,
  )) {
    for (const dialect of (dialects as string).split(",")) {
      const parsed = dialect === "mssql" || dialect === "oracle";
      const version = parsed ? [] : versions.get(dialect);
      if (version === undefined) continue;
      if (before === undefined || isEarlier(version, before.split(".").map(Number)))
        for (const id of (ids as string).split(" "))
          listed.add(`${file} ${parsed ? "parsed" : file === "ddl" ? "executed" : "prepared"} ${dialect} ${id}`);
    }
  }
  return (file, dialect, id) => listed.has(`${file} ${dialect} ${id}`);
}
