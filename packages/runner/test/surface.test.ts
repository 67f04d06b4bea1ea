import { expect, test } from "vitest";
import * as runner from "@writ/runner";

test("exports these values and no others", () => {
  expect(Object.keys(runner).toSorted()).toEqual(["createRunner", "detectSandbox"]);
});
