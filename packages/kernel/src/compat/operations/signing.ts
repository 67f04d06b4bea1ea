import { opaqueReference } from "../../signing/opaque-reference.ts";
import { trustTransition } from "../../signing/trust-transition.ts";
import { demoSign, demoVerify } from "../demo-signature.ts";
import { isExactList, isExactRecord, member, memberOrNull, textOrEmpty } from "../exact-record.ts";
import type { ExactJson } from "@writ/canon";
import { answered, refused, type Operations } from "./operation.ts";
import { recordOperation } from "./record-operation.ts";

export const operations: Operations = {
  "signing.demo_sign": (input) =>
    answered(demoSign(text(input, "digest"), text(input, "signer_id"), text(input, "purpose"))),
  "signing.demo_verify": (input) => {
    const signature = memberOrNull(input, "signature");
    const reason_code = demoVerify(text(input, "digest"), signature, texts(input, "allowed_signer_ids"));
    return answered(
      reason_code === "ok"
        ? { status: "passed", trust_status: "trusted", reason_code }
        : { status: "failed", trust_status: "denied", reason_code },
    );
  },
  "signing.transition": recordOperation((input) => {
    const policy = member(input, "signing_policy");
    return trustTransition({
      digest: text(input, "descriptor_digest"),
      signature: memberOrNull(input, "signature"),
      verification: memberOrNull(input, "verification"),
      policy: isExactRecord(policy) ? policy : {},
      allowedTrustStatuses: isExactList(member(input, "allowed_trust_statuses"))
        ? texts(input, "allowed_trust_statuses")
        : undefined,
    });
  }),
  "trust.validate_reference": (input) => {
    const reference = typeof input === "string" ? opaqueReference(input) : undefined;
    return reference === undefined ? refused("invalid_key_ref") : answered(reference);
  },
};

function text(input: ExactJson, key: string): string {
  return textOrEmpty(input, key);
}

function texts(input: ExactJson, key: string): readonly string[] {
  const found = member(input, key);
  return isExactList(found) ? found.filter((item) => typeof item === "string") : [];
}
