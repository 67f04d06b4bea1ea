import { sha256Hex, type ExactJson } from "@writ/canon";
import { member, textOrEmpty } from "./exact-record.ts";

/** A signature that holds no key (spec kernel.md §19.4): for fixtures of the reference alone, never for trust. */
export function demoSign(digest: string, signerId: string, purpose: string): ExactJson {
  return {
    mode: "detached_demo_digest",
    signer_id: signerId,
    signature: demoValue(digest, signerId, purpose),
    binds_digest: digest,
    algorithm: "demo-sha256-digest-binding",
    metadata: { purpose, demo_only: true },
  };
}

/** The reference's verdict on a demo signature: `ok` or the first fault. */
export function demoVerify(digest: string, signature: ExactJson, allowedSigners: readonly string[]): string {
  const said = (...keys: readonly string[]): string =>
    keys.map((key) => textOrEmpty(signature, key)).find((text) => text !== "") ?? "";
  const signer = said("signer_id", "identity");
  const purpose = textOrEmpty(member(signature, "metadata"), "purpose");
  if (said("mode") !== "detached_demo_digest") return "unsupported_signature_mode";
  if (said("binds_digest", "artifact_digest", "chain_digest") !== digest) return "signature_digest_mismatch";
  if (allowedSigners.length > 0 && !allowedSigners.includes(signer)) return "signer_not_allowed";
  return said("signature", "value") === demoValue(digest, signer, purpose) ? "ok" : "signature_value_mismatch";
}

function demoValue(digest: string, signerId: string, purpose: string): string {
  return `demo:${sha256Hex(`${digest}|${signerId}|${purpose}`)}`;
}
