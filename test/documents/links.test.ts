/** Links between documents lead somewhere, and folder lists of READMEs are those of layers.json. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "llms.txt",
  ...globSync("{packages/*,bench,conformance,docs,docs/{guides,recipes}}/*.md", { cwd: root }),
];

test("links", () => {
  const broken = documents.flatMap((document) =>
    [...readFileSync(join(root, document), "utf8").matchAll(/\]\((?!\w+:|#)([^)#]+)/g)]
      .map(([, link]) => link as string)
      .filter((link) => !existsSync(join(root, dirname(document), link)))
      .map((link) => `${document}: ${link}`),
  );
  expect(documents.length).toBeGreaterThan(20);
  expect(broken).toEqual([]);
});

test("folders", () => {
  const { packages } = JSON.parse(readFileSync(join(root, "layers.json"), "utf8")) as {
    packages: Record<string, { order: string[] }>;
  };
  for (const [name, { order }] of Object.entries(packages)) {
    const readme = readFileSync(join(root, "packages", name, "README.md"), "utf8");
    const section = readme.split(/^## Folders$/m)[1];
    const folders = order.filter((folder) => folder !== ".");
    expect([name, folders.filter((folder) => !existsSync(join(root, "packages", name, "src", folder)))]).toEqual([
      name,
      [],
    ]);
    if (section === undefined) expect([name, folders]).toEqual([name, []]);
    else
      expect([name, [...section.matchAll(/`([\w/-]+)\/`/g)].map(([, folder]) => folder)]).toEqual([
        name,
        expect.arrayContaining(folders),
      ]);
  }
});
