/** rolldown, which Vitest brings along: for tests of what bundlers make of the packages. */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/** What is used of it. */
interface Bundler {
  rolldown(options: object): Promise<Bundle>;
}

/** A program and what it imports. */
export interface Bundle {
  write(options: object): Promise<unknown>;
  close(): Promise<void>;
}

/** Begins a bundle of a program by the sources of Athanor's packages. */
export async function bundle(options: object): Promise<Bundle> {
  const vitest = createRequire(createRequire(import.meta.url).resolve("vitest/package.json"));
  const vite = createRequire(vitest.resolve("vite/package.json"));
  const { rolldown } = (await import(pathToFileURL(vite.resolve("rolldown")).href)) as Bundler;
  return rolldown({
    resolve: { conditionNames: ["athanor-source", "import", "node"] },
    logLevel: "silent",
    ...options,
  });
}
