import { defineConfig } from "vitest/config";

const resolve = { conditions: ["writ-source"] };

/** The kernel's unit tests, without those that read the whole tree or take seconds with each mutant and guard no gate. */
export default defineConfig({
  resolve,
  ssr: { resolve },
  test: {
    include: ["packages/kernel/test/**/*.test.ts"],
    exclude: [
      "**/node_modules/**",
      "packages/kernel/test/**/*.system.test.ts",
      "packages/kernel/test/actions/gateway-law.test.ts",
      "packages/kernel/test/boundary/**",
      "packages/kernel/test/compat/operations.test.ts",
      "packages/kernel/test/redaction/**",
      "packages/kernel/test/review/**",
      "packages/kernel/test/shell/**",
    ],
    pool: "threads",
    isolate: false,
    testTimeout: 60_000,
  },
});
