import type { ExactRecord } from "../compat/exact-record.ts";
import { flagField, mapField, textField } from "../control/record-fields.ts";

/** What holds of an action whatever a pack says of it (spec kernel.md §22.3). */
export interface Invariants {
  readonly unsafe_execution_shape: boolean;
  readonly destructive: boolean;
  /** A mutation of a resource whose criticality or risk is high or critical. */
  readonly critical_mutation: boolean;
}

/** Reads the facts strictly: a flag that is no boolean is refused (§27 no. 11). */
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
  const mode = firstSaid(action, ["mode", "type", "category"]);
  const grade = firstSaid(resource, ["criticality", "risk_class"]);
  const critical_mutation = MUTATING.has(mode) && (grade === "high" || grade === "critical");
  return { unsafe_execution_shape, destructive, critical_mutation };
}

/** The first word that is not blank, in lower case; a blank one hides no other. */
function firstSaid(record: ExactRecord, keys: readonly string[]): string {
  const words = keys.map((key) => textField(record, key));
  return (words.find((word) => word !== "") ?? "").toLowerCase();
}

const MUTATING: ReadonlySet<string> = new Set(["write", "mutating", "mutation", "delete", "destructive", "apply"]);
