import { WritError } from "@writ/canon";
import { expect, test } from "vitest";
import { onRefusal } from "../src/on-refusal.ts";

const refusal = new WritError({ code: "X", message: "no", reason: "because", next: "stop" });

test("what runs gives its value, and a refusal the answer to it", () => {
  expect(
    onRefusal(
      () => 1,
      () => 2,
    ),
  ).toBe(1);
  const refused = (): never => {
    throw refusal;
  };
  expect(onRefusal(refused, (error) => error)).toBe(refusal);
});

test("a defect is no refusal", () => {
  const broken = (): never => {
    throw new TypeError("defect");
  };
  expect(() => onRefusal(broken, () => "answer")).toThrow(TypeError);
});
