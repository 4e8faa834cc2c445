/**
 * What TypeScript pays: checks the programs of ./programs.mjs with `--extendedDiagnostics` and prints a table. The time is the
 * lowest of some runs; the declarations that libraries bring along are not checked (skipLibCheck), as nobody checks them.
 *
 *     npm run bench -- types [--runs 3] [--only athanor,kysely] [--keep]
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { configuration, programs, QUERIES, TABLES } from "./programs.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, "..", "..");
const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
};
const runs = Number(option("runs", 3));
const only = option("only")?.split(",");
// Beside the peers' packages, so that both they and ours are found.
const work = path.join(here, "..", "generated", "types");

const compilers = { "TypeScript 6": "typescript-6", "TypeScript 7": "typescript" };
function write(name, files) {
  const folder = path.join(work, name.replace(/\W+/g, "-"));
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(configuration(root)));
  for (const [file, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, file), text);
  return folder;
}

function check(compiler, folder) {
  const tsc = path.join(root, "node_modules", compiler, "bin", "tsc");
  const args = [tsc, "-p", folder, "--extendedDiagnostics", "--pretty", "false"];
  const { stdout } = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  const figure = (label) => Number(new RegExp(`^${label}:\\s+([\\d.]+)`, "m").exec(stdout)?.[1] ?? Number.NaN);
  const errors = stdout.split("\n").filter((line) => line.includes("error TS"));
  return {
    errors,
    instantiations: figure("Instantiations"),
    types: figure("Types"),
    checkTime: figure("Check time"),
    totalTime: figure("Total time"),
    memory: figure("Memory used"),
  };
}

const names = Object.keys(programs).filter((name) => !only || only.includes(name));
const folders = Object.fromEntries(names.map((name) => [name, write(name, programs[name])]));
console.log(`${TABLES} tables, ${TABLES * 3} relationships, ${QUERIES} queries; check time: lowest of ${runs} runs\n`);
for (const [title, compiler] of Object.entries(compilers)) {
  const best = {};
  for (let run = 0; run < runs; run++) {
    for (const name of names) {
      const measured = check(compiler, folders[name]);
      const known = best[name];
      if (run === 0 && measured.errors.length > 0) {
        console.error(`${name}: ${measured.errors.length} errors, e.g.\n${measured.errors.slice(0, 3).join("\n")}`);
        process.exitCode = 1;
      }
      if (known === undefined) best[name] = measured;
      else {
        known.checkTime = Math.min(known.checkTime, measured.checkTime);
        known.totalTime = Math.min(known.totalTime, measured.totalTime);
      }
    }
  }
  const version = spawnSync(process.execPath, [path.join(root, "node_modules", compiler, "bin", "tsc"), "--version"], {
    encoding: "utf8",
  }).stdout.trim();
  console.log(`${title} (${version})\n`);
  console.log("| library | instantiations | types | check time s | total time s | memory MB | errors |");
  console.log("|---|---:|---:|---:|---:|---:|---:|");
  for (const name of names) {
    const { instantiations, types, checkTime, totalTime, memory, errors } = best[name];
    const megabytes = Math.round(memory / 1024);
    console.log(
      `| ${name} | ${instantiations} | ${types} | ${checkTime} | ${totalTime} | ${megabytes} | ${errors.length} |`,
    );
  }
  console.log("");
}
if (!process.argv.includes("--keep")) fs.rmSync(work, { recursive: true, force: true });
