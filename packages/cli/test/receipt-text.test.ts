import { expect, test } from "vitest";
import type { Receipt } from "@writ/kernel";
import { receiptLines } from "../src/terminal/action-text.ts";

const output = { sha256: "0".repeat(64), bytes: 0, truncated: false };
const receipt = {
  mode: "live",
  exit_code: null,
  signal: null,
  stdout: output,
  stderr: output,
  files: [],
  files_truncated: false,
  refusals: [],
  sandbox: null,
} as unknown as Receipt;

test.each<[Partial<Receipt>, Parameters<typeof receiptLines>[1], string]>([
  [{ outcome: "not_started" }, "as_decided", "receipt   not_started, nothing ran"],
  [{ outcome: "unfinished" }, "unfinished", "receipt   unfinished, no exit code, unfinished"],
  [{ outcome: "succeeded", exit_code: 0 }, "as_decided", "receipt   succeeded, exit 0, as decided"],
  [{ outcome: "timed_out", signal: "SIGKILL" }, "as_decided", "receipt   timed_out, signal SIGKILL, as decided"],
])("a receipt of %o reads as it is: %s", (how, agreement, line) => {
  expect(receiptLines({ ...receipt, ...how }, agreement)[0]).toBe(line);
});

test("variables that were not handed on are no attempts, however many they are", () => {
  const refusals = [
    { kind: "environment", target: "HOME", detail: "withheld" },
    { kind: "environment", target: "others", detail: "8 further variables were withheld" },
    { kind: "write", target: "/etc", detail: "EROFS" },
  ] as Receipt["refusals"];
  const lines = receiptLines({ ...receipt, outcome: "failed", refusals }, "as_decided").slice(3);
  expect(lines).toEqual([
    "  refused write /etc: EROFS",
    "  withheld 1 environment variables; 8 further variables were withheld",
  ]);
});
