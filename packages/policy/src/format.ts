import { callOfficial } from "./official/official-engine.ts";
import { parsePolicy } from "./loading/parse-policy.ts";
import { splitPolicies } from "./loading/policy-text.ts";
import { policyRefusal } from "./refusal.ts";

/** The text in the official layout; `POLICY_SYNTAX` or `POLICY_TOO_LARGE` if it does not parse. */
export async function formatPolicies(text: string, name = "policy"): Promise<string> {
  await Promise.resolve();
  const file = { name, text };
  for (const part of splitPolicies(text)) parsePolicy(file, part);
  const answer = callOfficial("formatPolicies", { policyText: text });
  if (answer.type === "success") return String(answer["formatted_policy"]);
  const fault = answer.errors[0];
  throw policyRefusal("POLICY_SYNTAX", fault?.message ?? "the text does not parse", fault?.help ?? "correct the text");
}
