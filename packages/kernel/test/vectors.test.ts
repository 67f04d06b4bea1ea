import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { canonicalize, isWritError, parseJson, type JsonValue } from "@writ/canon";
import {
  approvalDigest,
  contractDigest,
  leaseDigest,
  parseApproval,
  parseContract,
  parseLease,
  parseReceipt,
  parseTicket,
  receiptDigest,
  ticketDigest,
} from "@writ/kernel";

/** Our own golden records (vectors/records); any language can check them. */
const folder = join(import.meta.dirname, "../../../vectors/records");

interface Case {
  readonly record: "contract" | "approval" | "ticket" | "lease" | "receipt";
  readonly what: string;
  readonly document: JsonValue;
  readonly expected: { readonly canonical: string; readonly sha256: string } | { readonly error: string };
}

const digests: Record<Case["record"], (value: JsonValue) => string> = {
  contract: (value) => contractDigest(parseContract(value)),
  approval: (value) => approvalDigest(parseApproval(value)),
  ticket: (value) => ticketDigest(parseTicket(value)),
  lease: (value) => leaseDigest(parseLease(value)),
  receipt: (value) => receiptDigest(parseReceipt(value)),
};

describe("golden records", () => {
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

  test("there are some of each kind", () => {
    expect(files.length).toBeGreaterThanOrEqual(16);
  });

  test.each(files)("%s", (name) => {
    const { record, document, expected } = parseJson(readFileSync(join(folder, name)), {
      maxBytes: 4 * 1024 * 1024,
    }) as unknown as Case;
    if ("error" in expected) {
      expect(() => digests[record](document)).toThrow(expect.objectContaining({ code: expected.error }) as Error);
    } else {
      expect(canonicalize(document)).toBe(expected.canonical);
      expect(digests[record](document)).toBe(expected.sha256);
    }
  });

  test("a refusal is a typed error", () => {
    try {
      parseContract(null);
    } catch (error) {
      expect(isWritError(error, "CONTRACT_INVALID")).toBe(true);
    }
    expect.assertions(1);
  });
});
