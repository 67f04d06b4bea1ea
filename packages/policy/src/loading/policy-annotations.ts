import type { PolicyErrorCode } from "../error-code.ts";
import type { HoldRequirement } from "../hold.ts";
import { policyRefusal } from "../refusal.ts";

/** Where a policy stands, for messages. */
export interface PolicyPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface AnnotationMeaning {
  readonly hold: HoldRequirement | undefined;
  readonly advice: string | undefined;
}

const REQUIREMENTS = ["operator", "second_operator", "owner"] as const;
/** Nine people saying yes is the most anyone asked for; a single digit cannot be misread. */
const APPROVALS = /^[1-9]$/;
const ID = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/;

/** The stable id of a policy of Writ: letters, digits, `.`, `_`, `/` and `-`, at most 128. */
export function requireId(annotations: Readonly<Record<string, string>>, place: PolicyPlace): string {
  const id = Object.hasOwn(annotations, "id") ? annotations["id"]! : "";
  if (ID.test(id)) return id;
  if (id === "") throw annotationRefusal("POLICY_ID_MISSING", place, "the policy has no `@id`", 'add `@id("…")`');
  throw annotationRefusal(
    "POLICY_ANNOTATION",
    place,
    `\`@id("${id}")\` is no id`,
    "use letters, digits, `.`, `_`, `/`, `-`",
  );
}

/**
 * `@hold` and `@approvals` belong on a `forbid` and turn it into a hold; `@advice` may stand anywhere. Anything
 * else under these names refuses the set: a hold that is misspelt must not become a silent deny.
 */
export function readAnnotations(
  id: string,
  effect: "permit" | "forbid",
  annotations: Readonly<Record<string, string>>,
  place: PolicyPlace,
): AnnotationMeaning {
  const advice = own(annotations, "advice");
  if (advice === "")
    throw annotationRefusal("POLICY_ANNOTATION", place, "`@advice` is empty", "say the advice, or remove it");
  const hold = own(annotations, "hold");
  const approvals = own(annotations, "approvals");
  if (hold === undefined) {
    if (approvals === undefined) return { hold: undefined, advice };
    throw annotationRefusal("POLICY_ANNOTATION", place, "`@approvals` without `@hold`", "add `@hold`, or remove it");
  }
  if (effect === "permit") {
    throw annotationRefusal("POLICY_ANNOTATION", place, "`@hold` on a `permit`", "put it on a `forbid`");
  }
  const requirement = REQUIREMENTS.find((known) => known === hold);
  if (requirement === undefined) {
    throw annotationRefusal(
      "POLICY_ANNOTATION",
      place,
      `\`@hold("${hold}")\``,
      `use one of ${REQUIREMENTS.join(", ")}`,
    );
  }
  if (approvals !== undefined && !APPROVALS.test(approvals)) {
    throw annotationRefusal("POLICY_ANNOTATION", place, `\`@approvals("${approvals}")\``, "use a number from 1 to 9");
  }
  return { hold: { policy: id, requirement, approvals: Number(approvals ?? "1") }, advice };
}

function own(annotations: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(annotations, name) ? annotations[name] : undefined;
}

function annotationRefusal(code: PolicyErrorCode, place: PolicyPlace, what: string, next: string): Error {
  return policyRefusal(code, `\`${place.file}:${place.line}:${place.column}\`: ${what}`, next, { ...place });
}
