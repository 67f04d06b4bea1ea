import type { PolicyInfo, PolicySet } from "./policy-set.ts";

/**
 * The reference page of a policy set, in Markdown: every policy by file, with its vote, its text and when it speaks.
 * `docs/reference/policies.md` is this text for the shipped set; a test keeps it so.
 */
export function policyReference(set: PolicySet): string {
  return `${INTRODUCTION}\n${set.sources.map((file) => fileSection(set, file.name)).join("\n")}`;
}

const INTRODUCTION = `# The shipped policies

What Writ decides by, unless an operator says otherwise: ordinary Cedar files in \`packages/policy/policies/\`. This
page is generated from them. How to write your own, and how to try them: [write a policy](../guides/write-a-policy.md).

- **denies**: nothing outranks it.
- **holds**: what would else be allowed waits for an operator's yes.
- **advises**: its text comes back with the decision; nothing is enforced.
- **permits**: allows what nothing denies or holds. Without a permit nothing is allowed.

\`deny\` beats \`hold\` beats \`allow\`, and every policy that spoke is reported. A policy that errs on the way makes the
outcome \`not_evaluated\`, which blocks. The row in brackets is the row of the decision table (D-1 to D-12) that the
policy carries out; ids such as \`HS-C3\` and \`SC-1\` are the rules of modes and postures, and never change their meaning.

Modes, postures and roles outside the known words are settled before policy is asked: an unknown mode is judged as High
Security under SCOUT, an unknown posture as SCOUT, and a caller without a role as an Observer. \`D-1\` is the net under that.
`;

function fileSection(set: PolicySet, file: string): string {
  const policies = set.policies.filter((policy) => policy.file === file);
  return `## \`${file}\`\n\n${policies.map(policyEntry).join("\n")}`;
}

function policyEntry(policy: PolicyInfo): string {
  const row = policy.annotations["row"];
  const head = `### ${policy.id}${row === undefined || row === policy.id ? "" : ` (${row})`}`;
  const said = policy.annotations["advice"] ?? policy.annotations["text"] ?? "";
  return `${head}\n\n**${voteOf(policy)}**: ${said}\n\n\`\`\`cedar\n${ruleOf(policy.text)}\n\`\`\`\n`;
}

function voteOf({ effect, annotations }: PolicyInfo): string {
  if (annotations["advice"] !== undefined) return "advises";
  if (effect === "permit") return "permits";
  if (annotations["hold"] === undefined) return "denies";
  const approvals = annotations["approvals"] ?? "1";
  return approvals === "1" ? "holds" : `holds for ${approvals} approvals`;
}

/** The policy without its annotations and comments before it. */
function ruleOf(text: string): string {
  const lines = text.trim().split("\n");
  const start = lines.findIndex((line) => /^(?:permit|forbid)\b/u.test(line));
  return lines.slice(Math.max(0, start)).join("\n");
}
