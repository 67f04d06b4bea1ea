import { callOfficial, type OfficialFault } from "../official/official-engine.ts";
import { faultPosition } from "./parse-policy.ts";
import type { OfficialSources } from "../program.ts";
import { policyRefusal } from "../refusal.ts";
import type { SourcePolicy } from "./source-policy.ts";

interface ValidationFault {
  readonly policyId: string;
  readonly error: OfficialFault;
}

/**
 * Strict validation by the official engine. The first error refuses the set with `POLICY_INVALID`; warnings are
 * returned, each with its file and line.
 */
export function validateSet(official: OfficialSources, policies: readonly SourcePolicy[]): readonly string[] {
  const answer = callOfficial("validate", {
    validationSettings: { mode: "strict" },
    schema: official.schema,
    policies: official.policies,
  });
  if (answer.type === "failure") {
    const message = answer.errors[0]?.message ?? "the set cannot be validated";
    throw policyRefusal("POLICY_INVALID", message, answer.errors[0]?.help ?? "correct the set");
  }
  const errors = answer["validationErrors"] as readonly ValidationFault[];
  const byId = new Map(policies.map((policy) => [policy.info.id, policy]));
  const first = errors[0];
  if (first !== undefined) throw invalid(first, byId.get(first.policyId), errors.length);
  const warnings = answer["validationWarnings"] as readonly ValidationFault[];
  return warnings.map((warning) => located(warning, byId.get(warning.policyId)).message).sort();
}

function invalid(fault: ValidationFault, policy: SourcePolicy | undefined, count: number): Error {
  const { message, file, line, column } = located(fault, policy);
  return policyRefusal("POLICY_INVALID", message, fault.error.help ?? "correct the policy, or the schema", {
    policy: fault.policyId,
    file,
    line,
    column,
    errors: count,
  });
}

function located(
  fault: ValidationFault,
  policy: SourcePolicy | undefined,
): { message: string; file: string; line: number; column: number } {
  if (policy === undefined) return { message: fault.error.message, file: "", line: 0, column: 0 };
  const { line, column } = faultPosition(policy.file, policy.part, fault.error);
  const file = policy.file.name;
  return { message: `\`${file}:${line}:${column}\`: ${fault.error.message}`, file, line, column };
}
