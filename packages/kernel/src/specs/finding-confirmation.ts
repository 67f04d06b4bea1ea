import type { JsonValue } from "@writ/canon";
import { boolean, nullable, oneOf, record, type FieldReader } from "../fields.ts";
import { VERDICTS, type SignalFacts } from "./signal-record.ts";

/** What was done to make sure of a finding; null is what nobody did or wrote down. */
export interface ConfirmationFacts {
  readonly verdict: SignalFacts["verdict"];
  readonly false_positive_guards_passed: boolean | null;
  readonly control_comparison_performed: boolean | null;
  readonly control_delta_observed: boolean | null;
  readonly protocol: { readonly repro_pass: boolean | null };
}

export type Confirmation =
  | { readonly confirmed: true; readonly blockers: readonly [] }
  | { readonly confirmed: false; readonly blockers: readonly string[] };

/**
 * Whether a finding may be called confirmed (spec kernel.md §12): all five at once. What is missing is not so; what is no
 * JSON boolean throws `SECURITY_PROFILE_INVALID` (§27 no. 11).
 */
export function confirmFinding(value: JsonValue): Confirmation {
  const facts = readFacts(value, { code: "SECURITY_PROFILE_INVALID", path: "" });
  const blockers = [
    ...(facts.verdict === "confirmed" ? [] : ["verdict_not_confirmed"]),
    ...(facts.false_positive_guards_passed === true ? [] : ["false_positive_guards_not_passed"]),
    ...(facts.control_comparison_performed === true ? [] : ["control_comparison_not_performed"]),
    ...(facts.control_delta_observed === true ? [] : ["control_delta_not_observed"]),
    ...(facts.protocol.repro_pass === true ? [] : ["reproduction_not_passed"]),
  ];
  return blockers.length === 0 ? { confirmed: true, blockers: [] } : { confirmed: false, blockers };
}

const flag: FieldReader<boolean | null> = (value, at) => nullable(boolean)(value ?? null, at);

const readFacts = record<ConfirmationFacts>({
  verdict: oneOf(VERDICTS),
  false_positive_guards_passed: flag,
  control_comparison_performed: flag,
  control_delta_observed: flag,
  protocol: (value, at) => record<ConfirmationFacts["protocol"]>({ repro_pass: flag })(value ?? {}, at),
});
