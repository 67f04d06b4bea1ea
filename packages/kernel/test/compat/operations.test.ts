import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isWritError, JsonFraction, type ExactJson } from "@writ/canon";
import { parseConformanceCases } from "@writ/kernel/conformance";
import { describeWithVectors } from "@writ/testkit";
import { operations } from "../../src/compat/operations/index.ts";
import { isExactList, member, textMember } from "../../src/compat/exact-record.ts";
import { places, replaced } from "../support/places.ts";

const words: readonly ExactJson[] = [null, true, false, 0, -1, "", " ", "x", "\ud800", "a".repeat(70_000)];
const numbers: readonly ExactJson[] = [10n ** 30n, new JsonFraction("1.5")];
const holders: readonly ExactJson[] = [[], ["x"], [1], [{}], [null], {}, { id: "x" }];
const values: readonly ExactJson[] = [...words, ...numbers, ...holders];

describeWithVectors("a case whose input was changed anywhere", (folder) => {
  const cases = member(parseConformanceCases(readFileSync(join(folder, "kernel/cases.json"))), "cases");
  const played = (isExactList(cases) ? cases : []).map((one) => {
    const input = member(one, "input") ?? null;
    return { operation: textMember(one, "operation") ?? "", input, where: places(input) };
  });

  test("is answered, or refused with a typed error: no input ends the run", () => {
    expect(played.filter(({ operation }) => operations[operation] === undefined)).toEqual([]);
    const changes = fc
      .constantFrom(...played)
      .chain(({ operation, input, where }) =>
        fc.record({ operation: fc.constant(operation), input: fc.constant(input), place: fc.constantFrom(...where) }),
      );
    fc.assert(
      fc.property(changes, fc.constantFrom(...values), ({ operation, input, place }, value) => {
        try {
          operations[operation]?.(replaced(input, place, value));
        } catch (error) {
          if (!isWritError(error)) throw error;
        }
      }),
      { numRuns: 1_500 },
    );
  });
});
