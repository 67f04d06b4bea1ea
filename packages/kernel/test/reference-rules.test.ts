import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { REFERENCE_RULES } from "./support/reference-rules.ts";

/** Numbers of the rules that a test of some room is named after: a title that begins with `§27 no. N`. */
const covered = new Set(testFiles().flatMap(numbersIn));

describe("every rule of spec kernel.md §27 has a test that is named after it", () => {
  test.each(REFERENCE_RULES)("§27 no. %i, %s", (number) => {
    expect(covered).toContain(number);
  });

  test("and no test is named after a rule that is none", () => {
    const known = REFERENCE_RULES.map(([number]) => number);
    expect([...covered].filter((number) => !known.includes(number))).toEqual([]);
  });
});

function testFiles(): readonly string[] {
  const rooms = join(import.meta.dirname, "../..");
  return readdirSync(rooms).flatMap((room) => {
    const folder = join(rooms, room, "test");
    return filesUnder(folder).filter((path) => path.endsWith(".test.ts") && path !== import.meta.filename);
  });
}

function filesUnder(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

function numbersIn(path: string): readonly number[] {
  return [...readFileSync(path, "utf8").matchAll(/["'`]§27 no\. (\d+)[:,]/g)].map(([, number]) => Number(number));
}
