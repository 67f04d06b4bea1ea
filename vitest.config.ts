import { realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { defineConfig } from "vitest/config";

const resolve = { conditions: ["writ-source"] };
const ssr = { resolve: { conditions: ["writ-source"] } };

/** A socket's address has 107 bytes, and the tests put theirs into folders in the temporary one. */
const TEMPORARY_BYTES_MAX = 60;

/**
 * Where the tests have their workspaces, by its own name and not by a link, as a run takes it. No run may work below the
 * system's own folders, and where sockets have no room `/tmp` stands in.
 */
const given = realpathSync(tmpdir());
const usable = Buffer.byteLength(given) <= TEMPORARY_BYTES_MAX && !/^\/(?:dev|proc|run|sys)(?:\/|$)/.test(given);
if (!usable) console.warn(`the tests use /tmp: ${given} is too long for sockets, or one of the system's own folders`);
process.env["TMPDIR"] = usable ? given : "/tmp";

/** The tests speak to servers of their own: settings of another PostgreSQL would go along, and a proxy stand between. */
for (const name of Object.keys(process.env)) {
  if (/^PG[A-Z]|^NODE_USE_ENV_PROXY$/.test(name)) delete process.env[name];
}

/**
 * Two projects: `unit` shares threads and modules and is over in seconds; `system` starts real processes,
 * databases and browsers, after the others and two files at a time: half of their time they wait, and two cores are enough.
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
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
