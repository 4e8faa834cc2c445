/**
 * From a bare clone with any Node from 20 on and npm: installs pnpm, the pinned Node and everything else (once per lockfile),
 * then runs the given script with the pinned Node. Needs no package itself.
 *
 *     node tools/bootstrap.mjs [--system-node] tools/test-all.mjs [arguments]
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const bin = join(root, "node_modules", ".bin");
const stamp = join(root, "node_modules", ".athanor-installed");
const windows = process.platform === "win32";
const pnpmVersion = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).devDependencies.pnpm;

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (error) console.error(`${command}: ${error.message}`);
  return status ?? 1;
}

function installedFor() {
  return existsSync(stamp) && existsSync(pinnedNode()) ? readFileSync(stamp, "utf8") : "";
}

function pinnedNode() {
  return join(root, "node_modules", "node", "bin", windows ? "node.exe" : "node");
}

function installedPnpm() {
  const manifest = join(root, "node_modules", "pnpm", "package.json");
  const usable = existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).version === pnpmVersion;
  return usable ? join(bin, windows ? "pnpm.cmd" : "pnpm") : undefined;
}

function install() {
  const args = ["install", "--frozen-lockfile"];
  const pnpm = installedPnpm();
  if (pnpm && run(pnpm, args, { shell: windows }) === 0) return true;
  return run("npx", ["-y", `pnpm@${pnpmVersion}`, ...args], { shell: windows }) === 0;
}

function ensureInstalled() {
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "pnpm-lock.yaml")))
    .digest("hex");
  if (installedFor() === wanted) return true;
  console.error("bootstrap: installing packages and the pinned Node");
  if (!install()) return false;
  writeFileSync(stamp, wanted);
  return true;
}

const args = process.argv.slice(2);
const systemNode = args[0] === "--system-node" ? Boolean(args.shift()) : false;
if (ensureInstalled()) {
  const node = systemNode ? process.execPath : pinnedNode();
  const path = [...(systemNode ? [dirname(process.execPath)] : []), bin, process.env.PATH].join(delimiter);
  process.exitCode = run(node, args, { env: { ...process.env, PATH: path } });
} else {
  console.error("bootstrap: the installation failed, see above");
  if (args[0]?.endsWith("test-all.mjs")) console.log("0 passed, 1 failed");
  process.exitCode = 1;
}
