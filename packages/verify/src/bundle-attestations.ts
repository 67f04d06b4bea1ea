import { canonicalize } from "./canonical.ts";
import { sha256 } from "./crypto.ts";
import { verifyDsse } from "./dsse.ts";
import type { EnvelopeKey } from "./dsse.ts";
import { fromUtf8, toHex, toUtf8 } from "./encoding.ts";
import type { Entry } from "./entry.ts";
import { malformed } from "./errors.ts";
import { isJsonObject, parseJson } from "./json.ts";
import type { JsonObject } from "./json.ts";
import type { TrustPolicy } from "./policy.ts";
import type { Report } from "./verdict.ts";

const ATTESTATIONS_MAX = 64;
const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
const PAYLOAD_TYPE = "application/vnd.in-toto+json";
const DIGEST_FIELDS = ["envelope_sha256", "envelope_digest", "digest"] as const;

/** Envelopes at the end of a bundle: signed by a log key of the policy, or at least logged by `attestation.issued`. */
export class BundleAttestations {
  readonly #report: Report;
  readonly #keys: readonly EnvelopeKey[];
  readonly #logged = new Set<string>();
  #count = 0;

  constructor(report: Report, policy: TrustPolicy) {
    this.#report = report;
    this.#keys = policy.logs
      .filter(({ type }) => type !== 6)
      .map(({ name, publicKey }) => ({ name, type: "ed25519" as const, publicKey }));
  }

  entry(entry: Entry): void {
    if (entry.kind !== "attestation.issued" || this.#logged.size >= ATTESTATIONS_MAX) return;
    for (const field of DIGEST_FIELDS) {
      const digest = entry.data[field];
      if (typeof digest === "string") this.#logged.add(digest.replace(/^sha256:/, ""));
    }
  }

  check(envelope: JsonObject, line: number, byte: number): void {
    this.#count += 1;
    if (this.#count > ATTESTATIONS_MAX)
      throw malformed("BUNDLE_SYNTAX", "there are too many attestations", "at most 64");
    const opened = verifyDsse(envelope, this.#keys);
    const where = { line, byte };
    if (!opened.ok) {
      const logged = this.#logged.has(toHex(sha256(toUtf8(canonicalize(envelope)))));
      if (logged) return;
      const what = "an attestation is signed by no log key of the policy, and no entry here logs it";
      return this.#report.add({ code: "ATTESTATION_NOT_TRUSTED", aspect: "policy", where, what });
    }
    const statement = opened.payloadType === PAYLOAD_TYPE ? parseJson(fromUtf8(opened.payload)) : null;
    if (isJsonObject(statement) && statement["_type"] === STATEMENT_TYPE) return;
    const what = "an attestation is no in-toto Statement v1";
    this.#report.add({ code: "ATTESTATION_SYNTAX", aspect: "integrity", where, what });
  }
}
