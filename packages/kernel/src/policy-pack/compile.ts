import type { ExactJson } from "@writ/canon";
import { isExactList, isExactRecord, member, type ExactRecord } from "../compat/exact-record.ts";
import { compareCodePoints } from "../compat/code-points.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { refuseForbiddenKeys } from "../control/forbidden-keys.ts";
import { recordOf, textField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { checkBoundary } from "../governance/v1-record.ts";
import { parsePackHead } from "./pack-head.ts";
import { parseRule, type PolicyRule } from "./rule.ts";

/** A compiled pack (spec kernel.md §22.2); its rules are in the order of evaluation. */
export interface PolicyPack {
  readonly policy_id: string;
  readonly version: string;
  /** A pack of v0.1 has neither issuer nor window: `""`, and its epoch is 0. */
  readonly schema_version: "v1" | "v0.1";
  readonly rules: readonly PolicyRule[];
  readonly metadata: ExactRecord;
  readonly issuer_ref: string;
  readonly policy_epoch: number;
  readonly not_before: string;
  readonly expires_at: string;
  readonly supersedes: readonly string[];
}

/** Compiles a pack of v1 or v0.1 or refuses it for the first of its faults. Throws `GOVERNANCE_RECORD_INVALID`. */
export function compilePolicyPack(value: ExactJson): PolicyPack {
  checkBoundary(value);
  const pack = recordOf(value, "invalid_policy_pack");
  const head = parsePackHead(pack);
  const rules = rulesOf(member(pack, "rules"), head.schema_version);
  const metadata = member(pack, "metadata") ?? {};
  if (!isExactRecord(metadata)) throw recordRefusal("invalid_policy_pack_metadata");
  // Only the newest line of the reference looks.
  refuseForbiddenKeys("policy", metadata, 12);
  return { ...head, rules, metadata };
}

export function policyPackDigest(pack: PolicyPack): string {
  return kernelRecordDigest({
    recordType: "govengine.policy.compiler.CompiledPolicyPack",
    record: pack as unknown as ExactRecord,
  });
}

function rulesOf(value: ExactJson | undefined, version: PolicyPack["schema_version"]): readonly PolicyRule[] {
  if (!isExactList(value) || value.length === 0) throw recordRefusal("policy_pack_without_rules");
  if (value.length > 256) throw recordRefusal("policy_rule_limit_exceeded");
  const rules = value.map((item) => parseRule(item, version));
  if (rules.reduce((sum, { conditions }) => sum + conditions.length, 0) > 4_096)
    throw recordRefusal("policy_condition_limit_exceeded");
  const sorted = rules.toSorted(
    (left, right) => left.priority - right.priority || compareCodePoints(left.rule_id, right.rule_id),
  );
  const [ids, effects] = [new Set<string>(), new Map<string, string>()];
  for (const { rule_id, conditions, effect } of sorted) {
    if (ids.has(rule_id)) throw recordRefusal("duplicate_policy_rule_id");
    ids.add(rule_id);
    const key = digestOf(conditions as unknown as ExactJson);
    const other = effects.get(key);
    if (other !== undefined)
      throw recordRefusal(other === effect ? "redundant_policy_rules" : "conflicting_policy_rules");
    effects.set(key, effect);
  }
  checkControls(sorted);
  return sorted;
}

function checkControls(rules: readonly PolicyRule[]): void {
  const known = new Map<string, string>();
  for (const control of rules.flatMap(({ obligations, constraints }) => [...obligations, ...constraints])) {
    const kind = member(control, "obligation_id") === undefined ? "constraint_id" : "obligation_id";
    const id = `${kind}:${textField(control, kind)}`;
    const digest = digestOf(control);
    if ((known.get(id) ?? digest) !== digest) throw recordRefusal("conflicting_policy_controls");
    known.set(id, digest);
  }
}

function digestOf(record: ExactJson): string {
  return kernelRecordDigest({ recordType: "govengine.policy.PolicyConditionSet", record });
}
