import type { ExactJson } from "@writ/canon";
import { isExactList, member, memberOrNull, sameExact, type ExactRecord } from "../compat/exact-record.ts";
import { recordRefusal } from "../control/record-refusal.ts";

export const POLICY_BASELINES = [
  "readonly",
  "mutating-approval",
  "destructive-deny",
  "bounded-output",
  "governed-runtime",
] as const;

/** Who issues a pack that is made from a baseline, and when it holds. */
export interface BaselineIssue {
  readonly issuer_ref: string;
  readonly policy_epoch: number;
  readonly validity: { readonly not_before: string; readonly expires_at: string };
}

/** A shipped pack, ready to compile (spec kernel.md §22.5). Throws `GOVERNANCE_RECORD_INVALID` for an unknown name. */
export function policyBaseline(name: string, issue: BaselineIssue): ExactRecord {
  const rules = Object.hasOwn(RULES, name) ? (RULES[name] ?? []) : merged(name);
  return {
    policy_id: `baseline-${name}`,
    version: "1.0.0",
    schema_version: "v1",
    ...issue,
    validity: { ...issue.validity },
    supersedes: [],
    rules: [...rules],
    metadata: { baseline: name },
  };
}

const [MODE, SHAPE, DESTRUCTIVE] = ["action.mode", "action.unsafe_execution_shape", "action.destructive"];

const receipt = { obligation_id: "receipt", kind: "receipt_required" };
const noShell = { constraint_id: "no-raw-shell", kind: "no_raw_shell", value: true };
const readOnly = { constraint_id: "read-only", kind: "read_only_required", value: true };
const egress = ["local_subprocess", "no_network", "outbound_http", "outbound_ssh"];

const READ_MODES = ["read", "observe"];

const RULES: Readonly<Record<string, readonly ExactRecord[]>> = {
  readonly: READ_MODES.map((mode) => ({
    rule_id: `readonly-${mode}`,
    effect: "allow_with_obligations",
    conditions: [equal(MODE, mode)],
    reason_code: "readonly_allowed",
    obligations: [receipt],
    constraints: [readOnly, noShell],
  })),
  "mutating-approval": ["mutating", "apply"].map((mode) => ({
    rule_id: `approval-${mode}`,
    effect: "approval_required",
    conditions: [equal(MODE, mode)],
    reason_code: "mutation_requires_approval",
    risk_class: "high",
    risk_score: 0.8,
  })),
  "destructive-deny": [
    denied("deny-destructive", DESTRUCTIVE, "destructive_action_denied"),
    denied("deny-unsafe-shape", SHAPE, "unsafe_execution_shape"),
  ],
  "bounded-output": READ_MODES.map((mode) => ({
    rule_id: `bounded-${mode}`,
    effect: "allow_with_obligations",
    conditions: [equal(MODE, mode)],
    reason_code: "bounded_output_allowed",
    obligations: [{ obligation_id: "output-digest", kind: "output_digest_required" }],
    constraints: [
      { constraint_id: "bounded-output", kind: "output_limit", value: 65_536 },
      noShell,
      { constraint_id: "egress", kind: "allowed_network_egress", value: egress },
    ],
  })),
};

const MERGED = ["destructive-deny", "readonly", "bounded-output", "mutating-approval"];

/** Rules of the same conditions and effect become one with the controls of both; two such rules would be redundant. */
function merged(name: string): readonly ExactRecord[] {
  if (name !== "governed-runtime") throw recordRefusal(`unknown_policy_baseline:${name}`);
  const rules: ExactRecord[] = [];
  for (const rule of MERGED.flatMap((one) => RULES[one] ?? [])) {
    const at = rules.findIndex((known) => sameRule(known, rule));
    const known = rules[at];
    if (known === undefined) rules.push(rule);
    else rules[at] = { ...known, ...controlsOf(known, rule) };
  }
  return rules;
}

function sameRule(left: ExactRecord, right: ExactRecord): boolean {
  const key = (rule: ExactRecord): ExactJson => [memberOrNull(rule, "conditions"), memberOrNull(rule, "effect")];
  return sameExact(key(left), key(right));
}

function controlsOf(left: ExactRecord, right: ExactRecord): ExactRecord {
  const both = (key: string): readonly ExactJson[] => {
    const all = [left, right].flatMap((rule) => {
      const list = member(rule, key);
      return isExactList(list) ? list : [];
    });
    return all.filter((item, index) => all.findIndex((one) => sameExact(one, item)) === index);
  };
  return { obligations: both("obligations"), constraints: both("constraints") };
}

function equal(path: string, value: ExactJson): ExactRecord {
  return { path, operator: "eq", value };
}

function denied(rule_id: string, path: string, reason_code: string): ExactRecord {
  const risks = { risk_class: "critical", risk_score: 1 };
  return { rule_id, effect: "deny", conditions: [equal(path, true)], priority: 0, reason_code, ...risks };
}
