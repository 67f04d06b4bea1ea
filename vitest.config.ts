import { defineConfig } from "vitest/config";

const resolve = { conditions: ["writ-source"] };
const ssr = { resolve: { conditions: ["writ-source"] } };

/**
 * Two projects: `unit` shares threads and modules and is over in seconds; `system` starts real processes,
 * databases and browsers, one file at a time so that two cores are enough.
 */
export default defineConfig({
  test: {
    reporters: ["default", "./scripts/summary-reporter.mjs"],
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: "unit",
          include: ["packages/*/test/**/*.test.ts"],
          exclude: ["packages/*/test/**/*.system.test.ts"],
          pool: "threads",
          isolate: false,
          testTimeout: 60_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: "system",
          include: ["packages/*/test/**/*.system.test.ts"],
          pool: "forks",
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
