import { describe, expect, test } from "vitest";
import { parseJsonExact } from "@writ/canon";
import { redactionReceipt, sanitizePublicArtifact, scliteTextV01 } from "@writ/kernel";

describe("the legacy redaction", () => {
  test.each([
    [`{"Password":"x","token":"","secret":0}`, `{"Password":"<redacted>","secret":0,"token":""}`],
    [`{"cookies":{"a":1},"auth":[]}`, `{"auth":[],"cookies":"<redacted>"}`],
    [`{"stdout":"secret","stderr":null}`, `{"stderr":"","stdout":"<omitted_for_public_demo>"}`],
    [
      `{"name":"X-Key","value":"v","raw":"X-Key: v"}`,
      `{"name":"X-Key","raw":"X-Key: <redacted>","value":"<redacted>"}`,
    ],
    [`{"name":1,"value":"v"}`, `{"name":1,"value":"v"}`],
    [
      `["/home/me/x","Authorization: Bearer x","a session=1","harmless: text"]`,
      `["<local_path_omitted>","Authorization: <redacted>","<redacted>","harmless: text"]`,
    ],
    [`1.50`, `1.5`],
  ])("turns %s into %s", (source, redacted) => {
    expect(scliteTextV01(sanitizePublicArtifact(parseJsonExact(source)))).toBe(redacted);
  });

  test("counts what changed, and says when nothing did", () => {
    const [source, redacted] = [parseJsonExact(`{"a":[1,2,3],"b":{"c":1}}`), parseJsonExact(`{"a":[1,5],"b":1}`)];
    expect(redactionReceipt(source, redacted, "l")).toMatchObject({
      status: "redacted",
      summary: { changed_paths_estimate: 3, source_and_redacted_hash_match: false },
    });
    expect(redactionReceipt(source, source, "l")).toMatchObject({
      status: "unchanged",
      summary: { changed_paths_estimate: 0, source_and_redacted_hash_match: true },
    });
  });

  test("once is enough", () => {
    const source = parseJsonExact(`{"token":"x","l":["cookie: a"],"h":{"name":"n","value":1}}`);
    const once = sanitizePublicArtifact(source);
    expect(sanitizePublicArtifact(once)).toEqual(once);
  });
});
