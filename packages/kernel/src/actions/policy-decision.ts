import { directHost } from "../domain-scope/hosts.ts";
import type { GatewayVerdict } from "./policy-gateway.ts";

/** What the gateway said, in the form that is kept (spec kernel.md §11.8). */
export interface PolicyDecision {
  readonly schema_version: "2026-04-27.policy-decision.v0.1";
  readonly decision: "allow_prepare" | "owner_approval_required" | "deny";
  readonly reason_code: string;
  readonly reasons: readonly string[];
  readonly scope_facts: { readonly target: string; readonly target_host: string; readonly target_in_scope: boolean };
  readonly tool_facts: { readonly tool: string; readonly source: string; readonly tools: readonly string[] };
  readonly approval_required: boolean;
  readonly constraints: readonly string[];
  readonly redaction_required: true;
  readonly compatibility: { readonly pass: boolean; readonly reason: string };
}

/** Keeps a verdict. A target is in scope only where every check of it was passed. */
export function policyDecision({ pass, reason, compiled }: GatewayVerdict): PolicyDecision {
  const owner = reason.startsWith("action_type_requires_owner_gate:");
  const target = compiled?.target ?? "";
  return {
    schema_version: "2026-04-27.policy-decision.v0.1",
    decision: pass ? "allow_prepare" : owner ? "owner_approval_required" : "deny",
    reason_code: reason,
    reasons: [reason],
    scope_facts: {
      target,
      target_host: target === "" ? "" : directHost(target),
      target_in_scope: pass && target !== "",
    },
    tool_facts: {
      tool: compiled?.tool ?? "",
      source: compiled?.compiler_tool_choice_source ?? "unresolved",
      tools: compiled?.execution_plan.map(({ tool }) => tool) ?? [],
    },
    approval_required: owner,
    constraints: compiled?.semantic_loss_policy.policy_response === "auditor_rereview" ? ["auditor_rereview"] : [],
    redaction_required: true,
    compatibility: { pass, reason },
  };
}
