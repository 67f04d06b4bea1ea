import type { ExactJson } from "@writ/canon";
import { memberOrNull, type ExactRecord } from "../compat/exact-record.ts";
import type { LoopRule, Observation } from "./control-loop.ts";
import { flagField, recordOf, writtenText, writtenTexts } from "./record-fields.ts";
import { recordRefusal } from "./record-refusal.ts";

/** What is known of a run between two steps (spec kernel.md §18); null is a fact that nobody gave. */
export interface Orientation {
  readonly operator_control: "run" | "pause" | "stop" | null;
  readonly scope_ok: boolean | null;
  readonly policy_ok: boolean | null;
  readonly ticket_ok: boolean | null;
  readonly spec_ok: boolean | null;
  readonly budget_state: "ok" | "exhausted" | "stop_loss" | null;
  readonly host_health: "ok" | "cooldown" | "high_fail_rate" | "transport_noise" | null;
  readonly output_shape: "expected" | "unexpected" | "untrusted" | "raw_leak_risk" | null;
  readonly notes: readonly string[];
}

/** Reads an orientation: flags are booleans, words are of their closed sets. Throws `GOVERNANCE_RECORD_INVALID`. */
export function parseOrientation(value: ExactJson): Orientation {
  const record = recordOf(value, "invalid_orientation");
  return {
    operator_control: word(record, "operator_control", ["run", "pause", "stop"]),
    scope_ok: fact(record, "scope_ok"),
    policy_ok: fact(record, "policy_ok"),
    ticket_ok: fact(record, "ticket_ok"),
    spec_ok: fact(record, "spec_ok"),
    budget_state: word(record, "budget_state", ["ok", "exhausted", "stop_loss"]),
    host_health: word(record, "host_health", ["ok", "cooldown", "high_fail_rate", "transport_noise"]),
    output_shape: word(record, "output_shape", ["expected", "unexpected", "untrusted", "raw_leak_risk"]),
    notes: writtenTexts(record, "notes", "invalid_orientation_notes"),
  };
}

/** The first fault of the orientation, in the order of the table; undefined when nothing that was given is a fault. */
export function firstInterruption(given: Orientation, observations: readonly Observation[]): LoopRule | undefined {
  const { operator_control: control, budget_state: budget, host_health: health, output_shape: shape } = given;
  if (control === "stop") return { decision: "abort", reason: "operator_stop_requested" };
  if (control === "pause") return { decision: "pause", reason: "operator_pause_requested" };
  if (given.scope_ok === false) return { decision: "abort", reason: "scope_drift_detected" };
  if (given.policy_ok === false) return { decision: "require_owner_review", reason: "policy_mismatch" };
  if (given.ticket_ok === false || given.spec_ok === false)
    return { decision: "require_owner_review", reason: "ticket_or_spec_mismatch" };
  if (budget !== null && budget !== "ok") return { decision: "pause", reason: `budget_${budget}` };
  if (health !== null && health !== "ok") {
    const subject = observations.find((one) => one.subject !== "")?.subject ?? "";
    return { decision: "cooldown", reason: `host_health_${health}`, subject };
  }
  if (shape !== null && shape !== "expected")
    return { decision: "degrade_to_dry_run", reason: `output_shape_${shape}` };
  return undefined;
}

/** The first fact that nobody gave: it is taken for unsafe, and stops what only its presence would let go on. */
export function missingFact(given: Orientation): LoopRule | undefined {
  const missing = FACTS.find((name) => given[name] === null);
  return missing === undefined ? undefined : { decision: "abort", reason: `missing_safety_fact:${missing}` };
}

/** In the order of the table. */
const FACTS = [
  "operator_control",
  "scope_ok",
  "policy_ok",
  "ticket_ok",
  "spec_ok",
  "budget_state",
  "host_health",
  "output_shape",
] as const;

function fact(record: ExactRecord, key: string): boolean | null {
  return memberOrNull(record, key) === null ? null : flagField(record, key, false);
}

function word<Word extends string>(record: ExactRecord, key: string, words: readonly Word[]): Word | null {
  const said = writtenText(record, key);
  if (said === "") return null;
  const found = words.find((known) => known === said);
  if (found === undefined) throw recordRefusal(`unknown_${key}:${said}`, 10);
  return found;
}
