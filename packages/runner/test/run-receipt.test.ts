import { describe, expect, test } from "vitest";
import { canonicalize, type JsonValue } from "@writ/canon";
import { contractFor, executionFor } from "./bench.ts";
import { sealReceipt } from "../src/run-receipt.ts";
import { withheldNames } from "../src/withheld.ts";

const contract = contractFor({ argv: ["true"], cwd: "/work", environment: ["CI"] });
const execution = executionFor(contract);
const at = { started: 1_800_000_000_000, ended: 1_800_000_000_500 };

describe("a receipt of a run", () => {
  test("names ticket, action, digest, intent and mode of its execution", () => {
    const { ticket, intent } = execution;
    expect(sealReceipt(execution, { outcome: "succeeded", exit_code: 0 }, at)).toMatchObject({
      ticket_id: ticket.id,
      action_id: ticket.action_id,
      action_digest: ticket.action_digest,
      intent,
      mode: "live",
      refusals: [],
    });
  });

  test("stays below 24 KiB whatever the names, and says what it left out", () => {
    const files = Array.from({ length: 500 }, (_, number) => ({
      path: `/work/${"é".repeat(1000)}${String(number)}`,
      change: "created" as const,
      sha256: "0".repeat(64),
      bytes: 1,
    }));
    const refusals = Array.from({ length: 500 }, (_, number) => ({
      kind: "read" as const,
      target: `/${"x".repeat(3000)}${String(number)}`,
      detail: "ENOENT",
    }));
    const receipt = sealReceipt(execution, { outcome: "failed", exit_code: 1, files, refusals }, at);
    expect(Buffer.byteLength(canonicalize(receipt as unknown as JsonValue))).toBeLessThanOrEqual(24 * 1024);
    expect(receipt.files_truncated).toBe(true);
    expect(receipt.files.length).toBeGreaterThan(0);
    expect(receipt.refusals.at(-1)).toMatchObject({ kind: "limit", target: "refusals" });
  });

  test("a flood of one kind of refusal leaves the other kinds in it", () => {
    const flood = Array.from({ length: 500 }, (_, number) => ({
      kind: "sandbox" as const,
      target: `/${"x".repeat(3000)}${String(number)}`,
      detail: "unmeasured",
    }));
    const others = (["read", "write", "network", "environment"] as const).map((kind) => ({
      kind,
      target: "t",
      detail: "",
    }));
    const { refusals } = sealReceipt(execution, { outcome: "failed", refusals: [...flood, ...others] }, at);
    expect(new Set(refusals.map(({ kind }) => kind))).toEqual(
      new Set(["sandbox", "read", "write", "network", "environment", "limit"]),
    );
  });

  test("a clock that was set back does not end a run before it began", () => {
    const receipt = sealReceipt(
      execution,
      { outcome: "failed", exit_code: 1 },
      { started: at.ended, ended: at.started },
    );
    expect(receipt.ended_at).toBe(receipt.started_at);
  });

  test.each(["", "a\0b", "\ud800", "x".repeat(5000)])("text from a process is made fit for a record: %#", (target) => {
    const refusals = [{ kind: "read" as const, target, detail: target }];
    const [refusal] = sealReceipt(execution, { outcome: "failed", refusals }, at).refusals;
    expect(refusal?.target.isWellFormed()).toBe(true);
    expect(refusal?.target.length).toBeLessThanOrEqual(1024);
  });
});

describe("withheld variables", () => {
  const { shape } = contract;
  if (shape.kind !== "process") throw new Error("no process");

  test("what is handed on, or set inside, was not withheld", () => {
    expect(withheldNames(shape, ["CI", "PATH", "HOME", "_"])).toEqual([]);
  });

  test("those that sound like secrets come first, and the rest is counted", () => {
    const names = [...Array.from({ length: 30 }, (_, number) => `PLAIN_${String(number)}`), "GITHUB_TOKEN"];
    const told = withheldNames(shape, names);
    expect(told[0]).toEqual({ kind: "environment", target: "GITHUB_TOKEN", detail: "withheld" });
    expect(told.at(-1)).toEqual({
      kind: "environment",
      target: "others",
      detail: "11 further variables were withheld",
    });
  });
});
