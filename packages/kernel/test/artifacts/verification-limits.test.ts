import { describe, expect, test } from "vitest";
import { limitedLoader, VERIFICATION_LIMITS, verifyChain } from "@writ/kernel";
import { sampleArtifacts, sampleChain } from "./samples.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("a loader within limits", () => {
  test("reads each file once, and what it reads verifies", () => {
    const { manifest, load } = sampleChain(sampleArtifacts());
    const asked: string[] = [];
    const limited = limitedLoader((path) => {
      asked.push(path);
      return bytes(JSON.stringify(load(path)));
    });
    expect(verifyChain({ manifest, load: limited }, { requireLifecycle: true })).toMatchObject({ ok: true });
    expect(verifyChain({ manifest, load: limited }, { requireLifecycle: true })).toMatchObject({ ok: true });
    expect(asked).toHaveLength(6);
    expect(limitedLoader(() => undefined)("x")).toBeUndefined();
  });

  test.each([
    ["limit_file_bytes", { fileBytes: 3 }],
    ["limit_total_bytes", { fileBytes: 4, totalBytes: 7 }],
    ["limit_nodes", { nodes: 3 }],
    ["limit_depth", { depth: 0 }],
    ["limit_nodes", { nodes: 1.5 }],
    ["limit_total_bytes", { fileBytes: 9, totalBytes: 8 }],
  ])("answers %s", (reason, limits) => {
    expect(() => {
      const load = limitedLoader(() => bytes("[10]"), { ...VERIFICATION_LIMITS, ...limits });
      load("a");
      load("b");
    }).toThrow(
      expect.objectContaining({
        code: "LEGACY_VALUE",
        details: expect.objectContaining({ reason }) as object,
      }) as Error,
    );
  });

  test.each([
    ["JSON_DUPLICATE_KEY", `{"a":1,"a":1}`],
    ["JSON_DEPTH", `${"[".repeat(65)}${"]".repeat(65)}`],
    ["JSON_SYNTAX", "NaN"],
  ])("answers %s", (code, text) => {
    expect(() => limitedLoader(() => bytes(text))("a")).toThrow(expect.objectContaining({ code }) as Error);
  });
});
