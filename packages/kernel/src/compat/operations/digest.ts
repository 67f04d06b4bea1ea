import { parseJsonExact, sha256Hex, type ExactJson } from "@writ/canon";
import { isExactList, memberOrNull, textMember, textOrEmpty } from "../exact-record.ts";
import { legacyRefusal } from "../legacy-value.ts";
import { kernelRecordText } from "../record-digest.ts";
import { scliteDigestV01, scliteTextV01 } from "../sclite-json-v01.ts";
import { scliteTextV02 } from "../sclite-json-v02.ts";
import { answered, refused, type Operations } from "./operation.ts";

export const operations: Operations = {
  "artifact.digest_v0_1": (input) => answered(digested(scliteTextV01(subject(input)))),
  "artifact.digest_v0_2": (input) => answered(digested(scliteTextV02(subject(input)))),
  "ticket.normalized_args_digest": (input) =>
    isExactList(input) ? answered(`sha256:${scliteDigestV01(input)}`) : refused("normalized_args must be a list"),
  "record.digest": (input) => {
    const text = kernelRecordText({
      recordType: textOrEmpty(input, "record_type"),
      schemaVersion: textMember(input, "schema_version") ?? "v1",
      record: memberOrNull(input, "record"),
      algorithm: textMember(input, "algorithm") ?? "sha256",
    });
    return answered({ canonical: text, digest: `sha256:${sha256Hex(text)}` });
  },
};

/** A case may give a number by its literal, so that no reader on the way changes it. */
function subject(input: ExactJson): ExactJson {
  const literal = textMember(input, "json_number");
  if (literal === undefined) return input;
  // Python reads these three names as numbers, a fraction beyond the doubles as an infinity, and any whole number.
  if (/^(NaN|-?Infinity)$/.test(literal)) throw legacyRefusal("non_finite_number", "not a number");
  if (Math.abs(Number(literal)) === Infinity)
    throw legacyRefusal(/[.eE]/.test(literal) ? "non_finite_number" : "unsafe_integer", "beyond the doubles");
  return parseJsonExact(literal);
}

function digested(text: string): ExactJson {
  return { canonical: text, sha256: sha256Hex(text) };
}
