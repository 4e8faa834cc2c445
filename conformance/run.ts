/**
 * Runs the recorded cases: `npm run conformance -- [core|ddl|orm|types] [--verbose] [--only id-prefix] [--dialect name]`.
 * Prints a line per file and dialect, and fails when a case that deviations.md does not list fails. The servers that run here
 * then prepare the statements (`core prepared postgresql 690/712`), without those that servers/refused.md lists;
 * `--no-servers` leaves that out.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type CoreCase, runCore } from "./core.ts";
import { type DdlCase, runDdlCase } from "./ddl.ts";
import { runOrm, sqliteTarget } from "./orm.ts";
import { runOrmAsync } from "./orm-async.ts";
import { type OrmCase, withSetups } from "./orm-outcome.ts";
import { serverNames, serverTarget } from "./orm-servers.ts";
import { Report, readDeviations } from "./report.ts";
import { loadDialects, namesInScope } from "./scope.ts";
import { openServers } from "./servers/open.ts";
import { executeDdl, parseCase, prepareCore } from "./servers/prepare.ts";
import { readRefusals } from "./servers/refused.ts";
import type { ScratchServer } from "./servers/server.ts";
import { makeFixedTables } from "./servers/tables.ts";
import { checkTypes, type TypedCase } from "./types.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: {
    verbose: { type: "boolean", short: "v", default: false },
    only: { type: "string" },
    dialect: { type: "string" },
    servers: { type: "boolean", default: true },
  },
});
const wanted = (file: string): boolean => positionals.length === 0 || positionals.includes(file);
const read = <T>(file: string): T => JSON.parse(readFileSync(new URL(`./${file}.json`, import.meta.url), "utf8")) as T;

const servers = values.servers && (wanted("core") || wanted("ddl")) ? await openServers(values.dialect) : [];
const isDeviation = readDeviations();
const isRefused = readRefusals(servers);
const report = new Report((...key) => isDeviation(...key) || isRefused(...key));
const modules = await loadDialects();
const names = namesInScope(modules);
const selected = (id: string): boolean => values.only === undefined || id.startsWith(values.only);

/** No server speaks these here: their grammars do. */
function parseGated(file: string, test: CoreCase | DdlCase, dialect: string): void {
  if (!values.servers || (dialect !== "mssql" && dialect !== "oracle")) return;
  if (values.dialect !== undefined && values.dialect !== dialect) return;
  const outcome = parseCase(test, dialect, names, modules);
  if (outcome !== null) report.add(`${file} parsed`, dialect, test.id, outcome);
}

if (wanted("core")) {
  for (const test of read<CoreCase[]>("core")) {
    if (!selected(test.id) || test.typescript === undefined) continue;
    for (const dialect of test.dialects) {
      if (values.dialect === undefined || values.dialect === dialect)
        report.add("core", dialect, test.id, runCore(test, dialect, names, modules));
      parseGated("core", test, dialect);
    }
  }
}

if (wanted("ddl")) {
  for (const test of read<DdlCase[]>("ddl")) {
    if (!selected(test.id)) continue;
    for (const dialect of test.dialects ?? ["default"]) {
      if (values.dialect === undefined || values.dialect === dialect)
        report.add("ddl", dialect, test.id, runDdlCase(test, dialect, names, modules));
      parseGated("ddl", test, dialect);
    }
  }
}

if (wanted("orm")) {
  const tests = read<OrmCase[]>("orm_trace").filter((test) => selected(test.id));
  const wants = (dialect: string): boolean => values.dialect === undefined || values.dialect === dialect;
  if (wants("sqlite"))
    for (const test of tests) report.add("orm", "sqlite", test.id, runOrm(test, names, modules, sqliteTarget));
  const more = withSetups(read<OrmCase[]>("orm_more")).filter((test) => selected(test.id));
  if (wants("async"))
    for (const [file, scenarios] of Object.entries({ orm: tests, "orm-more": more }))
      for (const test of scenarios) {
        const outcome = await runOrmAsync(test, names, modules);
        if (outcome.status === "excluded") report.exclude(file, "async", test.id, outcome.reason);
        else report.add(file, "async", test.id, outcome);
      }
  if (wants("sqlite"))
    for (const test of more) report.add("orm-more", "sqlite", test.id, runOrm(test, names, modules, sqliteTarget));
  // Neighbours share their tables.
  const bySet = [...tests].sort((a, b) => (a.models < b.models ? -1 : a.models > b.models ? 1 : 0));
  for (const name of serverNames) {
    if (!wants(name) || bySet.length === 0) continue;
    const target = await serverTarget(name);
    if (target === null) console.log(`orm ${name}: no server, not run`);
    else {
      for (const test of bySet) report.add("orm", name, test.id, runOrm(test, names, modules, target));
      await target.close();
    }
  }
}

if (wanted("types") && (values.dialect === undefined || values.dialect === "types")) {
  const checked = checkTypes({ core: read<TypedCase[]>("core"), ddl: read<TypedCase[]>("ddl") });
  for (const [file, outcomes] of checked)
    for (const [id, outcome] of outcomes) if (selected(id)) report.add(file, "types", id, outcome);
}

/** Server by server at the same time: they wait more than they compute. */
async function onServer(server: ScratchServer): Promise<void> {
  const { dialectName } = server;
  if (wanted("core")) {
    await makeFixedTables(server);
    for (const test of read<CoreCase[]>("core")) {
      if (!selected(test.id) || test.typescript === undefined || !test.dialects.includes(dialectName)) continue;
      const outcome = await prepareCore(test, server, names);
      if (outcome !== null) report.add("core prepared", dialectName, test.id, outcome);
    }
    await server.empty();
  }
  if (!wanted("ddl")) return;
  for (const test of read<DdlCase[]>("ddl")) {
    const outcome = selected(test.id) ? await executeDdl(test, server, names) : null;
    if (outcome !== null) report.add("ddl executed", dialectName, test.id, outcome);
  }
}

const ended = await Promise.allSettled(servers.map((server) => onServer(server).finally(() => server.close())));
for (const end of ended) if (end.status === "rejected") throw end.reason;

const { passed, failed } = report.print(values.verbose);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
