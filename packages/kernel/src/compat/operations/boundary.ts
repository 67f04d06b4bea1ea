import { redactionReceipt, sanitizeLegacyArtifact, sanitizePublicArtifact } from "../../artifacts/redaction.ts";
import { member, sameExact, textOrEmpty } from "../exact-record.ts";
import { isGovernanceIdentifier } from "../governance-identifier.ts";
import { parseBoundaryJson } from "../json-boundary.ts";
import { answered, type Operations } from "./operation.ts";

export const operations: Operations = {
  "json.parse": (input) => {
    const maxBytes = member(input, "max_bytes");
    // Null stands for the default; whatever else is no number is no bound either.
    const bound = maxBytes === undefined || maxBytes === null ? {} : { maxBytes: numberOr(maxBytes, Number.NaN) };
    return answered(parseBoundaryJson(textOrEmpty(input, "source"), bound));
  },
  "governance.identifier": (input) => {
    const value = member(input, "value");
    return answered(
      isGovernanceIdentifier(value)
        ? { status: "accepted", reason_code: "governance_boundary_valid", value }
        : { status: "rejected", reason_code: "invalid_governance_identifier" },
    );
  },
  "redaction.sanitize": (input) => {
    const redacted = sanitizePublicArtifact(input);
    const stricter = sameExact(redacted, sanitizeLegacyArtifact(input)) ? undefined : 17;
    const { source, redacted: after, status, summary } = redactionReceipt(input, redacted, "case");
    const receipt = {
      source_hash: source.hash,
      redacted_hash: after.hash,
      status,
      changed_paths_estimate: summary.changed_paths_estimate,
    };
    return { ...answered({ redacted, receipt }), ...(stricter !== undefined && { stricter }) };
  },
};

function numberOr(value: unknown, other: number): number {
  return typeof value === "number" ? value : other;
}
