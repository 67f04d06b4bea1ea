import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isWritError, parseJson, type JsonValue } from "@writ/canon";
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
import { places, replaced } from "./support/places.ts";
import { approval, asJson, lease, processContract, receipt, statementContract, ticket } from "./samples.ts";

const records: readonly (readonly [string, object, (value: JsonValue) => string])[] = [
  ["a contract of a process", processContract, (value) => contractDigest(parseContract(value))],
  ["a contract of a statement", statementContract, (value) => contractDigest(parseContract(value))],
  ["an approval", approval, (value) => approvalDigest(parseApproval(value))],
  ["a ticket", ticket, (value) => ticketDigest(parseTicket(value))],
  ["a lease", lease, (value) => leaseDigest(parseLease(value))],
  ["a receipt", receipt, (value) => receiptDigest(parseReceipt(value))],
];

function digestOrRefusal(read: () => string): string {
  try {
    return read();
  } catch (error) {
    if (isWritError(error)) return `refused: ${error.code}`;
    throw error;
  }
}

describe.each(records)("%s", (_, sample, digest) => {
  const document = asJson(sample);
  const original = digest(document);

  test("any change of any place changes the digest or is refused", () => {
    fc.assert(
      fc.property(fc.constantFrom(...places(document)), fc.jsonValue() as fc.Arbitrary<JsonValue>, (place, part) => {
        const changed = replaced(document, place, part) as JsonValue;
        fc.pre(JSON.stringify(changed) !== JSON.stringify(document));
        const found = digestOrRefusal(() => digest(changed));
        // A negative zero, an escaped letter: other text, same value.
        expect(
          found === original && JSON.stringify(parseJson(JSON.stringify(changed))) !== JSON.stringify(document),
        ).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  test("every single field is needed and no other is known", () => {
    for (const [name] of Object.entries(document as object)) {
      const { [name]: _removed, ...rest } = document as { readonly [key: string]: JsonValue };
      expect(digestOrRefusal(() => digest(rest))).toMatch(/^refused: [A-Z]+_INVALID$/);
      expect(digestOrRefusal(() => digest({ ...rest, [`${name}2`]: null, [name]: _removed as JsonValue }))).toMatch(
        /^refused/,
      );
    }
  });

  test("the order of keys does not matter", () => {
    const reversed = Object.fromEntries(Object.entries(document as object).toReversed()) as JsonValue;
    expect(digest(reversed)).toBe(original);
  });

  test("any JSON at all is read or refused with a code", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>, (value) => {
        expect(digestOrRefusal(() => digest(value))).toMatch(
          /^refused: (CONTRACT|APPROVAL|TICKET|LEASE|RECEIPT)_INVALID$/,
        );
      }),
      { numRuns: 500 },
    );
  });

  test("a prototype's names are no fields", () => {
    const hostile = parseJson(`{"__proto__": {"schema": "writ.contract.v1"}, ${JSON.stringify(document).slice(1)}`);
    expect(digestOrRefusal(() => digest(hostile))).toMatch(/^refused/);
  });
});
