import { existsSync } from "node:fs";
import { resolve } from "node:path";

import { describe } from "vitest";

import { inCi, skipOutsideCi } from "./skip.ts";

/**
 * The folder of outside test vectors: `WRIT_VECTORS`, else `../shared/vectors` beside the repository.
 * Missing: throws in CI (`CI=true` or `CI=1`), where a skipped proof would pass for a proof; else undefined.
 */
export function vectorsFolder(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env["WRIT_VECTORS"];
  const beside = resolve(import.meta.dirname, "../../../../shared/vectors");
  const folder = named === undefined || named === "" ? beside : resolve(named);
  if (existsSync(folder)) return folder;
  if (inCi(env)) throw new Error(`no test vectors at ${folder}; set WRIT_VECTORS`);
  return undefined;
}

/** Runs `define` with the vectors' folder inside a `describe`, or skips the suite and prints why. */
export function describeWithVectors(name: string, define: (folder: string) => void): void {
  const folder = vectorsFolder();
  if (folder !== undefined) {
    describe(name, () => define(folder));
    return;
  }
  skipOutsideCi(name, "no test vectors; set WRIT_VECTORS");
  describe.skip(name, () => {});
}
