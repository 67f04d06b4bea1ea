import { parseCases, type PolicyCase } from "./cases-file.ts";
import { decide } from "./decide.ts";
import { recogniseEffects } from "./effects.ts";
import { entityStore } from "./entity-store.ts";
import { ACTION_EFFECTS } from "./governance-vocabulary.ts";
import type { Effect, PolicyAction } from "./governance-vocabulary.ts";
import type { PolicySet } from "./policy-set.ts";
import { policyContext } from "./shipped-context.ts";
import { commandEffects, type CommandScope } from "./tools.ts";
import type { EntityUid, PolicyDecision, PolicyRequest } from "./types.ts";

/** How one case came out. */
export interface CaseResult {
  readonly name: string;
  /** Line of the case in its file, counted from 1. */
  readonly line: number;
  readonly ok: boolean;
  /** What differs from the expectation, one sentence each; empty when ok. */
  readonly faults: readonly string[];
  /** The faults as one line; undefined when ok. */
  readonly message: string | undefined;
  readonly decision: PolicyDecision;
}

export interface CaseReport {
  readonly passed: number;
  readonly failed: number;
  /** In the order of the file. */
  readonly cases: readonly CaseResult[];
}

export interface CaseOptions {
  /** What a command line does. Without it the registry of commands alone is asked, which guesses at shell texts. */
  readonly effectsOf?: (argv: readonly string[], scope: CommandScope) => readonly Effect[];
}

/**
 * Decides every case of a cases file (docs/guides/write-a-policy.md) under `set`, which must have the shipped schema.
 * A wrong expectation is a failed case; a malformed file throws `POLICY_CASES` with `details.line`.
 */
export function runCases(set: PolicySet, yamlText: string, options: CaseOptions = {}): CaseReport {
  const entities = entityStore(set, []);
  const cases = parseCases(yamlText).map((given): CaseResult => {
    const decision = decide(set, caseRequest(given, options), entities);
    const faults = faultsOf(given, decision);
    const message = faults.length === 0 ? undefined : faults.join("; ");
    return { name: given.name, line: given.line, ok: message === undefined, faults, message, decision };
  });
  const failed = cases.filter((result) => !result.ok).length;
  return { passed: cases.length - failed, failed, cases };
}

/** The Cedar request of a case: effects from action, declaration, command and text together, as in the product. */
export function caseRequest(given: PolicyCase, options: CaseOptions = {}): PolicyRequest {
  const circumstances = given.given;
  const scope = { network: circumstances.network ? "host" : "none" } as const;
  const command = given.command === null ? null : commandEffects(given.command, scope);
  const toolName = command?.tool ?? given.tool;
  const effects: readonly Effect[] = [
    ...ACTION_EFFECTS[given.action],
    ...given.effects,
    ...(command?.effects ?? []),
    ...(given.command === null ? [] : (options.effectsOf?.(given.command, scope) ?? [])),
    ...recogniseEffects(given.text ?? ""),
  ];
  const context = policyContext({
    ...circumstances,
    caller: {
      kind: circumstances.caller,
      active: circumstances.active,
      muted: circumstances.muted,
      role: circumstances.role,
    },
    effects,
    tool: toolName === null ? null : { name: toolName, registered: command?.registered ?? circumstances.registered },
    evidence: circumstances.evidence ? ["given"] : [],
    criticalFlag: circumstances.critical_flag,
    cwd: null,
    writePaths: [],
  });
  return {
    principal: { type: PRINCIPALS[circumstances.caller], id: "asker" },
    action: { type: "Action", id: given.action },
    resource: given.resource ?? { type: USUAL_RESOURCE[given.action], id: toolName ?? "something" },
    context,
  };
}

const PRINCIPALS = { operator: "Operator", agent: "Agent", system: "System" } as const;

const USUAL_RESOURCE: { readonly [action in PolicyAction]: EntityUid["type"] } = {
  "file.read": "Path",
  "file.write": "Path",
  "process.exec": "Tool",
  "net.connect": "Host",
  "mcp.call": "Tool",
  "message.send": "Channel",
  "vault.load": "Document",
  "governance.set": "System",
  "run.open": "Run",
  "run.apply": "Run",
  act: "Tool",
};

function faultsOf(given: PolicyCase, decision: PolicyDecision): readonly string[] {
  const { outcome, policies, silent, approvals } = given.expect;
  const faults: string[] = [];
  if (decision.outcome !== outcome)
    faults.push(`expected \`${outcome}\`, got \`${decision.outcome}\` by ${named(decision.determining)}`);
  const missing = policies.filter((id) => !decision.spoke.includes(id));
  if (missing.length > 0) faults.push(`${named(missing)} did not speak; ${named(decision.spoke)} did`);
  const loud = silent.filter((id) => decision.spoke.includes(id));
  if (loud.length > 0) faults.push(`${named(loud)} spoke`);
  const greatest = Math.max(0, ...decision.holds.map((hold) => hold.approvals));
  if (approvals !== undefined && greatest !== approvals)
    faults.push(`expected ${approvals} approvals, got ${greatest}`);
  return faults;
}

function named(ids: readonly string[]): string {
  return ids.length === 0 ? "no policy" : ids.map((id) => `\`${id}\``).join(", ");
}
