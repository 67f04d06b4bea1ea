import type { ExactRecord } from "../compat/exact-record.ts";
import { stripSpace } from "../compat/python-text.ts";
import { flagField, mapField, writtenText } from "../control/record-fields.ts";
import { recordRefusal } from "../control/record-refusal.ts";

/** What holds of an action whatever a pack says of it (spec kernel.md §22.3). */
export interface Invariants {
  readonly unsafe_execution_shape: boolean;
  readonly destructive: boolean;
  /** A mutation of a resource whose criticality or risk is high or critical. */
  readonly critical_mutation: boolean;
}

/** Reads the facts strictly: a flag that is no boolean is refused (§27 no. 11). Throws `GOVERNANCE_RECORD_INVALID`. */
export function invariantsOf(inputs: {
  readonly action: ExactRecord;
  readonly resource: ExactRecord;
  readonly request_context: ExactRecord;
}): Invariants {
  const { action, resource, request_context } = inputs;
  const execution = mapField(request_context, "execution", "invalid_policy_request");
  const shape = flagField(action, "unsafe_execution_shape", false);
  const unsafe_execution_shape = flagField(execution, "unsafe_execution_shape", false) || shape;
  const destructive = flagField(action, "destructive", false);
  const [modes, grades] = [words(action, ["mode", "type", "category"]), words(resource, ["criticality", "risk_class"])];
  const critical_mutation = isCriticalMutation(first(modes), first(grades));
  // A word that blanks alone keep from being a mutation's, or a blank that hides one, is none (§27 no. 12).
  if (!critical_mutation && isCriticalMutation(first(modes.map(stripSpace)), first(grades.map(stripSpace))))
    throw recordRefusal("invalid_policy_request_action", 12);
  return { unsafe_execution_shape, destructive, critical_mutation };
}

function words(record: ExactRecord, keys: readonly string[]): readonly string[] {
  return keys.map((key) => writtenText(record, key));
}

/** The first word that is not empty, in lower case. */
function first(said: readonly string[]): string {
  return (said.find((word) => word !== "") ?? "").toLowerCase();
}

function isCriticalMutation(mode: string, grade: string): boolean {
  return MUTATING.has(mode) && (grade === "high" || grade === "critical");
}

const MUTATING: ReadonlySet<string> = new Set(["write", "mutating", "mutation", "delete", "destructive", "apply"]);
