import { describe, expect, test } from "vitest";
import { parseJsonExact, sha256Hex } from "@writ/canon";
import { kernelRecordDigest, kernelRecordText, scliteTextV01, scliteTextV02 } from "@writ/kernel";

describe("sclite-json-v0.1", () => {
  test.each([
    [`{"b":2,"a":[true,null,"é"],"c":{"y":"","x":-3}}`, `{"a":[true,null,"é"],"b":2,"c":{"x":-3,"y":""}}`],
    [`[]`, `[]`],
    [`{"ratio":1.0}`, `{"ratio":1.0}`],
    [`1`, `1`],
    [`-0`, `0`],
    [`-0.0`, `-0.0`],
    [`1e-7`, `1e-07`],
    [`1E22`, `1e+22`],
    [`1e16`, `1e+16`],
    [`1e15`, `1000000000000000.0`],
    [`0.0001`, `0.0001`],
    [`0.00001`, `1e-05`],
    [`1.5e300`, `1.5e+300`],
    [`123.456`, `123.456`],
    [`100000000000000000000`, `100000000000000000000`],
    [`"\\b\\t\\n\\f\\r\\u0001\\"\\\\\\/\u007f\u2028"`, `"\\b\\t\\n\\f\\r\\u0001\\"\\\\/\u007f\u2028"`],
  ])("writes %s as %s", (input, canonical) => {
    expect(scliteTextV01(parseJsonExact(input))).toBe(canonical);
  });

  test("sorts keys by code point", () => {
    expect(sha256Hex(scliteTextV01({ "\u{1f512}": 2, "\ue000": 1 }))).toBe(
      "26adefe00fedbdc9aaa23c56a8b2d49d204e38407cc257fcd2d22fa1968b5f89",
    );
  });
});

describe("sclite-json-v0.2", () => {
  test.each([
    [`-0.0`, `0`],
    [`100.0`, `100`],
    [`0.00001`, `0.00001`],
    [`1.5e-7`, `1.5e-7`],
    [`{"ratio":1.0}`, `{"ratio":1}`],
    [`9007199254740991`, `9007199254740991`],
  ])("writes %s as %s", (input, canonical) => {
    expect(scliteTextV02(parseJsonExact(input))).toBe(canonical);
  });

  test.each([`1e20`, `9007199254740992`, `-9007199254740992`, `9007199254740992.0`, `1e300`])("refuses %s", (input) => {
    expect(() => scliteTextV02(parseJsonExact(input))).toThrow(
      expect.objectContaining({ code: "LEGACY_VALUE", details: { reason: "unsafe_integer" } }) as Error,
    );
  });

  test("sorts keys by UTF-16 code unit", () => {
    expect(sha256Hex(scliteTextV02({ "\ue000": 1, "\u{1f512}": 2 }))).toBe(
      "03a48c2176a896a8bf479681e878f9a1f0c76ae953ad91d01d91560172c21764",
    );
  });
});

describe("kernel record digest", () => {
  test("escapes everything outside printable ASCII and keeps floats floats", () => {
    const record = parseJsonExact(`{"status":"blocked","score":0.0,"who":"Zoë"}`);
    expect(kernelRecordDigest({ recordType: "govengine.example.Record", record })).toBe(
      "sha256:7a03a386365a04f0f96bf5a6a872a66a040ec149e51b99cbb53e30f9793f1c74",
    );
    expect(kernelRecordText({ recordType: "govengine.x", record: "\u{1f512}\u007f" })).toContain(
      `"\\ud83d\\udd12\\u007f"`,
    );
  });

  test.each([
    ["", 1, "missing_govengine_record_type"],
    ["other.Type", 1, "invalid_govengine_record_type"],
    ["govengine.x", 2n ** 53n, "unsupported_govengine_record_unsafe_integer"],
  ])("refuses type `%s` with %s", (recordType, record, reason) => {
    expect(() => kernelRecordText({ recordType, record })).toThrow(
      expect.objectContaining({ code: "LEGACY_VALUE", details: { reason } }) as Error,
    );
  });
});
