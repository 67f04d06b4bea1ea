import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { resolveHomes } from "../src/homes.ts";
import { openLog } from "../src/owner/open-log.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "writ-clock-"));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

test.each([-1, 253_402_300_800_000])("a clock at %i ms is told as wrong, and no log begins", async (now) => {
  vi.useFakeTimers({ toFake: ["Date"], now });
  const homes = resolveHomes({ HOME: folder, WRIT_HOME: folder, WRIT_KEY_HOME: join(folder, "keys") });
  const opened = openLog(homes, (bytes) => new Uint8Array(bytes));
  await expect(opened).rejects.toMatchObject({ code: "CLOCK_INVALID" });
  expect(readdirSync(folder)).toEqual([]);
});
