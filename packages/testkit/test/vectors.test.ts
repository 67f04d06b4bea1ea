import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { vectorsFolder } from "@writ/testkit";
import { describe, expect, test } from "vitest";

describe("the folder of outside vectors", () => {
  test("is the one named in the environment", () => {
    const folder = mkdtempSync(join(tmpdir(), "writ-vectors-"));
    expect(vectorsFolder({ WRIT_VECTORS: folder })).toBe(folder);
    rmSync(folder, { recursive: true });
  });

  const missing = join(tmpdir(), "writ-no-such-folder");

  test("may be missing on a developer's machine", () => {
    expect(vectorsFolder({ WRIT_VECTORS: missing })).toBeUndefined();
    expect(vectorsFolder({ WRIT_VECTORS: missing, CI: "false" })).toBeUndefined();
  });

  test.each(["true", "1"])("may not be missing where CI is %s", (ci) => {
    expect(() => vectorsFolder({ WRIT_VECTORS: missing, CI: ci })).toThrow(/no test vectors/);
  });
});
