import { describe, expect, test } from "vitest";
import { COMPILER_STRATEGIES, probeRecipeErrors, semanticLoss } from "@writ/kernel/security";
import { refusalOf } from "./refusal.ts";

const meaning = { reason: "", actionType: "", taskFamily: "", lossDetected: false };

describe("§27 no. 27: strategies are a closed set, and no variant at all is none", () => {
  test.each(["guess", "", "Passthrough2"])(
    "the strategy `%s` is refused, where the reference sees no loss",
    (strategy) => {
      expect(refusalOf(() => semanticLoss({ ...meaning, strategy }))).toBeTypeOf("string");
    },
  );

  test("lowering by a recipe is a bounded loss, and two strategies lose nothing", () => {
    expect(semanticLoss({ ...meaning, strategy: "recipe_lowering" }).loss_class).toBe("bounded_lowering");
    const lossless = COMPILER_STRATEGIES.filter(
      (one) => semanticLoss({ ...meaning, strategy: one }).loss_class === "none",
    );
    expect(lossless).toEqual(["passthrough", "differential_lowering"]);
  });

  test("zero variants are out of range, where the reference reads one", () => {
    expect(probeRecipeErrors("single_probe", { variant_count: 0 })).toEqual(["variant_count_out_of_range:0"]);
    expect(probeRecipeErrors("single_probe", { variant_count: 1 })).toEqual([]);
  });
});
