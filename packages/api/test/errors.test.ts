import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { classify, ERROR_TABLE } from "../src/index.ts";

const packages = join(import.meta.dirname, "..", "..");

/** Rooms whose errors reach a door. The checker has its own codes: it shares nothing with what it checks. */
const ROOMS = ["canon", "kernel", "policy", "store", "ledger", "engine", "runner", "api", "server", "cli"];

/** Outcomes that are answered as values, never thrown. */
const VALUES = new Set(["ALREADY_DONE", "NOTE_FORGED", "NOTE_UNSIGNED"]);

describe("the error table", () => {
  test.each(ROOMS)("has a row for every code that %s can throw", (room) => {
    const lacking = [...codesOf(room)].filter((code) => !Object.hasOwn(ERROR_TABLE, code));
    expect(lacking).toEqual([]);
  });

  test("has no row for a code that no room names", () => {
    const texts = ROOMS.filter((room) => room !== "api")
      .flatMap(sourcesOf)
      .join("\n");
    expect(Object.keys(ERROR_TABLE).filter((code) => !texts.includes(`"${code}"`))).toEqual([]);
  });

  test("answers a code it does not know as a fault of ours", () => {
    for (const code of ["NO_SUCH_CODE", "__proto__", "constructor", ""]) {
      expect(classify(code)).toEqual({ status: 500, exit: 1 });
    }
  });

  test.each([
    ["USAGE", 422, 2],
    ["JSON_DUPLICATE_KEY", 422, 2],
    ["REQUEST_TOO_LARGE", 413, 2],
    ["TOKEN_MISSING", 401, 1],
    ["FORBIDDEN", 403, 1],
    ["ACTION_NOT_FOUND", 404, 1],
    ["ACTION_ALREADY_ANSWERED", 409, 1],
    ["ACTION_NOT_RELEASED", 409, 3],
    ["LEDGER_BUSY", 503, 1],
    ["LEDGER_FORKED", 500, 4],
    ["LEDGER_CORRUPT", 500, 4],
    ["ROLLBACK_DETECTED", 500, 4],
    ["INTERRUPTED", 503, 130],
  ])("%s is HTTP %i and exit %i", (code, status, exit) => {
    expect(classify(code)).toMatchObject({ status, exit });
  });

  test("lets a full or broken log be repaired before it is asked again, and a busy one be asked at once", () => {
    expect(classify("LEDGER_FULL").retry).toBeUndefined();
    expect(classify("LEDGER_FAILED").retry).toBeUndefined();
    expect(classify("LEDGER_BUSY").retry).toBe(true);
    expect(classify("CONCURRENT_CHANGE").retry).toBe(true);
  });
});

describe("the page of errors", () => {
  const page = readFileSync(join(packages, "..", "docs", "reference", "errors.md"), "utf8");
  const sections = new Map(
    page
      .split(/^### /m)
      .slice(1)
      .map((text) => [/^`([A-Z0-9_]+)`/.exec(text)?.[1] ?? text, text]),
  );

  test("has a section for each code and for no other", () => {
    expect([...sections.keys()].sort()).toEqual(Object.keys(ERROR_TABLE).sort());
  });

  test.each(Object.entries(ERROR_TABLE))("says of %s what, why, next, its status and its exit code", (code, row) => {
    const text = sections.get(code) ?? "";
    const retry = "retry" in row ? " · retry helps" : "";
    expect(text).toContain(`HTTP ${String(row.status)} · exit ${String(row.exit)}${retry}\n`);
    for (const part of ["What", "Why", "Next"]) expect(text, part).toMatch(new RegExp(`^- ${part}: .{6,}`, "m"));
  });
});

/** Members of the room's closed unions, and every `code: "…"` in its sources. */
function codesOf(room: string): Set<string> {
  const codes = new Set<string>();
  for (const text of sourcesOf(room)) {
    for (const [, union = ""] of text.matchAll(/type \w*ErrorCode =([^;]+);/g)) {
      for (const [, code = ""] of union.matchAll(/"([A-Z][A-Z0-9_]+)"/g)) codes.add(code);
    }
    for (const [, code = ""] of text.matchAll(/\bcode: "([A-Z][A-Z0-9_]+)"/g)) codes.add(code);
  }
  for (const value of VALUES) codes.delete(value);
  return codes;
}

function sourcesOf(room: string): string[] {
  const folder = join(packages, room, "src");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(folder, file), "utf8").replaceAll(/\/\*[^]*?\*\//g, ""));
}
