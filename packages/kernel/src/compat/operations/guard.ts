import { hmacSha256, toHex, type ExactJson } from "@writ/canon";
import { failure, type LegacyFailure } from "../../artifacts/failure.ts";
import { buildKernelGuard, checkGuardKey } from "../../guard/build.ts";
import { checkGuardHeader, checkGuardTags } from "../../guard/tags.ts";
import { checkGuardDocument, verifyKernelGuard } from "../../guard/verify.ts";
import { isExactList, isExactRecord, member, memberOrNull, textOrEmpty, type ExactRecord } from "../exact-record.ts";
import { scliteTextV01 } from "../sclite-json-v01.ts";
import { asJson, failed, loader } from "./artifact.ts";
import { answered, type Operations } from "./operation.ts";

export const operations: Operations = {
  "guard.hmac": (input) => answered(toHex(hmacSha256(keyOf(input), scliteTextV01(memberOrNull(input, "payload"))))),
  "guard.build": (input) => {
    const nonces = member(input, "nonces");
    const built = buildKernelGuard(recordOf(input, "manifest"), {
      key: keyOf(input),
      keyId: textOrEmpty(input, "key_id"),
      nonces: isExactList(nonces) ? nonces.filter((nonce) => typeof nonce === "string") : [],
    });
    return built.ok ? answered(built.guard) : failed(built);
  },
  "guard.verify": (input) => {
    if (member(input, "artifacts_by_path") === undefined) {
      const guard = recordOf(input, "guard");
      const refused = checkWithoutArtifacts(recordOf(input, "manifest"), guard, keyOf(input));
      if (refused !== undefined) return failed(refused);
      return answered({
        guard_status: "passed",
        guard_root_tag: member(guard, "root_tag") ?? "",
        replay_status: "not_checked",
      });
    }
    const verified = verifyKernelGuard(
      {
        manifest: memberOrNull(input, "manifest"),
        guard: memberOrNull(input, "guard"),
        key: keyOf(input),
        load: loader(input),
      },
      { requireLifecycle: member(input, "require_lifecycle") === true },
    );
    return verified.ok ? answered(asJson(verified.result)) : failed(verified);
  },
};

/** Some cases leave the artifacts out, and with them the chain: then the tags alone are compared, and what they cover. */
function checkWithoutArtifacts(manifest: ExactRecord, guard: ExactRecord, key: Uint8Array): LegacyFailure | undefined {
  return checkGuardHeader(guard) ?? checkGuardKey(key) ?? checkGuardTags({ manifest, guard, key }) ?? checkForm(guard);
}

/** The reference does not look at the sidecar's form here (§27 no. 12). */
function checkForm(guard: ExactRecord): LegacyFailure | undefined {
  const malformed = checkGuardDocument(guard);
  return malformed && failure(malformed.family, malformed.text, 12);
}

function keyOf(input: ExactJson): Uint8Array {
  return new TextEncoder().encode(textOrEmpty(input, "key_utf8"));
}

function recordOf(input: ExactJson, name: string): ExactRecord {
  const found = member(input, name);
  return isExactRecord(found) ? found : {};
}
