import type { ExactJson } from "@writ/canon";
import { isExactRecord, member, textMember, withDoubles } from "../compat/exact-record.ts";
import { checkBoundaryValue } from "../compat/json-boundary.ts";
import { refuse } from "../fields.ts";
import { directHost } from "../domain-scope/hosts.ts";
import { isInTargetScope, placeFault } from "../domain-scope/target-scope.ts";
import { actionContractErrors } from "./action-contract.ts";
import { parseActionSpec, type ActionSpec } from "./action-spec.ts";
import { CAPABILITIES } from "./capability-tools.ts";
import { commandFault, type CommandFault, type CommandSetting } from "./command-gate.ts";
import { compileAction, type CompiledAction, type CompilerSetting } from "./compile-action.ts";
import { probeRecipeErrors } from "./probe-recipe.ts";
import { lossGate } from "./semantic-loss.ts";
import { onRefusal } from "../on-refusal.ts";

export interface GatewaySetting extends CompilerSetting, CommandSetting {
  /** The owner said yes to actions that vary requests or change state. */
  readonly ownerApproved: boolean;
}

export type GatewayVerdict =
  | { readonly pass: true; readonly reason: "ok"; readonly compiled: CompiledAction }
  | { readonly pass: false; readonly reason: string; readonly compiled: CompiledAction | null };

/**
 * Whether an action may be prepared (spec kernel.md §11.8); the first refusal in order. Throws
 * `SECURITY_PROFILE_INVALID` where an action is malformed beyond what the validators name.
 */
export function policyGateway(action: ExactJson, setting: GatewaySetting): GatewayVerdict {
  const malformed = contractFault(action);
  if (malformed !== null) return { pass: false, reason: malformed, compiled: null };
  const spec = readAction(action);
  if (NEEDS_OWNER.includes(spec.action_type) && !setting.ownerApproved)
    return { pass: false, reason: `action_type_requires_owner_gate:${spec.action_type}`, compiled: null };
  const compilation = compileAction(spec, setting);
  if (!compilation.ok) return { pass: false, reason: compilation.reason, compiled: null };
  const { compiled } = compilation;
  const reason = probeFault(compiled, setting) ?? planFault(compiled, setting) ?? lossFault(compiled);
  return reason === null ? { pass: true, reason: "ok", compiled } : { pass: false, reason, compiled };
}

const NEEDS_OWNER: readonly string[] = ["variant_probe", "state_transition_probe"];

function contractFault(action: ExactJson): string | null {
  const type = textMember(action, "action_type") ?? "single_probe";
  const recipe = isExactRecord(action) ? probeRecipeErrors(type, member(action, "probe_recipe")) : [];
  if (recipe.length > 0) return `invalid_probe_recipe:${recipe.join(",")}`;
  const contract = actionContractErrors(action, CAPABILITIES);
  return contract.length > 0 ? `invalid_action_contract_v2:${contract.join(",")}` : null;
}

/** Bounded before anything reads it whole. */
function readAction(action: ExactJson): ActionSpec {
  try {
    checkBoundaryValue(action);
  } catch (cause) {
    throw refuse({ code: "SECURITY_PROFILE_INVALID", path: "" }, "is too large or too deep", cause);
  }
  return parseActionSpec(withDoubles(action));
}

/** The action's own command. */
function probeFault(compiled: CompiledAction, setting: GatewaySetting): string | null {
  const { tool, target } = compiled;
  if (tool === "") return "missing_tool";
  if (!setting.allowedTools.includes(tool)) return `tool_not_allowed:${tool}`;
  const outside = targetFault(target, setting);
  if (outside !== null) return outside;
  const [first] = compiled.execution_plan;
  if (first === undefined) return "missing_tool";
  const fault = commandFault({ ...first, tool }, setting);
  if (fault === null) return null;
  if (fault.part === "disallowed") return `disallowed_pattern:${fault.pattern}`;
  return fault.part === "restricted" ? `tool_restricted_pattern:${tool}:${fault.pattern}` : fault.reason;
}

/** The host by name first, as the reference does; then what its type adds. An action may name no target but in its arguments. */
function targetFault(target: string, { scope }: GatewaySetting): string | null {
  if (target === "") return null;
  const typed = placeFault(target.trim(), scope);
  if (typed === null || typed.startsWith("out_of_scope_target:")) return typed;
  const name = hostName(target);
  return name === undefined || isInTargetScope(name, scope) ? typed : `out_of_scope_target:${name}`;
}

/** Undefined where readers do not agree on the host. */
function hostName(target: string): string | undefined {
  return onRefusal(
    () => directHost(target) || target.trim().toLowerCase(),
    () => undefined,
  );
}

function planFault({ execution_plan: plan }: CompiledAction, setting: GatewaySetting): string | null {
  for (const [index, step] of plan.entries()) {
    const at = String(index);
    if (step.tool === "") return `missing_tool_chain_tool:${at}`;
    if (!setting.allowedTools.includes(step.tool)) return `tool_chain_not_allowed:${at}:${step.tool}`;
    const fault = commandFault(step, setting);
    if (fault !== null) return stepReason(at, step.tool, fault);
  }
  return null;
}

function stepReason(at: string, tool: string, fault: CommandFault): string {
  if (fault.part === "disallowed") return `tool_chain_disallowed_pattern:${at}:${fault.pattern}`;
  if (fault.part === "restricted") return `tool_chain_restricted_pattern:${at}:${tool}:${fault.pattern}`;
  return `tool_chain_${at}:${fault.reason}`;
}

function lossFault({ semantic_loss_policy: policy }: CompiledAction): string | null {
  const { blocked, blocked_reason: reason } = lossGate(policy);
  return blocked ? reason : null;
}
