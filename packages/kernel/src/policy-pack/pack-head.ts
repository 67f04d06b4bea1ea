import { isExactList, isExactRecord, member, type ExactRecord } from "../compat/exact-record.ts";
import { stripSpace } from "../compat/python-text.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { epochOf, instantMs, orderedTexts, utcText } from "../governance/v1-record.ts";
import type { PolicyPack } from "./compile.ts";
import { packText, ruleIfNothing } from "./pack-text.ts";

export type PackHead = Omit<PolicyPack, "rules" | "metadata">;

/**
 * Everything of a pack but its rules (spec kernel.md §22.2). A pack that names no version is of v0.1, which has no issuer
 * and no window. Throws `GOVERNANCE_RECORD_INVALID`.
 */
export function parsePackHead(pack: ExactRecord): PackHead {
  const policy_id = packText(pack, ["policy_id", "id"], { reason: "missing_policy_pack_id" });
  const version = packText(pack, "version", { reason: "missing_policy_pack_version" });
  const schema = packText(pack, "schema_version", { reason: UNKNOWN_VERSION, fallback: "v0.1" });
  if (schema === "v1") return { policy_id, version, schema_version: schema, ...windowOf(pack) };
  if (schema !== "v0.1") throw recordRefusal(`unknown_policy_pack_schema_version:${schema}`);
  // A window that the reference overlooks in such a pack would be believed to hold (§27 no. 12).
  const named = Object.keys(pack).filter((key) => key !== "id" || member(pack, "policy_id") !== undefined);
  if (named.some((key) => !PACK_V01.has(key))) throw recordRefusal("invalid_policy_pack", 12);
  const none = { issuer_ref: "", policy_epoch: 0, not_before: "", expires_at: "", supersedes: [] };
  return { policy_id, version, schema_version: schema, ...none };
}

function windowOf(pack: ExactRecord): Omit<PackHead, "policy_id" | "version" | "schema_version"> {
  if (Object.keys(pack).some((key) => !PACK_V1.has(key))) throw recordRefusal("invalid_policy_pack");
  const issuer_ref = packText(pack, "issuer_ref", { reason: "missing_policy_issuer_ref" });
  const policy_epoch = epochOf(pack, "policy_epoch", "invalid_policy_epoch");
  const validity = member(pack, "validity");
  if (!isExactRecord(validity) || Object.keys(validity).some((key) => !VALIDITY.has(key)))
    throw recordRefusal("invalid_policy_validity");
  const [from, to] = [instantIn(validity, "not_before"), instantIn(validity, "expires_at")];
  if (from >= to) throw recordRefusal("invalid_policy_validity_window");
  const supersedes = supersededBy(pack);
  return { issuer_ref, policy_epoch, not_before: utcText(from), expires_at: utcText(to), supersedes };
}

function supersededBy(pack: ExactRecord): readonly string[] {
  const list = member(pack, "supersedes") ?? [];
  if (!isExactList(list)) throw recordRefusal("invalid_policy_supersedes", ruleIfNothing(list));
  return orderedTexts({ supersedes: list }, "supersedes", "invalid_policy_supersedes");
}

function instantIn(validity: ExactRecord, key: "not_before" | "expires_at"): number {
  const text = member(validity, key);
  return instantMs(typeof text === "string" ? stripSpace(text) : "", `invalid_policy_${key}`);
}

const UNKNOWN_VERSION = "unknown_policy_pack_schema_version:missing";
const VALIDITY: ReadonlySet<string> = new Set(["not_before", "expires_at"]);
const PACK_V01: ReadonlySet<string> = new Set("policy_id version schema_version rules metadata".split(" "));
const PACK_V1: ReadonlySet<string> = new Set([...PACK_V01, "issuer_ref", "policy_epoch", "validity", "supersedes"]);
