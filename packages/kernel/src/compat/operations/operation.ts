import type { ExactJson } from "@writ/canon";

/** What the product answers to a case's input. */
export type Outcome =
  | {
      readonly ok: true;
      readonly value: ExactJson;
      /** Number of the rule of spec kernel.md §27 by which this answer is stricter than the reference's. */
      readonly stricter?: number;
      /** With `stricter`: the only members in which the answer may differ from the reference's. */
      readonly differing?: readonly string[];
      /** There is nothing to answer; whether that is null or empty text is nobody's contract. */
      readonly nothing?: true;
    }
  | { readonly ok: false; readonly error: string; readonly stricter?: number };

/**
 * Maps an input in the reference's form onto the product and its answer back. A `WritError` it throws is a refusal with
 * `details.reason`, else its code.
 */
export type Operation = (input: ExactJson) => Outcome;

/** Operations of one area, by the reference's name. */
export type Operations = Readonly<Record<string, Operation>>;

export function answered(value: ExactJson): Outcome {
  return { ok: true, value };
}

export function answeredNothing(): Outcome {
  return { ok: true, value: null, nothing: true };
}

/** An answer that differs from the reference's in these members alone, and by this rule of §27. */
export function answeredStricter(value: ExactJson, rule: number, differing: readonly string[]): Outcome {
  return { ok: true, value, stricter: rule, differing };
}

export function refused(error: string, stricter?: number): Outcome {
  return { ok: false, error, ...(stricter !== undefined && { stricter }) };
}
