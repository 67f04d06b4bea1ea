import type { ExactJson } from "@writ/canon";
import { member, type ExactRecord } from "../compat/exact-record.ts";
import { refuseForbiddenKeys } from "../control/forbidden-keys.ts";
import { mapField, oneOf, recordOf, requiredText, textField, textsField } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";

const TIERS = ["high", "medium", "low"] as const;
const DEPTHS = ["deep", "medium", "light"] as const;
const MODES = ["immediate", "if_signal", "if_confirmed", "background"] as const;
const ROLES = ["primary", "supporting", "background"] as const;

/** One task a planner proposes (spec kernel.md §18). It names its target by reference, never the target itself. */
export interface TaskContract {
  readonly contract_id: string;
  readonly task_family: string;
  readonly objective: string;
  readonly capability: string;
  readonly action_type: string;
  readonly target_ref: string;
  readonly target_kind: string;
  readonly evidence_goal: string;
  readonly priority_tier: (typeof TIERS)[number];
  readonly expected_depth: (typeof DEPTHS)[number];
  readonly activation_phase: 1 | 2 | 3;
  readonly activation_mode: (typeof MODES)[number];
  readonly conditional_gate: string;
  readonly surface_role: (typeof ROLES)[number];
  readonly constraints: readonly string[];
  readonly preferences: readonly string[];
  readonly rationale: string;
  readonly metadata: ExactRecord;
}

/** Reads a task contract; an unknown word is refused, never the default. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseTaskContract(value: ExactJson): TaskContract {
  const record = recordOf(value, "invalid_task_contract");
  if (RAW_TARGETS.some((key) => !isUnset(member(record, key)))) throw recordRefusal("raw_target_not_allowed");
  const text = (key: string, fallback = ""): string => textField(record, key, fallback);
  const contractId = requiredText(record, ["contract_id", "id", "intent_id"], "missing_task_contract_id");
  const metadata = mapField(record, "metadata", "invalid_planning_metadata");
  refuseForbiddenKeys("planning", metadata);
  return {
    contract_id: contractId,
    task_family: text("task_family", "generic"),
    objective: text("objective"),
    capability: text("capability"),
    action_type: text("action_type"),
    target_ref: text("target_ref"),
    target_kind: text("target_kind", "host"),
    evidence_goal: text("evidence_goal"),
    priority_tier: oneOf(TIERS, text("priority_tier", "medium"), "unknown_priority_tier", 10),
    expected_depth: oneOf(DEPTHS, text("expected_depth", "medium"), "unknown_expected_depth", 10),
    activation_phase: phaseOf(member(record, "activation_phase") ?? 1),
    activation_mode: oneOf(MODES, text("activation_mode", "immediate"), "unknown_activation_mode", 10),
    conditional_gate: text("conditional_gate"),
    surface_role: oneOf(ROLES, text("surface_role", "primary"), "unknown_surface_role", 10),
    constraints: textsField(record, "constraints", "invalid_planning_sequence"),
    preferences: textsField(record, "preferences", "invalid_planning_sequence"),
    rationale: text("rationale"),
    metadata,
  };
}

const RAW_TARGETS = ["target", "target_url", "url"];

function isUnset(value: ExactJson | undefined): boolean {
  return value === undefined || value === null || value === "";
}

function phaseOf(value: ExactJson): 1 | 2 | 3 {
  if (value === 1 || value === 2 || value === 3) return value;
  throw recordRefusal("invalid_activation_phase", 10);
}
