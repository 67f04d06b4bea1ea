import { afterAll, beforeAll, describe } from "vitest";

import { findPostgresBinaries } from "./postgres-binaries.ts";
import { startPostgres } from "./postgres.ts";
import type { PostgresServer } from "./postgres.ts";
import { skipOutsideCi } from "./skip.ts";

/**
 * Runs `define` in a `describe` with one server for all its tests. Without binaries: throws in CI, where a skipped
 * proof would pass for a proof; elsewhere skips and prints why.
 */
export function describeWithPostgres(name: string, define: (server: () => PostgresServer) => void): void {
  const found = findPostgresBinaries();
  if (!found.found) {
    skipOutsideCi(name, `no PostgreSQL: ${found.reason}`);
    describe.skip(name, () => {});
    return;
  }
  describe(name, () => {
    let server: PostgresServer | undefined;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => server?.stop());
    define(() => {
      if (server === undefined) throw new Error("the server runs inside tests and hooks alone");
      return server;
    });
  });
}
