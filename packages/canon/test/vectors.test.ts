import { readFileSync } from "node:fs";
import { join } from "node:path";

import { canonicalize, parseJson } from "@writ/canon";
import { describeWithVectors } from "@writ/testkit";
import { expect, test } from "vitest";

import { codeOf } from "./refusal.ts";

interface ParseCase {
  readonly name: string;
  readonly base64: string;
}

describeWithVectors("JSON texts of JSONTestSuite", (folder) => {
  const file: { readonly accept: readonly ParseCase[]; readonly reject: readonly ParseCase[] } = JSON.parse(
    readFileSync(join(folder, "json/parse.json"), "utf8"),
  );

  // A key that stands twice is legal JSON, and refused here because two readers may understand it differently.
  const duplicates = new Set(["y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"]);

  test.each(file.accept)("accepts $name, unless a key stands twice", ({ name, base64 }) => {
    const bytes = Buffer.from(base64, "base64");
    if (duplicates.has(name)) {
      expect(codeOf(() => parseJson(bytes))).toBe("JSON_DUPLICATE_KEY");
      return;
    }
    const expected: unknown = JSON.parse(bytes.toString("utf8"));
    expect(parseJson(bytes)).toEqual(expected);
    expect(parseJson(bytes.toString("utf8"))).toEqual(expected);
  });

  test.each(file.reject)("refuses $name", ({ base64 }) => {
    expect(codeOf(() => parseJson(Buffer.from(base64, "base64")))).toMatch(/^JSON_/);
  });

  console.log(`JSON texts: ${file.accept.length} to accept, ${file.reject.length} to refuse`);
});

describeWithVectors("RFC 8785 texts", (folder) => {
  const names = ["arrays", "french", "structures", "values"];

  test.each(names)("%s has the canonical bytes of the source", (name) => {
    const value = parseJson(readFileSync(join(folder, `jcs/input/${name}.json`)));
    const text = canonicalize(value);
    expect(text).toBe(readFileSync(join(folder, `jcs/output/${name}.json`), "utf8"));
    const hex = readFileSync(join(folder, `jcs/outhex/${name}.txt`), "utf8").replaceAll(/\s/g, "");
    expect(Buffer.from(text).toString("hex")).toBe(hex);
  });
});
