import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseConformanceCases, runConformance, verdictText } from "@writ/kernel/conformance";

/** Cases written from the text of the specification alone: inputs at and beside every limit, one id for each. */
const folder = join(import.meta.dirname, "../../../../vectors/kernel");
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

interface OwnCase {
  readonly id: string;
  readonly operation: string;
  /** The number of the rule in spec kernel.md §27 by which the product answers more strictly. */
  readonly stricter?: number;
}

describe.each(files)("our own cases of %s", (file) => {
  const bytes = readFileSync(join(folder, file));
  const { cases } = JSON.parse(bytes.toString("utf8")) as { readonly cases: readonly OwnCase[] };
  const { results } = runConformance(parseConformanceCases(bytes));

  test("belong to the operation the file is named after, each with an id of its own", () => {
    expect(cases.length).toBeGreaterThanOrEqual(8);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
    expect(cases.every(({ operation }) => `${operation}.json` === file)).toBe(true);
  });

  test.each(cases.map((own, index) => ({ ...own, result: results[index] })))("$id", ({ stricter, result }) => {
    expect(result).not.toHaveProperty("actual");
    const verdict = result === undefined ? "missing" : verdictText(result);
    expect(verdict).toBe(stricter === undefined ? "same" : `stricter: §27 no. ${String(stricter)}`);
  });
});
