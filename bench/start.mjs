/**
 * `npm run bench -- <options>`: installs this folder's packages when its lockfile is new, generates Prisma's clients, builds
 * Athanor's packages, and runs ./run.mjs. `npm run bench -- stream` and `-- types` run the benchmarks of those names.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..");
const windows = process.platform === "win32";

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: here, stdio: "inherit", ...options });
  if (error) console.error(`${command}: ${error.message}`);
  return status ?? 1;
}

function install() {
  const stamp = join(here, "node_modules", ".installed");
  const wanted = createHash("sha256")
    .update(readFileSync(join(here, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.error("bench: installing the peers");
  if (run("npm", ["ci", "--no-progress"], { shell: windows }) !== 0) process.exit(1);
  buildSqlite3();
  writeFileSync(stamp, wanted);
}

/** Sequelize's driver of SQLite is native code, and install scripts are off (Prisma's would download engines). */
function buildSqlite3() {
  console.error("bench: building sqlite3, which takes some minutes");
  const home = join(dirname(process.execPath), "..");
  const headers = [home, join(home, "node_modules", `node-${process.platform}-${process.arch}`)].find((folder) =>
    existsSync(join(folder, "include", "node", "node_api.h")),
  );
  const env = { ...process.env, ...(headers === undefined ? {} : { npm_config_nodedir: realpathSync(headers) }) };
  if (run("npm", ["rebuild", "sqlite3", "--ignore-scripts=false"], { env, shell: windows, stdio: "ignore" }) !== 0)
    console.error("bench: sqlite3 was not built; Sequelize's rows on SQLite will say so");
}

/** Prisma's client is generated code. Generating needs no schema engine; naming any program keeps its tool from downloading one. */
function generatePrisma() {
  for (const db of ["sqlite", "pg"]) {
    const schema = join(here, "peers", "prisma", `${db}.prisma`);
    const client = join(here, "generated", `prisma-${db}`, "index.js");
    if (existsSync(client) && statSync(client).mtimeMs > statSync(schema).mtimeMs) continue;
    mkdirSync(join(here, "generated"), { recursive: true });
    const env = {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? process.execPath,
      CHECKPOINT_DISABLE: "1",
      PRISMA_HIDE_UPDATE_MESSAGE: "1",
    };
    const cli = join(here, "node_modules", "prisma", "build", "index.js");
    if (run(process.execPath, [cli, "generate", "--schema", schema], { env, stdio: "ignore" }) !== 0)
      console.error(`bench: no Prisma client for ${db}; its rows will say so`);
  }
}

const programs = { stream: "stream.mjs", types: join("types", "run.mjs") };
const args = process.argv.slice(2);
const program = programs[args[0]] ? programs[args.shift()] : "run.mjs";

install();
if (program === "run.mjs") generatePrisma();
if (run(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-b"], { cwd: root }) !== 0)
  process.exit(1);
process.exitCode = run(process.execPath, ["--expose-gc", join(here, program), ...args]);
