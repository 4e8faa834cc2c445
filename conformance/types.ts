/**
 * Type-checks the recorded cases of core.json and ddl.json: each is a function of a module generated into `.types/`. A case that
 * SQLAlchemy refuses on every dialect may be refused by the types as well.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as core from "@athanor/core";
import type { Outcome } from "./report.ts";
import { helpers, tables } from "./schema.ts";

/** A recorded case. */
export interface TypedCase {
  readonly id: string;
  readonly typescript?: string;
  readonly dialects?: readonly string[];
  readonly error?: Readonly<Record<string, string>>;
}

const folder = join(dirname(fileURLToPath(import.meta.url)), ".types");
const own = [...Object.keys(tables), ...Object.keys(helpers), "operators"];
const exported = Object.keys(core).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name) && !own.includes(name));

/** Python's names that the translation left in place are of no type. */
const preamble = `
import { ${exported.join(", ")} } from "@athanor/core";
import * as core from "@athanor/core";
import * as pg from "@athanor/dialect-postgres";
import * as mysql from "@athanor/dialect-mysql";
import * as sqlite from "@athanor/dialect-sqlite";
import * as mssql from "@athanor/dialect-mssql";
import * as oracle from "@athanor/dialect-oracle";
import { helpers, tables } from "../schema.ts";
const { ${Object.keys(tables).join(", ")} } = tables;
const { ${Object.keys(helpers).join(", ")} } = helpers;
const operators = { ...core.operators, customOp: core.customOp };
declare const sa: any, getattr: any, object: any;
declare function reversed<T>(items: readonly T[]): T[];
declare function create(element: object): void;
declare function drop(element: object): void;
declare function createAll(metadata: MetaData): void;
declare function dropAll(metadata: MetaData): void;
`.split("\n");

const compilerOptions = {
  noEmit: true,
  allowImportingTsExtensions: true,
  customConditions: ["athanor-source"],
  composite: false,
  declaration: false,
  isolatedDeclarations: false,
  noUnusedLocals: false,
  // `strict` as most projects have it; the recorded forms read lists by position.
  noUncheckedIndexedAccess: false,
};

/** Writes the module of a file's cases; gives the case of each line. */
function writeModule(file: string, cases: readonly TypedCase[]): readonly (string | undefined)[] {
  const lines = [...preamble];
  const caseOf: (string | undefined)[] = new Array(lines.length).fill(undefined);
  for (const [index, { id, typescript: source }] of cases.entries()) {
    if (source === undefined) continue;
    const statements = /(^|[;\n])\s*return\b/.test(source) || /^\s*(let|const|for|class)\b/.test(source);
    const text = `export function case${index}() {\n${statements ? source : `return (${source});`}\n}`;
    for (const line of text.split("\n")) {
      lines.push(line);
      caseOf.push(id);
    }
  }
  writeFileSync(join(folder, `${file}.ts`), lines.join("\n"));
  return caseOf;
}

/** Checks the cases of several files; gives the outcome of each case. */
export function checkTypes(
  files: Readonly<Record<string, readonly TypedCase[]>>,
): ReadonlyMap<string, ReadonlyMap<string, Outcome>> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  try {
    const owners = Object.fromEntries(Object.entries(files).map(([file, cases]) => [file, writeModule(file, cases)]));
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({ extends: "../../tsconfig.base.json", compilerOptions, include: ["*.ts"] }),
    );
    const errors = compile(owners);
    return new Map(
      Object.entries(files).map(([file, cases]) => [
        file,
        new Map(
          cases
            .filter(({ typescript }) => typescript !== undefined)
            .map((test) => [test.id, outcome(test, errors.get(`${file} ${test.id}`))]),
        ),
      ]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compile(owners: Readonly<Record<string, readonly (string | undefined)[]>>): ReadonlyMap<string, string[]> {
  const compiler = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
  const { stdout } = spawnSync(process.execPath, [compiler, "-p", folder, "--pretty", "false"], { encoding: "utf8" });
  const found = new Map<string, string[]>();
  const stray: string[] = [];
  for (const line of stdout.split("\n")) {
    if (line === "" || line.startsWith(" ")) continue;
    const [, file, at, message] = /([a-z]+)\.ts\((\d+),\d+\): error (.*)$/.exec(line) ?? [];
    const id = file === undefined ? undefined : owners[file]?.[Number(at) - 1];
    if (id === undefined) stray.push(line);
    else found.set(`${file} ${id}`, [...(found.get(`${file} ${id}`) ?? []), message as string]);
  }
  if (stray.length > 0) throw new Error(`the generated modules do not compile:\n${stray.join("\n")}`);
  return found;
}

function outcome(test: TypedCase, errors: readonly string[] | undefined): Outcome {
  if (errors === undefined) return { status: "passed" };
  const misuse =
    test.error !== undefined && (test.dialects ?? ["default"]).every((name) => test.error?.[name] !== undefined);
  if (misuse) return { status: "passed" };
  return { status: "failed", expected: "no type error", actual: errors.join("\n             ") };
}
