import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createInstallation, type Installation } from "./support/installation.ts";
import { soak } from "./support/soak.ts";

let writ: Installation;
beforeAll(() => {
  writ = createInstallation();
});
afterAll(() => writ.dispose());

describe("a server killed under load", () => {
  test("fifty times loses nothing it acknowledged and runs no ticket twice", async () => {
    const report = await soak(writ, { kills: 50, clients: 16 });
    expect(report.lost).toEqual([]);
    expect(report.ranTwice).toEqual([]);
    expect(report.decisions).toBeGreaterThan(200);
    expect(report.approvals).toBeGreaterThan(50);
    expect(report.receipts).toBeGreaterThan(50);
    const keys = join(writ.folder, "keys");
    writeFileSync(keys, (await writ.run(["log", "key"])).stdout);
    const verified = await writ.run(["verify", join(writ.folder, "data", "log.db"), "--policy", keys]);
    expect(verified.stdout).toContain("GOOD");
    expect(verified.code).toBe(0);
  }, 300_000);
});
