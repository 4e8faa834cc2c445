/** Every package is publishable as it stands: publint finds nothing, and its exports name sources that exist. Run after the build. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { packageNames, readJson, root } from "./sources.mjs";

let problems = 0;
function report(name, message) {
  problems += 1;
  console.error(`packages/${name}/package.json: ${message}`);
}

for (const name of packageNames()) {
  const pkgDir = join(root, "packages", name);
  const manifest = readJson(`packages/${name}/package.json`);
  for (const key of ["description", "license", "engines", "files", "exports", "sideEffects"]) {
    if (manifest[key] === undefined) report(name, `lacks "${key}"`);
  }
  for (const [subpath, targets] of Object.entries(manifest.exports)) {
    if (typeof targets === "string" || subpath.includes("*")) continue;
    for (const target of Object.values(targets))
      if (!existsSync(join(pkgDir, target))) report(name, `${subpath}: no ${target}`);
  }
  const { messages } = await publint({ pkgDir, pack: false, level: "warning", strict: true });
  for (const message of messages) report(name, formatMessage(message, manifest, { color: false }) ?? message.code);
}
console.log(`packages: ${packageNames().length} packages, ${problems} problems`);
process.exitCode = problems > 0 ? 1 : 0;
