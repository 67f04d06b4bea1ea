import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JsonFraction, type ExactJson } from "@writ/canon";
import { kernelRecordDigest } from "@writ/kernel";
import {
  checkGovernanceDecision,
  checkReceiptBinding,
  evaluateGovernance,
  parseGovernanceRequest,
} from "@writ/kernel/governance";
import { refusalOf } from "../refusal.ts";
import { activationSample, approvedSample, digit, requestSample, type Json } from "./request-sample.ts";

/** Every place of a document that is no map: the path to it. */
function leaves(value: ExactJson, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null || value instanceof JsonFraction) return [path];
  const members = Object.entries(value);
  return members.length === 0 ? [path] : members.flatMap(([key, item]) => leaves(item, [...path, key]));
}

/** The same document with one place changed, or taken out when there is nothing to put there. */
function changed(document: ExactJson, [key, ...rest]: readonly string[], put: ExactJson | undefined): ExactJson {
  if (key === undefined) return put ?? null;
  if (Array.isArray(document)) {
    const index = Number(key);
    if (rest.length === 0 && put === undefined) return document.toSpliced(index, 1);
    return document.with(index, changed(document[index] ?? null, rest, put));
  }
  const given = document as Json;
  if (rest.length > 0 || put !== undefined) return { ...given, [key]: changed(given[key] ?? null, rest, put) };
  const { [key]: _, ...others } = given;
  return others;
}

/** Trimming and a default that is named aside, no two of these are the same value. */
const replacement = fc.constantFrom<ExactJson | undefined>(
  undefined,
  null,
  true,
  false,
  7,
  -1,
  new JsonFraction("42.5"),
  "other",
  "",
  digit("e"),
  [],
  ["x"],
  {},
  { token: "x" },
);

const approved = approvedSample({ ...requestSample("mutation"), lease_id: digit("b") });
const { decision } = evaluateGovernance(approved, {
  activation: activationSample,
  evaluatedAt: "2026-07-15T12:05:00Z",
  context: {},
  approval: {
    trustPolicy: { policy_id: "p", trusted_roles: ["admin"], trusted_domains: ["organization:example"] },
    isRevoked: () => false,
    isSigned: () => true,
  },
  authorization: { nonce: "n", expires_at: "2026-07-15T12:05:30Z" },
});
const facts = Object.fromEntries(
  Object.entries(decision.authorization ?? {}).filter(
    ([key]) => !["authorization_id", "issued_at", "expires_at", "nonce", "consume_once"].includes(key),
  ),
);
const unsealed = {
  receipt_id: "receipt",
  ...facts,
  decision_digest: decision.decision_digest,
  runtime_permit_digest: digit("c"),
  terminal_status: "completed",
  output_digests: { stdout: digit("d") },
  output_bytes: 10,
};
const recordType = "govengine.receipt_conformance.RuntimeReceiptBinding";
const receipt_digest = kernelRecordDigest({ recordType, record: { ...unsealed, receipt_digest: "" } });

const documents: readonly (readonly [name: string, document: Json, check: (value: ExactJson) => unknown])[] = [
  ["request and its approval", approved, parseGovernanceRequest],
  ["decision", decision.document, checkGovernanceDecision],
  ["receipt", { ...unsealed, receipt_digest }, checkReceiptBinding],
];

describe("any change of any digested field is refused", () => {
  test.each(documents)("of a %s", (_name, document, check) => {
    expect(refusalOf(() => check(document))).toBeUndefined();
    const same = (value: ExactJson): string =>
      JSON.stringify(value, (_key, item: unknown) => (item instanceof JsonFraction ? item.text : item));
    const law = fc.property(fc.constantFrom(...leaves(document)), replacement, (path, put) => {
      const other = changed(document, path, put);
      fc.pre(same(other) !== same(document) && !isDefault(path, put));
      expect(
        refusalOf(() => check(other)),
        path.join("."),
      ).toBeDefined();
    });
    fc.assert(law, { numRuns: 1_500 });
  });
});

/** A version that is left out is the version there is. */
function isDefault(path: readonly string[], put: ExactJson | undefined): boolean {
  return path.at(-1) === "schema_version" && (put === undefined || put === null);
}
