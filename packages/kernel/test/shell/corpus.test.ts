import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { OPAQUE_REASONS, RISK_CLASSES, shapeShellText, type OpaqueReason, type RiskClass } from "@writ/kernel/shell";

interface Row {
  readonly line: string;
  readonly verdict: RiskClass;
  readonly reasons?: readonly OpaqueReason[];
}

function rows(name: string): readonly Row[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, `${name}.json`), "utf8")) as Row[];
}

function judged(line: string): Row {
  const { verdict, opaque } = shapeShellText(line);
  const reasons = [...new Set(opaque.map(({ reason }) => reason))];
  return { line, verdict, ...(reasons.length > 0 && { reasons }) };
}

const hostile = rows("hostile");
const everyday = rows("everyday");

describe("hostile lines", () => {
  test("are many, and none is expected to be harmless", () => {
    expect(hostile.length).toBeGreaterThanOrEqual(200);
    expect(hostile.filter(({ verdict }) => verdict === "read_only")).toEqual([]);
  });

  test("each gets the verdict and the reasons it is listed with", () => {
    expect(hostile.map(({ line }) => judged(line))).toEqual(hostile);
  });
});

describe("everyday lines", () => {
  test("are many, and at least 95 of 100 are fully seen", () => {
    expect(everyday.length).toBeGreaterThanOrEqual(200);
    const seen = everyday.filter(({ verdict }) => verdict !== "opaque");
    expect(seen.length / everyday.length).toBeGreaterThanOrEqual(0.95);
  });

  test("each gets the verdict and the reasons it is listed with", () => {
    expect(everyday.map(({ line }) => judged(line))).toEqual(everyday);
  });
});

test("every opaque verdict has a reason with a place in the source, and no other verdict has one", () => {
  for (const { line } of [...hostile, ...everyday]) {
    const { verdict, opaque, commands } = shapeShellText(line);
    expect(verdict === "opaque").toBe(opaque.length > 0);
    for (const { reason, span } of opaque) {
      expect(OPAQUE_REASONS).toContain(reason);
      expect(span.start).toBeGreaterThanOrEqual(0);
      expect(span.end).toBeLessThanOrEqual(line.length);
    }
    for (const { effect, effects } of commands) {
      expect(effects.at(-1)).toBe(effect);
      expect(RISK_CLASSES.indexOf(effect)).toBeLessThanOrEqual(RISK_CLASSES.indexOf(verdict));
    }
  }
});
