import { formatCheckpoint, parseCheckpoint } from "@writ/ledger";
import { sha256 } from "@writ/canon";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { codeOf } from "./signer-refusal.ts";

const ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";

describe("reading", () => {
  test("the example of C2SP", () => {
    const parsed = parseCheckpoint(`example.com/behind-the-sofa\n20852163\n${ROOT}\n`);
    expect(parsed).toMatchObject({ origin: "example.com/behind-the-sofa", size: 20_852_163, extensions: [] });
  });

  test("extension lines are handed on", () => {
    expect(parseCheckpoint(`a\n1\n${ROOT}\nx\ny z\n`).extensions).toEqual(["x", "y z"]);
  });

  test.each([
    ["nothing", ""],
    ["one line", "a\n"],
    ["two lines", "a\n1\n"],
    ["no origin", `\n1\n${ROOT}\n`],
    ["no newline at the end", `a\n1\n${ROOT}`],
    ["an empty extension line", `a\n1\n${ROOT}\n\n`],
    ["a leading zero", `a\n01\n${ROOT}\n`],
    ["a sign", `a\n+1\n${ROOT}\n`],
    ["a negative size", `a\n-1\n${ROOT}\n`],
    ["an exponent", `a\n1e3\n${ROOT}\n`],
    ["a fraction", `a\n1.0\n${ROOT}\n`],
    ["hexadecimal", `a\n0x1\n${ROOT}\n`],
    ["digits of another script", `a\n\u0661\n${ROOT}\n`],
    ["a size of 2^53", `a\n9007199254740992\n${ROOT}\n`],
    ["a size of 20 digits", `a\n18446744073709551616\n${ROOT}\n`],
    ["a space before the size", `a\n 1\n${ROOT}\n`],
    ["a root of 31 bytes", `a\n1\n${"A".repeat(40)}AA==\n`],
    ["a root of 33 bytes", `a\n1\n${"A".repeat(44)}\n`],
    ["a root in base64url", `a\n1\n${ROOT.replace("/", "_")}\n`],
    ["a root with unused bits set", `a\n1\n${ROOT.replace("I=", "J=")}\n`],
    ["a carriage return", `a\r\n1\n${ROOT}\n`],
    ["another root of size 0 than the empty tree's", `a\n0\n${ROOT}\n`],
    ["a lone surrogate", `\ud800\n1\n${ROOT}\n`],
  ])("refuses %s", (_name, text) => {
    expect(codeOf(() => parseCheckpoint(text))).toBe("CHECKPOINT_INVALID");
  });
});

describe("writing", () => {
  test("what is written is read back", () => {
    const origin = fc.stringMatching(/^[a-z0-9./-]{1,40}$/);
    const root = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(origin, fc.maxSafeNat(), root, (name, size, drawn) => {
        const bytes = size === 0 ? sha256(new Uint8Array(0)) : drawn;
        const text = formatCheckpoint({ origin: name, size, root: bytes });
        expect(parseCheckpoint(text)).toEqual({ origin: name, size, root: Uint8Array.from(bytes), extensions: [] });
      }),
    );
  });

  test.each([
    ["no origin", { origin: "", size: 1, root: new Uint8Array(32) }],
    ["an origin of two lines", { origin: "a\nb", size: 1, root: new Uint8Array(32) }],
    ["a negative size", { origin: "a", size: -1, root: new Uint8Array(32) }],
    ["a size that is not whole", { origin: "a", size: 1.5, root: new Uint8Array(32) }],
    ["a size of 2^53", { origin: "a", size: 2 ** 53, root: new Uint8Array(32) }],
    ["another root of size 0 than the empty tree's", { origin: "a", size: 0, root: new Uint8Array(32) }],
    ["a short root", { origin: "a", size: 1, root: new Uint8Array(31) }],
  ])("refuses %s", (_name, checkpoint) => {
    expect(codeOf(() => formatCheckpoint(checkpoint))).toBe("CHECKPOINT_INVALID");
  });
});
