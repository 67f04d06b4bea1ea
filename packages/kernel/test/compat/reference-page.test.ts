import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { REFERENCE_RULES } from "../support/reference-rules.ts";

const page = readFileSync(join(import.meta.dirname, "../../../../docs/reference/compat-govengine.md"), "utf8");
const rows = page.split("\n").filter((line) => /^\| \d+ \|/.test(line));

describe("docs/reference/compat-govengine.md", () => {
  test.each(REFERENCE_RULES)("has rule %i, %s", (number) => {
    const row = rows.find((line) => line.startsWith(`| ${String(number)} |`)) ?? "";
    const [, , reference = "", ours = "", seen = ""] = row.split("|").map((cell) => cell.trim());
    for (const cell of [reference, ours, seen]) expect(cell.length, row).toBeGreaterThan(3);
  });

  test("has them once each, in order, and no other", () => {
    expect(rows.map((line) => Number(line.split("|")[1]))).toEqual(REFERENCE_RULES.map(([number]) => number));
  });

  test("names no code that the kernel does not answer with", () => {
    const source = textOf(join(import.meta.dirname, "../../src"));
    const codes = rows.flatMap((row) =>
      [...row.matchAll(/`([a-z]+(?:_[a-z]+)+)(?::x)?`/g)].map(([, code]) => code ?? ""),
    );
    expect(codes.length).toBeGreaterThan(10);
    expect(codes.filter((code) => !source.includes(code))).toEqual([]);
  });
});

function textOf(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((file) => readFileSync(join(file.parentPath, file.name), "utf8")).join("\n");
}
