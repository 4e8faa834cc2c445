/**
 * The TypeScript of documents as modules that can be compiled and run: the blocks of a document are one module, in which what
 * they take for given stands in front. That comes from ./given.md, whose headings name a document and the number of a block, at
 * which a new module begins.
 */
import { readFileSync } from "node:fs";

/** A module made of some blocks. */
export interface DocumentModule {
  /** `packages/core/README.md 2` */
  readonly title: string;
  readonly source: string;
}

interface Block {
  readonly line: number;
  readonly code: string;
}

/** The ```ts blocks of a document. */
function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => ({
    line: text.slice(0, match.index).split("\n").length + 1,
    code: match[1] as string,
  }));
}

/** What ./given.md says, by title. */
export function readGiven(file: string): Map<string, string> {
  const sections = readFileSync(file, "utf8").split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => {
      const title = section.slice(0, section.indexOf("\n")).trim();
      return [title, blocksOf(section.slice(section.indexOf("\n") + 1))[0]?.code ?? ""];
    }),
  );
}

/** The modules of a document. What was given for a block that it does not have is an error. */
export function modulesOf(document: string, text: string, given: ReadonlyMap<string, string>): DocumentModule[] {
  const modules: { title: string; source: string }[] = [];
  const blocks = blocksOf(text);
  for (const [index, { line, code }] of blocks.entries()) {
    const title = `${document} ${index + 1}`;
    const before = given.get(title);
    const current = modules.at(-1);
    const source = `// ${document}:${line}\n${code}`;
    if (current === undefined || before !== undefined) modules.push({ title, source: `${before ?? ""}${source}` });
    else current.source += source;
  }
  for (const title of given.keys())
    if (title.startsWith(`${document} `) && !(Number(title.split(" ").at(-1)) <= blocks.length))
      throw new Error(`given.md: there is no ${title}`);
  return modules.map(({ title, source }) => ({
    title,
    source: `${source}\nexport {};\n// Pools keep a process alive.\nprocess.exit(0);\n`,
  }));
}
