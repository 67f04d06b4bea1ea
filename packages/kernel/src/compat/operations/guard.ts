import { hmacSha256, toHex, type ExactJson } from "@writ/canon";
import { checkLink, checkManifest } from "../../artifacts/chain.ts";
import { failure, type LegacyFailure } from "../../artifacts/failure.ts";
import { buildKernelGuard, checkGuardKey, guardedEntries } from "../../guard/build.ts";
import { checkGuardTags } from "../../guard/tags.ts";
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

/** Some cases leave the artifacts out: then the manifest's own links stand for the chain. */
function checkWithoutArtifacts(manifest: ExactRecord, guard: ExactRecord, key: Uint8Array): LegacyFailure | undefined {
  return (
    checkGuardDocument(guard) ??
    checkGuardKey(key) ??
    checkManifest(manifest) ??
    checkLinks(manifest) ??
    checkGuardTags({ manifest, guard, key })
  );
}

function checkLinks(manifest: ExactRecord): LegacyFailure | undefined {
  const entries = guardedEntries(manifest);
  if ("ok" in entries) return entries;
  let previous = "";
  for (const [index, entry] of entries.entries()) {
    const descriptor = recordOf(entry, "descriptor");
    const place = { label: `entry[${String(index)}]`, previous, role: textOrEmpty(entry, "role"), descriptor };
    const refused = checkLink(entry, place);
    if (refused !== undefined) return refused;
    previous = textOrEmpty(entry, "chain_digest");
  }
  return member(manifest, "root_chain_digest") === previous
    ? undefined
    : failure("chain", "root_chain_digest mismatch");
}

function keyOf(input: ExactJson): Uint8Array {
  return new TextEncoder().encode(textOrEmpty(input, "key_utf8"));
}

function recordOf(input: ExactJson, name: string): ExactRecord {
  const found = member(input, name);
  return isExactRecord(found) ? found : {};
}
