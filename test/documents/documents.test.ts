/** Every block of TypeScript in the READMEs and guides compiles under strict checks, and runs where its database is there. */
import { spawn } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { mysqlUrl, pgUrl } from "../setup/urls.ts";
import { type DocumentModule, modulesOf, readGiven } from "./blocks.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
// Inside of the workspace, so that packages are found.
const folder = mkdtempSync(join(root, ".documents-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Documents whose code is only compiled, and why. */
const notRun: Readonly<Record<string, string>> = {
  "packages/dialect-mssql/README.md": "no SQL Server here",
  "packages/dialect-oracle/README.md": "no Oracle here",
  "packages/testing/README.md": "the suite needs a test runner",
};

/** The URLs and packages that documents show, and what they stand for here. */
const places: readonly (readonly [shown: string, here: string | null])[] = [
  ["athanor-dialect-duckdb", "@athanor/dialect-sqlite"],
  ["postgresql://scott:tiger@localhost/shop", pgUrl()],
  ["mysql://scott:tiger@localhost/shop?charset=utf8mb4", mysqlUrl()],
];

const given = readGiven(join(root, "test/documents/given.md"));
const documents = [
  "README.md",
  ...globSync("packages/*/README.md", { cwd: root }),
  ...globSync("docs/**/*.md", { cwd: root }),
]
  .filter((document) => !/node_modules|^docs\/(?:api|recipes)\//.test(document)) // Recipes: test/recipes.test.ts.
  .sort();
const modules = documents.flatMap((document) =>
  modulesOf(document, readFileSync(join(root, document), "utf8"), given).map((module, index) => ({
    ...module,
    document,
    file: join(folder, `${document.replaceAll(/[/.]/g, "-")}-${index + 1}.ts`),
  })),
);

const missing = (module: DocumentModule): boolean =>
  places.some(([shown, here]) => here === null && module.source.includes(shown));

for (const { file, source } of modules)
  writeFileSync(
    file,
    places.reduce(
      (text, [shown, here]) => text.replaceAll(JSON.stringify(shown), JSON.stringify(here ?? shown)),
      source,
    ),
  );

function run(args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd, env: { ...process.env, NODE_OPTIONS: "" } });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
    child.on("close", (code) => resolve(code === 0 ? "" : `${output}\nexit code ${code}`));
  });
}

test("all of it compiles", async () => {
  const project = {
    extends: "../tsconfig.base.json",
    compilerOptions: { noEmit: true, allowImportingTsExtensions: true, customConditions: ["athanor-source"] },
    files: modules.map(({ file }) => file),
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(project));
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  expect(await run([compiler, "-p", join(folder, "tsconfig.json"), "--pretty", "false"], folder)).toBe("");
}, 120_000);

describe.each(modules)("$title", (module) => {
  const reason = notRun[module.document] ?? (missing(module) ? "no server" : undefined);
  test.skipIf(reason !== undefined)("runs", async () => {
    const place = module.file.replace(/\.ts$/, "");
    mkdirSync(place);
    expect(await run(["--no-warnings", "--conditions=athanor-source", module.file], place)).toBe("");
  });
});
