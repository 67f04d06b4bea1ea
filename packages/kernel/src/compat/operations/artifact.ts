import type { ExactJson } from "@writ/canon";
import { describeArtifact } from "../../artifacts/descriptor.ts";
import type { LegacyFailure } from "../../artifacts/failure.ts";
import { chainDigest } from "../../artifacts/manifest.ts";
import { verifyChain } from "../../artifacts/verify-chain.ts";
import { isExactRecord, member, memberOrNull, textOrEmpty } from "../exact-record.ts";
import { answered, refused, type Operations, type Outcome } from "./operation.ts";

export const operations: Operations = {
  "artifact.descriptor": (input) =>
    isExactRecord(input) ? answered({ ...describeArtifact(input) }) : refused("artifact must be an object"),
  "chain.step": (input) =>
    answered(
      chainDigest({
        previousChainDigest: textOrEmpty(input, "previous_chain_digest"),
        role: textOrEmpty(input, "role"),
        descriptor: {
          digest: textOrEmpty(input, "artifact_digest"),
          artifact_type: textOrEmpty(input, "artifact_type"),
          canonicalization: textOrEmpty(input, "canonicalization"),
          algorithm: textOrEmpty(input, "algorithm"),
        },
      }),
    ),
  "chain.verify": (input) => {
    const verified = verifyChain(
      { manifest: memberOrNull(input, "manifest"), load: loader(input) },
      {
        requireLifecycle: member(input, "require_lifecycle") === true,
        validateSchemas: member(input, "validate_schemas") !== false,
      },
    );
    return verified.ok ? answered(asJson(verified.result)) : failed(verified);
  },
};

/** Cases carry artifacts by path. */
export function loader(input: ExactJson): (path: string) => ExactJson | undefined {
  const artifacts = member(input, "artifacts_by_path");
  return (path) => member(artifacts, path);
}

export function failed({ text, rule }: LegacyFailure): Outcome {
  return refused(text, rule);
}

/** A result record as JSON; records hold nothing that is not. */
export function asJson(value: object): ExactJson {
  return value as ExactJson;
}
