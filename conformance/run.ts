/**
 * Runs the recorded cases: `npm run conformance -- [core|ddl|orm|types] [--verbose] [--only id-prefix] [--dialect name]`.
 * Prints a line per file and dialect, and fails when a case that deviations.md does not list fails.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type CoreCase, runCore } from "./core.ts";
import { type DdlCase, runDdlCase } from "./ddl.ts";
import { runOrm, sqliteTarget } from "./orm.ts";
import { runOrmAsync } from "./orm-async.ts";
import type { OrmCase } from "./orm-outcome.ts";
import { serverNames, serverTarget } from "./orm-servers.ts";
import { Report } from "./report.ts";
import { loadDialects, namesInScope } from "./scope.ts";
import { checkTypes, type TypedCase } from "./types.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    verbose: { type: "boolean", short: "v", default: false },
    only: { type: "string" },
    dialect: { type: "string" },
  },
});
const wanted = (file: string): boolean => positionals.length === 0 || positionals.includes(file);
const read = <T>(file: string): T => JSON.parse(readFileSync(new URL(`./${file}.json`, import.meta.url), "utf8")) as T;

const report = new Report();
const modules = await loadDialects();
const names = namesInScope(modules);
const selected = (id: string): boolean => values.only === undefined || id.startsWith(values.only);

if (wanted("core")) {
  for (const test of read<CoreCase[]>("core")) {
    if (!selected(test.id) || test.typescript === undefined) continue;
    for (const dialect of test.dialects) {
      if (values.dialect === undefined || values.dialect === dialect)
        report.add("core", dialect, test.id, runCore(test, dialect, names, modules));
    }
  }
}

if (wanted("ddl")) {
  for (const test of read<DdlCase[]>("ddl")) {
    if (!selected(test.id)) continue;
    for (const dialect of test.dialects ?? ["default"]) {
      if (values.dialect === undefined || values.dialect === dialect)
        report.add("ddl", dialect, test.id, runDdlCase(test, dialect, names, modules));
    }
  }
}

if (wanted("orm")) {
  const tests = read<OrmCase[]>("orm_trace").filter((test) => selected(test.id));
  const wants = (dialect: string): boolean => values.dialect === undefined || values.dialect === dialect;
  if (wants("sqlite"))
    for (const test of tests) report.add("orm", "sqlite", test.id, runOrm(test, names, modules, sqliteTarget));
  if (wants("async"))
    for (const test of tests) {
      const outcome = await runOrmAsync(test, names, modules);
      if (outcome.status === "excluded") report.exclude("orm", "async", test.id, outcome.reason);
      else report.add("orm", "async", test.id, outcome);
    }
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

const { passed, failed } = report.print(values.verbose);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
