/**
 * Statements beside those of conformance/: what SQLAlchemy 2.1 renders for them was recorded, by dialect, in ./recorded. The
 * tables are those of conformance/schema.ts.
 */
import { readFileSync } from "node:fs";
import { onWarning } from "@athanor/core";
import { describe, expect, test } from "vitest";
import { type CoreCase, runCore } from "../conformance/core.ts";
import { type DdlCase, runDdlCase } from "../conformance/ddl.ts";
import { loadDialects, namesInScope } from "../conformance/scope.ts";

onWarning(() => {});
const modules = await loadDialects();
const names = namesInScope(modules);
const read = <T>(file: string): T[] =>
  JSON.parse(readFileSync(new URL(`./recorded/${file}.json`, import.meta.url), "utf8")) as T[];

for (const [file, run] of [
  ["core", (one: CoreCase, dialect: string) => runCore(one, dialect, names, modules)],
  ["ddl", (one: DdlCase, dialect: string) => runDdlCase(one, dialect, names, modules)],
] as const) {
  describe(file, () => {
    test.each(read<CoreCase & DdlCase>(file))("$id $typescript", (one) => {
      for (const dialect of one.dialects)
        expect({ dialect, ...run(one, dialect) }).toEqual({ dialect, status: "passed" });
    });
  });
}
