import { bannedPattern, restrictedPattern } from "../command/argument-policy.ts";
import { checkCredentials, type CampaignCredentials } from "../command/credential-policy.ts";
import { checkTargetKind, enforceScope, observeTargets } from "../command/targets.ts";
import { placeFault, type TargetScope } from "../domain-scope/target-scope.ts";
import type { PlannedStep } from "./execution-plan.ts";
import { readToolArguments, type TypedArgument } from "./tool-arguments.ts";
import { targetModeOf, type ToolRegistry } from "./tool-registry.ts";
import { onRefusal } from "../on-refusal.ts";

/** What commands are held against. */
export interface CommandSetting {
  readonly registry: ToolRegistry;
  readonly allowedTools: readonly string[];
  readonly scope: TargetScope;
  readonly campaign: CampaignCredentials;
}

/** A refusal, named by what refuses. */
export type CommandFault =
  | { readonly part: "disallowed"; readonly pattern: string }
  | { readonly part: "restricted"; readonly pattern: string }
  /** Target semantics, scope, credentials, or an argument that the tool's table does not list. */
  | { readonly part: "other"; readonly reason: string };

/** The first thing wrong with one command, in the order of spec kernel.md §11.8; null when it may be prepared. */
export function commandFault(step: PlannedStep, setting: CommandSetting): CommandFault | null {
  const { tool, args } = step;
  const pattern = bannedPattern(args);
  if (pattern !== null) return { part: "disallowed", pattern };
  const restricted = restrictedPattern(tool, args);
  if (restricted !== null) return { part: "restricted", pattern: restricted.token };
  const reason = semanticsFault(step, setting) ?? scopeFault(step, setting) ?? credentialFault(step, setting);
  if (reason !== null) return { part: "other", reason };
  const typed = typedFault(step, setting);
  return typed === null ? null : { part: "other", reason: typed };
}

/** A step that waits for another's output has its target looked for when it has it. */
function semanticsFault({ tool, args, stdin, input }: PlannedStep, { registry }: CommandSetting): string | null {
  if (input === "previous_output") return null;
  return refusalOf(() => checkTargetKind(tool, targetModeOf(tool, registry), observeTargets(args, stdin)));
}

function scopeFault({ tool, args, stdin }: PlannedStep, { scope }: CommandSetting): string | null {
  return refusalOf(() => enforceScope({ argv: [tool, ...args], stdin, mode: "none", ...scope }));
}

function credentialFault({ tool, args }: PlannedStep, { campaign }: CommandSetting): string | null {
  const verdict = checkCredentials(tool, args, campaign);
  return verdict === "ok" ? null : verdict;
}

/** What the reference does not look at: every argument by its tool's table, every place by its type (§27 no. 14, 15). */
function typedFault({ tool, args, stdin }: PlannedStep, { scope }: CommandSetting): string | null {
  const reading = readToolArguments(tool, args, stdin);
  if (!reading.ok) return reading.reason;
  for (const value of reading.values) {
    const found = placeOf(value);
    if (found === "wrong_scheme") return `unreadable_target:${tool}:${String(value.index)}`;
    const fault = found === null ? null : placeFault(found, scope);
    if (fault !== null) return fault;
  }
  return null;
}

function placeOf({ kind, value }: TypedArgument): string | null {
  const url = /^https?:\/\//i.test(value);
  if (kind === "url") return url ? value : "wrong_scheme";
  if (kind === "host") return url ? "wrong_scheme" : value;
  return kind === "target" ? value : null;
}

function refusalOf(check: () => void): string | null {
  return onRefusal(
    () => {
      check();
      return null;
    },
    (error) => String(error.details["reason"] ?? error.code),
  );
}
