import type { ExactJson } from "@writ/canon";
import { isExactList, isExactRecord, member, textOrEmpty, type ExactRecord } from "../compat/exact-record.ts";
import { stripSpace } from "../compat/python-text.ts";
import { recordRefusal } from "../control/record-refusal.ts";

export const APPROVED_SPEC_VERSION = "2026-03-18.approved.v1";
export const APPROVED_ARTIFACT = "approved_execution_spec";

/** Most steps of one approved spec. */
const STEPS_MAX = 64;

export interface ApprovedStep {
  readonly tool: string;
  readonly args: readonly string[];
  readonly stdin?: string;
}

/** The steps of an approved execution spec (spec kernel.md §12). Throws `GOVERNANCE_RECORD_INVALID`. */
export function approvedSteps(value: ExactJson): readonly ApprovedStep[] {
  checkApprovedSpec(value);
  const plan = member(member(value, "execution_truth"), "execution_plan");
  if (!isExactList(plan) || plan.length === 0) throw recordRefusal("missing_execution_plan");
  if (plan.length > STEPS_MAX) throw recordRefusal("execution_plan_too_long", 12);
  return plan.map(stepOf);
}

/** Refuses what is no spec of this version, approved, with its truth in it. Throws `GOVERNANCE_RECORD_INVALID`. */
export function checkApprovedSpec(value: ExactJson): asserts value is ExactRecord {
  if (!isExactRecord(value)) throw recordRefusal("invalid_approved_execution_spec");
  checkConstant(value, "spec_version", APPROVED_SPEC_VERSION, "invalid_approved_execution_spec_version");
  const approval = member(value, "approval");
  const decision = said(approval, "decision").toLowerCase();
  if (decision !== "approve")
    throw recordRefusal(`invalid_approved_execution_decision:${decision || "missing"}`, noText(approval, "decision"));
  const truth = member(value, "execution_truth");
  checkConstant(truth, "artifact_type", APPROVED_ARTIFACT, "invalid_approved_execution_truth_artifact");
}

/** A constant with spaces around it is another text, whatever a reader that trims makes of it (§27 no. 21). */
function checkConstant(value: ExactJson | undefined, key: string, expected: string, reason: string): void {
  const found = textOrEmpty(value, key);
  if (found === expected) return;
  const text = stripSpace(found);
  throw recordRefusal(`${reason}:${text || "missing"}`, text === expected ? 21 : noText(value, key));
}

/** The rule by which what is no text says nothing here; the reference reads it as text (§27 no. 12). */
function noText(value: ExactJson | undefined, key: string): number | undefined {
  return typeof (member(value, key) ?? "") === "string" ? undefined : 12;
}

function said(value: ExactJson | undefined, key: string): string {
  return stripSpace(textOrEmpty(value, key));
}

function stepOf(step: ExactJson, index: number): ApprovedStep {
  const at = String(index);
  if (!isExactRecord(step)) throw recordRefusal(`invalid_approved_execution_step:${at}`);
  const tool = said(step, "tool");
  if (tool === "" && typeof (member(step, "tool") ?? "") !== "string")
    throw recordRefusal(`invalid_approved_execution_step_tool:${at}`, 12);
  if (tool === "") throw recordRefusal(`missing_approved_execution_step_tool:${at}`);
  const args = member(step, "args");
  if (args === undefined) throw recordRefusal(`missing_approved_execution_step_args:${at}`);
  if (!isExactList(args)) throw recordRefusal(`invalid_approved_execution_step_args:${at}`);
  const texts = args.map((argument) => {
    if (typeof argument !== "string") throw recordRefusal(`invalid_approved_execution_step_args:${at}`, 12);
    return argument;
  });
  const stdin = member(step, "stdin") ?? "";
  if (typeof stdin !== "string") throw recordRefusal(`invalid_approved_execution_step_stdin:${at}`, 12);
  return { tool, args: texts, ...(stdin !== "" && { stdin }) };
}
