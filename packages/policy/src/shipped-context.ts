import { compareCodeUnits } from "@writ/canon";
import {
  EFFECTS,
  STATE_CHANGING,
  resolveMode,
  resolvePosture,
  resolveRole,
  type Effect,
  type Mode,
  type Posture,
  type Role,
} from "./governance-vocabulary.ts";
import { isLargeAmount } from "./shipped-amount.ts";

/** What is known about an action when policy is asked. Texts are as stored or sent; nothing is normalised yet. */
export interface PolicyFacts {
  /** Governance as stored. What is not a known mode or posture is judged by the strictest (D-1). */
  readonly mode: string;
  readonly posture: string;
  readonly tenant: string;
  readonly caller: PolicyCaller;
  /** Declared, registered and recognised effects; `network` adds `external_access` here. */
  readonly effects: readonly Effect[];
  /** The tool or program the action names, or null when it names none. */
  readonly tool: { readonly name: string; readonly registered: boolean } | null;
  readonly evidence: readonly string[];
  readonly rationale: string | null;
  /** Decimal strings. */
  readonly amount: string | null;
  readonly position: string | null;
  /** True while the round of the action has an open CRITICAL flag. */
  readonly criticalFlag: boolean;
  /** True when the contract's scope grants the network. */
  readonly network: boolean;
  /** True when the action would really run, false for a dry run. */
  readonly live: boolean;
  /** True when the machine can confine what runs. */
  readonly sandboxed: boolean;
  /** Absolute, normalised; null when the action has none. */
  readonly cwd: string | null;
  readonly writePaths: readonly string[];
}

export interface PolicyCaller {
  readonly kind: "operator" | "agent" | "system";
  /** Known, active, and with an active system. */
  readonly active: boolean;
  readonly muted: boolean;
  /** The roster's role; null, `none` and unknown words make an Observer (W-15). */
  readonly role: string | null;
}

/** The `context` of every Cedar request, attribute by attribute as `policies/writ.cedarschema` declares it. */
export interface PolicyContext {
  readonly mode: Mode;
  readonly posture: Posture;
  readonly role: Role;
  readonly tenant: string;
  readonly effects: readonly Effect[];
  readonly transaction: boolean;
  readonly execution: boolean;
  readonly destructive: boolean;
  readonly outbound: boolean;
  readonly external_access: boolean;
  readonly sensitive_data: boolean;
  readonly speculation: boolean;
  readonly state_change: boolean;
  readonly privilege_escalation: boolean;
  readonly state_changing: boolean;
  readonly caller_active: boolean;
  readonly caller_muted: boolean;
  readonly tool: string;
  readonly tool_registered: boolean;
  readonly evidence: boolean;
  readonly rationale: boolean;
  readonly critical_flag: boolean;
  readonly large_amount: boolean;
  readonly network: boolean;
  readonly live: boolean;
  readonly sandboxed: boolean;
  readonly write_scope: "none" | "workspace" | "beyond";
  readonly [attribute: string]: string | boolean | readonly Effect[];
}

/**
 * The context the shipped schema declares, from facts. Pure and total: doubt is settled towards the stricter
 * side here (unknown mode: High Security under SCOUT; unknown posture: SCOUT; unknown role: Observer), so that no
 * caller can forget to. An operator asking in person is an active Primary (§21.1 D-2).
 */
export function policyContext(facts: PolicyFacts): PolicyContext {
  const effects = consideredEffects({ effects: facts.effects, network: facts.network });
  const has = (effect: Effect): boolean => effects.includes(effect);
  const inPerson = facts.caller.kind === "operator";
  return {
    ...judgedGovernance(facts),
    role: inPerson ? "Primary" : (resolveRole(facts.caller.role ?? "") ?? "Observer"),
    tenant: facts.tenant,
    effects,
    transaction: has("transaction"),
    execution: has("execution"),
    destructive: has("destructive"),
    outbound: has("outbound"),
    external_access: has("external_access"),
    sensitive_data: has("sensitive_data"),
    speculation: has("speculation"),
    state_change: has("state_change"),
    privilege_escalation: has("privilege_escalation"),
    state_changing: STATE_CHANGING.some(has),
    caller_active: inPerson || facts.caller.active,
    caller_muted: !inPerson && facts.caller.muted,
    tool: facts.tool?.name ?? "",
    tool_registered: facts.tool === null || facts.tool.registered,
    evidence: facts.evidence.some(isSaid),
    rationale: isSaid(facts.rationale ?? ""),
    critical_flag: facts.criticalFlag,
    large_amount: isLargeAmount(facts.amount, facts.position),
    network: facts.network,
    live: facts.live,
    sandboxed: facts.sandboxed,
    write_scope: writeScope(facts),
  };
}

/** The mode and posture that rules judge by, given what is stored (§21.1 D-1). */
export function judgedGovernance(stored: { readonly mode: string; readonly posture: string }): {
  readonly mode: Mode;
  readonly posture: Posture;
} {
  const mode = resolveMode(stored.mode);
  if (mode === undefined) return { mode: "High Security", posture: "SCOUT" };
  return { mode, posture: resolvePosture(stored.posture) ?? "SCOUT" };
}

/** Effects as contracts record them: sorted by code unit, distinct; a network grant is `external_access`. */
export function consideredEffects(known: {
  readonly effects: readonly Effect[];
  readonly network: boolean;
}): readonly Effect[] {
  return SORTED_EFFECTS.filter(
    (effect) => known.effects.includes(effect) || (known.network && effect === "external_access"),
  );
}

const SORTED_EFFECTS: readonly Effect[] = EFFECTS.toSorted(compareCodeUnits);

function isSaid(text: string): boolean {
  return text.trim() !== "";
}

function writeScope(facts: PolicyFacts): PolicyContext["write_scope"] {
  if (facts.writePaths.length === 0) return "none";
  const { cwd } = facts;
  if (cwd === null) return "beyond";
  return facts.writePaths.every((path) => isWithin(path, cwd)) ? "workspace" : "beyond";
}

/** INVARIANT: a path that is not plainly inside, `..` included, counts as outside. */
function isWithin(path: string, folder: string): boolean {
  if (path.split("/").includes("..")) return false;
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}
