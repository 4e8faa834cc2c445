import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Tests run on the packages' sources: the `athanor-source` condition of their `exports` points at src. */
const conditions = ["athanor-source"];

export default defineConfig({
  resolve: { conditions: [...conditions, "module", "node", "development|production"] },
  ssr: {
    noExternal: [/^@athanor\//],
    resolve: {
      conditions: [...conditions, "module", "node", "development|production"],
      externalConditions: conditions,
    },
  },
  test: {
    include: ["packages/*/src/**/*.test.ts", "packages/*/test/**/*.test.ts", "test/**/*.test.ts"],
    // Database tests wait more than they compute: two workers even on two processors.
    pool: "forks",
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // A loaded machine is slow, not wrong.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    globalSetup: ["./test/setup/databases.ts"],
    setupFiles: ["./test/setup/emptying.ts"],
    server: { deps: { inline: [/^@athanor\//, /\/packages\/[^/]+\/src\//] } },
  },
});
