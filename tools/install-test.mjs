/**
 * Installs the packed packages the way a user does: npm, an empty folder, only core and one dialect; then runs a query
 * from ESM and through require(), on Node 22 and on the pinned Node. Run after the build.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packageNames, readJson, root } from "./sources.mjs";

const oldestNode = "22.23.3";
const folder = mkdtempSync(join(tmpdir(), "athanor-install-"));
const npm = process.platform === "win32" ? "npm.cmd" : "npm";
// npm runs with the Node of the shell, not with the pinned one: its own configuration is written for that.
const env = {
  ...process.env,
  npm_config_update_notifier: "false",
  npm_config_fund: "false",
  npm_config_audit: "false",
};

function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env, encoding: "utf8" });
  if (error || status !== 0) throw new Error(`${command} ${args.join(" ")}\n${error?.message ?? ""}${stdout}${stderr}`);
  return stdout;
}

const program = (load) => `
${load}
const engine = createEngine("sqlite://");
const metadata = new MetaData();
const users = table("users", metadata, { id: column(t.integer, { primaryKey: true }), name: column(t.string(50)) });
metadata.createAll(engine);
engine.begin((conn) => conn.execute(insert(users).values({ name: "Ada" })));
const conn = engine.connect();
const row = conn.execute(select(users.c.id, users.c.name)).one();
conn.close();
if (row.id !== 1 || row.name !== "Ada") throw new Error(JSON.stringify(row));
console.log("ok");
`;
const names = "createEngine, MetaData, table, column, t, insert, select";

try {
  const tarballs = join(folder, "tarballs");
  mkdirSync(tarballs);
  for (const name of packageNames())
    run(npm, ["pack", "--silent", "--pack-destination", tarballs], join(root, "packages", name));
  const tarball = (name) =>
    `file:${join(
      tarballs,
      readdirSync(tarballs).find(
        (file) => file.startsWith(`athanor-${name}-0`) || file.startsWith(`athanor-${name}-1`),
      ),
    )}`;

  const app = join(folder, "app");
  mkdirSync(app);
  const packed = (name) => [`@athanor/${name}`, tarball(name)];
  const wanted = Object.fromEntries(["core", "dialect-sqlite"].map(packed));
  // Not published yet: what they depend on has to be named, too.
  const overrides = Object.fromEntries(["driver", "pool", "core"].map(packed));
  const { devDependencies } = readJson("packages/dialect-sqlite/package.json");
  const dependencies = { ...wanted, ...overrides, "better-sqlite3": devDependencies["better-sqlite3"] };
  writeFileSync(join(app, "package.json"), JSON.stringify({ name: "app", private: true, dependencies }));
  run(npm, ["install", "--silent", "--no-package-lock"], app);
  writeFileSync(
    join(app, "esm.mjs"),
    program(`import { ${names} } from "@athanor/core";\nimport "@athanor/dialect-sqlite";`),
  );
  writeFileSync(
    join(app, "common.cjs"),
    program(`const { ${names} } = require("@athanor/core");\nrequire("@athanor/dialect-sqlite");`),
  );
  writeFileSync(join(app, "lazy.mjs"), program(`import { ${names} } from "@athanor/core";`));

  const old = join(folder, "node22");
  mkdirSync(old);
  writeFileSync(
    join(old, "package.json"),
    JSON.stringify({ name: "old", private: true, dependencies: { node: oldestNode } }),
  );
  run(npm, ["install", "--silent", "--no-package-lock"], old);
  const nodes = [process.execPath, join(old, "node_modules", "node", "bin", "node")];
  for (const node of nodes) {
    for (const file of ["esm.mjs", "common.cjs", "lazy.mjs"]) {
      const output = run(node, [file], app);
      if (!output.includes("ok")) throw new Error(`${file} printed ${output}`);
    }
    console.log(
      `install: core + dialect-sqlite run from ESM, through require(), and without naming the dialect, on Node ${run(node, ["--version"], dirname(node)).trim()}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
