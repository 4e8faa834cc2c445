/** What the packages export has a doc comment. */
import { globSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** What is used of the compiler's API, which TypeScript 7 does not have any more. */
interface Compiler {
  readonly SymbolFlags: { readonly Alias: number };
  createProgram(
    files: readonly string[],
    options: object,
  ): { getTypeChecker(): Checker; getSourceFile(file: string): object };
}

interface Checker {
  getSymbolAtLocation(node: object): DeclaredSymbol;
  getExportsOfModule(module: DeclaredSymbol): DeclaredSymbol[];
  getAliasedSymbol(symbol: DeclaredSymbol): DeclaredSymbol;
}

interface DeclaredSymbol {
  readonly name: string;
  readonly flags: number;
  readonly declarations?: readonly { getSourceFile(): { readonly fileName: string } }[];
  getDocumentationComment(checker: Checker): readonly unknown[];
}

const { default: ts } = (await import("typescript-5.9" as string)) as { default: Compiler };

test("exports", () => {
  const entries = globSync("packages/*/src/{index,orm,otel,ext/*}.ts", { cwd: root })
    .filter((file) => !file.endsWith(".test.ts"))
    .map((file) => join(root, file));
  expect(entries.length).toBeGreaterThan(15);
  const program = ts.createProgram(entries, {
    module: 199,
    moduleResolution: 99,
    target: 99,
    customConditions: ["athanor-source"],
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck: true,
  });
  const checker = program.getTypeChecker();
  const silent = entries.flatMap((entry) =>
    checker
      .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)))
      .filter((given) => {
        const symbol = (given.flags & ts.SymbolFlags.Alias) === 0 ? given : checker.getAliasedSymbol(given);
        const isOwn = symbol.declarations?.[0]?.getSourceFile().fileName.startsWith(join(root, "packages")) === true;
        const documented = [symbol, given].some((each) => each.getDocumentationComment(checker).length > 0);
        // A module under a name of its own has its members' comments.
        const isModule = "fileName" in (symbol.declarations?.[0] ?? {});
        return isOwn && !isModule && !documented;
      })
      .map(({ name }) => `${entry.slice(root.length)}: ${name}`),
  );
  expect(silent).toEqual([]);
}, 120_000);
