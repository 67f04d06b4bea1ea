import { type ExactJson, formatInstant, isWritError, JsonFraction, parseRfc3339 } from "@writ/canon";
import { isExactList, isExactRecord, member, type ExactRecord } from "../compat/exact-record.ts";
import { compareCodePoints } from "../compat/code-points.ts";
import { kernelRecordDigest } from "../compat/record-digest.ts";
import { recordOf, requiredText, textField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";
import { parseConditions, type PolicyCondition } from "./condition.ts";

export const POLICY_EFFECTS = ["deny", "approval_required", "allow_with_obligations", "allow"] as const;

export interface PolicyRule {
  readonly rule_id: string;
  readonly effect: (typeof POLICY_EFFECTS)[number];
  readonly conditions: readonly PolicyCondition[];
  readonly priority: number;
  readonly reason_code: string;
  readonly risk_class: string;
  readonly risk_score: JsonFraction;
  readonly obligations: readonly ExactRecord[];
  readonly constraints: readonly ExactRecord[];
}

/** A compiled pack (spec kernel.md §22.2); its rules are in the order of evaluation. */
export interface PolicyPack {
  readonly policy_id: string;
  readonly version: string;
  readonly schema_version: "v1";
  readonly rules: readonly PolicyRule[];
  readonly metadata: ExactRecord;
  readonly issuer_ref: string;
  readonly policy_epoch: number;
  readonly not_before: string;
  readonly expires_at: string;
  readonly supersedes: readonly ExactJson[];
}

/** Compiles a v1 pack or refuses it for the first of its faults. Throws `GOVERNANCE_RECORD_INVALID`. */
export function compilePolicyPack(value: ExactJson): PolicyPack {
  const pack = recordOf(value, "invalid_policy_pack");
  const head = headOf(pack);
  const rules = rulesOf(member(pack, "rules"));
  const metadata = member(pack, "metadata") ?? {};
  if (!isExactRecord(metadata)) throw recordRefusal("invalid_policy_pack_metadata");
  return { ...head, rules, metadata };
}

export function policyPackDigest(pack: PolicyPack): string {
  return kernelRecordDigest({
    recordType: "govengine.policy.compiler.CompiledPolicyPack",
    record: pack as unknown as ExactRecord,
  });
}

function headOf(pack: ExactRecord): Omit<PolicyPack, "rules" | "metadata"> {
  const policyId = requiredText(pack, "policy_id", "missing_policy_pack_id");
  const version = requiredText(pack, "version", "missing_policy_pack_version");
  const schema = textField(pack, "schema_version", "v1");
  if (schema !== "v1") throw recordRefusal(`unknown_policy_pack_schema_version:${schema}`, 12);
  if (Object.keys(pack).some((key) => !PACK.includes(key))) throw recordRefusal("invalid_policy_pack");
  const issuer = requiredText(pack, "issuer_ref", "missing_policy_issuer_ref");
  const epoch = member(pack, "policy_epoch");
  if (typeof epoch !== "number" || epoch < 0) throw recordRefusal("invalid_policy_epoch");
  const validity = member(pack, "validity");
  if (!isExactRecord(validity) || Object.keys(validity).length !== 2) throw recordRefusal("invalid_policy_validity");
  const from = instant(validity, "not_before");
  const to = instant(validity, "expires_at");
  if (from >= to) throw recordRefusal("invalid_policy_validity_window");
  const supersedes = member(pack, "supersedes") ?? [];
  if (!isExactList(supersedes) || !supersedes.every((item) => typeof item === "string" && item.trim() !== ""))
    throw recordRefusal("invalid_policy_supersedes");
  const window = { not_before: utc(from), expires_at: utc(to) };
  return {
    policy_id: policyId,
    version,
    schema_version: "v1",
    issuer_ref: issuer,
    policy_epoch: epoch,
    ...window,
    supersedes,
  };
}

function rulesOf(value: ExactJson | undefined): readonly PolicyRule[] {
  if (!isExactList(value) || value.length === 0) throw recordRefusal("policy_pack_without_rules");
  if (value.length > 256) throw recordRefusal("policy_rule_limit_exceeded");
  const rules = value.map(ruleOf);
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

function ruleOf(value: ExactJson): PolicyRule {
  const rule = recordOf(value, "invalid_policy_rule");
  if (Object.keys(rule).some((key) => !RULE.includes(key))) throw recordRefusal("invalid_policy_rule");
  const ruleId = requiredText(rule, "rule_id", "missing_policy_rule_id");
  const named = textField(rule, "effect");
  const effect = POLICY_EFFECTS.find((one) => one === named);
  if (effect === undefined) throw recordRefusal(`unknown_policy_rule_effect:${named || "missing"}`);
  const conditions = parseConditions(member(rule, "conditions"));
  const priority = member(rule, "priority") ?? 100;
  if (typeof priority !== "number" || priority < 0 || priority > 1_000_000)
    throw recordRefusal("invalid_policy_rule_priority");
  const obligations = controls(rule, "obligations", "obligation_id");
  const constraints = controls(rule, "constraints", "constraint_id");
  if (obligations.length + constraints.length > 64) throw recordRefusal("policy_rule_control_limit_exceeded");
  const reason = textField(rule, "reason_code", effect);
  if (!/^[a-z][a-z0-9_]{0,127}$/.test(reason)) throw recordRefusal("invalid_policy_reason_code");
  const risk = textField(rule, "risk_class", "low");
  if (!["low", "medium", "high", "critical"].includes(risk)) throw recordRefusal("invalid_policy_risk_class");
  const score = scoreOf(member(rule, "risk_score") ?? 0);
  return {
    rule_id: ruleId,
    effect,
    conditions,
    priority,
    reason_code: reason,
    risk_class: risk,
    risk_score: score,
    obligations,
    constraints,
  };
}

function controls(rule: ExactRecord, key: "obligations" | "constraints", id: string): readonly ExactRecord[] {
  const found = member(rule, key) ?? [];
  const reason = `invalid_policy_rule_${key}`;
  if (!isExactList(found)) throw recordRefusal(reason);
  return found.map((item) => {
    const control = recordOf(item, reason);
    const metadata = recordOf(member(control, "metadata") ?? {}, reason);
    const common = { [id]: requiredText(control, id, reason), kind: requiredText(control, "kind", reason), metadata };
    if (key === "obligations") return { ...common, description: textField(control, "description") };
    return { ...common, value: member(control, "value") ?? null };
  });
}

function scoreOf(value: ExactJson): JsonFraction {
  const score = value instanceof JsonFraction ? value.value : value;
  if (typeof score !== "number" || score < 0 || score > 1) throw recordRefusal("invalid_policy_risk_score");
  return new JsonFraction(Number.isInteger(score) ? `${String(score)}.0` : String(score));
}

function instant(validity: ExactRecord, key: string): number {
  const text = requiredText(validity, key, `invalid_policy_${key}`);
  try {
    return parseRfc3339(text);
  } catch (error) {
    if (!isWritError(error)) throw error;
    throw recordRefusal(`invalid_policy_${key}`);
  }
}

/** UTC with `Z`; whole seconds carry no fraction, as the reference writes them. */
function utc(ms: number): string {
  return formatInstant(ms).replace(".000Z", "Z");
}

function digestOf(record: ExactJson): string {
  return kernelRecordDigest({ recordType: "govengine.policy.PolicyConditionSet", record });
}

const PACK = "policy_id version schema_version issuer_ref policy_epoch validity supersedes rules metadata".split(" ");
const RULE = "rule_id effect conditions priority reason_code risk_class risk_score obligations constraints".split(" ");
